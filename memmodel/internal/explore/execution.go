package explore

import (
	"fmt"
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// An Execution is what Run calls its caller with. It is valid during the call
// only.
type Execution struct {
	s     *search
	flags []string
}

// Value returns what o is at the end of the execution. The second result is
// false if no value is determined (a value that comes out of thin air).
func (x *Execution) Value(o ir.Obs) (int64, bool) { return x.s.observe(o) }

// Flags returns the names of the model's flags that the execution raises, in
// the model's order. It is valid until the next call of Run's function.
func (x *Execution) Flags() []string { return x.flags }

// Failed returns the assertion that fails in this execution, if one does.
func (x *Execution) Failed() (*ir.Instr, bool) {
	s := x.s
	for t, p := range s.paths {
		for _, a := range p.Asserts {
			if v, ok := s.values.eval(p, s.st.base[t], a.Val); ok && v == 0 {
				return a.Instr, true
			}
		}
	}
	return nil, false
}

// Graph returns the execution as something to keep and to draw, with the check
// that it violates, if Config.IgnoreChecks let it through.
func (x *Execution) Graph() *graph.Execution {
	s := x.s
	g := &graph.Execution{Name: s.prog.Name, Threads: len(s.prog.Threads)}
	for c := range s.prog.Cells {
		g.Locs = append(g.Locs, s.prog.Cells[c].Name)
	}
	for e, ev := range s.st.events {
		g.Events = append(g.Events, *ev)
		g.Values = append(g.Values, s.valueText(e))
		g.RF = append(g.RF, s.order.rf[e])
	}
	for c := range s.prog.Cells {
		g.CO = append(g.CO, s.line(c))
	}
	clone := func(list []graph.Edge) []graph.Edge { return append([]graph.Edge(nil), list...) }
	g.Addr, g.Data, g.Ctrl = clone(s.st.rel.Addr), clone(s.st.rel.Data), clone(s.st.rel.Ctrl)
	g.RMW = append(clone(s.st.rel.RMW), s.st.rel.LockRM...)
	g.Violated, g.Cycle = s.machine.Violation()
	if g.Violated == "" {
		g.Flagged = s.machine.Flagged()
	}
	return g
}

// line returns the writes of a cell in coherence order.
func (s *search) line(cell int) []int {
	list := append([]int(nil), s.st.writes[cell]...)
	for i := range list {
		for j := i; j > 0 && s.order.has(list[j], list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// valueOf returns what event e reads or writes, if it does and that is known.
func (s *search) valueOf(e int) (int64, bool) {
	k := s.st.events[e].Kind
	if k == graph.Fence {
		return s.endValue(e)
	}
	return s.val[e], s.known[e] && (k == graph.Read || k == graph.Write)
}

// valueText words the value of event e.
func (s *search) valueText(e int) string {
	ev := s.st.events[e]
	switch {
	case ev.Kind != graph.Read && ev.Kind != graph.Write, s.prog.Cells[ev.Loc].Lock:
		return ""
	case !s.known[e]:
		return "?"
	}
	if v := s.val[e]; v >= ir.AddrBase {
		if c := v - ir.AddrBase; c < int64(len(s.prog.Cells)) && s.prog.Cells[c].Name != "" {
			return "&" + s.prog.Cells[c].Name
		}
		return fmt.Sprintf("%#x", v)
	}
	return strconv.FormatInt(s.val[e], 10)
}
