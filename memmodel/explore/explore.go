// Package explore finds every execution of a program that a memory model
// allows, each once.
package explore

import (
	"context"
	"errors"
	"sync"

	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
)

// ErrStop, returned by the function given to Run, ends the exploration. Run
// then returns it.
var ErrStop = errors.New("stopped by the caller")

// Config says what to explore. The zero value explores everything.
type Config struct {
	// Bound is how often a thread may jump backwards to the same instruction;
	// 0 is DefaultBound. Executions that want to go on beyond are dropped, and
	// Stats.BoundHit is set.
	Bound int
	// Filter drops the complete executions in which it is false; nil keeps all.
	Filter *program.Prop
	// Goal restricts the exploration to executions in which it is true. It is
	// used to cut branches early. nil is no restriction.
	Goal *program.Prop
	// IgnoreChecks explores what the program could do if the model forbade
	// nothing, for showing what it forbids.
	IgnoreChecks bool
	// Coherent, with IgnoreChecks, leaves out what violates SC per location.
	Coherent bool
}

// DefaultBound is the bound on loops where a Config gives none: herd's.
const DefaultBound = 2

// Stats says how an exploration went.
type Stats struct {
	Executions int64 // complete, consistent, and let through by Filter
	Tried      int64 // decisions taken, to see how well branches are cut
	BoundHit   bool  // a loop wanted to go on: what was found is not all
}

// Run explores p under m and calls each for every execution, until ctx is done
// or each returns an error, which Run returns.
//
// An access to something that is no variable is an error of type
// *program.BadAddress, found before anything is explored.
func Run(ctx context.Context, p *program.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	compiled, err := compile(m)
	if err != nil {
		return Stats{}, err
	}
	bound := c.Bound
	if bound == 0 {
		bound = DefaultBound
	}
	paths, dom := p.UnfoldAll(bound)
	if len(dom.Bad) > 0 {
		return Stats{}, dom.Bad[0]
	}
	s := &search{ctx: ctx, prog: p, cfg: c, each: each, choice: paths}
	if c.IgnoreChecks {
		s.machine = rel.NewLoose(compiled)
		s.native = c.Coherent
	} else {
		s.native = compiled.Native()
		s.machine = rel.NewMachine(compiled, s.native)
	}
	s.run()
	return s.stats, s.err
}

// compiled caches what has been made of each plan.
var compiled sync.Map // of *rel.Plan to *rel.Compiled

func compile(m *rel.Plan) (*rel.Compiled, error) {
	if c, ok := compiled.Load(m); ok {
		return c.(*rel.Compiled), nil
	}
	c, err := rel.Compile(m)
	if err == nil {
		compiled.Store(m, c)
	}
	return c, err
}
