package bench

import (
	"context"
	"fmt"
	"time"

	"crosscall"
	"crosscall/cpumask"
)

// callAwake is waiting calls from one executor to another, without a pause, so
// that the target does not fall asleep.
type callAwake struct {
	onSystem
	ctx    context.Context
	cancel func()
}

func openCallAwake(o crosscall.Options) func(*site) (probe, error) {
	return func(s *site) (probe, error) {
		sys, err := openSystem(s, o)
		return newCallAwake(sys), err
	}
}

func newCallAwake(o onSystem) *callAwake { return &callAwake{o, background, func() {}} }

// openCallCancellable has calls with a context that can end, and does not.
func openCallCancellable(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	ctx, cancel := context.WithCancel(background)
	return &callAwake{sys, ctx, cancel}, err
}

func (p *callAwake) close() {
	p.cancel()
	p.onSystem.close()
}

func (p *callAwake) sample(_ context.Context, n int) (observed []float64, err error) {
	err = p.fromExecutor(func(c *crosscall.CPU) (err error) {
		observed, err = timed(n, func(n int) error {
			for range n {
				if err := c.Call(p.ctx, p.target, empty); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
	return observed, err
}

// callAsleep is a waiting call from one executor to another that has been left
// alone for idleGap. Each is timed by itself.
type callAsleep struct{ onSystem }

func openCallAsleep(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	return &callAsleep{sys}, err
}

func (p *callAsleep) sample(_ context.Context, n int) ([]float64, error) {
	observed := make([]float64, 0, n)
	rungBefore := p.rung()
	err := p.fromExecutor(func(c *crosscall.CPU) error {
		for range n {
			busy(idleGap)
			start := time.Now()
			if err := c.Call(background, p.target, empty); err != nil {
				return err
			}
			observed = append(observed, float64(time.Since(start)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// If calls found the target awake, the figure would be of another measure.
	if rung := p.rung() - rungBefore; 2*rung < uint64(n) {
		return nil, fmt.Errorf("CPU %d was asleep at %d of %d calls only", p.target, rung, n)
	}
	return observed, nil
}

// rung is how many times the target had to be woken so far.
func (p *callAsleep) rung() uint64 {
	for _, c := range p.sys.Stats().CPUs {
		if c.CPU == p.target {
			return c.DoorbellsRung
		}
	}
	return 0
}

// callMany is a waiting call from an executor to every CPU, its own included.
// With two CPUs it has one other target, and is carried as a call to one.
type callMany struct {
	onSystem
	mask cpumask.Mask
}

func openCallMany(design crosscall.ManyTransport) func(*site) (probe, error) {
	return func(s *site) (probe, error) {
		sys, err := openSystem(s, crosscall.Options{Many: design})
		return &callMany{sys, s.cpus}, err
	}
}

func (p *callMany) sample(_ context.Context, n int) (observed []float64, err error) {
	err = p.fromExecutor(func(c *crosscall.CPU) (err error) {
		observed, err = timed(n, func(n int) error {
			for range n {
				if err := c.CallMany(background, &p.mask, empty); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
	return observed, err
}

// callGoroutine is a waiting call from a goroutine that is no executor, nor
// pinned.
type callGoroutine struct{ onSystem }

func openCallGoroutine(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	return &callGoroutine{sys}, err
}

func (p *callGoroutine) sample(_ context.Context, n int) ([]float64, error) {
	defer p.awaitSleep()
	return timed(n, p.calls)
}

func (p *callGoroutine) calls(n int) error {
	for range n {
		if err := p.sys.Call(background, p.target, empty); err != nil {
			return err
		}
	}
	return nil
}

// callSameCPU is the worst case of callGoroutine: the caller's thread is kept
// on the very CPU that it calls, and a caller that spun there would keep the
// target from answering.
type callSameCPU struct {
	callGoroutine
	worker *worker
}

func openCallSameCPU(s *site) (probe, error) {
	w, err := startWorker(s.target)
	if err != nil {
		return nil, err
	}
	sys, err := openSystem(s, crosscall.Options{})
	if err != nil {
		w.stop()
		return nil, err
	}
	return &callSameCPU{callGoroutine{sys}, w}, nil
}

func (p *callSameCPU) sample(_ context.Context, n int) (observed []float64, err error) {
	defer p.awaitSleep()
	p.worker.run(func() { observed, err = timed(n, p.calls) })
	return observed, err
}

func (p *callSameCPU) close() {
	p.worker.stop()
	p.onSystem.close()
}
