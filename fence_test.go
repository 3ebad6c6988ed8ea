package crosscall

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"crosscall/cpumask"
)

// A function that waits may still hold something. CPU 1 serves posts meanwhile,
// and none of them lets the Fence pass.
func TestFenceWaitsForAFunctionThatWaits(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		for _, by := range []string{"goroutine", "CPU"} {
			release := block(t, s, 2)
			holding := false // CPU 1's
			begun := make(chan struct{})
			must(t, s.Post(1, func(c *CPU) {
				holding = true
				close(begun)
				must(t, c.Call(ctx, 2, nop))
				holding = false
			}))
			<-begun
			fence := goes(func() (err error) {
				if by == "goroutine" {
					return s.Fence(ctx)
				}
				on(t, s, 0, func(c *CPU) { err = c.Fence(ctx) })
				return err
			})
			for range 50 {
				must(t, s.Call(ctx, 1, nop))
			}
			select {
			case err := <-fence:
				t.Error("Fence returned while CPU 1 is in a function: ", err)
			default:
			}
			release()
			must(t, <-fence)
			if holding {
				t.Error("Fence returned before the function had ended")
			}
		}
	})
}

// After Fence no function holds an object that was unlinked before: the object
// is overwritten by plain writes, and the race detector checks it.
func TestNothingIsHeldAfterFence(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		type object struct{ value int }
		var live atomic.Pointer[object]
		live.Store(&object{value: 1})
		other := last(s)
		read := func(c *CPU) {
			o := live.Load()
			_ = c.Call(ctx, other, nop) // o is held across a wait
			if o.value != 1 {
				t.Error("read what was freed")
			}
		}
		var over atomic.Bool
		var wg sync.WaitGroup
		wg.Go(func() {
			for !over.Load() {
				must(t, s.PostEvery(read))
				must(t, s.Call(ctx, first(s), read))
			}
		})
		free := func(k Caller) {
			old := live.Swap(&object{value: 1})
			must(t, k.Fence(ctx))
			old.value = 0
		}
		for range 5 {
			free(s)
		}
		over.Store(true)
		wg.Wait()
	})
}

func TestFenceWithinAServedFunction(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		on(t, s, 0, func(c *CPU) {
			must(t, c.Fence(ctx)) // holds nothing
			must(t, c.Call(ctx, 1, func(d *CPU) {
				must(t, d.Call(ctx, 0, func(c *CPU) {
					wantErr(t, "Fence within another function's wait", c.Fence(ctx), ErrDeadlock)
					wantErr(t, "the same by the System", s.Fence(ctx), ErrDeadlock)
				}))
			}))
			must(t, s.Fence(ctx))
		})
	})
}

func TestFencesFromEverywhere(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		for range 10 {
			arrive := meet(4)
			var wg sync.WaitGroup
			for cpu := range 4 {
				wg.Go(func() {
					on(t, s, cpu, func(c *CPU) {
						arrive() // all are in a function when the first Fence begins
						must(t, c.Fence(ctx))
					})
				})
			}
			wg.Go(func() { must(t, s.Fence(ctx)) })
			wg.Wait()
		}
	})
}

// While a CPU waits in Fence it serves others, and these may call Fence in
// turn.
func TestFenceServesMeanwhile(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 2)
		waiting := make(chan struct{})
		fence := goes(func() (err error) {
			on(t, s, 0, func(c *CPU) {
				close(waiting)
				err = c.Fence(ctx)
			})
			return err
		})
		<-waiting
		on(t, s, 1, func(c *CPU) { must(t, c.Call(ctx, 0, nop)) })
		select {
		case err := <-fence:
			t.Error("Fence returned while CPU 2 is in a function: ", err)
		default:
		}
		release()
		must(t, <-fence)
	})
}

// For Fence, a Poll in an idle function is a point where the CPU holds nothing,
// even if the idle function never returns. Between two Polls it may hold
// something.
func TestFenceAndIdleFunctions(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		type object struct{ value int }
		var live atomic.Pointer[object]
		live.Store(&object{value: 1})
		mask := s.PossibleMask()
		must(t, s.SetIdle(&mask, func(c *CPU) bool {
			for c.Online() {
				o := live.Load()
				runtime.Gosched()
				if o.value != 1 {
					t.Error("read what was freed")
				}
				c.Poll()
			}
			return true
		}))
		for range 10 {
			old := live.Swap(&object{value: 1})
			must(t, s.Fence(ctx))
			old.value = 0
		}
		must(t, s.Close())
	})
}

func TestFenceByAnIdleFunction(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		mask := cpumask.Of(1)
		done := make(chan error, 1)
		must(t, s.SetIdle(&mask, func(c *CPU) bool {
			done <- c.Fence(ctx)
			return false
		}))
		must(t, <-done)
		must(t, s.SetIdle(&mask, nil))
		flush(t, s)
	})
}

func TestFenceWithOfflineCPUs(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 1))
		must(t, s.Fence(ctx))
		on(t, s, 0, func(c *CPU) { must(t, c.Fence(ctx)) })
		must(t, s.Online(ctx, 1))

		// A CPU that is going offline may still hold something.
		release := block(t, s, 1)
		off := goes(func() error { return s.Offline(ctx, 1) })
		until(t, "CPU 1 goes offline", func() bool { return !s.queue.Online(1) })
		fence := goes(func() error { return s.Fence(ctx) })
		for range 20 {
			must(t, s.Call(ctx, 0, nop))
		}
		select {
		case err := <-fence:
			t.Error("Fence returned while CPU 1 is in a function: ", err)
		default:
		}
		release()
		must(t, <-fence)
		must(t, <-off)
	})
}

func TestFenceGivenUp(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		bounded, cancel := context.WithCancel(ctx)
		byGoroutine := goes(func() error { return s.Fence(bounded) })
		byCPU := goes(func() (err error) {
			on(t, s, 0, func(c *CPU) { err = c.Fence(bounded) })
			return err
		})
		must(t, s.Call(ctx, 0, nop))
		cancel()
		wantErr(t, "Fence", <-byGoroutine, context.Canceled)
		wantErr(t, "Fence of a CPU", <-byCPU, context.Canceled)
		release()
		must(t, s.Fence(ctx))
	})
}
