package bench

import (
	"context"
	"math"
	"runtime"
	"slices"
	"time"
)

// A contest measures one operation of the library beside baselines.
type contest struct {
	name    string
	unit    string
	needs   need
	open    func(*site) (probe, error)
	against []baseline

	ops          int           // operations a sample; 0: as many as fill a batch
	batch        time.Duration // 0: defaultBatch
	once         bool          // one sample of each side is enough, whatever the budget
	countsAllocs bool          // allocations an operation are counted as well
}

// A baseline is compared with a measure.
type baseline struct {
	name string
	open func(*site) (probe, error)
	goal float64 // the largest ratio that is acceptable; 0: there is no goal
}

// defaultBatch is the length of a sample: thousands of calls, so that reading
// the clock does not matter, and short beside the seconds after which a machine
// changes its clock rate, or a host moves a guest's CPUs.
const defaultBatch = 4 * time.Millisecond

// A side is a probe in a contest, with what it has observed so far.
type side struct {
	probe
	baseline baseline // zero for the measure
	ops      int
	observed []float64
}

// variant is that of a varied probe, otherwise empty.
func (s *side) variant() string {
	if v, ok := s.probe.(varied); ok {
		return v.variant()
	}
	return ""
}

// run measures for about budget, and adds rows to r, or the reason why there are
// none.
func (c *contest) run(ctx context.Context, s *site, budget time.Duration, r *Report) {
	if err := s.lacks(c.needs); err != nil {
		r.skip(c.name, "", err)
		return
	}
	measure, err := c.enter(ctx, s, baseline{open: c.open})
	if err != nil {
		r.skip(c.name, "", err)
		return
	}
	defer measure.close()
	sides := []*side{measure}
	for _, b := range c.against {
		rival, err := c.enter(ctx, s, b)
		if err != nil {
			r.skip(c.name, b.name, err)
			continue
		}
		defer rival.close()
		sides = append(sides, rival)
	}
	if err := c.alternateSides(ctx, budget, sides); err != nil {
		r.skip(c.name, "", err)
		return
	}
	r.addRows(c, sides, c.allocs(ctx, measure))
}

// enter opens a probe and finds how many operations fill a batch.
func (c *contest) enter(ctx context.Context, s *site, b baseline) (*side, error) {
	p, err := b.open(s)
	if err != nil {
		return nil, err
	}
	ops := c.ops
	if ops == 0 {
		ops, err = fill(ctx, p, max(c.batch, defaultBatch))
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return &side{probe: p, baseline: b, ops: ops}, nil
}

// fill returns how many operations of p take about batch. It grows slowly from
// few: an operation may cost ten nanoseconds or a millisecond.
func fill(ctx context.Context, p probe, batch time.Duration) (int, error) {
	for ops := 1; ; {
		cost, err := fastest(ctx, p, ops)
		if err != nil {
			return 0, err
		}
		wanted := int(float64(batch) / max(cost, 1))
		if wanted < 2*ops {
			return max(wanted, 1), nil
		}
		ops = min(wanted, 16*ops)
	}
}

// fastest is the lowest of three observations. Because of a single slow one,
// after an interrupt, fill would end at a batch that is much too small.
func fastest(ctx context.Context, p probe, ops int) (float64, error) {
	cost := math.Inf(1)
	for range 3 {
		observed, err := p.sample(ctx, ops)
		if err != nil {
			return 0, err
		}
		cost = min(cost, slices.Min(observed))
	}
	return cost, nil
}

// alternateSides takes a sample of every side, round after round, so that other work
// of the machine affects all of them. When ctx ends, the earlier rounds count.
func (c *contest) alternateSides(ctx context.Context, budget time.Duration, sides []*side) error {
	for start := time.Now(); ; {
		for _, s := range sides {
			observed, err := s.sample(ctx, s.ops)
			if err != nil {
				return err
			}
			s.observed = append(s.observed, observed...)
		}
		if c.once || ctx.Err() != nil || time.Since(start) >= budget {
			return nil
		}
	}
}

// allocs counts the allocations of one untimed sample; nil if c does not ask
// for it. Everything that the process allocates meanwhile counts, so a few
// thousandths are of the sample's start and end.
func (c *contest) allocs(ctx context.Context, s *side) *float64 {
	if !c.countsAllocs {
		return nil
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := s.sample(ctx, s.ops)
	runtime.ReadMemStats(&after)
	if err != nil {
		return nil
	}
	each := float64(after.Mallocs-before.Mallocs) / float64(s.ops)
	return &each
}
