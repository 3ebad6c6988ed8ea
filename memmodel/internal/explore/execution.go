package explore

import (
	"fmt"
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// An Execution is what Run calls its caller with. It is valid during the call
// only.
type Execution struct {
	state *execgraph.State
	flags []string
}

// Value returns what o is at the end of the execution. The second result is
// false if no value is determined (a value that comes out of thin air).
func (x *Execution) Value(o ir.Obs) (int64, bool) { return x.state.Observe(o) }

// Flags returns the names of the model's flags that the execution raises, in
// the model's order. It is valid until the next call of Run's function.
func (x *Execution) Flags() []string { return x.flags }

// Flagged returns the pairs of events for which a flag of the execution is raised.
func (x *Execution) Flagged(flag string) (pairs [][2]*graph.Event) {
	s := x.state
	for _, p := range s.Machine.Flagged() {
		if p.Label == flag {
			pairs = append(pairs, [2]*graph.Event{s.Events[p.From], s.Events[p.To]})
		}
	}
	return pairs
}

// Failed returns the assertion that fails in this execution, if one does.
func (x *Execution) Failed() (*ir.Instr, bool) {
	if _, a := x.failedAssertion(); a != nil {
		return a.Instr, true
	}
	return nil, false
}

// failedAssertion is Failed with the thread.
func (x *Execution) failedAssertion() (t int, a *thread.Assertion) {
	s := x.state
	for t, p := range s.Paths {
		for i := range p.Asserts {
			if v, ok := s.Eval(t, p.Asserts[i].Val); ok && v == 0 {
				return t, &p.Asserts[i]
			}
		}
	}
	return 0, nil
}

// Graph returns the execution as something to keep and to draw, with the check
// that it violates, if Config.IgnoreChecks let it through.
func (x *Execution) Graph() *graph.Execution {
	s := x.state
	g := &graph.Execution{Name: s.Prog.Name, Threads: len(s.Prog.Threads)}
	for c := range s.Prog.Cells {
		g.Locs = append(g.Locs, s.Prog.Cells[c].Name)
	}
	for e, ev := range s.Events {
		g.Events = append(g.Events, *ev)
		g.Values = append(g.Values, x.valueText(e))
		g.RF = append(g.RF, s.RF(e))
	}
	for c := range s.Prog.Cells {
		g.CO = append(g.CO, s.Line(c))
	}
	clone := func(list []graph.Edge) []graph.Edge { return append([]graph.Edge(nil), list...) }
	g.Addr, g.Data, g.Ctrl = clone(s.Rel.Addr), clone(s.Rel.Data), clone(s.Rel.Ctrl)
	g.RMW = append(clone(s.Rel.RMW), s.Rel.LockRM...)
	g.Violated, g.Cycle = s.Machine.Violation()
	if g.Violated == "" {
		g.Flagged = s.Machine.Flagged()
	}
	return g
}

// valueText words the value of event e.
func (x *Execution) valueText(e int) string {
	s := x.state
	ev := s.Events[e]
	v, known := s.Known(e)
	switch {
	case ev.Kind != graph.Read && ev.Kind != graph.Write, s.Prog.Cells[ev.Loc].Lock:
		return ""
	case !known:
		return "?"
	case v == ir.Poison:
		return "freed"
	}
	if v >= ir.AddrBase {
		if c := v - ir.AddrBase; c < int64(len(s.Prog.Cells)) && s.Prog.Cells[c].Name != "" {
			return "&" + s.Prog.VariableAt(int(c))
		}
		return fmt.Sprintf("%#x", v)
	}
	return strconv.FormatInt(v, 10)
}
