package crosscall

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"crosscall/cpumask"
)

var errExplosive = errors.New("too hot")

func explode(*CPU) { panic(errExplosive) }

// panicErrors are the PanicErrors in a tree of joined errors.
func panicErrors(err error) []*PanicError {
	switch err := err.(type) {
	case *PanicError:
		return []*PanicError{err}
	case interface{ Unwrap() []error }:
		var all []*PanicError
		for _, e := range err.Unwrap() {
			all = append(all, panicErrors(e)...)
		}
		return all
	}
	return nil
}

func checkPanics(t *testing.T, what string, got []*PanicError, want cpumask.Mask) {
	t.Helper()
	var cpus cpumask.Mask
	for _, p := range got {
		if cpus.Test(p.CPU) {
			t.Errorf("%s: the panic on CPU %d came twice", what, p.CPU)
		}
		cpus.Set(p.CPU)
		if p.Value != errExplosive || !errors.Is(p, errExplosive) {
			t.Errorf("%s: panic of %v, want %v, and that by errors.Is", what, p.Value, errExplosive)
		}
		if !strings.Contains(string(p.Stack), "crosscall.explode(") {
			t.Errorf("%s: the stack does not name the function that panicked:\n%s", what, p.Stack)
		}
		if !strings.Contains(p.Error(), fmt.Sprintf("panic on CPU %d: too hot", p.CPU)) {
			t.Errorf("%s: %q names neither CPU nor value", what, p)
		}
	}
	if cpus != want {
		t.Errorf("%s: panics on CPUs %v, want %v", what, cpus, want)
	}
}

func TestPanics(t *testing.T) {
	var mu sync.Mutex
	var unwaited []*PanicError
	for name, o := range sizes(t) {
		o.OnPanic = func(p *PanicError) {
			mu.Lock()
			defer mu.Unlock()
			unwaited = append(unwaited, p)
		}
		eachDesignOf(t, name, o, func(t *testing.T, s *System) {
			eachCaller(t, s, func(kind string, c Caller) {
				for _, w := range ways {
					if s.possible.Weight() > 64 && !strings.HasSuffix(w.name, "Many") {
						continue
					}
					err := w.run(ctx, c, &s.possible, explode)
					flush(t, c)
					mu.Lock()
					returned, told := panicErrors(err), unwaited
					unwaited = nil
					mu.Unlock()
					if !w.waits {
						returned, told = told, returned
					}
					checkPanics(t, kind+"."+w.name, returned, s.possible)
					checkPanics(t, kind+"."+w.name+", to the wrong place", told, cpumask.Mask{})
				}
			})
			var r ran
			must(t, s.CallEvery(ctx, r.fn))
			r.once(t, s.possible)
			for _, c := range s.Stats().CPUs {
				if c.Panics == 0 {
					t.Errorf("CPU %d counts no panics", c.CPU)
				}
			}
		})
	}
}

func TestPanicErrorUnwrap(t *testing.T) {
	if err := (&PanicError{Value: "no error"}).Unwrap(); err != nil {
		t.Errorf("a panic of a string unwraps to %v", err)
	}
}

func goexit(*CPU) { runtime.Goexit() }

func TestGoexitFromGoroutine(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		for _, w := range ways {
			if s.possible.Weight() > 64 && !strings.HasSuffix(w.name, "Many") {
				continue
			}
			err := w.run(ctx, s, &s.possible, goexit)
			if w.waits && !errors.Is(err, ErrExited) {
				t.Errorf("%s: %v, want ErrExited", w.name, err)
			}
			var r ran
			must(t, s.CallEvery(ctx, r.fn))
			r.once(t, s.possible)
		}
	})
}

func TestGoexitFromCPU(t *testing.T) {
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		others := cpumask.Of(1, 2)
		on(t, s, 0, func(c *CPU) {
			for _, w := range ways {
				err := w.run(ctx, c, &others, goexit)
				if w.waits && !errors.Is(err, ErrExited) {
					t.Errorf("%s: %v, want ErrExited", w.name, err)
				}
				var r ran
				must(t, c.CallEvery(ctx, r.fn))
				r.once(t, s.possible)
			}
		})
		// On its own CPU it ends the caller as well.
		for _, w := range ways {
			if !w.waits {
				continue
			}
			err := s.Call(ctx, 0, func(c *CPU) {
				err := w.run(ctx, c, &s.possible, within(ptr(cpumask.Of(0)), goexit))
				t.Errorf("%s returned %v from the CPU that ended", w.name, err)
			})
			if !errors.Is(err, ErrExited) {
				t.Errorf("%s on its own CPU: the outer call returned %v, want ErrExited", w.name, err)
			}
			var r ran
			must(t, s.CallEvery(ctx, r.fn))
			r.once(t, s.possible)
		}
	})
}

// A function served during a wait ends the goroutine of the function that waits.
func TestGoexitBelowAWait(t *testing.T) {
	eachDesignOf(t, "virtual 2", virtual(2), func(t *testing.T, s *System) {
		for range 20 {
			inner := make(chan error, 1)
			outer := s.Call(ctx, 0, func(a *CPU) {
				err := a.Call(ctx, 1, func(b *CPU) { inner <- b.Call(ctx, 0, goexit) })
				t.Errorf("the function that waited went on, with %v", err)
			})
			if !errors.Is(outer, ErrExited) {
				t.Errorf("outer call: %v, want ErrExited", outer)
			}
			if err := <-inner; !errors.Is(err, ErrExited) { // it outlives the outer one
				t.Errorf("inner call: %v, want ErrExited", err)
			}
			// A call that the ended function left in flight must not affect the
			// next.
			on(t, s, 0, func(a *CPU) {
				x := 0
				must(t, a.Call(ctx, 1, func(*CPU) { x++ }))
				must(t, a.CallEvery(ctx, within(ptr(cpumask.Of(1)), func(*CPU) { x++ })))
				if x != 2 {
					t.Errorf("%d functions ran, want 2", x)
				}
			})
		}
	})
}

func TestGoexitLosesNobodysRequest(t *testing.T) {
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		const n = 12
		for range 5 {
			release := block(t, s, 0)
			var got [3][]int
			for src := range got {
				post := func(c Caller) {
					for i := range n {
						must(t, c.Post(0, func(*CPU) { got[src] = append(got[src], i) }))
						if i%4 == 3 {
							must(t, c.Post(0, goexit))
						}
					}
				}
				if src == 0 {
					post(s)
				} else {
					on(t, s, src, func(c *CPU) { post(c) })
				}
			}
			release()
			must(t, s.CallEvery(ctx, func(c *CPU) { must(t, c.Call(ctx, 0, nop)) }))
			for src, is := range got {
				if !slices.Equal(is, counted(n)) {
					t.Errorf("of source %d ran %v, want 0 to %d", src, is, n-1)
				}
			}
		}
	})
}
