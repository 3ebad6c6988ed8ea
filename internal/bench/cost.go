package bench

import (
	"context"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"crosscall"
)

// The costs of a System for the rest of the program: for its ordinary
// goroutines, and in pauses of the garbage collector.

// callsPerSecond is the rate of calls to the System of background-called.
const callsPerSecond = 10_000

// bystanders is a goroutine for each CPU that computes and never calls. Its
// observation is nanoseconds for a unit of work, beside a System in a given
// state.
type bystanders struct {
	cpus   int
	beside func() (stop func() error, err error)
}

func openAlone(s *site) (probe, error) {
	return &bystanders{s.cpus.Weight(), func() (func() error, error) {
		return func() error { return nil }, nil
	}}, nil
}

// openBesideIdle opens a System that is not called.
func openBesideIdle(s *site) (probe, error) {
	return &bystanders{s.cpus.Weight(), func() (func() error, error) {
		sys, err := openSystem(s, crosscall.Options{})
		if err != nil {
			return nil, err
		}
		sys.awaitSleep()
		return sys.sys.Close, nil
	}}, nil
}

// openBesideCalled opens a System that one more goroutine calls, CPU after CPU,
// waiting for each call.
func openBesideCalled(s *site) (probe, error) {
	return &bystanders{s.cpus.Weight(), func() (func() error, error) {
		sys, err := openSystem(s, crosscall.Options{})
		if err != nil {
			return nil, err
		}
		stop, stopped := make(chan struct{}), make(chan error)
		go func() { stopped <- callSteadily(sys.sys, stop) }()
		return func() error {
			close(stop)
			err := <-stopped
			sys.close()
			return err
		}, nil
	}}, nil
}

func (b *bystanders) sample(_ context.Context, n int) ([]float64, error) {
	stop, err := b.beside()
	if err != nil {
		return nil, err
	}
	g := newGang(b.cpus)
	for range b.cpus {
		go g.join(func() error { compute(n); return nil })
	}
	took, _ := g.wait()
	return mean(took.Nanoseconds(), n), stop()
}

func (b *bystanders) close() {}

// compute does n units of work that use no memory.
func compute(n int) {
	x := uint64(n) | 1
	for range n {
		for range 256 { // xorshift64
			x ^= x << 13
			x ^= x >> 7
			x ^= x << 17
		}
	}
	computed.Store(x)
}

// computed keeps the compiler from leaving compute out.
var computed atomic.Uint64

// callSteadily calls at callsPerSecond until stop is closed. After a sleep that
// was too long it makes several calls in a row, to keep the rate.
func callSteadily(sys *crosscall.System, stop <-chan struct{}) error {
	online := sys.OnlineMask()
	cpu := -1
	start := time.Now()
	for calls := 0; ; {
		select {
		case <-stop:
			return nil
		default:
		}
		for due := int(time.Since(start).Seconds() * callsPerSecond); calls < due; calls++ {
			if cpu = online.Next(cpu); cpu < 0 {
				cpu = online.First()
			}
			if err := sys.Call(background, cpu, empty); err != nil {
				return err
			}
		}
		time.Sleep(time.Second / callsPerSecond)
	}
}

// gcPauses collects garbage. Its observation is the longest pause of a sample,
// in nanoseconds: the time that stopping the world took, plus the time that it
// was stopped.
type gcPauses struct{ beside func(collect func()) error }

func openGCAlone(*site) (probe, error) {
	return gcPauses{func(collect func()) error { collect(); return nil }}, nil
}

// openGCBesideCalls collects while one executor calls another all the time, so
// that both spin.
func openGCBesideCalls(s *site) (probe, error) {
	return gcPauses{func(collect func()) error {
		sys, err := openSystem(s, crosscall.Options{})
		if err != nil {
			return err
		}
		defer sys.close()
		var stop atomic.Bool
		ended := make(chan error)
		go func() { ended <- sys.fromExecutor(sys.callUntil(&stop)) }()
		collect()
		stop.Store(true)
		return <-ended
	}}, nil
}

func (o onSystem) callUntil(stop *atomic.Bool) func(*crosscall.CPU) error {
	return func(c *crosscall.CPU) error {
		for !stop.Load() {
			if err := c.Call(background, o.target, empty); err != nil {
				return err
			}
		}
		return nil
	}
}

func (p gcPauses) sample(_ context.Context, n int) ([]float64, error) {
	var longest time.Duration
	err := p.beside(func() {
		for range n {
			time.Sleep(time.Millisecond) // the calls are under way again
			runtime.GC()
			longest = max(longest, lastPause())
		}
	})
	return []float64{float64(longest)}, err
}

func (p gcPauses) close() {}

func lastPause() time.Duration {
	var stats debug.GCStats
	debug.ReadGCStats(&stats)
	return stats.Pause[0]
}
