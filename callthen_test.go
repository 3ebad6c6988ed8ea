package crosscall

import (
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// pollUntil serves c's CPU until cond.
func pollUntil(t testing.TB, c *CPU, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); !cond(); {
		if time.Now().After(end) {
			t.Error("still not: ", what)
			return
		}
		if c.Poll() == 0 {
			runtime.Gosched()
		}
	}
}

func TestCallThen(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		on(t, s, last(s), func(c *CPU) {
			for cpu := range s.possible.All() {
				ranOn, thenOn := -1, -1 // plain: the call orders them
				must(t, c.CallThen(cpu, func(c *CPU) { ranOn = c.ID() }, func(c *CPU, err error) {
					must(t, err)
					if ranOn != cpu {
						t.Errorf("a call to CPU %d has run on %d before then", cpu, ranOn)
					}
					thenOn = c.ID()
				}))
				if thenOn >= 0 {
					t.Error("CallThen has run something")
				}
				pollUntil(t, c, "then", func() bool { return thenOn >= 0 })
				if thenOn != c.ID() {
					t.Errorf("then ran on CPU %d, want %d", thenOn, c.ID())
				}
			}
		})
	})
}

// A function that returns has its thens run by the executor's own loop.
func TestCallThenOfAFunctionThatReturns(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		done := make(chan int)
		on(t, s, 0, func(c *CPU) {
			must(t, c.CallThen(1, nop, func(c *CPU, _ error) {
				must(t, c.CallThen(1, nop, func(c *CPU, _ error) { go func() { done <- c.id }() }))
			}))
		})
		if cpu := <-done; cpu != 0 {
			t.Errorf("then ran on CPU %d", cpu)
		}
	})
}

func TestCallThenOrder(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var ran, thens []int
		on(t, s, 0, func(c *CPU) {
			for i := range 100 {
				if i%2 == 0 {
					must(t, c.CallThen(1, func(*CPU) { ran = append(ran, i) }, func(*CPU, error) { thens = append(thens, i) }))
				} else {
					must(t, c.Post(1, func(*CPU) { ran = append(ran, i) }))
					thens = slices.Clip(thens)
				}
			}
			pollUntil(t, c, "all thens", func() bool { return len(thens) == 50 })
			must(t, c.Call(ctx, 1, nop))
			if len(ran) != 100 || !slices.IsSorted(ran) || !slices.IsSorted(thens) {
				t.Errorf("ran %v, then %v", ran, thens)
			}
		})
	})
}

func TestCallThenErrors(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 2))
		on(t, s, 0, func(c *CPU) {
			never := func(*CPU, error) { t.Error("then ran") }
			wantErr(t, "offline", c.CallThen(2, nop, never), ErrOffline)
			wantErr(t, "no CPU", c.CallThen(-1, nop, never), ErrOffline)
			for _, cpu := range []int{0, 1} {
				var errs []error
				note := func(_ *CPU, err error) { errs = append(errs, err) }
				must(t, c.CallThen(cpu, func(*CPU) { panic(ErrBusy) }, note))
				must(t, c.CallThen(cpu, nop, note))
				pollUntil(t, c, "then", func() bool { return len(errs) == 2 })
				p, ok := errs[0].(*PanicError)
				if !ok || p.CPU != cpu || !errors.Is(p, ErrBusy) || errs[1] != nil {
					t.Errorf("thens got %v", errs)
				}
			}
			wantPanic(t, "nil function: fn", func() { _ = c.CallThen(1, nil, never) })
			wantPanic(t, "nil function: then", func() { _ = c.CallThen(1, nop, nil) })
		})
	})
}

func TestCallThenGoexit(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		for _, cpu := range []int{0, 1} {
			got := make(chan error, 1)
			on(t, s, 0, func(c *CPU) {
				must(t, c.CallThen(cpu, func(*CPU) { runtime.Goexit() }, func(_ *CPU, err error) {
					got <- err
					runtime.Goexit()
				}))
			})
			wantErr(t, "then", <-got, ErrExited)
			must(t, s.Call(ctx, 0, nop))
		}
	})
}

func TestPanicOfThen(t *testing.T) {
	limit(t)
	panics := make(chan *PanicError, 1)
	o := virtual(2)
	o.OnPanic = func(p *PanicError) { panics <- p }
	s := open(t, o)
	on(t, s, 0, func(c *CPU) {
		must(t, c.CallThen(1, nop, func(*CPU, error) { panic("then") }))
	})
	if p := <-panics; p.CPU != 0 || p.Value != "then" {
		t.Error(p)
	}
}

// With no room, or with too many under way, CallThen returns an error and runs
// nothing. Each accepted CallThen runs both functions once.
func TestCallThenFull(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		on(t, s, 0, func(c *CPU) {
			ran, thens, served := 0, 0, 0
			must(t, c.Post(0, func(*CPU) { served++ }))
			accepted := 0
			var err error
			for err == nil && accepted <= maxThens {
				if err = c.CallThen(1, func(*CPU) { ran++ }, func(*CPU, error) { thens++ }); err == nil {
					accepted++
				}
			}
			wantErr(t, "CallThen with no room", err, ErrFull)
			if served > 0 {
				t.Error("CallThen has served a post")
			}
			release()
			pollUntil(t, c, "thens", func() bool { return thens == accepted })
			must(t, c.CallThen(1, nop, func(*CPU, error) { thens++ }))
			pollUntil(t, c, "one more", func() bool { return thens == accepted+1 })
			if ran != accepted {
				t.Errorf("ran %d of %d", ran, accepted)
			}
		})
	})
}

func TestCallThenTooMany(t *testing.T) {
	limit(t)
	s := open(t, virtual(8))
	for cpu := range 7 {
		block(t, s, cpu+1)
	}
	on(t, s, 0, func(c *CPU) {
		accepted := 0
		for cpu := 1; cpu < 8; cpu++ {
			for c.CallThen(cpu, nop, func(*CPU, error) {}) == nil {
				accepted++
			}
		}
		if accepted != maxThens {
			t.Errorf("%d are under way, want %d", accepted, maxThens)
		}
		must(t, c.TryPost(7, nop))
	})
}

// A CPU is offline only after the last then has run there.
func TestOfflineWaitsForThen(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		thens := 0 // plain: read after Offline
		on(t, s, 0, func(c *CPU) {
			for range 3 {
				must(t, c.CallThen(1, nop, func(c *CPU, _ error) {
					thens++
					for _, cpu := range []int{0, 1} {
						wantErr(t, "CallThen of a CPU that is leaving", c.CallThen(cpu, nop, func(*CPU, error) { thens++ }), ErrOffline)
					}
				}))
			}
		})
		done := make(chan error)
		go func() { done <- s.Offline(ctx, 0) }()
		until(t, "CPU 0 is going offline", func() bool { return !s.queue.Online(0) })
		select {
		case err := <-done:
			t.Errorf("offline before the answers were in: %v", err)
		case <-time.After(20 * time.Millisecond):
		}
		release()
		must(t, <-done)
		if thens != 3 {
			t.Errorf("%d thens before CPU 0 was offline", thens)
		}
	})
}

func TestCloseWaitsForThen(t *testing.T) {
	limit(t)
	for range 20 {
		o := virtual(4)
		s, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		var accepted, thens atomic.Int32
		note := func(*CPU, error) { thens.Add(1) }
		var again func(c *CPU, err error)
		again = func(c *CPU, err error) {
			thens.Add(1)
			if c.CallThen((c.ID()+1)%4, nop, again) == nil {
				accepted.Add(1)
			}
		}
		must(t, s.CallEvery(ctx, func(c *CPU) {
			for cpu := range 4 {
				must(t, c.CallThen(cpu, nop, again))
				accepted.Add(1)
			}
			if c.ID() == 3 {
				c.AfterFunc(0, func(c *CPU) { // may come when CPU 3 is offline
					if c.CallThen(0, nop, note) == nil {
						accepted.Add(1)
					}
				})
			}
		}))
		must(t, s.Offline(ctx, 3))
		must(t, s.Close())
		if accepted.Load() != thens.Load() {
			t.Fatalf("%d of %d thens have run", thens.Load(), accepted.Load())
		}
	}
}

// At the nesting limit a CPU runs thens later.
func TestThensDoNotNest(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	var deepest, depth int
	left, under := 2000, 1
	var again func(c *CPU, err error)
	again = func(c *CPU, err error) {
		depth++
		deepest = max(deepest, depth)
		for range 2 {
			if left > 0 && c.CallThen(1, nop, again) == nil {
				left--
				under++
			}
		}
		must(t, c.Call(ctx, 1, nop))
		c.Poll()
		depth--
		under--
	}
	on(t, s, 0, func(c *CPU) { again(c, nil) })
	until(t, "all have run", func() (done bool) {
		on(t, s, 0, func(*CPU) { done = left == 0 && under == 0 })
		return done
	})
	if deepest > MaxNesting {
		t.Errorf("thens ran %d deep", deepest)
	}
}

func TestCallThenAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops at random under the race detector")
	}
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		on(t, s, 0, func(c *CPU) {
			n := 0
			note := func(*CPU, error) { n++ }
			allocates(t, "CallThen", func() {
				n = 0
				must(t, c.CallThen(1, nop, note))
				must(t, c.CallThen(2, nop, note))
				flush(t, c)
				for n < 2 {
					c.Poll()
				}
			})
		})
	})
}
