package explore

import (
	"context"
	"errors"
	"slices"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// ErrStop, returned by the function given to Run, ends the exploration. Run
// then returns it.
var ErrStop = errors.New("stopped by the caller")

// Config says what to explore. The zero value explores everything.
type Config struct {
	// Bound is how often a thread may jump backwards to the same instruction;
	// 0 is DefaultBound. Executions that go on beyond are not explored; where
	// values allow that there are such, Stats.BoundHit is set.
	Bound int
	// Filter drops the complete executions in which it is false; nil keeps all.
	Filter *ir.Prop
	// Goal restricts the exploration to executions in which it is true. It is
	// used to cut branches early. nil is no restriction.
	Goal *ir.Prop
	// Finals holds the cells whose last values matter to the caller. A model can
	// speak of the writes that make them (FW), and no result depends on it else.
	Finals []int
	// Workers is how many goroutines share the work; 0 is one. The function
	// given to Run is called by one at a time, in no particular order.
	Workers int
	// OfAlike leaves out executions that differ from others only by which of some threads
	// that run the same code does what. Only programs with loops, or whose loops wait, have
	// fewer; with Filter or Goal all have all.
	OfAlike bool
	// IgnoreChecks explores what the program could do if the model forbade
	// nothing, for showing what it forbids.
	IgnoreChecks bool
	// Coherent, with IgnoreChecks, leaves out what violates SC per location.
	Coherent bool
	// Steps bounds the work: beyond so many steps the exploration ends with ErrSteps. With one
	// worker it takes the same steps each time. 0 is no bound.
	Steps int64
	// Walk, if not nil, explores a part only, with one worker, and divides what it leaves.
	Walk *Walk
	// Flagged, if not nil, is called as the function given to Run is, for executions that
	// differ from others by a round of waiting, if the model flags them. These count for
	// their flags alone. Without it no such executions are looked for.
	Flagged func(*Execution) error

	plain plain
}

// plain has the dynamic explorer do without what spares work. It finds the same executions
// then, or some more that end alike (tryInVain), which tests compare.
type plain struct {
	postponeAll bool // every read that may be written is postponed
	forceNone   bool // each read is a decision
	assumeWeak  bool // the model is taken to allow all load buffering
	tryInVain   bool // rounds of loops that are in vain are kept
	keepShared  bool // no cell is made private
}

// DefaultBound is the bound on loops of litmus tests where a Config gives none:
// herd's.
const DefaultBound = 2

// DefaultBoundOf is the bound on loops of p where a Config gives none. In a
// program whose waiting is not repeated, loops that do go round walk lists and
// the like: they have to be let.
func DefaultBoundOf(p *ir.Program) int {
	if p.Waits {
		return 10
	}
	return DefaultBound
}

// Stats says how an exploration went.
type Stats struct {
	Executions int64 // complete, consistent, and let through by Filter
	Tried      int64 // decisions taken, to see how well branches are cut
	Steps      int64 // work, in units of some 10 µs
	// BoundHit: a loop can want to go on beyond the bound, or an address can have
	// too many values to follow; what was found may not be all. Cut is the first
	// such place.
	BoundHit bool
	Cut      *thread.Cut
}

// Run explores p under m and calls each for every execution, until ctx is done
// or each returns an error, which Run returns.
//
// An execution that accesses something that is no variable ends the exploration
// with an error of type *ir.BadAddress. A thread that branches too often to
// be unfolded is one of type *thread.TooManyPaths.
//
// If it, or each, panics, in whichever goroutine, Run panics with a *Panic once all
// its goroutines have ended.
func Run(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	return run(ctx, p, m, c, p.Waits || slices.ContainsFunc(p.Threads, goesBack), each)
}

// goesBack reports whether a thread may have a loop.
func goesBack(th ir.Thread) bool {
	for i := range th.Instr {
		in := &th.Instr[i]
		if (in.Op == ir.Branch || in.Op == ir.Jump || in.Op == ir.Fork) && in.Target <= i {
			return true
		}
	}
	return false
}

// run is Run; grows says that the dynamic explorer is used, and not the static one.
func run(ctx context.Context, p *ir.Program, m *rel.Plan, c Config, grows bool, each func(*Execution) error) (Stats, error) {
	k, err := compile(m)
	if err != nil {
		return Stats{}, err
	}
	bound := c.Bound
	if bound == 0 {
		bound = DefaultBoundOf(p)
	}
	if grows && !c.IgnoreChecks && !c.plain.keepShared && !k.KnowsDependencies() {
		p = withPrivate(p)
	}
	t := &task{ctx: ctx, prog: p, cfg: c, each: each, bound: bound, kit: k}
	var stats Stats
	c.Walk.begin()
	if grows {
		stats = runDynamic(t)
	} else {
		paths, err := thread.UnfoldAll(p, bound, func() error {
			yield()
			return ctx.Err()
		})
		if err != nil {
			return Stats{}, err
		}
		stats = runStatic(t, paths)
	}
	stats.Steps = t.steps.Load()
	c.Walk.divide(grows)
	if t.panicked != nil {
		panic(t.panicked)
	}
	return stats, t.err
}

func (s *Stats) add(x Stats) {
	s.BoundHit, s.Cut = s.BoundHit || x.BoundHit, s.Cut.First(x.Cut)
	s.Executions += x.Executions
	s.Tried += x.Tried
}
