package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/thread"
)

// Options says what to look for. The zero value looks for every state and
// flag, without a limit on time.
type Options struct {
	Bound   int           // on loops; 0 is explore.DefaultBound
	Timeout time.Duration // for one test under one model; 0 is none
	Memory  int64         // of this process, in bytes, while the test runs; 0 is no limit
	Workers int           // goroutines for one test; 0 is one
	// VerdictOnly looks for the first execution that settles the condition, and
	// for nothing else: no states, no flags, no count of the others.
	VerdictOnly bool
	// Picture keeps an execution that settles the condition, or failing that
	// one that the model forbids.
	Picture bool

	// NoSymmetry counts all executions of C programs: else, of those that differ only in which
	// of several threads with the same code does what, one is looked for.
	NoSymmetry bool

	executions *atomic.Int64 // nil, or counts those that are found
}

// A Result is what came of one test under one model.
type Result struct {
	File, Test, Model string
	Verdict           Verdict
	Observation       Observation
	Otherwise         Observation // what it may be instead, as far as VerdictOnly can tell
	Positive          int64       // executions in which the condition's proposition is true
	Negative          int64       // and in which it is false
	Executions        int64
	Flags             []string   // of all executions, sorted
	Races             []DataRace // in the order of the source, where the model flags them
	Complete          bool       // everything that was to be explored was
	Reason            string     // why it is not Complete
	BoundHit          bool       // because of Options.Bound
	VerdictOnly       bool       // Options.VerdictOnly
	Elapsed           time.Duration
	Err               error // with Verdict Error
	NotApplicable     bool  // Err says that the model has no such primitive

	// Safety is that of the ir.Test: it is to be safe. Failure is what goes wrong.
	Safety  bool
	Failure *explore.Failure
	Covers  []Cover

	// Picture is an execution that settles the condition. If there is none, it
	// is one that would, and that the model forbids: its Violated says by what.
	Picture   *graph.Execution
	NoPicture string // why there is none, though Options ask for it

	test       *ir.Test
	states     *stateSet
	stateCount int // without states: of a result that was read back
}

// States is the number of distinct final states that were found.
func (r *Result) States() int {
	if r.states != nil {
		return r.states.Len()
	}
	return r.stateCount
}

// DropStates forgets the states themselves, and with them nearly all memory
// that r takes.
func (r *Result) DropStates() {
	r.stateCount = r.States()
	r.states, r.test = nil, nil
}

// Run explores t under m. What goes wrong is in the result.
func Run(ctx context.Context, t *ir.Test, m *model.Model, o Options) *Result {
	begin := time.Now()
	ctx, stop := o.limit(ctx)
	defer stop()
	r, ok := within(ctx, func() *Result {
		r := newResult(t, m, o)
		x := run{ctx: ctx, test: t, model: m, options: o, result: r}
		if err := guard(x.explore); err != nil {
			return r.fail(err)
		}
		return r
	})
	if !ok {
		r = newResult(t, m, o).stopped(stopReason(ctx, o))
		r.states = newStateSet(len(t.Observed))
	}
	r.Elapsed = time.Since(begin)
	return r
}

func newResult(t *ir.Test, m *model.Model, o Options) *Result {
	return &Result{Test: t.Name, Model: m.Name, VerdictOnly: o.VerdictOnly, Safety: t.Safety, test: t}
}

// limit returns a context that ends when o's limits are reached; its cause says which.
func (o Options) limit(ctx context.Context) (limited context.Context, stop func()) {
	watched, unwatch := limitMemory(ctx, o.Memory)
	if o.Timeout <= 0 {
		return watched, unwatch
	}
	timed, cancel := context.WithTimeoutCause(watched, o.Timeout, errTimeout)
	return timed, func() {
		cancel()
		unwatch()
	}
}

// stopped makes r that of a test of which nothing came, for a reason.
func (r *Result) stopped(reason string) *Result {
	r.Verdict, r.Observation, r.Reason, r.Complete = Incomplete, Unknown, reason, false
	return r
}

// stopReason says why ctx ended.
func stopReason(ctx context.Context, o Options) string {
	cause := context.Cause(ctx)
	if errors.Is(cause, errTimeout) {
		return fmt.Sprintf("timeout: more than %v", o.Timeout)
	}
	if full := (errMemory{}); errors.As(cause, &full) {
		return full.Error()
	}
	return interrupted
}

func (r *Result) fail(err error) *Result {
	r.Verdict, r.Observation, r.Err, r.Complete = Error, Unknown, err, false
	return r
}

var errTimeout = errors.New("timeout")

type run struct {
	ctx     context.Context
	test    *ir.Test
	model   *model.Model
	options Options
	result  *Result
	final   *final
	runs    bool // there are executions, though none is counted
}

func (x *run) explore() error {
	x.final = newFinal(x.test.Prog.Cells, x.test.Observed, x.test.Cond)
	look := x.all
	switch {
	case x.test.Safety:
		look = x.safe
	case x.options.VerdictOnly:
		look = x.verdictOnly
	}
	if err := look(); err != nil {
		return err
	}
	if err := x.vacuous(); err != nil {
		return err
	}
	r := x.result
	switch {
	case !x.options.Picture || r.Picture != nil || x.test.Safety:
		return nil
	case r.Verdict == Incomplete:
		r.NoPicture = r.Reason
		return nil
	}
	return x.forbidden()
}

// all explores every execution.
func (x *run) all() error {
	r := x.result
	r.states = newStateSet(len(x.test.Observed))
	stats, err := x.run(explore.Config{Filter: x.test.Filter}, func(e *explore.Execution) error {
		positive := x.final.read(e)
		if positive {
			r.Positive++
		} else {
			r.Negative++
		}
		r.states.Add(x.final.shown())
		r.addFlags(e.Flags())
		r.addRaces(e)
		if x.options.Picture && positive == x.settledBy() && (r.Picture == nil || len(r.Picture.Flagged) == 0 && slices.Contains(e.Flags(), RaceFlag)) {
			r.Picture = x.draw(e)
		}
		return nil
	})
	slices.Sort(r.Flags)
	return x.conclude(stats, err)
}

// settledBy is what the condition's proposition is in an execution that
// settles it: false for "forall", which a counterexample settles.
func (x *run) settledBy() bool { return x.test.Quant != ir.ForAll }

// goal is true in the executions that settle the condition.
func (x *run) goal() *ir.Prop {
	if x.settledBy() {
		return x.test.Cond
	}
	return &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{x.test.Cond}}
}

// verdictOnly looks for one execution that settles the condition. Where there
// is none, "exists" is Never and "forall" is Always; but a "forall" over no
// execution at all is Never in herd, so that one more look is needed.
func (x *run) verdictOnly() error {
	r := x.result
	found, stats, err := x.first(x.goal())
	if x.settledBy() {
		r.Positive = found
	} else {
		r.Negative = found
	}
	if found > 0 {
		return x.conclude(explore.Stats{}, nil)
	}
	if err != nil || stats.BoundHit {
		return x.conclude(stats, err)
	}
	if x.settledBy() {
		lacks, err := x.lacksExecutions()
		x.runs = !lacks
		return x.conclude(stats, err)
	}
	r.Positive, stats, err = x.first(nil)
	return x.conclude(stats, err)
}

// first looks for one execution that meets the goal; it is 1 if there is one.
func (x *run) first(goal *ir.Prop) (found int64, stats explore.Stats, err error) {
	stats, err = x.run(explore.Config{Filter: x.test.Filter, Goal: goal}, func(e *explore.Execution) error {
		found = 1
		if x.options.Picture && goal != nil {
			x.result.Picture = x.draw(e)
		}
		return explore.ErrStop
	})
	if errors.Is(err, explore.ErrStop) {
		err = nil
	}
	return found, stats, err
}

func (x *run) run(c explore.Config, each func(*explore.Execution) error) (explore.Stats, error) {
	if err := x.ctx.Err(); err != nil {
		return explore.Stats{}, err // the explorer looks now and then only
	}
	c.Bound, c.Workers = x.options.Bound, x.options.Workers
	for _, o := range x.test.Observed {
		if o.Kind == ir.CellObs {
			c.Finals = append(c.Finals, o.Cell)
		}
	}
	if n := x.options.executions; n != nil {
		found := each
		each = func(e *explore.Execution) error {
			n.Add(1)
			return found(e)
		}
	}
	return explore.Run(x.ctx, x.test.Prog, x.model.Plan, c, each)
}

// conclude gives the verdict once exploring has come to an end, one way or
// the other.
func (x *run) conclude(stats explore.Stats, err error) error {
	r := x.result
	if r.Reason, err = x.reason(stats, err); err != nil {
		return err
	}
	r.BoundHit = stats.BoundHit
	r.Executions = r.Positive + r.Negative
	r.Complete = r.Reason == ""
	r.Verdict = decide(x.test.Quant, r.Positive, r.Negative, r.Complete)
	if x.options.VerdictOnly {
		r.Observation, r.Otherwise = observeOne(x.test.Quant, r.Positive, r.Negative, r.Complete)
	} else {
		r.Observation = observe(r.Positive, r.Negative, r.Complete)
	}
	return nil
}

// reason says why not everything was explored. Other errors than those that
// end an exploration early are returned.
func (x *run) reason(stats explore.Stats, err error) (string, error) {
	many := new(thread.TooManyPaths)
	switch {
	case errors.As(err, &many):
		return many.Error(), nil
	case err != nil && x.ctx.Err() == nil:
		return "", err
	case err != nil:
		return stopReason(x.ctx, x.options), nil
	case stats.BoundHit:
		return fmt.Sprintf("bound: %s", stats.Cut), nil
	}
	return "", nil
}

const interrupted = "interrupted"

func (r *Result) addFlags(flags []string) {
	for _, flag := range flags {
		if !slices.Contains(r.Flags, flag) {
			r.Flags = append(r.Flags, flag)
		}
	}
}
