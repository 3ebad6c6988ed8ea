package check

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/viewer/printable"
)

// probing is how long probes are made for an estimate, at least.
const probing = time.Second

// An Estimate is of the number of executions of a test.
type Estimate struct{ explore.Estimate }

// String is the number, with how far it may be off and why it is not to be trusted, if so.
func (e Estimate) String() string {
	s := fmt.Sprintf("%s executions, give or take %s (%d probes, %d reach one)",
		rounded(e.Executions, e.Error), rounded(2*e.Error, e.Error), e.Probes, e.Reached)
	if doubt := e.Doubt(); doubt != "" {
		s += "; not to be trusted: " + doubt
	}
	return s
}

// rounded words x, which is known up to so much.
func rounded(x, off float64) string {
	if unit := math.Pow(10, math.Floor(math.Log10(off))-1); off > 10 {
		x = math.Round(x/unit) * unit
	}
	return fmt.Sprintf("%.0f", x)
}

// estimate estimates how many executions Run finds of t under m, unless it stops at one.
func estimate(ctx context.Context, t *ir.Test, m *model.Model, o Options) (e Estimate, err error) {
	ctx, stop := o.Limit(ctx)
	defer stop()
	squares := 0.0
	tests := append([]*ir.Test{t}, t.Alternatives...)
	for _, t := range tests {
		c := explore.Config{Bound: o.Bound, Filter: t.Filter}
		if t.Safety {
			c = explore.Config{Bound: o.Bound, OfAlike: !o.NoSymmetry}
		}
		part, err := explore.FindEstimate(ctx, t.Prog, m.Plan, c, probing/time.Duration(len(tests)))
		if err != nil {
			return e, err
		}
		e.Executions += part.Executions
		e.Probes, e.Reached, e.BoundHit = e.Probes+part.Probes, e.Reached+part.Reached, e.BoundHit || part.BoundHit
		squares += part.Error * part.Error
	}
	e.Error = math.Sqrt(squares)
	return e, nil
}

// Estimates writes a line for each file and model: how many executions there are, estimated by
// probes, with nothing explored. It returns the first error of a test.
func (b *Batch) Estimates(ctx context.Context, w io.Writer) error {
	targets, err := b.targets()
	if err != nil {
		return err
	}
	for _, f := range b.Files {
		src, err := f.Read()
		if err != nil {
			return err
		}
		in, stopped, err := parseWithin(ctx, b.Options, f.Path, src, b.C)
		switch {
		case stopped != "":
			return fmt.Errorf("%s: %s", f.Path, stopped)
		case err != nil:
			return err
		}
		of := targets
		if b.Default && in.own() != "" {
			own, err := b.ownTarget(in.own())
			if err != nil {
				return err
			}
			of = []target{own}
		}
		for _, t := range of {
			test, err := compile(in, t.model)
			if err != nil {
				return err
			}
			e, err := estimate(ctx, test, t.model, b.Options)
			if err != nil {
				return fmt.Errorf("%s: %w", f.Path, err)
			}
			if _, err := fmt.Fprintf(w, "Estimate %s %s: %s\n", printable.Text(test.Name), t.model.Name, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// estimateLater has an estimate for Progress when the test has taken a second.
func (b *Batch) estimateLater(ctx context.Context, in input, m *model.Model) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(time.Second):
	}
	test, err := compile(in, m)
	if err != nil {
		return // the run says so
	}
	if e, err := estimate(ctx, test, m, b.Options); err == nil {
		b.estimate.Store(&e)
	}
}
