package rel

// reach bounds what each node can hold from above, by the events at which its
// pairs can start and end. A node that cannot hold anything is dropped, with
// all that is built on it: in a test without RCU nothing of a model's RCU part
// is left.
type reach struct {
	from, to []uint64 // one row a node; of a set, from is the set itself
}

func (m *Machine) fromOf(i int32) row { return m.from[int(i)*m.w : int(i+1)*m.w] }
func (m *Machine) toOf(i int32) row   { return m.to[int(i)*m.w : int(i+1)*m.w] }

func (m *Machine) findActive() {
	size := len(m.c.nodes) * m.w
	if cap(m.from) < size {
		m.from, m.to = make([]uint64, size), make([]uint64, size)
	}
	m.from, m.to = m.from[:size], m.to[:size]
	clear(m.from)
	clear(m.to)
	for _, st := range m.c.schedule {
		if st.group < 0 {
			m.bound(st.node)
			continue
		}
		g := &m.c.groups[st.group]
		for changed := true; changed; {
			changed = false
			for _, i := range g.inner {
				m.bound(i)
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
}

func (m *Machine) setActive(i int32) {
	m.info[i].active = !empty(m.fromOf(i)) && (m.c.nodes[i].isSet || !empty(m.toOf(i)))
}

// bound computes from and to of node i from those of its arguments.
func (m *Machine) bound(i int32) {
	n := &m.c.nodes[i]
	from, to := m.fromOf(i), m.toOf(i)
	if m.info[i].static {
		m.exactBound(i, from, to)
		m.setActive(i)
		return
	}
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
	m.setActive(i)
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
