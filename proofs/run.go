package proofs

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
)

// Options select what is proved. The zero value proves everything.
type Options struct {
	Quick     bool          // leave out large cases
	Models    []string      // of Models(); nil is all of them
	Questions []string      // IDs; nil is all of them
	Picture   bool          // keep an execution for each row that fails
	Timeout   time.Duration // limit for a case under a model, which is then incomplete; 0 is none
	Others    []Prover      // for programs that are not in C
	// Elsewhere, if not nil, explores what is in C: a job under number k of the models of a
	// Setup, which is the same for all models of a job. So many goroutines call it as
	// Workers says; 0 is GOMAXPROCS.
	Elsewhere func(ctx context.Context, s *check.Setup, j *check.Job, k int) *check.Result
	Workers   int
	// Progress, if not nil, is called now and then with the number of rows that are done.
	Progress func(done, all int)
}

// A Prover has rows that are not from Cases.
type Prover interface {
	// Rows returns incomplete rows: at least one for each question of which
	// Prove returns rows.
	Rows() []Row
	// Prove returns the rows. After an error the rows of Rows are used, with the
	// error as their reason.
	Prove(ctx context.Context, quick bool) ([]Row, error)
}

// A Row is the result of a case under one model.
type Row struct {
	Question, Variant, Model, Property, Bound string

	Verdict    check.Verdict
	Expected   check.Verdict
	Executions int64
	Elapsed    time.Duration
	Reason     string           // of the verdict: what fails and where, or why it is not known
	Picture    *graph.Execution // of what fails, if Options ask for it
}

// AsExpected reports whether the verdict is the one that is expected.
func (r *Row) AsExpected() bool { return r.Verdict == r.Expected }

// Run explores the cases on all CPUs and calls emit with the rows in their
// order: by question, case and model. Once ctx is done it emits the remaining
// rows as incomplete. It returns an error of emit, or one in Options.
func Run(ctx context.Context, o Options, emit func(Row) error) error {
	jobs, err := o.jobs()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &runner{ctx: ctx, jobs: jobs, done: make(chan int, len(jobs))}
	var workers sync.WaitGroup
	for range min(cmp.Or(o.Workers, runtime.GOMAXPROCS(0)), len(jobs)) {
		workers.Go(r.work)
	}
	defer workers.Wait()
	defer cancel()
	return r.collect(o.Progress, emit)
}

func (o *Options) wants(question string) bool {
	return len(o.Questions) == 0 || slices.Contains(o.Questions, question)
}

// A job makes rows of one question. Until it has run they are incomplete.
type job struct {
	rows []Row
	run  func(ctx context.Context, rows []Row) []Row
}

func (j *job) question() string { return j.rows[0].Question }

// A target is a loaded model.
type target struct {
	*check.Model
}

// jobs lists the work.
func (o *Options) jobs() ([]*job, error) {
	for _, id := range o.Questions {
		if order(id) < 0 {
			return nil, fmt.Errorf("no question %s: there are Q1 to Q%d", id, len(questions))
		}
	}
	targets, err := o.targets()
	if err != nil {
		return nil, err
	}
	var list []*job
	known := sources{}
	for _, c := range Cases() {
		if !o.wants(c.Question) || o.Quick && c.Large {
			continue
		}
		source, err := known.source(&c)
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			if c.Models != nil && !slices.Contains(c.Models, t.Name) {
				continue
			}
			list = append(list, &job{[]Row{c.row(t.Name)}, func(ctx context.Context, rows []Row) []Row {
				rows[0].take(source.explore(ctx, t, o))
				return rows
			}})
		}
	}
	for _, p := range o.Others {
		list = append(list, o.elsewhere(p)...)
	}
	slices.SortStableFunc(list, func(a, b *job) int { return cmp.Compare(order(a.question()), order(b.question())) })
	return list, nil
}

func (o *Options) targets() ([]target, error) {
	names := o.Models
	if len(names) == 0 {
		names = models
	}
	var list []target
	for _, name := range names {
		if !slices.Contains(models, name) {
			return nil, fmt.Errorf("no model %q to prove under: there are %s", name, strings.Join(models, ", "))
		}
		m, err := check.LoadModel(name)
		if err != nil {
			return nil, err
		}
		list = append(list, target{m})
	}
	return list, nil
}

// elsewhere makes a job for each question of which a Prover has rows. The first
// job that is run waits for the rows of all.
func (o *Options) elsewhere(p Prover) []*job {
	var once sync.Once
	var found []Row
	var err error
	rows := map[string][]Row{}
	for _, r := range p.Rows() {
		if o.wants(r.Question) {
			rows[r.Question] = append(rows[r.Question], r)
		}
	}
	var list []*job
	for id, rows := range rows {
		list = append(list, &job{rows, func(ctx context.Context, rows []Row) []Row {
			once.Do(func() { found, err = p.Prove(ctx, o.Quick) })
			if err != nil {
				incomplete(rows, err.Error())
				return rows
			}
			mine := slices.DeleteFunc(slices.Clone(found), func(r Row) bool { return r.Question != id })
			if len(mine) == 0 {
				incomplete(rows, "nothing came of it")
				return rows
			}
			return mine
		}})
	}
	return list
}

func (c *Case) fails(model string) bool { return slices.Contains(c.Fails, model) }

// order is the index of a question; -1 if there is none.
func order(id string) int {
	return slices.IndexFunc(questions, func(q Question) bool { return q.ID == id })
}

// row is the row of a case under a model, without a verdict.
func (c *Case) row(model string) Row {
	r := Row{Question: c.Question, Variant: c.Name(), Model: model, Property: c.Property, Bound: c.Bound(),
		Verdict: check.Incomplete, Expected: check.Holds}
	if c.fails(model) {
		r.Expected = check.Fails
	}
	return r
}

type runner struct {
	ctx  context.Context
	jobs []*job
	next atomic.Int64
	done chan int
}

func (r *runner) work() {
	for i := int(r.next.Add(1)) - 1; i < len(r.jobs); i = int(r.next.Add(1)) - 1 {
		j := r.jobs[i]
		if r.ctx.Err() == nil {
			j.rows = j.run(r.ctx, j.rows)
		} else {
			incomplete(j.rows, interrupted)
		}
		r.done <- i
	}
}

const interrupted = "interrupted"

func incomplete(rows []Row, reason string) {
	for i := range rows {
		rows[i].Reason = reason
	}
}

// collect emits rows in order as they are done. After an error it returns at
// once: Run then ends the others.
func (r *runner) collect(progress func(done, all int), emit func(Row) error) error {
	ready := make([]bool, len(r.jobs))
	next := 0
	for finished := range r.jobs {
		if progress != nil {
			progress(finished, len(r.jobs))
		}
		ready[<-r.done] = true
		for ; next < len(r.jobs) && ready[next]; next++ {
			for _, row := range r.jobs[next].rows {
				if err := emit(row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
