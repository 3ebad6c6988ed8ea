package audit

import (
	"context"
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
)

// A Status is the result of an audit for a barrier.
type Status string

const (
	Needed     Status = "needed"
	Weaker     Status = "could be weaker"
	NotNeeded  Status = "not needed"
	NotReached Status = "not reached" // no execution reaches it, so it is not audited
	NotKnown   Status = "not known"
	NotWeakens Status = "not weakened" // the model's table has nothing weaker
)

// A Finding is the result of an audit for one barrier under one model.
type Finding struct {
	Status Status
	// Instead, with Weaker and NotNeeded, are the weakest primitives that are
	// enough in its place; "" for nothing.
	Instead []string
	Same    bool    // with NotNeeded: the replacement makes no difference on this machine
	Trials  []Trial // the replacements that were tried
	Why     string  // with NotKnown: the reason
	// Picture is an execution that breaks the promise with the weakest
	// replacement.
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

// finding weakens one barrier. It tries the weakest replacement first, because if
// that keeps the promise, the barrier is not needed. If not, it goes down from the
// barrier as it is, as long as the promise is kept.
//
// Replacements below one that breaks the promise are not tried, and count as
// breaking it: a weaker primitive allows every execution that a stronger one
// allows, so it allows the one that broke the promise. This is true if models
// use order only to forbid executions, and tables are monotone along the
// lattice. There are exceptions: on ARMv8 a cmpxchg that fails orders nothing,
// but a cmpxchg_acquire that fails does. That is why every primitive in Instead
// has been tried itself, and why the last pass over the minimal set infers
// nothing. A skipped replacement can only turn a "could be weaker" into a
// "needed". In the present tables only C11's orders, and READ_ONCE below
// smp_load_acquire with Options.Plain, go down by more than two steps, of which
// the last is always tried.
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

// conclude sets the status if the weakest replacement does not keep the
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

// Race is the flag of the executions that break the promise, if they break it
// only by that flag: without the barrier the condition holds, but there is a
// data race.
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
