package rel

import "crosscall/memmodel/graph"

// label splits pairs of a derived relation into steps that have names in the
// model: rf, co, fr, a dependency, a fence.
func (m *Machine) label(i int32, pairs []graph.Edge) []graph.LabelledEdge {
	var out []graph.LabelledEdge
	for _, p := range pairs {
		x := explainer{Machine: m, busy: map[claim]bool{}, patience: 100_000}
		steps, ok := x.explain(claim{i, p.From, p.To})
		if !ok {
			steps = x.step(claim{i, p.From, p.To})
		}
		out = append(out, steps...)
	}
	return out
}

// A claim is that a pair is in a node.
type claim struct {
	node     int32
	from, to int
}

// An explainer looks for the reasons of a claim. In a recursive definition the
// reasons of a pair can lead back to it (v = order | v;v), so the explainer
// takes no reason that depends on a claim that it is explaining.
type explainer struct {
	*Machine
	busy     map[claim]bool
	patience int // how many claims it may still look at
}

func (x *explainer) in(node int32, from, to int) bool {
	return has(x.row(x.value(node), from), to)
}

// step returns a claim itself as a step.
func (x *explainer) step(c claim) []graph.LabelledEdge {
	name := x.c.nodes[c.node].label
	if name == "" {
		name = "?"
	}
	return []graph.LabelledEdge{{Edge: graph.Edge{From: c.from, To: c.to}, Label: name}}
}

// explain returns the steps that make c true, or false if it finds none.
func (x *explainer) explain(c claim) ([]graph.LabelledEdge, bool) {
	n := &x.c.nodes[c.node]
	if x.patience--; x.patience < 0 || x.isName(c.node) {
		return x.step(c), true
	}
	if x.busy[c] {
		return nil, false
	}
	x.busy[c] = true
	defer delete(x.busy, c)
	switch n.op {
	case iUnion:
		return x.explainUnion(c)
	case iInter:
		a, b := n.operands()
		if x.info[a].static && !x.info[b].static {
			a = b // the side that gives the reason; the other only restricts the pairs
		}
		return x.explain(claim{a, c.from, c.to})
	case iDiff, iVar:
		return x.explain(claim{n.args[0], c.from, c.to})
	case iSeq:
		return x.explainSeq(c)
	case iOpt:
		if x.in(n.args[0], c.from, c.to) {
			return x.explain(claim{n.args[0], c.from, c.to})
		}
		return nil, c.from == c.to
	case iIdent:
		return nil, true
	case iPlus:
		var out []graph.LabelledEdge
		for _, p := range x.path(x.value(n.args[0]), c.from, c.to) {
			steps, ok := x.explain(claim{n.args[0], p.From, p.To})
			if !ok {
				return nil, false
			}
			out = append(out, steps...)
		}
		return out, true
	}
	return x.step(c), true
}

// isName reports whether the name of node i says enough to a reader: the node
// is made of po and fences and is no union of such, or it is a form of rf, co
// or fr.
func (m *Machine) isName(i int32) bool {
	n := &m.c.nodes[i]
	return m.isNamedComm(i) || m.info[i].static && n.label != "" && n.op != iUnion
}

func (x *explainer) explainUnion(c claim) ([]graph.LabelledEdge, bool) {
	n := &x.c.nodes[c.node]
	for _, a := range n.args {
		if !x.in(a, c.from, c.to) {
			continue
		}
		if x.info[c.node].static && n.label != "" && x.c.nodes[a].label == "" {
			return x.step(c), true // the parts have no names of their own
		}
		if steps, ok := x.explain(claim{a, c.from, c.to}); ok {
			return steps, true
		}
	}
	return nil, false
}

func (x *explainer) explainSeq(c claim) ([]graph.LabelledEdge, bool) {
	a, b := x.c.nodes[c.node].operands()
	for via := range x.n {
		if !x.in(a, c.from, via) || !x.in(b, via, c.to) {
			continue
		}
		first, ok := x.explain(claim{a, c.from, via})
		if !ok {
			continue
		}
		if second, ok := x.explain(claim{b, via, c.to}); ok {
			return append(first, second...), true
		}
	}
	return nil, false
}

// isNamedComm reports whether i is rfe, fri and their like: a name that says
// more than its parts.
func (m *Machine) isNamedComm(i int32) bool {
	switch m.c.nodes[i].label {
	case "rfe", "rfi", "coe", "coi", "fre", "fri", "fr":
		return true
	}
	return false
}

// path is a shortest path in x, of one pair at least, found breadth first; nil
// if there is none.
func (m *Machine) path(x []uint64, from, to int) []graph.Edge {
	parent := make([]int, m.n)
	for k := range parent {
		parent[k] = -1
	}
	queue := []int{from}
	for len(queue) > 0 && parent[to] < 0 {
		e := queue[0]
		queue = queue[1:]
		each(m.row(x, e), func(next int) bool {
			if parent[next] < 0 {
				parent[next] = e
				queue = append(queue, next)
			}
			return true
		})
	}
	if parent[to] < 0 {
		return nil
	}
	var out []graph.Edge
	for e := to; ; e = parent[e] {
		out = append([]graph.Edge{{From: parent[e], To: e}}, out...)
		if parent[e] == from {
			return out
		}
	}
}
