package oracle

import (
	"fmt"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// An Outcome is an execution that a model allows, in a form to be compared.
type Outcome struct {
	Final   string   // registers and memory; see FinalOf
	Key     string   // events, dependencies, rf and co; see Key
	Flags   []string // of the model, in its order
	Failed  string   // the text of the first assertion that fails, thread by thread; empty if none does
	ThinAir bool     // values depend on themselves
}

// Executions returns the executions of p that m allows, in no particular
// order, or ErrTooBig if p has more than limit candidates.
func Executions(p *ir.Program, m *rel.Plan, bound, limit int) ([]Outcome, error) {
	cs, err := Candidates(p, bound, limit)
	if err != nil {
		return nil, err
	}
	var out []Outcome
	for _, c := range cs {
		if o, ok := c.Judge(m); ok {
			out = append(out, o)
		}
	}
	return out, nil
}

// Judge returns c as an outcome, and false if m rules it out. There are no
// flags then.
func (c *Candidate) Judge(m *rel.Plan) (Outcome, bool) {
	e := newEvaluator(m, c)
	o := Outcome{Final: c.Final(), Key: Key(c.X), Failed: c.failed, ThinAir: ThinAir(c.X)}
	for _, k := range m.Checks {
		if !k.Flag && !e.check(k) {
			return o, false
		}
	}
	for _, k := range m.Checks {
		if k.Flag && e.check(k) {
			o.Flags = append(o.Flags, k.Name)
		}
	}
	return o, true
}

// Key writes x down so that two executions of one program are the same if and
// only if their keys are: the events of each thread in program order, without
// their values, then the relations. An event is named by its thread and its
// place in it, 1.0 for the first of thread 1; the initial write of x is x.
func Key(x *graph.Execution) string {
	names := eventNames(x)
	var b strings.Builder
	for i, e := range x.Events {
		if e.Thread != graph.InitThread {
			fmt.Fprintf(&b, "%s:%d%v", names[i], e.Kind, e.Tags)
			if e.Loc != graph.NoLoc {
				b.WriteString(x.Locs[e.Loc])
			}
			b.WriteByte(' ')
		}
	}
	for _, r := range []struct {
		name  string
		edges []graph.Edge
	}{{"addr", x.Addr}, {"data", x.Data}, {"ctrl", x.Ctrl}, {"rmw", x.RMW}, {"rf", rf(x)}, {"co", co(x)}} {
		var list []string
		for _, e := range r.edges {
			list = append(list, names[e.From]+">"+names[e.To])
		}
		slices.Sort(list)
		fmt.Fprintf(&b, "\n %s %s", r.name, strings.Join(list, " "))
	}
	return b.String()
}

func eventNames(x *graph.Execution) []string {
	names := make([]string, len(x.Events))
	next := make([]int, x.Threads)
	for i, e := range x.Events {
		if e.Thread == graph.InitThread {
			names[i] = x.Locs[e.Loc]
			continue
		}
		names[i] = fmt.Sprintf("%d.%d", e.Thread, next[e.Thread])
		next[e.Thread]++
	}
	return names
}

func rf(x *graph.Execution) []graph.Edge {
	var edges []graph.Edge
	for r, w := range x.RF {
		if w >= 0 {
			edges = append(edges, graph.Edge{From: w, To: r})
		}
	}
	return edges
}

// co is the coherence order as its steps from each write to the next.
func co(x *graph.Execution) []graph.Edge {
	var edges []graph.Edge
	for _, order := range x.CO {
		for i := 1; i < len(order); i++ {
			edges = append(edges, graph.Edge{From: order[i-1], To: order[i]})
		}
	}
	return edges
}
