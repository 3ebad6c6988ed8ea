package rel

// reach bounds what each node can hold from above, by the events at which its
// pairs can start and end. A node that cannot hold anything is dropped, with
// all that is built on it: in a test without RCU nothing of a model's RCU part
// is left.
type reach struct {
	from, to []uint64 // one row a node; of a set, from is the set itself
	loaded   *Structure
}

func (m *Machine) fromOf(i int32) row { return m.from[int(i)*m.w : int(i+1)*m.w] }
func (m *Machine) toOf(i int32) row   { return m.to[int(i)*m.w : int(i+1)*m.w] }

// visitChecks evaluates what po decides and bounds the rest, as far as a check
// needs it.
func (m *Machine) visitChecks(s *Structure) {
	nodes := len(m.c.nodes)
	for i := range m.info {
		m.info[i] = nodeInfo{rep: int32(i)}
	}
	m.from = resized(m.from, nodes*m.w)
	m.to = resized(m.to, nodes*m.w)
	m.stat.reset(nodes)
	m.baseSets(s)
	m.loaded = s
	for k := range m.c.checks {
		if ch := &m.c.checks[k]; !m.skip[k] {
			m.visit(ch.node)
			if ch.plus >= 0 {
				m.visit(ch.plus)
			}
		}
	}
	m.visit(m.c.rf)
	m.visit(m.c.co)
}

// resized returns n words, all zero.
func resized(mem []uint64, n int) []uint64 {
	if cap(mem) < n {
		return make([]uint64, n)
	}
	clear(mem[:n])
	return mem[:n]
}

// visit reports whether node i may be other than empty. It does not look at
// the right side of what is empty for its left side alone: data races cost
// nothing where there are no plain accesses.
func (m *Machine) visit(i int32) bool {
	f, n := &m.info[i], &m.c.nodes[i]
	switch {
	case f.seen:
		return f.active
	case n.group >= 0:
		m.visitGroup(n.group)
		return f.active
	}
	f.seen = true
	switch n.op {
	case iSeq, iInter, iCross:
		if !m.visit(n.args[0]) || !m.visit(n.args[1]) {
			return false
		}
	case iDiff:
		if !m.visit(n.args[0]) {
			return false
		}
		m.visit(n.args[1])
	default:
		for _, a := range n.args {
			m.visit(a)
		}
	}
	if f.static = !m.changes(n, -1); f.static {
		m.evaluate(i)
	} else {
		m.bound(i)
	}
	return m.setActive(i)
}

// live reports whether node i can gain pairs.
func (m *Machine) live(i int32) bool { return !m.info[i].static && m.info[i].active }

// changes reports whether rf and co can change n in the structure at hand, by
// arguments that are not of the given group.
func (m *Machine) changes(n *node, group int32) bool {
	switch n.op {
	case iRF, iCO, iFinal, iSame:
		return true
	}
	for _, a := range n.args {
		if (group < 0 || m.c.nodes[a].group != group) && m.live(a) {
			return true
		}
	}
	return false
}

// evaluate computes node i, which rf and co do not change.
func (m *Machine) evaluate(i int32) {
	n := &m.c.nodes[i]
	if n.op != iBase {
		m.stat.alloc(i, m.size(i))
		m.exec(i, m.static, m.static(i))
	} else if !n.isSet {
		m.stat.alloc(i, m.size(i))
		m.baseRel(n.name, m.static(i), m.loaded)
	}
	m.exactBound(i, m.fromOf(i), m.toOf(i))
}

// visitGroup is visit for all that a recursive definition is made of.
func (m *Machine) visitGroup(gi int32) {
	g := &m.c.groups[gi]
	changes := false
	for _, list := range [][]int32{g.vars, g.inner} {
		for _, i := range list {
			m.info[i].seen = true
		}
	}
	for _, list := range [][]int32{g.vars, g.inner} {
		for _, i := range list {
			for _, a := range m.c.nodes[i].args {
				m.visit(a)
			}
			changes = changes || m.changes(&m.c.nodes[i], gi)
		}
	}
	if changes {
		m.boundGroup(g)
		return
	}
	for _, list := range [][]int32{g.vars, g.inner} {
		for _, i := range list {
			m.info[i].static = true
			m.stat.alloc(i, m.size(i))
		}
	}
	m.execGroup(g, m.static)
	for _, list := range [][]int32{g.vars, g.inner} {
		for _, i := range list {
			m.exactBound(i, m.fromOf(i), m.toOf(i))
			m.setActive(i)
		}
	}
}

// boundGroup bounds the nodes of a recursive definition, from empty upwards.
func (m *Machine) boundGroup(g *group) {
	for changed := true; changed; {
		changed = false
		for _, i := range g.inner {
			m.bound(i)
			m.setActive(i)
		}
		for _, v := range g.vars {
			body := m.c.nodes[v].args[0]
			if !equal(m.fromOf(v), m.fromOf(body)) || !equal(m.toOf(v), m.toOf(body)) {
				changed = true
				copy(m.fromOf(v), m.fromOf(body))
				copy(m.toOf(v), m.toOf(body))
			}
		}
	}
	for _, v := range g.vars {
		m.setActive(v)
	}
}

func (m *Machine) setActive(i int32) bool {
	f := &m.info[i]
	f.active = !empty(m.fromOf(i)) && (m.c.nodes[i].isSet || !empty(m.toOf(i)))
	return f.active
}

// bound computes from and to of node i, which rf and co can change, from those of
// its arguments.
func (m *Machine) bound(i int32) {
	n := &m.c.nodes[i]
	from, to := m.fromOf(i), m.toOf(i)
	a, b := n.operands()
	switch n.op {
	case iRF:
		copy(from, m.writers)
		copy(to, m.readers)
	case iCO:
		copy(from, m.writers)
		copy(to, m.writers)
	case iFinal, iSame, iCompl:
		copy(from, m.all)
		copy(to, m.all)
	case iUnion:
		for _, x := range n.args {
			orInto(from, m.fromOf(x))
			orInto(to, m.toOf(x))
		}
	case iInter:
		and(from, m.fromOf(a), m.fromOf(b))
		and(to, m.toOf(a), m.toOf(b))
	case iDiff, iPlus, iVar:
		copy(from, m.fromOf(a))
		copy(to, m.toOf(a))
	case iSeq:
		if disjoint(m.toOf(a), m.fromOf(b)) {
			clear(from)
			clear(to)
			break
		}
		copy(from, m.fromOf(a))
		copy(to, m.toOf(b))
	case iInverse:
		copy(from, m.toOf(a))
		copy(to, m.fromOf(a))
	case iOpt:
		copy(from, m.all)
		copy(to, m.all)
	case iIdent:
		copy(from, m.fromOf(a))
		copy(to, m.fromOf(a))
	case iCross:
		copy(from, m.fromOf(a))
		copy(to, m.fromOf(b))
	case iDomain:
		copy(from, m.fromOf(a))
	case iRange:
		copy(from, m.toOf(a))
	}
	if !n.isSet && (empty(from) || empty(to)) {
		clear(from)
		clear(to)
	}
}

func and(dst, a, b row) {
	for k := range dst {
		dst[k] = a[k] & b[k]
	}
}

func (m *Machine) exactBound(i int32, from, to row) {
	x := m.static(i)
	if m.c.nodes[i].isSet {
		copy(from, x)
		return
	}
	if m.w == 1 {
		for e, r := range x {
			if r != 0 {
				from[0] |= 1 << (e & 63)
				to[0] |= r
			}
		}
		return
	}
	for e := range m.n {
		if r := m.row(x, e); !empty(r) {
			set(from, e)
			orInto(to, r)
		}
	}
}

// findLate marks what grows and shrinks with rf and co: the right side of a
// difference, a complement, and all that is built on them.
func (m *Machine) findLate() {
	for i := range m.info {
		m.info[i].late = false
	}
	late := func(i int32) bool {
		n, f := &m.c.nodes[i], &m.info[i]
		if f.static || !f.active {
			return false
		}
		switch n.op {
		case iFinal, iSame, iCompl:
			return true
		case iDiff:
			if b := &m.info[n.args[1]]; !b.static && b.active {
				return true
			}
		}
		for _, a := range n.args {
			if m.info[a].late {
				return true
			}
		}
		return false
	}
	for _, st := range m.c.schedule {
		if st.group < 0 {
			m.info[st.node].late = late(st.node)
			continue
		}
		g := &m.c.groups[st.group]
		for changed := true; changed; {
			changed = false
			for _, list := range [][]int32{g.inner, g.vars} {
				for _, i := range list {
					if !m.info[i].late && late(i) {
						m.info[i].late, changed = true, true
					}
				}
			}
		}
	}
}
