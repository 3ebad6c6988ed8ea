package audit

import (
	"cmp"
	"context"
	"slices"
)

// A Minimal is a set of barriers that is enough, and of which none can be
// weakened any more.
type Minimal struct {
	Models []string
	// Now says for each of Report.Sites what stands there: its own primitive,
	// another, or "" for nothing.
	Now []string
	// Complete: every barrier of the set is needed, given the others. Otherwise
	// the set is enough, but something was not known that could be weaker yet.
	Complete bool
	Why      string // why it is not Complete
	Tries    int    // variations that were tried, with those that were known already
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
// Weakening one barrier can make others needed, but none unneeded, so that one
// pass should be enough. That is not relied on: passes go on until one changes
// nothing, and in that one every weakening of every barrier was tried on the set
// as it is.
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

// unreached says whether no execution passes a barrier under some of the models.
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

// candidates are what can stand at a site in place of a primitive under all the
// models: the weakest first, and among equals what does under more models, for on
// a machine where smp_rmb and smp_wmb are the same only one of them is of use
// elsewhere.
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

// does counts the models under which a primitive does at a site, alone.
func (g *greedy) does(site int, name string) (n int) {
	for _, m := range g.report.Models {
		if m.audits() && slices.Contains(m.Findings[site].Instead, name) {
			n++
		}
	}
	return n
}

// try explores what stands now under all the models.
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

// changed leaves out what stands where it stood.
func (g *greedy) changed() change {
	c := change{}
	for _, s := range g.report.Sites {
		if name := g.now[s.Pos]; name != s.Name {
			c[s.Pos] = name
		}
	}
	return c
}
