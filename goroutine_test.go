package crosscall

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// isCurrent fails the test unless Current is want on the calling goroutine, and nil
// on one that it starts.
func isCurrent(t testing.TB, where string, want *CPU) {
	t.Helper()
	if got := Current(); got != want {
		t.Errorf("%s: Current is %p, want %p", where, got, want)
	}
	started := make(chan *CPU)
	go func() { started <- Current() }()
	if got := <-started; got != nil {
		t.Errorf("%s: a goroutine started there is an executor", where)
	}
}

func TestCurrent(t *testing.T) {
	eachDesign(t, func(t *testing.T, s *System) {
		isCurrent(t, "goroutine", nil)
		must(t, s.CallEvery(ctx, func(c *CPU) { isCurrent(t, "function", c) }))
		on(t, s, first(s), func(c *CPU) {
			must(t, c.Call(ctx, last(s), func(d *CPU) {
				isCurrent(t, "nested", d)
				must(t, d.Call(ctx, c.ID(), func(c *CPU) { isCurrent(t, "nested twice", c) }))
				isCurrent(t, "after a nested call", d)
			}))
			must(t, s.Call(ctx, last(s), func(d *CPU) { isCurrent(t, "called by the System", d) }))
		})
		must(t, s.Stop(ctx, func(c *CPU) { isCurrent(t, "Stop", c) }))
		must(t, s.Close())
		isCurrent(t, "after Close", nil)
	})
}

// An executor of one System is no executor of another: it calls that as any
// goroutine does.
func TestCurrentOfTwoSystems(t *testing.T) {
	limit(t)
	a, b := open(t, virtual(3)), open(t, virtual(3))
	on(t, a, 1, func(c *CPU) {
		isCurrent(t, "first System", c)
		if a.here() != c || b.here() != nil {
			t.Errorf("here is %p and %p, want %p and none", a.here(), b.here(), c)
		}
		must(t, b.Call(ctx, 1, func(d *CPU) {
			isCurrent(t, "second System", d)
			if a.here() != nil || b.here() != d {
				t.Errorf("here is %p and %p, want none and %p", a.here(), b.here(), d)
			}
		}))
		isCurrent(t, "first System again", c)
	})
	must(t, a.Close())
	on(t, b, 2, func(c *CPU) { isCurrent(t, "the System that is left", c) })
}

func TestCurrentInTheIdleFunction(t *testing.T) {
	s := open(t, virtual(2))
	ran := make(chan struct{})
	once := sync.OnceFunc(func() { close(ran) })
	must(t, s.SetIdle(&s.possible, func(c *CPU) bool {
		isCurrent(t, "idle function", c)
		if c.ID() == 1 {
			once()
		}
		return false
	}))
	<-ran
}

// A function that ends its goroutine ends the executor's goroutine. The CPU
// continues as another goroutine.
func TestCurrentAfterGoexit(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		for range 20 {
			_ = s.Call(ctx, 1, func(c *CPU) {
				defer isCurrent(t, "while Goexit runs what was deferred", c)
				runtime.Goexit()
			})
			on(t, s, 1, func(c *CPU) { isCurrent(t, "after Goexit", c) })
		}
	})
}

// Goroutines and executors start and end. The runtime reuses its descriptors
// for both, and none may be taken for another.
func TestCurrentUnderChurn(t *testing.T) {
	limit(t)
	const systems, goroutines, times = 2, 20, 100
	var exits, others sync.WaitGroup
	var over atomic.Bool
	for range systems {
		s := open(t, virtual(3))
		for cpu := range 3 {
			exits.Go(func() {
				for range times {
					must(t, s.Post(cpu, func(c *CPU) {
						if Current() != c {
							t.Error("a function is not on its executor")
						}
						runtime.Goexit()
					}))
				}
				must(t, s.Call(ctx, cpu, nop))
			})
		}
	}
	for range goroutines {
		others.Go(func() {
			for !over.Load() {
				done := make(chan *CPU)
				go func() {
					runtime.Gosched()
					done <- Current()
				}()
				if <-done != nil {
					t.Error("a goroutine is taken for an executor")
					return
				}
			}
		})
	}
	exits.Wait()
	over.Store(true)
	others.Wait()
}

func TestCurrentDoesNotAllocate(t *testing.T) {
	open(t, virtual(2))
	if n := testing.AllocsPerRun(100, func() { Current() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCurrent(b *testing.B) {
	s := open(b, virtual(8))
	b.Run("goroutine", func(b *testing.B) {
		for b.Loop() {
			Current()
		}
	})
	b.Run("executor", func(b *testing.B) {
		on(b, s, 1, func(*CPU) {
			for b.Loop() {
				Current()
			}
		})
	})
}
