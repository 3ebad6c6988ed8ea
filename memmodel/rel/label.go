package rel

import "crosscall/memmodel/graph"

// label breaks pairs of a derived relation down into the steps that a reader
// of the model knows by name: rf, co, fr, a dependency, a fence.
func (m *Machine) label(i int32, pairs []graph.Edge) []graph.LabelledEdge {
	var out []graph.LabelledEdge
	for _, p := range pairs {
		out = m.explain(out, i, p.From, p.To, 0)
	}
	return out
}

// explain appends the steps that make (from, to) a pair of node i. depth cuts
// definitions that are recursive.
func (m *Machine) explain(out []graph.LabelledEdge, i int32, from, to, depth int) []graph.LabelledEdge {
	n := &m.c.nodes[i]
	step := func() []graph.LabelledEdge {
		name := n.label
		if name == "" {
			name = "?"
		}
		return append(out, graph.LabelledEdge{Edge: graph.Edge{From: from, To: to}, Label: name})
	}
	if m.info[i].static && n.label != "" && n.op != iUnion || depth > 60 {
		return step()
	}
	in := func(a int32, x, y int) bool { return has(m.row(m.value(a), x), y) }
	switch n.op {
	case iUnion:
		for _, a := range n.args {
			if in(a, from, to) {
				return m.explain(out, a, from, to, depth+1)
			}
		}
	case iInter:
		a, b := n.args[0], n.args[1]
		if m.info[a].static && !m.info[b].static {
			a, b = b, a
		}
		if m.isNamedComm(i) {
			return step()
		}
		return m.explain(out, a, from, to, depth+1)
	case iDiff, iVar:
		return m.explain(out, n.args[0], from, to, depth+1)
	case iSeq:
		if m.isNamedComm(i) {
			return step()
		}
		for via := range m.n {
			if in(n.args[0], from, via) && in(n.args[1], via, to) {
				out = m.explain(out, n.args[0], from, via, depth+1)
				return m.explain(out, n.args[1], via, to, depth+1)
			}
		}
	case iOpt:
		if in(n.args[0], from, to) {
			return m.explain(out, n.args[0], from, to, depth+1)
		}
		return out // the identity
	case iIdent:
		return out
	case iPlus:
		for _, p := range m.path(n.args[0], from, to) {
			out = m.explain(out, n.args[0], p.From, p.To, depth+1)
		}
		return out
	}
	return step()
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

// path is a shortest path in relation i.
func (m *Machine) path(i int32, from, to int) []graph.Edge {
	x := m.value(i)
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
