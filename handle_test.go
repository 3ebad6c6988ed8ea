package crosscall

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestAsync(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			got := make([]int, len(s.cpus)) // plain: Wait orders it
			var handles []*Handle
			for cpu := range s.possible.All() {
				h, err := k.Async(cpu, func(c *CPU) { got[cpu] = c.ID() + 1 })
				must(t, err)
				handles = append(handles, h)
			}
			for _, h := range handles {
				must(t, h.Wait(ctx))
				if !h.Done() {
					t.Error("not done after Wait")
				}
			}
			for cpu := range s.possible.All() {
				if got[cpu] != cpu+1 {
					t.Errorf("CPU %d ran %d", cpu, got[cpu])
				}
			}
		})
	})
}

func TestAsyncOrder(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			for _, cpu := range []int{0, 1} {
				var order []int
				var last *Handle
				for i := range 100 {
					fn := func(*CPU) { order = append(order, i) }
					if i%2 == 0 {
						must(t, k.Post(cpu, fn))
						continue
					}
					h, err := k.Async(cpu, fn)
					must(t, err)
					last = h
				}
				must(t, last.Wait(ctx))
				if len(order) != 100 || !slices.IsSorted(order) {
					t.Errorf("ran %v", order)
				}
			}
		})
	})
}

func TestAsyncErrors(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		check := func(k Caller) {
			_, err := k.Async(900, nop)
			wantErr(t, "Async of no CPU", err, ErrOffline)
			h, err := k.Async(1, func(*CPU) { panic(ErrBusy) })
			must(t, err)
			must(t, k.Call(ctx, 1, nop))
			if !h.Done() {
				t.Error("not done")
			}
			wantErr(t, "Wait", h.Wait(ctx), ErrBusy)
			wantPanicText(t, "second Wait", func() { _ = h.Wait(ctx) })
			h, err = k.Async(1, func(*CPU) { runtime.Goexit() })
			must(t, err)
			wantErr(t, "Wait", h.Wait(ctx), ErrExited)

			// A context ends one wait, and the next wait returns the function's
			// error.
			release := block(t, s, 1)
			h, err = k.Async(1, func(*CPU) { panic(ErrBusy) })
			must(t, err)
			ended, cancel := context.WithCancel(ctx)
			cancel()
			wantErr(t, "Wait with a context that has ended", h.Wait(ended), context.Canceled)
			if h.Done() {
				t.Error("done")
			}
			release()
			wantErr(t, "Wait once more", h.Wait(ctx), ErrBusy)
		}
		check(s)
		on(t, s, 0, func(c *CPU) { check(c) })
		on(t, s, 0, func(*CPU) { check(s) })
	})
}

func wantPanicText(t *testing.T, text string, f func()) {
	t.Helper()
	if got, _ := panicOf(f).(string); !strings.Contains(got, text) {
		t.Errorf("panicked with %q, want %q", got, text)
	}
}

func TestWaitElsewhere(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var h *Handle
		on(t, s, 0, func(c *CPU) { h, _ = c.Async(1, nop) })
		wantPanicText(t, "elsewhere", func() { _ = h.Wait(ctx) })
		on(t, s, 1, func(*CPU) { wantPanicText(t, "elsewhere", func() { _ = h.Wait(ctx) }) })
		on(t, s, 0, func(*CPU) { must(t, h.Wait(ctx)) })
		h, err := s.Async(1, nop)
		must(t, err)
		on(t, s, 0, func(*CPU) { wantPanicText(t, "goroutine's", func() { _ = h.Wait(ctx) }) })
		must(t, h.Wait(ctx))
	})
}

// Two CPUs at their nesting limits that wait for each other's Async make progress.
// An Async without room is refused there.
func TestAsyncAtTheLimit(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		arrive := meet(2)
		wait := func(c *CPU, cpu int, fn func(*CPU)) {
			h, err := c.Async(cpu, fn)
			if err != nil {
				t.Error(err)
				return
			}
			must(t, h.Wait(ctx))
		}
		var down func(c *CPU, depth int)
		down = func(c *CPU, depth int) {
			if depth < MaxNesting {
				wait(c, c.ID(), func(c *CPU) { down(c, depth+1) })
				return
			}
			arrive()
			for range 10 {
				wait(c, 1-c.ID(), nop)
			}
		}
		var wg sync.WaitGroup
		for cpu := range 2 {
			wg.Go(func() { on(t, s, cpu, func(c *CPU) { down(c, 1) }) })
		}
		wg.Wait()
	})
}

// Calls by Async take room as posts do: at most as many run within each other as
// the ring has slots.
func TestAsyncIsCounted(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	release := block(t, s, 1)
	n := 0
	on(t, s, 0, func(c *CPU) {
		for c.TryPost(1, nop) == nil {
			n++
		}
	})
	if n != 256 {
		t.Errorf("room for %d", n)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	on(t, s, 0, func(c *CPU) {
		csd := &Handle{w: wait{cpu: c}}
		csd.csd.ArmCounted(1, (*cpuWaiter)(c))
		wantErr(t, "a counted call with no room", c.send(ended, 1, nop, &csd.csd), context.Canceled)
	})
	release()
}
