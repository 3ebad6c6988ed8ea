package bench

import (
	"context"
	"time"

	"crosscall"
)

const (
	idleSettle = time.Second     // from the last call until the silence counts
	idleWindow = 3 * time.Second // how long it is watched
	idleLimit  = 0.5             // percent of one CPU
)

// idleCPU is the cost of an open System without calls: the CPU time, user and
// kernel, of the whole process, in percent of one CPU.
type idleCPU struct{ onSystem }

func openIdleCPU(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	return &idleCPU{sys}, err
}

func (p *idleCPU) sample(ctx context.Context, _ int) ([]float64, error) {
	if err := p.sys.CallEvery(ctx, empty); err != nil {
		return nil, err
	}
	if err := sleep(ctx, idleSettle); err != nil {
		return nil, err
	}
	usedBefore, err := processCPUTime()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := sleep(ctx, idleWindow); err != nil {
		return nil, err
	}
	used, err := processCPUTime()
	return []float64{100 * float64(used-usedBefore) / float64(time.Since(start))}, err
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// limit replaces a baseline: it is the largest acceptable value of the measure.
type limit float64

func openIdleLimit(*site) (probe, error) { return limit(idleLimit), nil }

func (l limit) sample(context.Context, int) ([]float64, error) { return []float64{float64(l)}, nil }

func (l limit) close() {}
