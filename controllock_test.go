package crosscall

import (
	"errors"
	"testing"
	"time"
)

// A CPU that is in Offline, Online or Stop serves meanwhile. A function served
// there must not wait for the control lock: its own CPU holds it, further down
// on the same stack.
func TestControlWithinControl(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		release := block(t, s, 2) // so that CPU 1 waits, and serves, in Offline
		served := make(chan map[string]error, 1)
		go func() {
			until(t, "CPU 2 is going offline", func() bool { return !s.queue.Online(2) })
			must(t, s.Post(1, func(c *CPU) {
				served <- map[string]error{
					"Stop":    c.Stop(ctx, func(*CPU) { t.Error("stopped within Offline") }),
					"Offline": s.Offline(ctx, 3),
					"Online":  s.Online(ctx, 3),
				}
				release()
			}))
		}()
		must(t, s.Call(ctx, 1, func(*CPU) { must(t, s.Offline(ctx, 2)) }))
		for name, err := range <-served {
			if !errors.Is(err, ErrDeadlock) {
				t.Errorf("%s within Offline of the same CPU: %v", name, err)
			}
		}
		must(t, s.Online(ctx, 2))
	})
}

// A CPU that goes offline does not spin first, however long Options.Spin is.
func TestCloseWhileSpinning(t *testing.T) {
	s := open(t, Options{CPUs: usable(t), Spin: time.Hour})
	must(t, s.CallEvery(ctx, nop))
	must(t, s.Close())
}
