package rel

import (
	"math/bits"
	"slices"

	"crosscall/memmodel/graph"
)

// leaf is the part of a machine that evaluates complete executions: checks that
// are not monotone, and flags.
type leaf struct {
	late      []int32 // checks that only a complete execution decides
	flags     []int32 // flags that depend on rf and co
	always    []int32 // flags that hold for all rf and co
	lateSteps []step
	flagSteps []step
	found     []string
	inLate    []bool // nodes in lateSteps
	wanted    []bool
}

// planLeaf finds out which nodes have to be computed for a complete execution.
func (m *Machine) planLeaf() {
	m.exact.reset(len(m.c.nodes), m.n*m.w)
	m.late, m.flags, m.always = m.late[:0], m.flags[:0], m.always[:0]
	for k := range m.c.checks {
		ch := &m.c.checks[k]
		f := &m.info[ch.node]
		switch {
		case m.skip[k]:
		case f.static:
			if ch.Flag && m.holds(ch.Kind, m.c.nodes[ch.node].isSet, m.value(ch.node)) != ch.Negated {
				m.always = append(m.always, int32(k))
			}
			if !ch.Flag && m.loose { // otherwise Load has evaluated it
				m.late = append(m.late, int32(k))
			}
		case ch.Flag:
			m.flags = append(m.flags, int32(k))
		case f.late || ch.Negated || m.loose:
			m.late = append(m.late, int32(k))
		}
	}
	m.inLate = append(m.inLate[:0], make([]bool, len(m.c.nodes))...)
	m.lateSteps = m.steps(m.lateSteps[:0], m.late)
	copy(m.inLate, m.wanted)
	m.flagSteps = m.steps(m.flagSteps[:0], m.flags)
}

// steps returns the steps that compute the nodes of the given checks, in order.
func (m *Machine) steps(list []step, checks []int32) []step {
	m.wanted = append(m.wanted[:0], make([]bool, len(m.c.nodes))...)
	var want func(i int32)
	wantGroup := func(gi int32) {
		g := &m.c.groups[gi]
		for _, i := range g.all {
			m.wanted[i] = true
		}
		for _, nodes := range [][]int32{g.inner, g.bodies} {
			for _, i := range nodes {
				m.c.operandsOf(i, want)
			}
		}
	}
	want = func(i int32) {
		f := &m.info[i]
		if f.kept && !f.late {
			m.dn[f.rep].read = true
			return
		}
		if m.wanted[i] || m.inLate[i] || f.static {
			return
		}
		m.wanted[i] = true
		if gi := m.c.nodes[i].group; gi >= 0 {
			wantGroup(gi)
			return
		}
		m.c.operandsOf(i, want)
	}
	for _, k := range checks {
		want(m.c.checks[k].node)
	}
	for _, st := range m.of.schedule {
		switch {
		case st.node >= 0 && m.wanted[st.node]:
			m.exact.alloc(st.node, m.size(st.node))
			list = append(list, st)
		case st.group >= 0 && m.wanted[m.c.groups[st.group].vars[0]]:
			g := &m.c.groups[st.group]
			for _, i := range g.all {
				m.exact.alloc(i, m.size(i))
			}
			list = append(list, st)
		}
	}
	return list
}

// operandsOf calls f with the nodes that exec may look at to compute node i.
func (c *Compiled) operandsOf(i int32, f func(int32)) {
	for _, a := range c.nodes[i].args {
		f(a)
		if c.nodes[i].op == iSeq && c.nodes[a].op == iIdent {
			f(c.nodes[a].args[0]) // it takes the rows or columns of this set
		}
	}
}

// value is the exact value of node i in the present complete execution.
func (m *Machine) value(i int32) []uint64 {
	f := &m.info[i]
	switch {
	case f.static:
		return m.static(i)
	case m.exact.off[i] >= 0:
		at := m.exact.off[i]
		return m.exact.mem[at : int(at)+m.size(i)]
	}
	return m.lower(i)
}

func (m *Machine) compute(list []step) {
	for _, st := range list {
		if st.group >= 0 {
			m.execGroup(&m.c.groups[st.group], m.value)
			continue
		}
		out := m.value(st.node)
		switch m.c.nodes[st.node].op {
		case iFinal:
			m.final(out)
		case iSame:
			m.sameValue(out)
		case iInverse:
			m.inverse(m.c.nodes[st.node].args[0], out)
		default:
			m.exec(st.node, m.value, out)
		}
	}
}

// inverse is the inverse of node i. delta may have it as a transpose.
func (m *Machine) inverse(i int32, out []uint64) {
	if f := &m.info[i]; !f.static && m.exact.off[i] < 0 && m.dn[f.rep].tr >= 0 {
		copy(out, m.transposed(i))
		return
	}
	m.transpose(m.value(i), out)
}

// final is the set FW: the writes to observed cells after which no other comes
// in co.
func (m *Machine) final(out row) {
	co := m.lower(m.c.co)
	clear(out)
	each(m.finals, func(e int) bool {
		if empty(m.row(co, e)) {
			set(out, e)
		}
		return true
	})
}

// sameValue relates the events that read or write one value.
func (m *Machine) sameValue(out []uint64) {
	clear(out)
	for a := range m.n {
		x, ok := m.Value(a)
		if !ok {
			continue
		}
		for b := range m.n {
			if y, ok := m.Value(b); ok && x == y {
				set(m.row(out, b), a)
			}
		}
	}
}

// Complete reports whether an execution whose rf and co are complete passes the
// checks that could not be evaluated earlier. On a loose machine it returns
// true. Settle must have been called.
func (m *Machine) Complete() bool {
	if m.c.chooses {
		return m.completeLinear(0) || m.loose
	}
	m.compute(m.lateSteps)
	for _, k := range m.late {
		if !m.loose && m.violated(k) {
			return false
		}
	}
	return true
}

func (m *Machine) violated(k int32) bool {
	ch := &m.c.checks[k]
	return m.holds(ch.Kind, m.c.nodes[ch.node].isSet, m.value(ch.node)) == ch.Negated
}

// Flags returns the names of the flags that a complete execution raises, each
// once. Complete must have been called. The result is valid until the next
// call.
func (m *Machine) Flags() []string {
	m.compute(m.flagSteps)
	m.found = m.found[:0]
	for k := range m.c.checks {
		ch := &m.c.checks[k]
		if ch.Flag && m.raised(int32(k)) && !slices.Contains(m.found, ch.Name) {
			m.found = append(m.found, ch.Name)
		}
	}
	return m.found
}

// Flagged returns the pairs for which flags are raised. A pair and its inverse
// are listed once. Flags must have been called.
func (m *Machine) Flagged() []graph.LabelledEdge {
	var out []graph.LabelledEdge
	for k := range m.c.checks {
		ch := &m.c.checks[k]
		if !ch.Flag || ch.Kind != Empty || !ch.Negated || m.c.nodes[ch.node].isSet || !m.raised(int32(k)) {
			continue
		}
		x := m.value(ch.node)
		for e := range m.n {
			each(m.row(x, e), func(to int) bool {
				if to >= e || !has(m.row(x, to), e) {
					out = append(out, graph.LabelledEdge{Edge: graph.Edge{From: e, To: to}, Label: ch.Name})
				}
				return true
			})
		}
	}
	return out
}

func (m *Machine) raised(k int32) bool {
	if slices.Contains(m.always, k) {
		return true
	}
	ch := &m.c.checks[k]
	return slices.Contains(m.flags, k) &&
		m.holds(ch.Kind, m.c.nodes[ch.node].isSet, m.value(ch.node)) != ch.Negated
}

// Violation returns the name of the first check that the complete execution
// fails, and the edges that show it: the shortest cycle of the relation that
// must have none, or the pairs of the one that must be empty. The machine must
// have been made by NewLoose, and Complete must have been called.
func (m *Machine) Violation() (name string, why []graph.LabelledEdge) {
	for _, k := range m.late {
		if !m.violated(k) {
			continue
		}
		ch := &m.c.checks[k]
		if ch.Negated || m.c.nodes[ch.node].isSet {
			return ch.Name, nil
		}
		return ch.Name, m.label(ch.node, m.evidence(ch))
	}
	return "", nil
}

func (m *Machine) evidence(ch *check) []graph.Edge {
	x := m.value(ch.node)
	switch ch.Kind {
	case Acyclic:
		return m.shortestCycle(x)
	case Irreflexive:
		for e := range m.n {
			if has(m.row(x, e), e) {
				return []graph.Edge{{From: e, To: e}}
			}
		}
	}
	for e := range m.n {
		for k, r := range m.row(x, e) {
			if r != 0 {
				return []graph.Edge{{From: e, To: k<<6 + bits.TrailingZeros64(r)}}
			}
		}
	}
	return nil
}

// shortestCycle returns a shortest cycle of x.
func (m *Machine) shortestCycle(x []uint64) []graph.Edge {
	var best []graph.Edge
	for start := range m.n {
		if cycle := m.path(x, start, start); cycle != nil && (best == nil || len(cycle) < len(best)) {
			best = cycle
		}
	}
	return best
}
