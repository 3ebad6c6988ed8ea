package audit

import (
	"cmp"
	"context"
	"slices"
)

// A Minimal is a set of barriers that is enough, and of which none can be
// weakened further.
type Minimal struct {
	Models []string
	// Now has the primitive at each of Report.Sites: its own, a weaker one, or
	// "" for none.
	Now []string
	// Complete: every barrier of the set is needed, given the others. Otherwise
	// the set is enough, but it is not known whether some barrier could still
	// be weaker.
	Complete bool
	Why      string // why it is not Complete
	Tries    int    // variations that were tried, including those whose result was known
}

// minimal finds the minimal sets: for each model alone, then for all of them.
func (a *auditor) minimal(ctx context.Context) error {
	var models []*ModelReport
	for _, m := range a.report.Models {
		if m.audits() {
			models = append(models, m)
		}
	}
	a.progress(func(p *Progress) { p.Minimal = true })
	if len(models) == 0 || len(a.report.Sites) == 0 {
		return nil
	}
	share := max(1, a.options.Workers/len(models))
	err := a.each(ctx, len(models), func(ctx context.Context, i int) (err error) {
		models[i].Minimal, err = a.minimalFor(ctx, models[i:i+1], share)
		return err
	})
	if err != nil || len(models) < 2 {
		return err
	}
	a.report.Together, err = a.minimalFor(ctx, models, a.options.Workers)
	return err
}

// minimalFor weakens as many barriers as it can, one after the other.
//
// Weakening one barrier can make others needed, but none unneeded, so one pass
// should be enough. The code does not rely on this: it makes passes until one
// changes nothing. That pass has tried every weakening of every barrier on the
// final set.
func (a *auditor) minimalFor(ctx context.Context, models []*ModelReport, workers int) (*Minimal, error) {
	g := &greedy{auditor: a, models: models, workers: workers, now: change{}, set: new(Minimal)}
	for _, m := range models {
		g.set.Models = append(g.set.Models, m.Model)
	}
	for _, s := range a.report.Sites {
		g.now[s.Pos] = s.Name
	}
	for changed := true; changed; {
		changed, g.set.Complete, g.set.Why = false, true, ""
		for _, i := range a.byCost(models[0].lattice) {
			if g.unreached(i) {
				continue
			}
			lowered, err := g.lower(ctx, i)
			if err != nil {
				return nil, err
			}
			changed = changed || lowered
		}
	}
	for _, s := range a.report.Sites {
		g.set.Now = append(g.set.Now, g.now[s.Pos])
	}
	return g.set, nil
}

// byCost orders the sites: the most expensive first, and as in the source.
func (a *auditor) byCost(l *lattice) []int {
	order := make([]int, len(a.report.Sites))
	for i := range order {
		order[i] = i
	}
	cost := func(site int) int { return l.steps(a.report.Sites[site].Name).cost }
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(cost(j), cost(i)) })
	return order
}

type greedy struct {
	*auditor
	models  []*ModelReport
	workers int
	now     change
	set     *Minimal
}

// unreached reports whether no execution reaches a barrier under some of the
// models.
func (g *greedy) unreached(site int) bool {
	return slices.ContainsFunc(g.models, func(m *ModelReport) bool { return m.Findings[site].Status == NotReached })
}

// lower puts the weakest primitive that keeps the promise at a site.
func (g *greedy) lower(ctx context.Context, site int) (lowered bool, err error) {
	s := g.report.Sites[site]
	was := g.now[s.Pos]
	for _, name := range g.candidates(site, was) {
		g.now[s.Pos] = name
		outcome, why, err := g.try(ctx)
		if err != nil {
			return false, err
		}
		if outcome == Keeps {
			return true, nil
		}
		if outcome == Unknown {
			g.set.Complete, g.set.Why = false, why
		}
	}
	g.now[s.Pos] = was
	return false, nil
}

// candidates are the replacements for a primitive at a site that all the models
// have, the weakest first. Among equals, those that are enough under more models
// come first: where smp_rmb and smp_wmb are the same, only one of them may be
// enough on other machines.
func (g *greedy) candidates(site int, name string) []string {
	list := g.models[0].lattice.below(name)
	for _, m := range g.models[1:] {
		below := m.lattice.below(name)
		list = slices.DeleteFunc(list, func(s string) bool { return !slices.Contains(below, s) })
	}
	depth := func(s string) int { return len(g.models[0].lattice.below(s)) }
	slices.SortStableFunc(list, func(x, y string) int {
		return cmp.Or(cmp.Compare(depth(x), depth(y)), cmp.Compare(g.does(site, y), g.does(site, x)))
	})
	return list
}

// does counts the models under which a primitive is enough at a site, with no
// other change.
func (g *greedy) does(site int, name string) (n int) {
	for _, m := range g.report.Models {
		if m.audits() && slices.Contains(m.Findings[site].Instead, name) {
			n++
		}
	}
	return n
}

// try explores the present set under all the models.
func (g *greedy) try(ctx context.Context) (Outcome, string, error) {
	g.set.Tries++
	outcome, why := Keeps, ""
	for _, m := range g.models {
		t, err := m.probers.try(ctx, g.changed(), g.workers)
		if err != nil {
			return Unknown, "", err
		}
		switch t.Outcome {
		case Breaks:
			return Breaks, "", nil
		case Unknown:
			outcome, why = Unknown, m.Model+": "+t.Why
		}
	}
	g.progress(func(*Progress) {})
	return outcome, why, nil
}

// changed has only the sites whose primitive differs from the source.
func (g *greedy) changed() change {
	c := change{}
	for _, s := range g.report.Sites {
		if name := g.now[s.Pos]; name != s.Name {
			c[s.Pos] = name
		}
	}
	return c
}
