package bench

import (
	"context"
	"errors"
	"slices"
	"time"

	"crosscall"
)

// matrixBatches is how many samples a cell is the median of.
const matrixBatches = 5

// measureMatrix fills the matrix, or leaves it empty and says why: a matrix
// that an interrupt cut short has no row for some CPUs.
func (r *Report) measureMatrix(ctx context.Context, s *site, budget time.Duration) {
	m, err := latencyMatrix(ctx, s, budget)
	if err != nil {
		r.skip(matrixName, "", err)
		return
	}
	r.Matrix = m
}

func latencyMatrix(ctx context.Context, s *site, budget time.Duration) ([][]float64, error) {
	if err := s.lacks(twoCPUs); err != nil {
		return nil, err
	}
	sys, err := openSystem(s, crosscall.Options{})
	if err != nil {
		return nil, err
	}
	defer sys.close()
	batch := budget / time.Duration(s.cpus.Weight()*s.cpus.Weight()*matrixBatches)
	var m [][]float64
	for caller := range s.cpus.All() {
		var row []float64
		for target := range s.cpus.All() {
			ns, err := latency(ctx, onSystem{sys.sys, caller, target}, min(batch, defaultBatch))
			if err != nil {
				return nil, err
			}
			row = append(row, ns)
		}
		m = append(m, row)
	}
	return m, nil
}

// latency is the median cost of a waiting call; of a CPU to itself too, where
// the function runs in the caller's hands.
func latency(ctx context.Context, sys onSystem, batch time.Duration) (float64, error) {
	p := &callAwake{sys}
	ops, err := fill(ctx, p, batch)
	if err != nil {
		return 0, err
	}
	var observed []float64
	for range matrixBatches {
		o, err := p.sample(ctx, ops)
		if err := errors.Join(err, ctx.Err()); err != nil {
			return 0, err
		}
		observed = append(observed, o...)
	}
	slices.Sort(observed)
	return quantile(observed, 0.5), nil
}
