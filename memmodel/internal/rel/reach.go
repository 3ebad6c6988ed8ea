package rel

// reach is an upper bound for each node: the events at which its pairs can
// start and end. A node that can have no pair is dropped, and so are nodes that
// then are empty. In a test without RCU, nothing of a model's RCU part is left.
type reach struct {
	from, to []uint64 // one row a node; of a set, from is the set itself
	left     []int32  // how many uses of each static node are still to come
	frees    bool     // a matrix that is not to be used any more is freed
}

func (m *Machine) fromOf(i int32) row { return m.from[int(i)*m.w : int(i+1)*m.w] }
func (m *Machine) toOf(i int32) row   { return m.to[int(i)*m.w : int(i+1)*m.w] }

// evaluate computes, in the order of the schedule, the nodes that rf and co do
// not change, and the bounds of all nodes.
func (m *Machine) evaluate(s *Structure) {
	size := len(m.c.nodes) * m.w
	if cap(m.from) < size {
		m.from, m.to = make([]uint64, size), make([]uint64, size)
	}
	m.from, m.to = m.from[:size], m.to[:size]
	clear(m.from)
	clear(m.to)
	m.stat.reset(len(m.c.nodes), m.n*m.w)
	copy(m.info, m.c.blank)
	m.bases(s)
	m.of = m.shape()
	if m.frees = m.w > 1 && !m.loose; m.frees { // a picture shows what everything is made of
		m.left = append(m.left[:0], m.of.uses...)
	}
	for _, st := range m.of.schedule {
		if st.group < 0 {
			m.evaluateNode(st.node)
		} else {
			m.evaluateGroup(&m.c.groups[st.group], st.group)
		}
	}
}

// live reports whether node a can gain pairs.
func (m *Machine) live(a int32) bool { return !m.info[a].static && m.info[a].active }

func (m *Machine) evaluateNode(i int32) {
	n, f := &m.c.nodes[i], &m.info[i]
	f.static = false
	switch n.op {
	case iRF, iCO, iFinal, iSame, iLinear:
		m.bound(i)
		f.static = !f.active
		return
	}
	for _, a := range n.args {
		if m.live(a) {
			m.bound(i)
			f.static = !f.active
			return
		}
	}
	f.static = true
	if m.vacuous(n) {
		return
	}
	at := len(m.stat.mem)
	m.stat.alloc(i, m.size(i))
	m.exec(i, m.static, m.static(i))
	if m.exactBound(i); !f.active {
		if at < len(m.stat.mem) {
			m.stat.off[i], m.stat.mem = -1, m.stat.mem[:at]
		} else {
			m.stat.drop(i)
		}
	}
	m.freeUsed(n.args)
}

// freeUsed counts a use of each node, and frees the matrices of those of which it was the last use.
// Uses by nodes that change, by recursive nodes and by checks are not counted: their operands are
// never freed.
func (m *Machine) freeUsed(nodes []int32) {
	if !m.frees {
		return
	}
	for _, a := range nodes {
		if m.left[a]--; m.left[a] == 0 && m.stat.off[a] >= 0 && !m.c.nodes[a].isSet {
			m.stat.drop(a)
		}
	}
}

// vacuous reports whether n is empty because its arguments are.
func (m *Machine) vacuous(n *node) bool {
	switch n.op {
	case iEmpty:
		return true
	case iCompl, iOpt:
		return false
	case iUnion:
		for _, a := range n.args {
			if m.info[a].active {
				return false
			}
		}
		return true
	case iSeq:
		return disjoint(m.toOf(n.args[0]), m.fromOf(n.args[1]))
	case iInter, iCross:
		return !m.info[n.args[0]].active || !m.info[n.args[1]].active
	}
	return !m.info[n.args[0]].active
}

func (m *Machine) evaluateGroup(g *group, gi int32) {
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
	active, live := false, false
	for _, i := range g.all {
		m.setActive(i)
		active = active || m.info[i].active
		for _, a := range m.c.nodes[i].args {
			live = live || m.c.nodes[a].group != gi && m.live(a)
		}
	}
	for _, i := range g.all {
		m.info[i].static = !live || !active
		if active && !live {
			m.stat.alloc(i, m.size(i))
		}
	}
	if !active || live {
		return
	}
	m.execGroup(g, m.static)
	for _, i := range g.all {
		m.exactBound(i)
	}
}

func (m *Machine) setActive(i int32) {
	m.info[i].active = !empty(m.fromOf(i)) && (m.c.nodes[i].isSet || !empty(m.toOf(i)))
}

// bound computes from and to of node i from those of its arguments.
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
	case iFinal, iSame, iLinear, iCompl:
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

func (m *Machine) exactBound(i int32) {
	from, to := m.fromOf(i), m.toOf(i)
	x := m.static(i)
	if m.c.nodes[i].isSet {
		copy(from, x)
		m.setActive(i)
		return
	}
	if m.w == 1 {
		var starts, ends uint64
		for e, r := range x {
			if r != 0 {
				starts |= 1 << (e & 63)
				ends |= r
			}
		}
		from[0], to[0] = starts, ends
		m.info[i].active = ends != 0
		return
	}
	clear(from)
	clear(to)
	for e := range m.n {
		if r := m.row(x, e); !empty(r) {
			set(from, e)
			orInto(to, r)
		}
	}
	m.setActive(i)
}

// findLate marks the nodes that may lose pairs when rf and co grow: differences
// by their right side, complements, and all nodes that depend on them.
func (m *Machine) findLate() {
	late := func(i int32) bool {
		n, f := &m.c.nodes[i], &m.info[i]
		if f.static || !f.active {
			return false
		}
		switch n.op {
		case iFinal, iSame, iLinear, iCompl:
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
	for _, st := range m.of.schedule {
		if st.group < 0 {
			m.info[st.node].late = late(st.node)
			continue
		}
		g := &m.c.groups[st.group]
		for changed := true; changed; {
			changed = false
			for _, i := range g.all {
				if !m.info[i].late && late(i) {
					m.info[i].late, changed = true, true
				}
			}
		}
	}
}
