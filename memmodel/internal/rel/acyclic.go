package rel

import (
	"math/bits"
	"slices"
)

// That a relation has no cycle can be checked without its transitive closure.
//
// Claim: a relation to which pairs are added has a cycle if and only if it had one before, or if
// from the end of a new pair its beginning can be reached. Proof: a cycle that was not there
// before has a new pair, and leads from the end of it back to its beginning. All pairs that
// are added together are there when each of them is looked at. Smallest execution: with sb | rf,
// two threads that each read what the other one writes later.
//
// Claim: if all pairs that were there before lead forward in some order of the events, the search from
// the end of a new pair (i, j) need not look at events that are behind i in that order. If it finds no
// cycle, the events that it has looked at may be moved, in their order, to directly behind i: then
// the new pair leads forward, too. Proof: a way back to i that passes an event behind i has a pair
// that leads backward. Only pairs that are just being added lead backward, and the search from the last
// of these finds the way. As to the order: a pair that starts at an event that was moved ends at one that
// was moved, or behind i; one that ends there has become longer. The removal of pairs changes
// nothing. Smallest execution: a thread that reads what it has written. The pair leads forward in
// program order, and nothing is looked at.
//
// To search costs a step for each event that can be reached. A closure would have most of the
// pairs of these events, and all of them would have to be removed again.

// A cyclic is a relation that must have no cycle: the union of parts.
type cyclic struct {
	plus  int32 // its closure
	nodes []int32
	parts [][]uint64
	// forward: at is the place of each event in an order in which pairs lead forward, and order
	// has the events in it. Not of structures of one word, where to search takes no time.
	forward   bool
	at, order []int32
	shifted   bool    // order is not that of the structure
	moved     []int32 // scratch memory of shift
}

func (x *cyclic) connect(m *Machine) {
	for _, i := range x.nodes {
		x.parts = append(x.parts, m.lower(i))
	}
	x.forward, x.shifted = m.w > 1, false
	for k, i := range x.nodes {
		x.forward = x.forward && (!m.info[i].static || m.leadsForward(x.parts[k]))
	}
	if !x.forward {
		return
	}
	x.at, x.order = make([]int32, m.n), make([]int32, m.n)
	for e := range x.order {
		x.at[e], x.order[e] = int32(e), int32(e)
	}
}

// leadsForward reports whether all pairs of a matrix lead to a later event of the structure.
func (m *Machine) leadsForward(matrix []uint64) bool {
	for e := range m.n {
		if r := m.row(matrix, e); leadsUpTo(r, e) {
			return false
		}
	}
	return true
}

// leadsUpTo reports whether r has one of the events 0 to i.
func leadsUpTo(r row, i int) bool {
	for k := range i >> 6 {
		if r[k] != 0 {
			return true
		}
	}
	return r[i>>6]<<(63-i&63) != 0
}

// acyclic plans a check that a relation is acyclic. If its closure is kept in any case, that tells.
func (p *planner) acyclic(ch *check) {
	if p.c.nodes[ch.plus].op != iPlus || p.done[ch.plus] || p.c.nodes[ch.node].isSet {
		p.demand(ch.plus, Irreflexive)
		return
	}
	if slices.ContainsFunc(p.cyclics, func(x cyclic) bool { return x.plus == ch.plus }) {
		return
	}
	at, x := int32(len(p.cyclics)), cyclic{plus: ch.plus}
	p.parts(p.c.nodes[ch.plus].args[0], func(i int32) {
		if !p.info[i].active {
			return
		}
		p.keepLive(i)
		x.nodes = append(x.nodes, i)
		p.edge(i, edge{kind: backTo, out: at, other: -1})
	})
	p.cyclics = append(p.cyclics, x)
}

// leadsBack reports whether relation number k leads from d, the ends of new pairs from i, back to i.
func (m *Machine) leadsBack(k int32, i int, d []uint64) bool {
	x := &m.cyclics[k]
	w := m.w
	switch {
	case w == 1:
		return m.leadsBackWord(x, i, d[0])
	case x.forward:
		return m.leadsBehind(x, i, d)
	}
	reached, open := m.added[:w], m.src[:w]
	copy(reached, d)
	copy(open, d)
	for at := 0; at < w; {
		if open[at] == 0 {
			at++
			continue
		}
		j := at<<6 + bits.TrailingZeros64(open[at])
		open[at] &= open[at] - 1
		for _, part := range x.parts {
			for l, y := range part[j*w : (j+1)*w] {
				if y &^= reached[l]; y != 0 {
					reached[l] |= y
					open[l] |= y
					at = min(at, l)
				}
			}
		}
	}
	return has(reached, i)
}

// leadsBehind is leadsBack of a relation that has an order. It changes the order, if needed.
func (m *Machine) leadsBehind(x *cyclic, i int, d []uint64) bool {
	if !x.shifted && !leadsUpTo(d, i) {
		return false
	}
	w, end := m.w, x.at[i]
	first := end
	reached, open := m.added[:w], m.src[:w]
	clear(reached)
	clear(open)
	look := func(l int, y uint64) { // at events that are bits of word l
		reached[l] |= y
		for ; y != 0; y &= y - 1 {
			e := l<<6 + bits.TrailingZeros64(y)
			if x.at[e] > end {
				reached[l] &^= y & -y
				continue
			}
			open[l] |= y & -y
			first = min(first, x.at[e])
		}
	}
	for l, y := range d {
		look(l, y)
	}
	for at := 0; at < w && !has(reached, i); {
		if open[at] == 0 {
			at++
			continue
		}
		j := at<<6 + bits.TrailingZeros64(open[at])
		open[at] &= open[at] - 1
		for _, part := range x.parts {
			for l, y := range part[j*w : (j+1)*w] {
				if y &^= reached[l]; y != 0 {
					look(l, y)
					at = min(at, l)
				}
			}
		}
	}
	if has(reached, i) {
		return true
	}
	if first < end {
		x.shift(first, end, reached)
	}
	return false
}

// shift moves events behind the place end; the first of them is at first.
func (x *cyclic) shift(first, end int32, events row) {
	x.shifted = true
	moved := x.moved[:0]
	to := first
	for _, e := range x.order[first : end+1] {
		if has(events, int(e)) {
			moved = append(moved, e)
			continue
		}
		x.order[to] = e
		to++
	}
	copy(x.order[to:], moved)
	x.moved = moved
	for k := first; k <= end; k++ {
		x.at[x.order[k]] = k
	}
}

// leadsBackWord is leadsBack for structures of at most 64 events.
func (m *Machine) leadsBackWord(x *cyclic, i int, d uint64) bool {
	reached := d
	for open := d; open != 0; {
		j := bits.TrailingZeros64(open)
		open &= open - 1
		for _, part := range x.parts {
			y := part[j] &^ reached
			reached |= y
			open |= y
		}
	}
	return reached>>(i&63)&1 != 0
}

// hasStaticCycle reports whether a relation that must have no cycle has one without rf and co.
func (m *Machine) hasStaticCycle() bool {
	for k := range m.cyclics {
		if m.cyclics[k].forward {
			continue
		}
		for j, i := range m.cyclics[k].nodes {
			for e := 0; e < m.n && m.info[i].static; e++ {
				if d := m.row(m.cyclics[k].parts[j], e); !empty(d) && m.leadsBack(int32(k), e, d) {
					return true
				}
			}
		}
	}
	return false
}
