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
// To search costs a step for each event that can be reached. A closure would have most of the
// pairs of these events, and all of them would have to be removed again.

// A cyclic is a relation that must have no cycle: the union of parts.
type cyclic struct {
	plus  int32 // its closure
	nodes []int32
	parts [][]uint64
}

func (x *cyclic) connect(m *Machine) {
	for _, i := range x.nodes {
		x.parts = append(x.parts, m.lower(i))
	}
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
		p.edge(i, edge{backTo, at, -1, nil})
	})
	p.cyclics = append(p.cyclics, x)
}

// leadsBack reports whether relation number k leads from d, the ends of new pairs from i, back to i.
func (m *Machine) leadsBack(k int32, i int, d []uint64) bool {
	x := &m.cyclics[k]
	w := m.w
	if w == 1 {
		return m.leadsBackWord(x, i, d[0])
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
