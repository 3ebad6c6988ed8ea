package bench

import (
	"context"
	"time"

	"crosscall"
)

// measureMatrix fills the matrix, or leaves it empty and notes the reason.
func (r *Report) measureMatrix(ctx context.Context, s *site, budget time.Duration) {
	m, err := latencyMatrix(ctx, s, budget)
	if err != nil {
		r.skip(matrixName, "", err)
		return
	}
	r.Matrix = m
}

// latencyMatrix has the median cost of a waiting call from each CPU to each
// CPU; on its diagonal that of a CPU to itself, whose function runs at once.
func latencyMatrix(ctx context.Context, s *site, budget time.Duration) ([][]float64, error) {
	if err := s.lacks(twoCPUs); err != nil {
		return nil, err
	}
	sys, err := openSystem(s, crosscall.Options{})
	if err != nil {
		return nil, err
	}
	defer sys.close()
	cells := newCells(s, sys)
	batch := min(defaultBatch, budget/time.Duration(len(cells)*len(cells)))
	ops, err := fill(ctx, newCallAwake(sys), batch)
	if err != nil {
		return nil, err
	}
	// Round after round through all cells, as in contests: a cell that is
	// measured at once would depend on the second in which it was measured.
	for start := time.Now(); ; {
		if err := cells.round(ctx, ops); err != nil {
			return nil, err
		}
		if ctx.Err() != nil || time.Since(start) >= budget {
			return cells.medians(), nil
		}
	}
}

type cells [][]*side

func newCells(s *site, sys onSystem) cells {
	var c cells
	for caller := range s.cpus.All() {
		var row []*side
		for target := range s.cpus.All() {
			row = append(row, &side{probe: newCallAwake(onSystem{sys.sys, caller, target})})
		}
		c = append(c, row)
	}
	return c
}

// round takes a sample of every cell, or ends with ctx halfway: with 256 CPUs a
// round takes a minute. It is an error only if that leaves a cell empty.
func (c cells) round(ctx context.Context, ops int) error {
	for _, row := range c {
		for _, cell := range row {
			observed, err := cell.sample(ctx, ops)
			if err != nil {
				return err
			}
			cell.observed = append(cell.observed, observed...)
			if err := ctx.Err(); err != nil {
				if c.complete() {
					return nil
				}
				return err
			}
		}
	}
	return nil
}

// complete reports whether every cell has an observation.
func (c cells) complete() bool {
	return c[len(c)-1][len(c)-1].observed != nil
}

func (c cells) medians() [][]float64 {
	m := make([][]float64, len(c))
	for i, row := range c {
		for _, cell := range row {
			m[i] = append(m[i], summarize(cell.observed).Median)
		}
	}
	return m
}
