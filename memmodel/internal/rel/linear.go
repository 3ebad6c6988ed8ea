package rel

import "slices"

// A Linear node is an order that the model chooses. An execution is consistent if for one
// choice all checks hold. So the checks that depend on it are evaluated when rf and co are
// complete, for one order after the other. There can be as many orders as permutations.

// completeLinear is Complete for a plan with orders to choose. k is the next of the steps.
func (m *Machine) completeLinear(k int) bool {
	for ; k < len(m.lateSteps); k++ {
		st := m.lateSteps[k]
		if st.group < 0 && m.c.nodes[st.node].op == iLinear {
			return m.someOrder(st.node, func() bool { return m.completeLinear(k + 1) })
		}
		m.compute(m.lateSteps[k : k+1])
	}
	return !slices.ContainsFunc(m.late, m.violated)
}

// someOrder gives node i the orders of its set that contain its relation, until ok is true
// for one.
func (m *Machine) someOrder(i int32, ok func() bool) bool {
	n := &m.c.nodes[i]
	before, alike, order := m.value(n.args[1]), m.value(n.args[2]), m.value(i)
	left, placed := slices.Clone(m.value(n.args[0])), make(row, m.w)
	follows := func(e int) bool { // another event has to come before e
		found := false
		each(left, func(x int) bool {
			found = has(m.row(before, x), e)
			return !found
		})
		return found
	}
	var place func() bool
	place = func() bool {
		if empty(left) {
			return ok()
		}
		if m.Stopped != nil && m.Stopped() {
			return false
		}
		for e := range m.n {
			if !has(left, e) || follows(e) {
				continue
			}
			next := make(row, m.w)
			and(next, left, m.row(alike, e))
			if firstOf(next) < e {
				continue // its place has been tried
			}
			each(placed, func(x int) bool { orInto(m.row(order, x), next); return true })
			move(left, placed, next)
			if place() {
				return true
			}
			move(placed, left, next)
			each(placed, func(x int) bool { without(m.row(order, x), next); return true })
		}
		return false
	}
	clear(order)
	return place()
}

func firstOf(events row) int {
	first := -1
	each(events, func(e int) bool { first = e; return false })
	return first
}

// move takes events from one set into another.
func move(from, to, events row) {
	without(from, events)
	orInto(to, events)
}
