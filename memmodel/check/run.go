package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/thread"
)

// Options of a run. The zero value looks for every state and flag, without a
// limit on time.
type Options struct {
	Bound   int           // on loops; 0 is explore.DefaultBound
	Timeout time.Duration // for one test under one model; 0 is none
	Steps   int64         // of an exploration, each of some 10 µs: as with one worker each time; 0 is no limit
	Memory  int64         // of this process, in bytes, while the test runs; 0 is no limit
	Workers int           // goroutines for one test; 0 is one
	// VerdictOnly looks only for the first execution that decides the
	// condition: no states, no flags, no count of the others.
	VerdictOnly bool
	// Picture keeps an execution that decides the condition or, if there is
	// none, one that would and that the model forbids.
	Picture bool

	// Gallery keeps up to so many executions to look at, one for each final state, and as
	// many that the model forbids; see Result.Gallery.
	Gallery int

	// Executions, if not nil, counts those that are found, as they are.
	Executions *atomic.Int64

	// NoSymmetry counts all executions of C programs: else, of those that differ only in which
	// of several threads with the same code does what, one is looked for.
	NoSymmetry bool
}

// A Result is the result of one test under one model.
type Result struct {
	File, Test, Model string
	Verdict           Verdict
	Observation       Observation
	Otherwise         Observation // with VerdictOnly: another Observation that is possible
	Positive          int64       // executions in which the condition's proposition is true
	Negative          int64       // executions in which it is false
	Executions        int64
	Steps             int64      // what it took, in the unit of Options.Steps
	Flags             []string   // of all executions, sorted
	Races             []DataRace // in the order of the source, where the model flags them
	Complete          bool       // the exploration was not cut short
	Reason            string     // why it is not Complete, or why it is vacuous
	BoundHit          bool       // because of Options.Bound
	VerdictOnly       bool       // Options.VerdictOnly
	Elapsed           time.Duration
	Err               error // with Verdict Error
	NotApplicable     bool  // Err says that the model has no such primitive

	// Safety is that of the ir.Test: nothing may go wrong. Failure is what goes wrong.
	Safety  bool
	Failure *explore.Failure
	Covers  []Cover

	// Picture is an execution that decides the condition. If there is none, it
	// is one that would decide it and that the model forbids: its Violated is
	// the name of the check.
	Picture   *graph.Execution
	NoPicture string // why there is no Picture although Options ask for it

	gallery    *gallery
	test       *ir.Test
	text       []byte // as WriteText writes it, of a result that came from elsewhere
	states     *stateSet
	stateCount int // the number of states, if there are no states: of a result that was read back
}

// Limited reports whether a limit on work, time or memory kept r from being known, or from
// having a picture. Other reasons, such as a bound on loops, are the test's own.
func (r *Result) Limited() bool {
	return strings.HasPrefix(r.NoPicture, notFoundIn) || slices.ContainsFunc([]string{"steps:", "timeout:", "memory:"}, func(limit string) bool {
		return strings.HasPrefix(r.Reason, limit)
	})
}

// States is the number of distinct final states that were found.
func (r *Result) States() int {
	if r.states != nil {
		return r.states.Len()
	}
	return r.stateCount
}

// DropStates drops the states, which take nearly all memory of r, and keeps
// their number.
func (r *Result) DropStates() {
	r.stateCount = r.States()
	r.states, r.test, r.text, r.gallery = nil, nil, nil, nil
}

// hasText reports whether WriteText has something to write.
func (r *Result) hasText() bool { return r.test != nil || r.text != nil }

// Run explores t under m. Errors are in the result.
func Run(ctx context.Context, t *ir.Test, m *model.Model, o Options) *Result {
	begin := time.Now()
	ctx, stop := o.Limit(ctx)
	defer stop()
	r, ok := Within(ctx, func() *Result {
		r := newResult(t, m, o)
		x := run{ctx: ctx, test: t, model: m, options: o, result: r}
		if err := guard(x.explore); err != nil {
			return r.fail(err)
		}
		return r
	})
	if !ok {
		r = newResult(t, m, o).stopped(StopReason(ctx, o))
		r.states = newStateSet(len(t.Observed))
	}
	r.Elapsed = time.Since(begin)
	return r
}

func newResult(t *ir.Test, m *model.Model, o Options) *Result {
	return &Result{Test: t.Name, Model: m.Name, VerdictOnly: o.VerdictOnly, Safety: t.Safety, gallery: newGallery(o.Gallery), test: t}
}

// Limit returns a context that ends when o.Timeout or o.Memory is reached; StopReason
// says which. stop ends the watch.
func (o Options) Limit(ctx context.Context) (limited context.Context, stop func()) {
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

// stopped makes r the result of a test that was stopped, for a reason, before it was
// explored.
func (r *Result) stopped(reason string) *Result {
	r.Verdict, r.Observation, r.Reason, r.Complete = Incomplete, Unknown, reason, false
	return r
}

// StopReason says why a context of Limit ended, in the words of Result.Reason.
func StopReason(ctx context.Context, o Options) string {
	cause := context.Cause(ctx)
	if errors.Is(cause, errTimeout) {
		return TimedOut(o.Timeout)
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
	runs    bool // there are executions, although none is counted

	walk      *explore.Walk // nil, or explores a part
	drawsRace bool          // ... up to an execution with a race
	stats     explore.Stats // of that
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
	if err := x.keepForbidden(); err != nil {
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
	stats, err := x.run(explore.Config{Filter: x.test.Filter, Flagged: x.takeFlagged}, x.take)
	slices.Sort(r.Flags)
	return x.conclude(stats, err)
}

// take adds an execution of a test with a condition.
func (x *run) take(e *explore.Execution) error {
	r := x.result
	positive := x.final.read(e)
	if positive {
		r.Positive++
	} else {
		r.Negative++
	}
	if r.states.Add(x.final.shown()) {
		x.keep(e)
	}
	r.addFlags(e.Flags())
	r.addRaces(e)
	if x.options.Picture && positive == x.decidedBy() && (r.Picture == nil || len(r.Picture.Flagged) == 0 && slices.Contains(e.Flags(), RaceFlag)) {
		r.Picture = x.draw(e)
	}
	return nil
}

// takeFlagged adds the flags of an execution that does not count otherwise.
func (x *run) takeFlagged(e *explore.Execution) error {
	x.result.addFlags(e.Flags())
	x.result.addRaces(e)
	return nil
}

// decidedBy is the value of the condition's proposition in an execution that
// decides the condition: false for "forall", which a counterexample decides.
func (x *run) decidedBy() bool { return x.test.Quant != ir.ForAll }

// goal is true in the executions that decide the condition.
func (x *run) goal() *ir.Prop {
	if x.decidedBy() {
		return x.test.Cond
	}
	return &ir.Prop{Op: ir.NotProp, Kids: []*ir.Prop{x.test.Cond}}
}

// verdictOnly looks for one execution that decides the condition. If there is
// none, "exists" is Never and "forall" is Always. But in herd a "forall" over
// no execution at all is Never, so a second exploration is needed.
func (x *run) verdictOnly() error {
	r := x.result
	found, stats, err := x.first(x.goal())
	if x.decidedBy() {
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
	if x.decidedBy() {
		lacks, err := x.lacksExecutions()
		x.runs = !lacks
		return x.conclude(stats, err)
	}
	r.Positive, stats, err = x.first(nil)
	return x.conclude(stats, err)
}

// first looks for one execution that meets the goal. found is 1 if there is one.
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
		return explore.Stats{}, err // the explorer checks ctx only now and then
	}
	c.Bound, c.Workers, c.Walk, c.Steps = x.options.Bound, x.options.Workers, x.walk, x.options.Steps
	for _, o := range x.test.Observed {
		if o.Kind == ir.CellObs {
			c.Finals = append(c.Finals, o.Cell)
		}
	}
	if n := x.options.Executions; n != nil {
		found := each
		each = func(e *explore.Execution) error {
			n.Add(1)
			return found(e)
		}
	}
	stats, err := explore.Run(x.ctx, x.test.Prog, x.model.Plan, c, each)
	x.result.Steps += stats.Steps
	return stats, err
}

// conclude sets the verdict after the exploration has ended, completely or not.
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
	case errors.Is(err, explore.ErrSteps):
		return fmt.Sprintf("steps: more than %d", x.options.Steps), nil
	case err != nil && x.ctx.Err() == nil:
		return "", err
	case err != nil:
		return StopReason(x.ctx, x.options), nil
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
