// Package explore finds every execution of a program that a memory model
// allows, each once.
package explore

import (
	"context"
	"errors"

	"crosscall/memmodel/graph"
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
	// Flags asks for Execution.Flags, which costs time. Without it no flag is
	// evaluated.
	Flags bool
	// IgnoreChecks explores what the program could do if the model forbade
	// nothing, for showing what it forbids.
	IgnoreChecks bool
}

// DefaultBound is the bound on loops where a Config gives none: herd's.
const DefaultBound = 2

// Stats says how an exploration went.
type Stats struct {
	Executions int64 // complete, consistent, and let through by Filter
	Tried      int64 // decisions taken, to see how well branches are cut
	BoundHit   bool  // a loop wanted to go on: what was found is not all
}

// An Execution is what Run calls its caller with. It is valid during the call
// only.
type Execution struct {
	// contents follow
}

// Value returns what o is at the end of the execution. The second result is
// false if no value is determined (a value that comes out of thin air).
func (x *Execution) Value(o program.Obs) (int64, bool) { panic("not yet") }

// Flags returns the names of the model's flags that the execution raises, in
// the model's order. It is valid until the next call of Run's function.
func (x *Execution) Flags() []string { panic("not yet") }

// Failed returns the Text and place of the assertion that fails in this
// execution, if one does.
func (x *Execution) Failed() (program.Instr, bool) { panic("not yet") }

// Graph returns the execution as something to keep and to draw, with the check
// that it violates, if Config.IgnoreChecks let it through.
func (x *Execution) Graph() *graph.Execution { panic("not yet") }

// Run explores p under m and calls each for every execution, until ctx is done
// or each returns an error, which Run returns.
func Run(ctx context.Context, p *program.Program, m *rel.Plan, c Config, each func(*Execution) error) (Stats, error) {
	panic("not yet")
}
