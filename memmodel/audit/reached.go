package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
)

// reached distinguishes barriers that no execution reaches from those that are not
// needed: each barrier that is never reached would otherwise count as not needed. A
// barrier that is no event in the table (Same) is left as it is.
func (a *auditor) reached(ctx context.Context) error {
	var audited []*ModelReport
	for _, m := range a.report.Models {
		if m.audits() {
			audited = append(audited, m)
		}
	}
	return a.each(ctx, len(audited), func(ctx context.Context, i int) error {
		return a.reachedUnder(ctx, audited[i])
	})
}

func (a *auditor) reachedUnder(ctx context.Context, m *ModelReport) error {
	open := map[graph.Pos]*Finding{}
	for i, f := range m.Findings {
		if f.Status == NotNeeded && !f.Same {
			open[a.report.Sites[i].Pos] = f
		}
	}
	for _, p := range m.probers {
		if len(open) == 0 {
			return nil
		}
		why, err := p.pass(ctx, open)
		if err != nil {
			return err
		}
		if why != "" {
			for _, f := range open {
				f.Status, f.Why = NotKnown, "whether an execution passes it: "+why
			}
			return nil
		}
	}
	for _, f := range open {
		f.Status = NotReached
	}
	return nil
}

// pass removes the places from open that some execution of the program reaches. If
// places are left and not all executions were explored, why is the reason.
func (p *prober) pass(ctx context.Context, open map[graph.Pos]*Finding) (why string, err error) {
	if p.elsewhere != nil {
		return p.passElsewhere(ctx, open)
	}
	test, err := p.compile(nil)
	if err != nil {
		return "", err
	}
	ctx, stop := p.options.Limit(ctx)
	defer stop()
	stats, err := p.executions(ctx, test, 1, func(x *explore.Execution) error {
		for _, e := range x.Graph().Events {
			delete(open, e.Pos)
		}
		if len(open) == 0 {
			return explore.ErrStop
		}
		return nil
	})
	why, err = p.unfinished(ctx, stats, err)
	if len(open) == 0 {
		why = ""
	}
	return why, err
}

func (p *prober) passElsewhere(ctx context.Context, open map[graph.Pos]*Finding) (why string, err error) {
	a, err := p.ask(ctx, PassTask, nil, slices.SortedFunc(maps.Keys(open), comparePlaces))
	if err != nil {
		return "", err
	}
	maps.DeleteFunc(open, func(at graph.Pos, _ *Finding) bool { return !slices.Contains(a.Left, at) })
	return a.Why, nil
}

func comparePlaces(a, b graph.Pos) int {
	return cmp.Or(cmp.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col)
}

// executions calls each with all executions of the program and of its alternatives.
func (p *prober) executions(ctx context.Context, test *ir.Test, workers int, each func(*explore.Execution) error) (stats explore.Stats, err error) {
	c := explore.Config{Filter: test.Filter, Bound: p.options.Bound, Workers: workers}
	cut := explore.Stats{}
	for _, t := range append([]*ir.Test{test}, test.Alternatives...) {
		err = guard(func() (err error) {
			stats, err = explore.Run(ctx, t.Prog, p.model.Plan, c, each)
			return err
		})
		if err != nil {
			return stats, err
		}
		if stats.BoundHit {
			cut = stats
		}
	}
	if cut.BoundHit {
		stats = cut
	}
	return stats, nil
}

// unfinished is the reason why an exploration did not end; "" if it did, or was
// stopped.
func (p *prober) unfinished(ctx context.Context, stats explore.Stats, err error) (why string, _ error) {
	switch {
	case errors.Is(err, explore.ErrStop), err == nil && !stats.BoundHit:
		return "", nil
	case err == nil:
		return fmt.Sprintf("bound: %s", stats.Cut), nil
	case ctx.Err() != nil:
		return check.StopReason(ctx, p.options), nil
	}
	return "", err
}
