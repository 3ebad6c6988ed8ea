package rel

// A shape is the part of a plan that is needed for all structures in which the
// same base sets and relations are empty. For a model such as the kernel's it is
// small: without plain accesses the part on races is not needed, and without
// fences of RCU the part on RCU.
type shape struct {
	schedule []step
	uses     []int32 // by node: how often it is an argument in the schedule, or that of a check
	// exact: the relations of all checks that a growing machine leaves out are
	// empty.
	exact bool
}

// maxShapes bounds the number of shapes that a machine caches. The tests of the
// kernel's tree have some thirty.
const maxShapes = 1000

// A shapeKey has a bit for each base set or relation that is not empty.
type shapeKey [4]uint64

// shape returns the shape of the structure whose bases are filled in.
func (m *Machine) shape() *shape {
	var key shapeKey
	for k, i := range m.c.bases {
		if m.info[i].active {
			key[k>>6&3] |= 1 << (k & 63)
		}
	}
	if s, ok := m.shapes[key]; ok {
		return s
	}
	if len(m.shapes) >= maxShapes {
		clear(m.shapes)
	}
	some := m.c.inhabited(func(i int32) bool { return m.info[i].active })
	s := &shape{schedule: m.needed(some), exact: true}
	s.uses = m.uses(s.schedule)
	for _, k := range m.skipped {
		ch := &m.c.checks[k]
		s.exact = s.exact && !ch.Negated && !some[ch.node]
	}
	if len(m.c.bases) <= 64*len(key) {
		m.shapes[key] = s
	}
	return s
}

// inhabited finds the nodes that may have pairs, if base says which base sets
// and relations may.
func (c *Compiled) inhabited(base func(i int32) bool) []bool {
	some := make([]bool, len(c.nodes))
	visit := func(i int32) bool {
		n := &c.nodes[i]
		switch n.op {
		case iBase:
			some[i] = base(i)
		case iEmpty:
		case iRF, iCO, iFinal, iSame, iLinear, iCompl, iOpt:
			some[i] = true
		case iUnion:
			for _, a := range n.args {
				some[i] = some[i] || some[a]
			}
		case iInter, iSeq, iCross:
			some[i] = some[n.args[0]] && some[n.args[1]]
		default:
			some[i] = some[n.args[0]]
		}
		return some[i]
	}
	for _, st := range c.schedule {
		if st.group < 0 {
			visit(st.node)
			continue
		}
		g := &c.groups[st.group]
		for changed := true; changed; {
			changed = false
			for _, i := range g.inner {
				visit(i)
			}
			for _, v := range g.vars {
				was := some[v]
				changed = visit(v) != was || changed
			}
		}
	}
	return some
}

// uses counts the arguments of the nodes of a schedule.
func (m *Machine) uses(schedule []step) []int32 {
	n := make([]int32, len(m.c.nodes))
	count := func(nodes []int32) {
		for _, i := range nodes {
			for _, a := range m.c.nodes[i].args {
				n[a]++
			}
		}
	}
	for _, st := range schedule {
		if st.group >= 0 {
			count(m.c.groups[st.group].all)
			for _, i := range m.c.groups[st.group].all {
				n[i]++
			}
		} else {
			count([]int32{st.node})
		}
	}
	for k := range m.c.checks {
		n[m.c.checks[k].node]++
	}
	return n
}

// needed is the part of the schedule that the checks need.
func (m *Machine) needed(some []bool) []step {
	need := make([]bool, len(m.c.nodes))
	groups := make([]bool, len(m.c.groups))
	var visit func(i int32)
	visit = func(i int32) {
		if need[i] || !some[i] {
			return
		}
		need[i] = true
		n := &m.c.nodes[i]
		if n.group >= 0 && !groups[n.group] {
			groups[n.group] = true
			g := &m.c.groups[n.group]
			for _, x := range g.all {
				visit(x)
			}
		}
		for _, a := range n.args {
			visit(a)
		}
	}
	visit(m.c.rf)
	visit(m.c.co)
	for k := range m.c.checks {
		if ch := &m.c.checks[k]; !m.skip[k] {
			visit(ch.node)
			if ch.plus >= 0 {
				visit(ch.plus)
			}
		}
	}
	var list []step
	for _, st := range m.c.schedule {
		if st.group >= 0 && groups[st.group] || st.node >= 0 && need[st.node] && m.c.nodes[st.node].op != iBase {
			list = append(list, st)
		}
	}
	return list
}
