package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// Options says how to audit. The zero value lacks only Models.
type Options struct {
	Models []*model.Model
	// Check has the bound on loops, and the time limit of each exploration.
	Check check.Options
	// Files are headers, whose barriers are audited too. One can be named by the
	// last parts of its path.
	Files []string
	// Plain replaces READ_ONCE and WRITE_ONCE by plain accesses as well.
	Plain bool
	// Pictures keeps an execution for each finding that has one.
	Pictures bool
	// Workers is the number of explorations at a time; 0 is GOMAXPROCS.
	Workers int
	// Elsewhere, if not nil, does the explorations, for the Setup of the same file and
	// options. Many goroutines call it at a time.
	Elsewhere func(context.Context, *Task) (*Answer, error)
	// Progress, if not nil, is called during the work, by one goroutine at a time.
	Progress func(Progress)
}

// Progress is the progress of an audit.
type Progress struct {
	Findings, Of int
	Tries        int  // variations that were explored
	Minimal      bool // the findings are known; the search for the minimal set has begun
}

// A Report is the result of an audit.
type Report struct {
	File   string
	Sites  []Site
	Models []*ModelReport
	// Others are barriers that were not audited: those in headers that
	// Options.Files does not name, those that share their place with others by
	// way of a macro, and C11's operations whose order is computed.
	Others []Site
	// Together is the minimal set for all models at once, if there are several
	// under which the program was audited.
	Together *Minimal

	input *Input
}

// A Site is a barrier.
type Site struct {
	primitive.Site
	Line string // of the source, without indentation
}

// A ModelReport is the result of an audit under one model.
type ModelReport struct {
	Model string
	// Promise is the result for the unchanged program. The program is audited only
	// if its Outcome is Keeps.
	Promise Trial
	Picture *graph.Execution // with Breaks
	Err     error            // the program could not be run: Promise is not set
	// NotApplicable: Err says that the model lacks a primitive.
	NotApplicable bool
	Findings      []*Finding // one for each of Report.Sites
	Minimal       *Minimal

	probers probers
	lattice *lattice
	test    *ir.Test // the first of the programs, as it is
}

// audits reports whether the program is audited under the model.
func (m *ModelReport) audits() bool { return m.Err == nil && m.Promise.Outcome == Keeps }

// Run audits a program. The error is one in a model's table, or of a variation
// that could not be compiled or explored. When ctx is done, findings that are
// not known yet are NotKnown.
func Run(ctx context.Context, in *Input, o Options) (*Report, error) {
	if len(o.Models) == 0 {
		return nil, errors.New("an audit needs a model")
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	a := &auditor{input: in, options: o, report: &Report{File: in.File, input: in}}
	if err := a.baselines(ctx); err != nil {
		return nil, err
	}
	if err := a.sites(); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context) error{a.findings, a.reached, a.minimal} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return a.report, nil
}

type auditor struct {
	input   *Input
	options Options
	report  *Report

	mu   sync.Mutex // of progress
	past Progress
}

// baselines explores the unchanged program under each model.
func (a *auditor) baselines(ctx context.Context) error {
	a.report.Models = make([]*ModelReport, len(a.options.Models))
	share := max(1, a.options.Workers/len(a.options.Models))
	err := a.each(ctx, len(a.options.Models), func(ctx context.Context, i int) (err error) {
		a.report.Models[i], err = a.baseline(ctx, a.options.Models[i], share)
		return err
	})
	if err != nil {
		return err
	}
	fine := func(m *ModelReport) bool { return m.test != nil }
	for _, m := range a.report.Models {
		m.NotApplicable = m.test == nil && (slices.ContainsFunc(a.report.Models, fine) || lkmmHas(a.input.Programs[0]))
	}
	return nil
}

// baseline explores the unchanged programs, up to the first that does not keep
// its promise.
func (a *auditor) baseline(ctx context.Context, m *model.Model, workers int) (*ModelReport, error) {
	macros, err := table(m)
	if err != nil {
		return nil, err
	}
	r := &ModelReport{Model: m.Name, Promise: Trial{Outcome: Keeps}}
	r.lattice = &lattice{has: func(name string) bool { return has(macros, name) }, plain: a.options.Plain}
	if s, ok := a.input.Programs[0].Source.(asmSource); ok {
		r.lattice.has, r.lattice.assembly = s.Has, true
		if r.Err = spoken(s, m); r.Err != nil {
			return r, nil
		}
	}
	for i, program := range a.input.Programs {
		p := newProber(program, m, macros, a.options.Check)
		p.number, p.elsewhere = i, a.options.Elsewhere
		r.probers = append(r.probers, p)
		test, err := p.compile(nil)
		if err != nil {
			r.Err = err
			return r, nil
		}
		if r.test == nil {
			r.test = test
		}
		if p.as, err = fingerprint(test); err != nil {
			return nil, err
		}
		t, err := p.begin(ctx, test, workers)
		if err != nil {
			r.Err = err
			return r, nil
		}
		if t.Outcome != Keeps || t.Flag != "" && r.Promise.Flag == "" {
			r.Promise = t
		}
		if t.Outcome == Breaks {
			r.Picture, err = a.draw(ctx, r, nil, t, a.input.File)
		}
		if err != nil || t.Outcome != Keeps {
			return r, err
		}
	}
	return r, nil
}

// lkmmHas reports whether a program that a model refuses compiles for LKMM: the
// program is right then, and the model lacks a primitive.
func lkmmHas(program Program) bool {
	m, err := model.Load("lkmm")
	if err != nil {
		return false
	}
	macros, err := table(m)
	if err != nil {
		return false
	}
	p := prober{Program: program, macros: macros}
	_, err = p.compile(nil)
	return err == nil
}

// sites keeps the places that can be weakened in some model's table. It leaves
// out places with two primitives, by way of a macro, because a change names
// only the place.
func (a *auditor) sites() error {
	var all []primitive.Site
	at := make(map[graph.Pos]int)
	for _, p := range a.input.Programs {
		for _, s := range p.Source.Sites() {
			if !slices.Contains(all, s) {
				all = append(all, s)
				at[s.Pos]++
			}
		}
	}
	slices.SortStableFunc(all, func(x, y primitive.Site) int {
		return cmp.Or(a.rank(x)-a.rank(y), cmp.Compare(x.Pos.File, y.Pos.File), x.Pos.Line-y.Pos.Line, x.Pos.Col-y.Pos.Col)
	})
	for _, s := range all {
		weaker := func(m *ModelReport) bool {
			return m.audits() && m.lattice.has(s.Name) && len(m.lattice.below(s.Name)) > 0
		}
		switch {
		case slices.ContainsFunc(a.report.Models, func(m *ModelReport) bool { return m.audits() && m.lattice.computed(s.Name) }):
			a.report.Others = append(a.report.Others, Site{s, a.input.line(s)})
		case !slices.ContainsFunc(a.report.Models, weaker):
		case at[s.Pos] > 1 || !a.wants(s.Pos.File):
			a.report.Others = append(a.report.Others, Site{s, a.input.line(s)})
		default:
			a.report.Sites = append(a.report.Sites, Site{s, a.input.line(s)})
		}
	}
	return a.headers(all)
}

// headers returns an error if one of Options.Files has no primitive at all.
func (a *auditor) headers(all []primitive.Site) error {
	for _, name := range a.options.Files {
		if !slices.ContainsFunc(all, func(s primitive.Site) bool { return isFile(s.Pos.File, name) }) {
			return fmt.Errorf("%s: the program uses no header of this name that has a barrier or an atomic operation", name)
		}
	}
	return nil
}

// isFile reports whether name, the last parts of a path, names a file.
func isFile(file, name string) bool {
	name = filepath.ToSlash(name)
	return file == name || strings.HasSuffix(file, "/"+name)
}

// rank puts the file itself before its headers.
func (a *auditor) rank(s primitive.Site) int {
	if a.input.isOwn(s.Pos.File) {
		return 0
	}
	return 1
}

// wants reports whether the barriers in a file are audited.
func (a *auditor) wants(file string) bool {
	return a.input.isOwn(file) || slices.ContainsFunc(a.options.Files, func(name string) bool { return isFile(file, name) })
}

// each runs do for 0 to n-1 on all workers. After an error it starts no more,
// and waits for those that run.
func (a *auditor) each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var workers sync.WaitGroup
	var failed atomic.Pointer[error]
	for range min(a.options.Workers, n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && failed.Load() == nil; i = int(next.Add(1)) - 1 {
				if err := do(ctx, i); err != nil {
					failed.CompareAndSwap(nil, &err)
					cancel(err)
				}
			}
		})
	}
	workers.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// progress changes the counts, and calls Options.Progress.
func (a *auditor) progress(change func(*Progress)) {
	if a.options.Progress == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	change(&a.past)
	a.past.Tries = 0
	for _, m := range a.report.Models {
		a.past.Tries += m.probers.count()
	}
	a.options.Progress(a.past)
}

// draw returns the execution that a trial found, with a title.
func (a *auditor) draw(ctx context.Context, m *ModelReport, c change, t Trial, title string) (*graph.Execution, error) {
	if !a.options.Pictures && c != nil {
		return nil, nil
	}
	g, err := m.probers.picture(ctx, c, t)
	if g != nil {
		g.Name = fmt.Sprintf("%s under %s", title, m.Model)
		if t.In != "" {
			g.Name += ", " + t.In
		}
	}
	return g, err
}
