package bench

import (
	"context"
	"sync/atomic"

	"crosscall"
	"crosscall/percpu"
)

// adders are two pinned threads, neither of them an executor, that add to one
// counter at the same time. The observation is nanoseconds an add of one thread.
type adders struct {
	pair
	add func(n int)
	end func()
}

// openAddAny makes them add to a percpu.Counter.
func openAddAny(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	if err != nil {
		return nil, err
	}
	k := percpu.NewCounter(sys.sys)
	return newAdders(s, sys.close, func(n int) {
		for range n {
			k.AddAny(1)
		}
	})
}

// openAtomicAdd makes them add to one atomic variable, alone on its cache line.
func openAtomicAdd(s *site) (probe, error) {
	v := new(struct {
		_ [128]byte
		n atomic.Int64
		_ [120]byte
	})
	return newAdders(s, func() {}, func(n int) {
		for range n {
			v.n.Add(1)
		}
	})
}

func newAdders(s *site, end func(), add func(n int)) (probe, error) {
	p, err := startPair(s.caller, s.target)
	if err != nil {
		end()
		return nil, err
	}
	return &adders{p, add, end}, nil
}

func (p *adders) sample(_ context.Context, n int) ([]float64, error) {
	took, err := p.atOnce(func(int) error { p.add(warmup(n)); return nil })
	if err == nil {
		took, err = p.atOnce(func(int) error { p.add(n); return nil })
	}
	return mean(took.Nanoseconds(), n), err
}

func (p *adders) close() {
	p.pair.close()
	p.end()
}
