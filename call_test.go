package crosscall

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

// way is a method of Caller, adapted to run fn on each CPU of mask.
type way struct {
	name  string
	waits bool
	run   func(ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error
}

var ways = []way{
	{"Call", true, func(ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return each(mask, func(cpu int) error { return c.Call(ctx, cpu, fn) })
	}},
	{"Post", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return each(mask, func(cpu int) error { return c.Post(cpu, fn) })
	}},
	{"PostRecord", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return each(mask, func(cpu int) error { return c.PostRecord(cpu, NewRecord(fn)) })
	}},
	{"QueueRecord", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return each(mask, func(cpu int) error {
			queued, err := c.QueueRecord(cpu, NewRecord(fn))
			if err == nil && !queued {
				return errors.New("a new record was in flight")
			}
			return err
		})
	}},
	{"CallAny", true, func(ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return each(mask, func(cpu int) error { return only(cpu)(c.CallAny(ctx, ptr(cpumask.Of(cpu)), fn)) })
	}},
	{"PostAny", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return each(mask, func(cpu int) error { return only(cpu)(c.PostAny(ptr(cpumask.Of(cpu)), fn)) })
	}},
	{"CallMany", true, func(ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return c.CallMany(ctx, mask, fn)
	}},
	{"PostMany", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return c.PostMany(mask, fn)
	}},
	{"CallEvery", true, func(ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return c.CallEvery(ctx, within(mask, fn))
	}},
	{"PostEvery", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return c.PostEvery(within(mask, fn))
	}},
	{"CallCond", true, func(ctx context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return c.CallCond(ctx, &everyCPU, mask.Test, fn)
	}},
	{"PostCond", false, func(_ context.Context, c Caller, mask *cpumask.Mask, fn func(*CPU)) error {
		return c.PostCond(&everyCPU, mask.Test, fn)
	}},
}

var everyCPU = cpumask.Range(0, cpumask.Max-1)

func ptr(m cpumask.Mask) *cpumask.Mask { return &m }

// each calls the CPUs of mask one by one, and leaves out those that are offline.
func each(mask *cpumask.Mask, call func(cpu int) error) error {
	var errs []error
	for cpu := range mask.All() {
		if err := call(cpu); err != nil && !errors.Is(err, ErrOffline) && !errors.Is(err, ErrNoCPU) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func only(want int) func(int, error) error {
	return func(got int, err error) error {
		if err == nil && got != want {
			return fmt.Errorf("ran on CPU %d: the mask has only CPU %d", got, want)
		}
		return err
	}
}

func within(mask *cpumask.Mask, fn func(*CPU)) func(*CPU) {
	return func(c *CPU) {
		if mask.Test(c.ID()) {
			fn(c)
		}
	}
}

// eachCaller runs fn with each kind of caller: the System, a CPU, and the System
// in a function on a CPU.
func eachCaller(t *testing.T, s *System, fn func(kind string, c Caller)) {
	fn("System", s)
	on(t, s, first(s), func(c *CPU) { fn("CPU", c) })
	on(t, s, last(s), func(*CPU) { fn("System on a CPU", s) })
}

func testMasks(s *System) []cpumask.Mask {
	all := s.PossibleMask()
	var odd, none cpumask.Mask
	for cpu := range all.All() {
		if cpu%2 == 1 {
			odd.Set(cpu)
		}
	}
	if all.Weight() > 64 {
		return []cpumask.Mask{cpumask.Of(first(s), 63, 64, last(s), last(s)+1, cpumask.Max-1), all}
	}
	return []cpumask.Mask{none, all, odd, cpumask.Of(first(s)), cpumask.Of(last(s)), cpumask.Of(first(s), last(s)), everyCPU}
}

func TestEachWayRunsOnceOnEachCPU(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		eachCaller(t, s, func(kind string, c Caller) {
			for _, w := range ways {
				for i, mask := range testMasks(s) {
					if i > 0 && s.possible.Weight() > 64 && w.name != "CallMany" && w.name != "PostMany" {
						break // a call to all of them takes milliseconds
					}
					var r ran
					if err := w.run(ctx, c, &mask, r.fn); err != nil {
						t.Errorf("%s.%s: %v", kind, w.name, err)
					}
					if !w.waits {
						flush(t, c)
					}
					r.once(t, mask.And(&s.possible))
				}
			}
			if t.Failed() {
				t.Log("caller:", kind)
			}
		})
	})
}

func TestOfflineCPUsAreLeftOut(t *testing.T) {
	for _, n := range []int{2, 3} {
		eachDesignOf(t, fmt.Sprint("virtual ", n), virtual(n), func(t *testing.T, s *System) {
			off := n / 2
			must(t, s.Offline(ctx, off))
			online := s.OnlineMask()
			eachCaller(t, s, func(_ string, c Caller) {
				for _, w := range ways {
					var r ran
					must(t, w.run(ctx, c, &s.possible, r.fn))
					flush(t, c)
					r.once(t, online)

					err := w.run(ctx, c, ptr(cpumask.Of(off)), r.fn)
					if w.name == "CallMany" || w.name == "PostMany" { // the others skip it, or have further CPUs
						wantErr(t, w.name, err, ErrNoCPU)
					} else {
						must(t, err)
					}
					r.once(t, cpumask.Mask{})
				}
			})
			must(t, s.Online(ctx, off))
			var r ran
			must(t, s.CallEvery(ctx, r.fn))
			r.once(t, s.possible)
		})
	}
}

func TestCPUsThatCannotBeCalled(t *testing.T) {
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 1))
		eachCaller(t, s, func(kind string, c Caller) {
			for _, cpu := range []int{-1, -64, 1, 3, 63, 64, cpumask.Max - 1, cpumask.Max, 1 << 40, -1 << 40} {
				r := NewRecord(nop)
				_, queueErr := c.QueueRecord(cpu, r)
				_, evalErr := Eval(ctx, c, cpu, (*CPU).ID)
				for method, err := range map[string]error{
					"Call":        c.Call(ctx, cpu, nop),
					"Post":        c.Post(cpu, nop),
					"PostRecord":  c.PostRecord(cpu, r),
					"QueueRecord": queueErr,
					"Eval":        evalErr,
				} {
					if !errors.Is(err, ErrOffline) {
						t.Errorf("%s.%s to CPU %d: %v, want ErrOffline", kind, method, cpu, err)
					}
				}
			}
			for _, mask := range []cpumask.Mask{{}, cpumask.Of(1), cpumask.Of(3), cpumask.Of(1, 64, cpumask.Max-1)} {
				if cpu, err := c.CallAny(ctx, &mask, nop); cpu != -1 || err != ErrNoCPU {
					t.Errorf("%s.CallAny of %v: %d, %v, want -1, ErrNoCPU", kind, mask, cpu, err)
				}
				if cpu, err := c.PostAny(&mask, nop); cpu != -1 || err != ErrNoCPU {
					t.Errorf("%s.PostAny of %v: %d, %v, want -1, ErrNoCPU", kind, mask, cpu, err)
				}
			}
		})
	})
}

func TestEachWayAfterClose(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		must(t, s.Close())
		ran := func(*CPU) { t.Error("a function ran after Close") }
		for _, w := range ways {
			if err := w.run(ctx, s, &s.possible, ran); !errors.Is(err, ErrClosed) {
				t.Errorf("%s: %v, want ErrClosed", w.name, err)
			}
		}
		for method, err := range map[string]error{
			"Fence":   s.Fence(ctx),
			"Stop":    s.Stop(ctx, ran),
			"Offline": s.Offline(ctx, first(s)),
			"Online":  s.Online(ctx, first(s)),
		} {
			if err != ErrClosed {
				t.Errorf("%s: %v, want ErrClosed", method, err)
			}
		}
	})
}

func TestEachWayWithinStop(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		var r ran
		must(t, s.Stop(ctx, func(c *CPU) {
			for _, w := range ways {
				if !w.waits {
					continue
				}
				err := w.run(ctx, c, &s.possible, func(c *CPU) { t.Errorf("%s ran on CPU %d", w.name, c.ID()) })
				if !errors.Is(err, ErrDeadlock) {
					t.Errorf("%s within Stop: %v, want ErrDeadlock", w.name, err)
				}
			}
			if err := c.Fence(ctx); err != ErrDeadlock {
				t.Errorf("Fence within Stop: %v, want ErrDeadlock", err)
			}
			if err := c.Stop(ctx, nop); err != ErrDeadlock {
				t.Errorf("Stop within Stop: %v, want ErrDeadlock", err)
			}
			must(t, c.PostEvery(r.fn))
		}))
		flushAll(t, s)
		r.once(t, s.possible)
	})
}

func TestSystemWithinStop(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		var posted ran
		called := make([]int, last(s)+1)
		must(t, s.Stop(ctx, func(c *CPU) {
			for cpu := range s.possible.All() {
				if err := s.Call(ctx, cpu, func(c *CPU) { called[c.ID()]++ }); err != ErrDeadlock {
					t.Errorf("System.Call within Stop: %v, want ErrDeadlock", err)
				}
				must(t, s.Post(cpu, posted.fn))
			}
			if slices.Max(called) > 0 {
				t.Error("a function ran within Stop")
			}
		}))
		flushAll(t, s)
		posted.once(t, s.possible)
		if slices.Max(called) > 1 {
			t.Errorf("functions that were not waited for ran twice: %v", called)
		}
	})
}

func TestNilFunctionPanics(t *testing.T) {
	s := open(t, virtual(2))
	calls := map[string]func(c Caller){
		"Stop":      func(c Caller) { _ = c.Stop(ctx, nil) },
		"NewRecord": func(Caller) { NewRecord(nil) },
	}
	for _, w := range ways {
		calls[w.name] = func(c Caller) {
			if strings.HasSuffix(w.name, "Every") {
				return // wrapped; they call the Many
			}
			_ = w.run(ctx, c, &s.possible, nil)
		}
	}
	calls["CallEvery"] = func(c Caller) { _ = c.CallEvery(ctx, nil) }
	calls["PostEvery"] = func(c Caller) { _ = c.PostEvery(nil) }
	eachCaller(t, s, func(kind string, c Caller) {
		for name, call := range calls {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s.%s took a nil function", kind, name)
					}
				}()
				call(c)
			}()
		}
	})
	flushAll(t, s)
}

func TestMaskChangedDuringCalls(t *testing.T) {
	for _, n := range []int{3, 70} {
		eachDesignOf(t, fmt.Sprint("virtual ", n), virtual(n), func(t *testing.T, s *System) {
			// CPU 0 mod 3 is always in the mask, 1 mod 3 comes and goes, 2 mod 3 never is.
			var mask, sometimes cpumask.Mask
			for cpu := range n {
				switch cpu % 3 {
				case 0:
					mask.Set(cpu)
				case 1:
					sometimes.Set(cpu)
				}
			}
			always := mask
			stop := changing(&mask, &sometimes)
			defer stop()
			eachCaller(t, s, func(kind string, c Caller) {
				for range rounds(s, 20) {
					for _, w := range ways {
						if w.name != "CallMany" && w.name != "PostMany" && w.name != "CallCond" {
							continue
						}
						runs := make([]int, n) // each CPU its own
						call := func() error { return w.run(ctx, c, &mask, func(c *CPU) { runs[c.ID()]++ }) }
						if w.name == "CallCond" {
							call = func() error {
								return c.CallCond(ctx, &mask, func(int) bool { return true }, func(c *CPU) { runs[c.ID()]++ })
							}
						}
						must(t, call())
						flush(t, c)
						for cpu, got := range runs {
							if got > 1 || got == 0 && always.Test(cpu) || got > 0 && cpu%3 == 2 {
								t.Errorf("%s.%s ran %d times on CPU %d", kind, w.name, got, cpu)
							}
						}
					}
				}
			})
		})
	}
}

// If a mask is emptied while the call reads it, nothing is called, and nothing hangs.
func TestMaskEmptiedDuringCalls(t *testing.T) {
	eachDesignOf(t, "virtual 4", virtual(4), func(t *testing.T, s *System) {
		var mask cpumask.Mask
		stop := changing(&mask, &s.possible)
		defer stop()
		eachCaller(t, s, func(_ string, c Caller) {
			runs := make([]int, 4)
			for range 500 {
				must(t, c.CallMany(ctx, &mask, func(c *CPU) { runs[c.ID()]++ }))
				must(t, c.PostMany(&mask, func(c *CPU) { runs[c.ID()]++ }))
			}
			flush(t, c)
			for cpu, n := range runs {
				if n > 1000 {
					t.Errorf("CPU %d ran %d functions of 1000", cpu, n)
				}
			}
		})
	})
}

// changing sets and clears the bits of which in mask until stop.
func changing(mask, which *cpumask.Mask) (stop func()) {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			for cpu := range which.All() {
				mask.AtomicSet(cpu)
			}
			runtime.Gosched()
			for cpu := range which.All() {
				mask.AtomicClear(cpu)
			}
			select {
			case <-quit:
				return
			case <-time.After(time.Microsecond): // otherwise the calls hardly run on few CPUs
			}
		}
	})
	return func() {
		close(quit)
		wg.Wait()
	}
}

func TestAnyIsNear(t *testing.T) {
	s := open(t, virtual(8))
	for cpu := range 8 {
		s.cpus[cpu].node = cpu / 4
	}
	for _, test := range []struct {
		mask cpumask.Mask
		from int
		want []int
	}{
		{cpumask.Range(0, 7), 5, []int{5}},             // this CPU
		{cpumask.Of(0, 1, 4, 7), 5, []int{4, 7}},       // this node
		{cpumask.Of(0, 1, 6), 5, []int{6}},             //
		{cpumask.Of(0, 2), 5, []int{0, 2}},             // any
		{cpumask.Of(0, 2, 900), 5, []int{0, 2}},        // that there is
		{cpumask.Of(5, 6), 2, []int{5, 6}},             //
		{cpumask.Of(1, 5, 6), 2, []int{1}},             //
		{cpumask.Range(0, cpumask.Max-1), 2, []int{2}}, //
	} {
		on(t, s, test.from, func(c *CPU) {
			ranOn := -1
			got, err := c.CallAny(ctx, &test.mask, func(d *CPU) { ranOn = d.ID() })
			must(t, err)
			if got != ranOn || !slices.Contains(test.want, got) {
				t.Errorf("CallAny of %v from CPU %d: said %d, ran on %d, want one of %v", test.mask, c.ID(), got, ranOn, test.want)
			}
			got, err = c.PostAny(&test.mask, func(d *CPU) { ranOn = d.ID() })
			must(t, err)
			flush(t, c)
			if got != ranOn || !slices.Contains(test.want, got) {
				t.Errorf("PostAny of %v from CPU %d: said %d, ran on %d, want one of %v", test.mask, c.ID(), got, ranOn, test.want)
			}
		})
	}
}

func TestAnyOfGoroutineIsItsCPU(t *testing.T) {
	s := open(t, Options{})
	for cpu := range s.possible.All() {
		var wg sync.WaitGroup
		wg.Go(func() {
			runtime.LockOSThread() // for good: the thread, pinned, ends with the goroutine
			if err := topology.Pin(cpu); err != nil {
				t.Skip("threads cannot be pinned here:", err)
			}
			got, err := s.CallAny(ctx, &s.possible, nop)
			if got != cpu || err != nil {
				t.Errorf("CallAny on CPU %d went to %d, %v", cpu, got, err)
			}
		})
		wg.Wait()
	}
}

func TestAnySkipsOfflineCPUs(t *testing.T) {
	s := open(t, virtual(4))
	must(t, s.Offline(ctx, 0))
	must(t, s.Offline(ctx, 2))
	on(t, s, 1, func(c *CPU) {
		got, err := c.CallAny(ctx, ptr(cpumask.Of(0, 2, 3)), nop)
		if got != 3 || err != nil {
			t.Errorf("CallAny with only CPU 3 online: %d, %v", got, err)
		}
	})
}

func TestCondIsAskedOncePerOnlineCPU(t *testing.T) {
	eachDesignOf(t, "virtual 70", virtual(70), func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 66))
		online := s.OnlineMask()
		eachCaller(t, s, func(kind string, c Caller) {
			for _, wait := range []bool{true, false} {
				asked := make([]int, 70)
				cond := func(cpu int) bool { asked[cpu]++; return cpu%3 == 0 } // plain: it runs on the caller
				var r ran
				if wait {
					must(t, c.CallCond(ctx, &everyCPU, cond, r.fn))
				} else {
					must(t, c.PostCond(&everyCPU, cond, r.fn))
					flush(t, c)
				}
				var want cpumask.Mask
				for cpu, n := range asked {
					if online.Test(cpu) != (n == 1) || n > 1 {
						t.Errorf("%s: cond was asked %d times about CPU %d", kind, n, cpu)
					}
					if online.Test(cpu) && cpu%3 == 0 {
						want.Set(cpu)
					}
				}
				r.once(t, want)
			}
		})
	})
}

// The race detector judges this one: none of the variables is atomic.
func TestHappensBefore(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		eachCaller(t, s, func(kind string, c Caller) {
			for _, w := range ways {
				if !w.waits {
					continue
				}
				for _, cpu := range []int{first(s), last(s)} {
					x := 1
					must(t, w.run(ctx, c, ptr(cpumask.Of(cpu)), func(*CPU) { x *= 2 }))
					if x++; x != 3 {
						t.Errorf("%s.%s: x is %d, want 3", kind, w.name, x)
					}
				}
				if s.possible.Weight() > 64 && w.name != "CallMany" {
					continue
				}
				in, sum := 20, make([]int, last(s)+1)
				must(t, w.run(ctx, c, &s.possible, func(c *CPU) { sum[c.ID()] = in + c.ID() }))
				for cpu := range s.possible.All() {
					if sum[cpu] != 20+cpu {
						t.Errorf("%s.%s: CPU %d left %d, want %d", kind, w.name, cpu, sum[cpu], 20+cpu)
					}
				}
			}
			for _, w := range ways {
				if s.possible.Weight() > 64 {
					break // as below that
				}
				// Two functions on one CPU need no lock, whichever caller sent them.
				sum := make([]int, last(s)+1)
				must(t, w.run(ctx, c, &s.possible, func(c *CPU) { sum[c.ID()]++ }))
				must(t, c.PostEvery(func(c *CPU) { sum[c.ID()] *= 2 }))
				flush(t, c)
				for cpu := range s.possible.All() {
					if sum[cpu] != 2 {
						t.Errorf("%s.%s: CPU %d has %d, want 2", kind, w.name, cpu, sum[cpu])
					}
				}
			}
			x := 1
			err := c.Call(ctx, first(s), func(*CPU) { x = 2; panic("after x") })
			if err == nil || x != 2 {
				t.Errorf("after a panic x is %d, %v", x, err)
			}
		})
	})
}

// A panic with ErrOffline is the function's own and no reason to try the next CPU.
func TestAnyRunsOnceWhateverItPanicsWith(t *testing.T) {
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		for _, reason := range []error{ErrOffline, ErrClosed} {
			var ran atomic.Int32
			cpu, err := s.CallAny(ctx, &s.possible, func(*CPU) { ran.Add(1); panic(reason) })
			var p *PanicError
			if ran.Load() != 1 || !errors.As(err, &p) || p.CPU != cpu {
				t.Errorf("panic with %v: ran %d times, CPU %d, %v", reason, ran.Load(), cpu, err)
			}
		}
	})
}
