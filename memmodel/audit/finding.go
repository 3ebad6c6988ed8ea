package audit

import (
	"context"
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
)

// A Status says what an audit found of a barrier.
type Status string

const (
	Needed     Status = "needed"
	Weaker     Status = "could be weaker"
	NotNeeded  Status = "not needed"
	NotReached Status = "not reached" // no execution passes it, so nothing is said of it
	NotKnown   Status = "not known"
	NotWeakens Status = "not weakened" // the model's table has nothing weaker
)

// A Finding is what an audit found of one barrier under one model.
type Finding struct {
	Status Status
	// Instead are the weakest primitives that do in its place, "" for nothing,
	// with Weaker and NotNeeded.
	Instead []string
	Same    bool    // with NotNeeded: on this machine they are the same
	Trials  []Trial // what was tried
	Why     string  // with NotKnown
	// Picture is an execution that breaks the promise where the weakest
	// replacement stands.
	Picture *graph.Execution
}

// findings weakens each barrier alone.
func (a *auditor) findings(ctx context.Context) error {
	type job struct {
		m *ModelReport
		i int
	}
	var jobs []job
	for _, m := range a.report.Models {
		if !m.audits() {
			continue
		}
		m.Findings = make([]*Finding, len(a.report.Sites))
		for i := range a.report.Sites {
			jobs = append(jobs, job{m, i})
		}
	}
	a.progress(func(p *Progress) { p.Of = len(jobs) })
	share := 1
	if len(jobs) > 0 {
		share = max(1, a.options.Workers/len(jobs))
	}
	return a.each(ctx, len(jobs), func(ctx context.Context, k int) error {
		j := jobs[k]
		f, err := a.finding(ctx, j.m, a.report.Sites[j.i], share)
		if err != nil {
			return err
		}
		j.m.Findings[j.i] = f
		a.progress(func(p *Progress) { p.Findings++ })
		return nil
	})
}

// finding weakens one barrier: to the weakest first, for if that keeps the promise
// there is no more to find out. If not, it goes down from the barrier as it is,
// as far as the promise is kept.
//
// What is below a replacement that breaks the promise is not tried, and counts
// as breaking it: a weaker primitive leaves every execution that a stronger one
// does, so the one that broke the promise is still there. That holds where
// models use order only to forbid, and tables are monotone along the lattice.
// Both can be untrue: on ARMv8 a cmpxchg that fails orders nothing, and a
// cmpxchg_acquire that fails does. That is why what is said to do instead has
// always been tried itself, and why the minimal set, at its end, infers nothing.
// All that a skipped replacement can cost is a "could be weaker" that is
// reported as "needed"; and in the tables there are, only C11's orders, and
// READ_ONCE below smp_load_acquire with Options.Plain, go down by more than two
// steps, of which the last is always tried.
func (a *auditor) finding(ctx context.Context, m *ModelReport, s Site, workers int) (*Finding, error) {
	w := &weakening{m: m, site: s, lattice: m.lattice, workers: workers, f: new(Finding), tried: make(map[string]Trial)}
	last := w.lattice.weakest(s.Name)
	for _, name := range last {
		t, err := w.try(ctx, name)
		if err != nil {
			return nil, err
		}
		if t.Outcome == Keeps {
			w.f.Status, w.f.Instead, w.f.Same = NotNeeded, []string{name}, t.Same
			return w.f, nil
		}
	}
	for todo := w.lattice.next(s.Name); len(todo) > 0; todo = todo[1:] {
		t, err := w.try(ctx, todo[0])
		if err != nil {
			return nil, err
		}
		if t.Outcome == Keeps {
			w.f.Instead = appendNew(w.f.Instead, todo[0])
			todo = append(todo, w.lattice.next(todo[0])...)
		}
	}
	w.conclude()
	if len(last) == 0 || w.tried[last[0]].Outcome != Breaks {
		return w.f, nil
	}
	title := fmt.Sprintf("%s:%d:%d: without %s", s.Pos.File, s.Pos.Line, s.Pos.Col, s.Text)
	if last[0] != nothing {
		title = fmt.Sprintf("%s:%d:%d: %s in place of %s", s.Pos.File, s.Pos.Line, s.Pos.Col, words(last[0]), s.Text)
	}
	var err error
	w.f.Picture, err = a.draw(ctx, m, change{s.Pos: last[0]}, w.tried[last[0]], title)
	return w.f, err
}

// A weakening is of one barrier under one model.
type weakening struct {
	m       *ModelReport
	site    Site
	lattice *lattice
	workers int
	f       *Finding
	tried   map[string]Trial
}

func (w *weakening) try(ctx context.Context, name string) (Trial, error) {
	if t, ok := w.tried[name]; ok {
		return t, nil
	}
	t, err := w.m.probers.try(ctx, change{w.site.Pos: name}, w.workers)
	if err != nil {
		return t, err
	}
	t.Replacement = name
	w.tried[name] = t
	w.f.Trials = append(w.f.Trials, t)
	return t, nil
}

// conclude gives the status where the weakest replacement does not keep the
// promise.
func (w *weakening) conclude() {
	all := w.f.Instead
	w.f.Instead = slices.DeleteFunc(slices.Clone(all), func(s string) bool {
		return slices.ContainsFunc(w.lattice.below(s), func(b string) bool { return slices.Contains(all, b) })
	})
	unknown := slices.IndexFunc(w.f.Trials, func(t Trial) bool { return t.Outcome == Unknown })
	switch {
	case unknown >= 0:
		w.f.Why = w.f.Trials[unknown].Why
		w.f.Status = NotKnown
	case len(w.f.Trials) == 0:
		w.f.Status = NotWeakens
	case len(w.f.Instead) > 0:
		w.f.Status = Weaker
	default:
		w.f.Status = Needed
	}
}

// Race is the flag of the executions that break the promise, if it is only that:
// the condition holds without the barrier, but there is a data race.
func (f *Finding) Race() string {
	for _, t := range f.Trials {
		if t.Outcome == Breaks && t.Flag == "" {
			return ""
		}
	}
	for _, t := range f.Trials {
		if t.Flag != "" {
			return t.Flag
		}
	}
	return ""
}
