package check

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/primitive"
)

// A Batch is many files to run, each under every one of Models.
type Batch struct {
	Files      []File
	Models     []*model.Model
	ForC11     *model.Model    // nil, or the one in place of Models for what DefaultModel says is C11
	Options    Options         // but for Workers: Run divides the CPUs among the files
	C          csource.Options // for files in C
	KeepStates bool            // for Result.WriteText; they take memory until they are emitted

	// Journal, if there is one, has results of earlier runs, which are not
	// computed again, and gets the new ones.
	Journal *Journal

	// Progress, if there is one, is called five times a second.
	Progress func(Progress)

	executions atomic.Int64
	estimate   atomic.Pointer[Estimate]
}

// Progress is how far a Batch is.
type Progress struct {
	Done       int   // files
	File       File  // the first of those that are not done
	Executions int64 // that were found, in all files
	// Of, if not nil, estimates how many there are. It is made for one test under one model.
	Of *Estimate
}

// A Row is what came of one file, with a result for each model.
type Row struct {
	File    File
	Said    string // the file's own "Result:" comment
	Results []*Result
	Resumed bool // the results are from Batch.Journal
	NotRun  bool // an interrupt came first; Results are empty

	keys []string // for Batch.Journal
}

// Run checks the files on all CPUs and gives emit the rows in the order of
// Files. Once ctx is done, the rows that are left are NotRun. It returns the
// error that emit or the journal returned, or that a model's table of primitives has.
func (b *Batch) Run(ctx context.Context, emit func(*Row) error) error {
	targets, err := b.targets()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows := make([]*Row, len(b.Files))
	done := make(chan int, len(b.Files))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(rows)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(rows); i = int(next.Add(1)) - 1 {
				rows[i] = b.row(ctx, b.Files[i], targets)
				done <- i
			}
		})
	}
	defer workers.Wait()
	return b.collect(rows, done, cancel, emit)
}

// collect emits rows in order as they are done. After an error it calls fail
// and only waits for the others.
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

// newTicker returns one that never ticks if it is not wanted.
func newTicker(wanted bool) *time.Ticker {
	if !wanted {
		t := time.NewTicker(time.Hour)
		t.Stop()
		return t
	}
	return time.NewTicker(200 * time.Millisecond)
}

// A target is a model, ready for tests.
type target struct {
	model    *model.Model
	identity string // for the journal
}

func (b *Batch) targets() ([]target, error) {
	var targets []target
	models := b.Models
	if b.ForC11 != nil {
		models = append(slices.Clip(models), b.ForC11)
	}
	for _, m := range models {
		t := target{model: m}
		if b.Journal != nil {
			identity, err := identify(m, b.Options)
			if err != nil {
				return nil, err
			}
			t.identity = identity
		}
		targets = append(targets, t)
	}
	return targets, nil
}

func (b *Batch) row(ctx context.Context, f File, targets []target) *Row {
	row := &Row{File: f}
	if ctx.Err() != nil {
		row.NotRun = true
		return row
	}
	src, err := f.read()
	if err != nil {
		return row.all(targets[:len(b.Models)], func(r *Result) { r.fail(err) })
	}
	in, stopped, err := parseWithin(ctx, b.Options, f.Path, src, b.C)
	if stopped != "" {
		return row.all(targets[:len(b.Models)], func(r *Result) { r.stopped(stopped) })
	}
	if b.ForC11 != nil && err == nil && in.C11() {
		targets = targets[len(b.Models):]
	} else {
		targets = targets[:len(b.Models)]
	}
	if err != nil {
		return row.all(targets, func(r *Result) { r.fail(err) })
	}
	if b.Journal.find(row, string(src)+"\x00"+in.inputs(), targets) {
		return row
	}
	row.Said = in.said()
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
	o.Workers = max(1, runtime.GOMAXPROCS(0)/len(b.Files))
	o.executions = &b.executions
	if b.Progress != nil && len(b.Files)*len(b.Models) == 1 {
		go b.estimateLater(ctx, in, t.model)
	}
	r := runInput(ctx, in, t.model, o)
	r.File = f.Path
	if !b.KeepStates {
		r.DropStates()
	}
	return r
}

// Source reads a test or a C program, which its name says, and runs it under m. What
// goes wrong is in the result.
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

// parseWithin is parse within the limits of o. stopped says which was reached.
func parseWithin(ctx context.Context, o Options, path string, src []byte, c csource.Options) (in input, stopped string, err error) {
	ctx, stop := o.limit(ctx)
	defer stop()
	do, ok := within(ctx, func() (p parsed) {
		p.in, p.err = parse(path, src, c)
		return p
	})
	if !ok {
		return nil, stopReason(ctx, o) + ", while it was read", nil
	}
	return do.in, "", do.err
}

type parsed struct {
	in  input
	err error
}

func runInput(ctx context.Context, in input, m *model.Model, o Options) *Result {
	limited, stop := o.limit(ctx)
	defer stop()
	do, ok := within(limited, func() (c lowered) {
		c.test, c.err = compile(in, m.Macros)
		return c
	})
	switch {
	case !ok:
		return (&Result{Test: in.name(), Model: m.Name}).stopped(stopReason(limited, o) + ", while it was compiled")
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

func compile(in input, macros *primitive.Macros) (test *ir.Test, err error) {
	err = guard(func() (err error) {
		test, err = in.compile(macros)
		return err
	})
	return test, err
}

// lkmmHas reports whether nothing is wrong with a test that some model
// refuses: LKMM has all its primitives, and the model does not.
func lkmmHas(in input) bool {
	lkmm, err := model.Load("lkmm")
	if err != nil {
		return false
	}
	_, err = compile(in, lkmm.Macros)
	return err == nil
}

// guard turns a panic into an error: a defect that one test in a thousand runs
// into must not take the results of the others along.
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
