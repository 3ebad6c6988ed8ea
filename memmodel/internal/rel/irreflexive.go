package rel

import "math/bits"

// A check that a ; b is irreflexive can be evaluated without a ; b.
//
// Claim: a ; b is irreflexive if and only if no pair (i, j) of a has (j, i) in b, and
// a ; (b ; c) if and only if no three pairs (i, j), (j, k), (k, i) are in a, b and c. If b
// is a union, each part is checked by itself. Proof: that is the definition of the
// sequence. So it is enough to check, for each new pair of one relation, whether the others
// have pairs that close the cycle: the pair that is added last finds the others present.
// Smallest execution: with hb ; fr, a read that happens after the write that overwrites its
// source. Whichever of the two pairs is added last finds the other.

// A triangle is three relations whose sequence must be irreflexive.
type triangle struct {
	nodes        [3]int32
	a, b, c      []uint64
	bBack, cBack []uint64 // transposes
	cSome        []uint64 // which rows of c are not empty, if there are several words
}

func (t *triangle) connect(m *Machine) {
	t.a, t.b, t.c = m.lower(t.nodes[0]), m.lower(t.nodes[1]), m.lower(t.nodes[2])
	if t.cSome = m.fromOf(t.nodes[2]); !m.info[t.nodes[2]].static && m.w > 1 {
		at := m.dn[m.info[t.nodes[2]].rep].some
		t.cSome = m.inc[at : at+m.w]
	}
	t.bBack, t.cBack = m.transposed(t.nodes[1]), m.transposed(t.nodes[2])
}

// meets plans a check that node i is irreflexive. It returns false if i is no sequence to
// which the claim applies.
func (p *planner) meets(i int32) bool {
	i = p.resolve(i)
	n := &p.c.nodes[i]
	if n.op != iSeq || n.group >= 0 || !p.live(i) || p.done[i] {
		return false
	}
	a, optA := p.unopt(n.args[0])
	b, optB := p.unopt(n.args[1])
	if optA || p.isIdent(a) || p.isIdent(b) || optB && !p.live(a) {
		return false
	}
	if !p.live(a) && p.hasStaticPart(b) {
		return false // no pair that is added closes a cycle of a with that part
	}
	p.keepLive(a)
	if optB {
		p.dn[p.info[a].rep].irreflexive = true
	}
	p.parts(b, func(x int32) { p.meetsPart(a, x) })
	return true
}

// hasStaticPart reports whether a part of b never changes.
func (p *planner) hasStaticPart(b int32) (has bool) {
	p.parts(b, func(x int32) { has = has || p.info[x].active && !p.live(x) })
	return has
}

func (p *planner) keepLive(i int32) {
	if p.live(i) {
		p.keep(i)
	}
}

// meetsPart plans a check that a ; x is irreflexive.
func (p *planner) meetsPart(a, x int32) {
	if !p.info[a].active || !p.info[x].active {
		return
	}
	if b, c, ok := p.split(x); ok {
		p.keepLive(b)
		p.keepLive(c)
		p.wantTranspose(b)
		p.wantTranspose(c)
		if p.live(c) {
			p.dn[p.info[c].rep].listed = true
		}
		t := int32(len(p.triangles))
		p.triangles = append(p.triangles, triangle{nodes: [3]int32{a, b, c}})
		p.edge(a, edge{kind: firstSide, out: t, other: -1})
		p.edge(b, edge{kind: secondSide, out: t, other: -1})
		p.edge(c, edge{kind: thirdSide, out: t, other: -1})
		return
	}
	p.keepLive(x)
	p.edge(a, edge{kind: meet, out: -1, other: x})
	p.edge(x, edge{kind: meet, out: -1, other: a})
}

// split returns b and c if x is b ; c and is not kept for another reason.
func (p *planner) split(x int32) (b, c int32, ok bool) {
	n := &p.c.nodes[x]
	if n.op != iSeq || n.group >= 0 || !p.live(x) || p.done[x] {
		return 0, 0, false
	}
	b, optB := p.unopt(n.args[0])
	c, optC := p.unopt(n.args[1])
	_, inverse := p.uninvert(b)
	ok = !optB && !optC && !inverse && !p.isIdent(b) && !p.isIdent(c) && p.info[b].active && p.info[c].active
	return b, c, ok
}

// closesTriangle reports whether a pair (i, j in d) that is new closes a triangle.
func (m *Machine) closesTriangle(e *edge, i int, d []uint64) bool {
	t := &m.triangles[e.out]
	found := false
	switch e.kind {
	case firstSide:
		if from := m.row(t.cBack, i); !empty(from) {
			each(d, func(j int) bool { found = !disjoint(m.row(t.b, j), from); return !found })
		}
	case secondSide:
		for l, y := range d {
			for y &= t.cSome[l]; y != 0 && !found; y &= y - 1 {
				k := l<<6 + bits.TrailingZeros64(y)
				each(m.row(t.c, k), func(j int) bool { found = has(m.row(t.a, j), i); return !found })
			}
		}
	default:
		if to := m.row(t.bBack, i); !empty(to) {
			each(d, func(j int) bool { found = !disjoint(m.row(t.a, j), to); return !found })
		}
	}
	return found
}
