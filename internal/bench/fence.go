package bench

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"crosscall"
)

// fenceLimit is the longest acceptable time of a Fence beside idle functions.
const fenceLimit = float64(time.Millisecond)

// fenceIdle is a Fence by a goroutine while idle functions run on all CPUs, and
// GOMAXPROCS is the number of CPUs: they hold every slot of the Go scheduler, and
// the goroutine needs one to run in. Each Fence is timed by itself.
type fenceIdle struct {
	onSystem
	cpus int
	idle func(stop *atomic.Bool) func(*crosscall.CPU) bool
}

// idleReturns is an idle function that returns each time, and is run again.
func idleReturns(*atomic.Bool) func(*crosscall.CPU) bool {
	return func(*crosscall.CPU) bool { return true }
}

// idleStays is an idle function that serves its CPU itself, by Poll.
func idleStays(stop *atomic.Bool) func(*crosscall.CPU) bool {
	return func(c *crosscall.CPU) bool {
		for !stop.Load() {
			c.Poll()
		}
		return false
	}
}

func openFenceIdle(idle func(*atomic.Bool) func(*crosscall.CPU) bool) func(*site) (probe, error) {
	return func(s *site) (probe, error) {
		sys, err := openSystem(s, crosscall.Options{})
		return &fenceIdle{sys, s.cpus.Weight(), idle}, err
	}
}

func (p *fenceIdle) sample(_ context.Context, n int) (observed []float64, err error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(p.cpus))
	defer p.awaitSleep()
	online := p.sys.OnlineMask()
	var stop atomic.Bool
	defer p.sys.SetIdle(&online, nil)
	defer stop.Store(true)
	if err := p.sys.SetIdle(&online, p.idle(&stop)); err != nil {
		return nil, err
	}
	for range n {
		time.Sleep(time.Millisecond) // the idle functions have the CPUs
		start := time.Now()
		if err := p.sys.Fence(background); err != nil {
			return nil, err
		}
		observed = append(observed, float64(time.Since(start)))
	}
	return observed, nil
}

func openFenceLimit(*site) (probe, error) { return limit(fenceLimit), nil }
