package check

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
)

// A Batch is many files to run, each under every one of Models.
type Batch struct {
	Files      []File
	Models     []*model.Model
	Default    bool            // nobody asked for Models: a file has the one that DefaultModel says
	Options    Options         // but for Workers: Run divides Jobs among the files
	Jobs       int             // how many CPUs to use; 0 is all
	C          csource.Options // for files in C
	KeepStates bool            // for Result.WriteText; they take memory until they are emitted

	// Journal, if not nil, has results of earlier runs, which are not computed
	// again. New results are added to it.
	Journal *Journal

	// Progress, if not nil, is called five times a second.
	Progress func(Progress)

	// Elsewhere, if not nil, makes the rows in place of this process. It calls done for
	// the row of each of Files, by number, in any order and by any goroutine, once.
	Elsewhere func(ctx context.Context, done func(i int, row *Row)) error

	executions atomic.Int64
	estimate   atomic.Pointer[Estimate]
	own        ownTargets
}

// Progress is the progress of a Batch.
type Progress struct {
	Done       int   // files
	File       File  // the first file that is not done
	Executions int64 // found so far, in all files
	// Of, if not nil, estimates how many there are. It is made for one test under one model.
	Of *Estimate
}

// A Row has the results of one file, one for each model.
type Row struct {
	File    File
	Said    string // the file's own "Result:" comment, or all of them, a line each
	Results []*Result
	Resumed bool // the results are from Batch.Journal
	NotRun  bool // the run was interrupted before; Results are empty

	keys   []string // for Batch.Journal
	source string   // what the file says, for pictures
}

// Run checks the files on all CPUs and calls emit with the rows in the order of
// Files. Once ctx is done, the remaining rows are NotRun. Run returns an error of
// emit, of the journal, or in a model's table of primitives.
func (b *Batch) Run(ctx context.Context, emit func(*Row) error) error {
	targets, err := b.targets()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows := make([]*Row, len(b.Files))
	done := make(chan int, len(b.Files))
	var workers sync.WaitGroup
	defer workers.Wait()
	if b.Elsewhere != nil {
		var failed error
		workers.Go(func() { failed = b.makeElsewhere(ctx, rows, done) })
		err := b.collect(rows, done, cancel, emit)
		cancel()
		workers.Wait()
		return errors.Join(failed, err)
	}
	var next atomic.Int64
	for range min(b.jobs(), len(rows)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(rows); i = int(next.Add(1)) - 1 {
				rows[i] = b.row(ctx, b.Files[i], targets)
				done <- i
			}
		})
	}
	return b.collect(rows, done, cancel, emit)
}

func (b *Batch) jobs() int {
	if b.Jobs > 0 {
		return b.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// makeElsewhere has rows made elsewhere. Those of which nothing comes are not run.
func (b *Batch) makeElsewhere(ctx context.Context, rows []*Row, done chan<- int) error {
	var mu sync.Mutex
	set := func(i int, row *Row) {
		mu.Lock()
		defer mu.Unlock()
		if rows[i] == nil {
			rows[i] = row
			done <- i
		}
	}
	err := b.Elsewhere(ctx, set)
	for i := range b.Files {
		set(i, &Row{File: b.Files[i], NotRun: true})
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// collect emits rows in order as they are done. After an error it calls fail,
// and then only waits for the other rows.
func (b *Batch) collect(rows []*Row, done <-chan int, fail func(), emit func(*Row) error) (err error) {
	ready := make([]bool, len(rows))
	tick := newTicker(b.Progress != nil)
	defer tick.Stop()
	for finished, emitted := 0, 0; finished < len(rows); {
		select {
		case i := <-done:
			finished++
			ready[i] = true
			if err == nil {
				err = b.Journal.add(rows[i])
			}
			for ; emitted < len(rows) && ready[emitted]; emitted++ {
				if err == nil {
					err = emit(rows[emitted])
				}
				rows[emitted] = nil
			}
			if err != nil {
				fail()
			}
		case <-tick.C:
			b.Progress(Progress{finished, b.Files[emitted], b.executions.Load(), b.estimate.Load()})
		}
	}
	return err
}

// Note adds to the executions that Progress has, for what is made Elsewhere.
func (b *Batch) Note(executions int64) { b.executions.Add(executions) }

// newTicker returns a ticker. It never ticks if wanted is false.
func newTicker(wanted bool) *time.Ticker {
	if !wanted {
		t := time.NewTicker(time.Hour)
		t.Stop()
		return t
	}
	return time.NewTicker(200 * time.Millisecond)
}

// A target is a model with its identity for the journal.
type target struct {
	model    *model.Model
	identity string // for the journal
}

func (b *Batch) targets() ([]target, error) {
	var targets []target
	for _, m := range b.Models {
		t, err := b.target(m)
		if err != nil {
			return nil, err
		}
		targets = append(targets, t)
	}
	return targets, nil
}

func (b *Batch) target(m *model.Model) (t target, err error) {
	t.model = m
	if b.Journal != nil {
		t.identity, err = identify(m, b.Options)
	}
	return t, err
}

// ownTargets are the models that files have if nobody names one, made when the first file
// needs them.
type ownTargets struct {
	mu sync.Mutex
	by map[string]target
}

// ownTarget is the target of an own model, by its name.
func (b *Batch) ownTarget(name string) (t target, err error) {
	b.own.mu.Lock()
	defer b.own.mu.Unlock()
	if t, ok := b.own.by[name]; ok {
		return t, nil
	}
	m, err := model.Load(name)
	if err != nil {
		return t, err
	}
	if t, err = b.target(m); err != nil {
		return t, err
	}
	if b.own.by == nil {
		b.own.by = map[string]target{}
	}
	b.own.by[name] = t
	return t, nil
}

func (b *Batch) row(ctx context.Context, f File, targets []target) *Row {
	row := &Row{File: f}
	if ctx.Err() != nil {
		row.NotRun = true
		return row
	}
	src, err := f.Read()
	if err != nil {
		return row.all(targets, func(r *Result) { r.fail(err) })
	}
	return b.rowOf(ctx, f, src, b.C, targets)
}

// rowOf is the row of a file that was read.
func (b *Batch) rowOf(ctx context.Context, f File, src []byte, c csource.Options, targets []target) *Row {
	row := &Row{File: f}
	in, stopped, err := parseWithin(ctx, b.Options, f.Path, src, c)
	if stopped != "" {
		return row.all(targets, func(r *Result) { r.stopped(stopped) })
	}
	if b.Default && err == nil && in.own() != "" {
		var own target
		if own, err = b.ownTarget(in.own()); err == nil {
			targets = []target{own}
		}
	}
	if err != nil {
		return row.all(targets, func(r *Result) { r.fail(err) })
	}
	row.Said = in.said()
	if row.Said == "" && IsC(f.Path) {
		row.Said = saidBeside(f.Path)
	}
	if b.Journal.find(row, string(src)+"\x00"+in.inputs(), targets) {
		return row
	}
	if b.Options.Picture {
		row.source = string(src)
	}
	for _, t := range targets {
		row.Results = append(row.Results, b.result(ctx, f, in, t))
	}
	return row
}

// all gives every model the same result.
func (row *Row) all(targets []target, set func(*Result)) *Row {
	for _, t := range targets {
		r := &Result{File: row.File.Path, Model: t.model.Name}
		set(r)
		row.Results = append(row.Results, r)
	}
	return row
}

func (b *Batch) result(ctx context.Context, f File, in input, t target) *Result {
	o := b.Options
	o.Workers = max(1, b.jobs()/len(b.Files))
	o.Executions = &b.executions
	if b.Progress != nil && len(b.Files)*len(b.Models) == 1 {
		go b.estimateLater(ctx, in, t.model)
	}
	return b.resultWith(ctx, f, in, t, o)
}

func (b *Batch) resultWith(ctx context.Context, f File, in input, t target, o Options) *Result {
	r := runInput(ctx, in, t.model, o)
	r.File = f.Path
	if !b.KeepStates {
		r.DropStates()
	}
	return r
}

// Source reads a C program or a litmus test, as the name says, and runs it under m.
// Errors are in the result.
func Source(ctx context.Context, name string, src []byte, m *model.Model, o Options, c csource.Options) *Result {
	in, stopped, err := parseWithin(ctx, o, name, src, c)
	switch {
	case stopped != "":
		return (&Result{File: name, Test: filepath.Base(name), Model: m.Name}).stopped(stopped)
	case err != nil:
		return (&Result{File: name, Model: m.Name}).fail(err)
	}
	r := runInput(ctx, in, m, o)
	r.File = name
	return r
}

// parseWithin is parse within the limits of o. stopped says which limit was reached.
func parseWithin(ctx context.Context, o Options, path string, src []byte, c csource.Options) (in input, stopped string, err error) {
	ctx, stop := o.Limit(ctx)
	defer stop()
	do, ok := Within(ctx, func() (p parsed) {
		p.in, p.err = parse(path, src, c)
		return p
	})
	if !ok {
		return nil, StopReason(ctx, o) + ", while it was read", nil
	}
	return do.in, "", do.err
}

type parsed struct {
	in  input
	err error
}

func runInput(ctx context.Context, in input, m *model.Model, o Options) *Result {
	limited, stop := o.Limit(ctx)
	defer stop()
	do, ok := Within(limited, func() (c lowered) {
		c.test, c.err = compile(in, m)
		return c
	})
	switch {
	case !ok:
		return (&Result{Test: in.name(), Model: m.Name}).stopped(StopReason(limited, o) + ", while it was compiled")
	case do.err != nil:
		r := (&Result{Test: in.name(), Model: m.Name}).fail(do.err)
		r.NotApplicable = lkmmHas(in)
		return r
	}
	return Run(ctx, do.test, m, o)
}

type lowered struct {
	test *ir.Test
	err  error
}

// Compile reads a test and makes it ready for a model. Its name says what it is, as in
// Batch.Files.
func Compile(name string, src []byte, m *model.Model) (*ir.Test, error) {
	in, err := parse(name, src, csource.Options{})
	if err != nil {
		return nil, err
	}
	return compile(in, m)
}

func compile(in input, m *model.Model) (test *ir.Test, err error) {
	err = guard(func() (err error) {
		test, err = in.compile(m)
		return err
	})
	return test, err
}

// lkmmHas reports whether a test that a model refuses compiles for LKMM: the
// test is right then, and the model lacks a primitive.
func lkmmHas(in input) bool {
	lkmm, err := model.Load("lkmm")
	if err != nil {
		return false
	}
	_, err = compile(in, lkmm)
	return err == nil
}

// guard turns a panic into an error: a defect that shows in one test must not
// lose the results of the others.
func guard(do func() error) (err error) {
	defer func() {
		p, stack := recover(), debug.Stack()
		if p == nil {
			return
		}
		if far, ok := p.(*explore.Panic); ok {
			p, stack = far.Value, far.Stack
		}
		err = fmt.Errorf("internal error, please report it with this test: %v\n%s", p, stack)
	}()
	return do()
}
