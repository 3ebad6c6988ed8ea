package crosscall

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/cpumask"
)

// calledOff begins an Offline of CPU 1, which a function holds, or a Close. It
// returns when CPU 1 refuses calls. callOff ends its context and waits.
func calledOff(t *testing.T, s *System, closing bool) (callOff func()) {
	t.Helper()
	bounded, cancel := context.WithCancel(ctx)
	leaves := goes(func() error {
		if closing {
			return s.CloseContext(bounded)
		}
		return s.Offline(bounded, 1)
	})
	until(t, "CPU 1 is leaving", func() bool { return !s.queue.Online(1) })
	return func() {
		t.Helper()
		cancel()
		wantErr(t, "called off", <-leaves, context.Canceled)
	}
}

var eitherLeaving = map[string]bool{"Offline": false, "Close": true}

// A goroutine's call to a CPU that is leaving is not refused if that CPU stays.
func TestCallsToALeavingCPUThatStays(t *testing.T) {
	for name, closing := range eitherLeaving {
		t.Run(name, func(t *testing.T) {
			overDesigns(t, 3, func(t *testing.T, s *System) {
				release := block(t, s, 1)
				callOff := calledOff(t, s, closing)
				var ran atomic.Int32
				count := func(*CPU) { ran.Add(1) }
				one := cpumask.Of(1)
				bounded, cancel := context.WithTimeout(ctx, time.Hour)
				defer cancel()
				calls := []func() error{
					func() error { return s.Call(ctx, 1, count) },
					func() error { return s.Call(bounded, 1, count) },
					func() error { return s.Post(1, count) },
					func() error { _, err := s.CallAny(ctx, &one, count); return err },
				}
				if closing {
					calls = append(calls, func() error { return s.CallMany(ctx, &one, count) },
						func() error { return s.PostMany(&one, count) })
				}
				var begun, under sync.WaitGroup
				begun.Add(len(calls))
				for _, call := range calls {
					under.Go(func() { begun.Done(); must(t, call()) })
				}
				begun.Wait()
				ends, cancelCall := context.WithCancel(ctx)
				cut := goes(func() error { return s.Call(ends, 1, count) })
				cancelCall()
				wantErr(t, "a call whose context ends", <-cut, context.Canceled)
				callOff()
				release()
				under.Wait()
				flush(t, s)
				if got := ran.Load(); int(got) != len(calls) {
					t.Errorf("%d functions run, want %d", got, len(calls))
				}
				must(t, s.Offline(ctx, 1)) // as open as it was
				must(t, s.Online(ctx, 1))
			})
		})
	}
}

// Calls by functions are refused at once, with the reason.
func TestCallsByFunctionsToALeavingCPU(t *testing.T) {
	for name, closing := range eitherLeaving {
		t.Run(name, func(t *testing.T) {
			overDesigns(t, 3, func(t *testing.T, s *System) {
				begun, ask := make(chan struct{}), make(chan struct{})
				errs := make(chan error, 20)
				must(t, s.Post(0, func(c *CPU) { // runs from before to after
					close(begun)
					<-ask
					for _, k := range []Caller{c, s} {
						errs <- k.Call(ctx, 1, nop)
						errs <- k.Post(1, nop)
						errs <- k.PostRecord(1, NewRecord(nop))
					}
					close(errs)
				}))
				<-begun
				release := block(t, s, 1)
				callOff := calledOff(t, s, closing)
				want, says := ErrOffline, "CPU 1 is going offline"
				if closing {
					want, says = ErrClosed, "System is closing"
				}
				wantErr(t, "a record, which never waits", s.PostRecord(1, NewRecord(nop)), want)
				close(ask)
				for err := range errs {
					if !errors.Is(err, want) || !strings.Contains(err.Error(), says) {
						t.Errorf("%v, want %q", err, says)
					}
				}
				callOff()
				release()
				must(t, s.CallEvery(ctx, nop))
			})
		})
	}
}

// A goroutine that waits for the outcome of an Offline is refused if the CPU leaves.
// If no context can end that Offline, the goroutine is refused at once.
func TestCallsToALeavingCPUThatLeaves(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		bounded, cancel := context.WithTimeout(ctx, time.Hour)
		defer cancel()
		leaves := goes(func() error { return s.Offline(bounded, 1) })
		until(t, "CPU 1 is leaving", func() bool { return !s.queue.Online(1) })
		call := goes(func() error { return s.Call(ctx, 1, nop) })
		release()
		must(t, <-leaves)
		wantErr(t, "a call to a CPU that left", <-call, ErrOffline)
		must(t, s.Online(ctx, 1))

		release = block(t, s, 1)
		leaves = goes(func() error { return s.Offline(ctx, 1) })
		until(t, "CPU 1 is leaving", func() bool { return !s.queue.Online(1) })
		wantErr(t, "a call to a CPU that cannot stay", s.Call(ctx, 1, nop), ErrOffline)
		two := cpumask.Of(1, 2)
		if cpu, err := s.CallAny(ctx, &two, nop); cpu != 2 || err != nil {
			t.Errorf("CallAny: CPU %d, %v", cpu, err)
		}
		release()
		must(t, <-leaves)

		bounded, cancel = context.WithTimeout(ctx, time.Hour)
		defer cancel()
		release = block(t, s, 2)
		leaves = goes(func() error { return s.CloseContext(bounded) })
		until(t, "CPU 2 is leaving", func() bool { return !s.queue.Online(2) })
		call = goes(func() error { return s.Call(ctx, 2, nop) })
		every := goes(func() error { return s.CallEvery(ctx, nop) })
		release()
		must(t, <-leaves)
		wantErr(t, "a call to a System that closed", <-call, ErrClosed)
		wantErr(t, "a call to all of it", <-every, ErrClosed)
	})
}

// A goroutine that a function waits for can close the System in bounded time.
func TestCloseContextWithinWhatAFunctionWaitsFor(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 0))
		on(t, s, 1, func(*CPU) {
			bounded, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
			defer cancel()
			wantErr(t, "CloseContext in a function", s.CloseContext(bounded), ErrDeadlock)
			wantErr(t, "CloseContext", <-goes(func() error { return s.CloseContext(bounded) }), context.DeadlineExceeded)
		})
		if got, want := s.OnlineMask(), cpumask.Of(1); got != want {
			t.Errorf("online: %v, want %v as before", got, want)
		}
		must(t, s.Online(ctx, 0))
		must(t, s.CallEvery(ctx, nop))
		over, cancel := context.WithCancel(ctx)
		cancel()
		wantErr(t, "CloseContext, its context over", s.CloseContext(over), context.Canceled)
		must(t, s.CloseContext(ctx))
		must(t, s.Close()) // it is closed already
		wantErr(t, "Call", s.Call(ctx, 1, nop), ErrClosed)
	})
}

// Closes that are called off under load lose nothing and refuse no goroutine.
func TestCloseContextUnderLoad(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		var over atomic.Bool
		var senders sync.WaitGroup
		var sent, ran [4]int64
		for i := range sent {
			senders.Go(func() {
				for !over.Load() {
					must(t, s.Call(ctx, i%3, func(*CPU) { ran[i]++ }))
					must(t, s.Post(i%3, nop))
					sent[i]++
				}
			})
		}
		for i := range 40 {
			release := block(t, s, i%3) // so that it cannot end
			bounded, cancel := context.WithTimeout(ctx, time.Duration(i%7)*100*time.Microsecond)
			wantErr(t, "CloseContext", s.CloseContext(bounded), context.DeadlineExceeded)
			cancel()
			release()
		}
		over.Store(true)
		senders.Wait()
		if sent != ran {
			t.Errorf("%v calls returned, and %v ran", sent, ran)
		}
		must(t, s.Close())
	})
}
