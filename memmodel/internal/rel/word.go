package rel

import "math/bits"

// This is pass, with the functions that it calls, for structures of at most 64
// events, whose rows are one word. Nearly all structures are such.

func (m *Machine) emitWord(out int32, i int, d uint64) {
	nd := &m.dn[out]
	if nd.forwards {
		if d != 0 {
			for e := range nd.edges {
				m.alongWord(&nd.edges[e], i, d)
			}
		}
		return
	}
	at := nd.off + i
	old := m.inc[at]
	d &^= old
	if nd.within >= 0 {
		d &^= m.inc[nd.within+i]
	}
	if d == 0 {
		return
	}
	if len(m.marks) > 0 {
		m.trail = append(m.trail, change{uint32(at), out, old})
	}
	m.inc[at] = old | d
	if nd.empty || nd.irreflexive && d>>(i&63)&1 != 0 {
		m.failed = true
	}
	if nd.tr >= 0 {
		bit := uint64(1) << (i & 63)
		for x := d; x != 0; x &= x - 1 {
			m.inc[nd.tr+bits.TrailingZeros64(x)] |= bit
		}
	}
	if len(nd.edges) == 0 {
		return
	}
	m.dmem[nd.delta+i] |= d
	m.rmem[nd.rows] |= 1 << (i & 63)
	m.waiting[out>>6] |= 1 << (out & 63)
}

func (m *Machine) passWord(nd *deltaNode) {
	x := m.rmem[nd.rows]
	m.rmem[nd.rows] = 0
	for ; x != 0; x &= x - 1 {
		i := bits.TrailingZeros64(x)
		d := m.dmem[nd.delta+i]
		m.dmem[nd.delta+i] = 0
		for e := range nd.edges {
			m.alongWord(&nd.edges[e], i, d)
		}
	}
}

func (m *Machine) alongWord(e *edge, i int, d uint64) {
	switch e.kind {
	case copyRow:
		m.emitWord(e.out, i, d)
	case andRow:
		m.emitWord(e.out, i, d&e.x[i])
	case andNotRow:
		m.emitWord(e.out, i, d&^e.x[i])
	case andSet:
		m.emitWord(e.out, i, d&e.x[0])
	case ifInSet:
		if e.x[0]>>(i&63)&1 != 0 {
			m.emitWord(e.out, i, d)
		}
	case seqLeft:
		var src uint64
		for ; d != 0; d &= d - 1 {
			src |= e.x[bits.TrailingZeros64(d)]
		}
		m.emitWord(e.out, i, src)
	case crossRows:
		if y := e.x[i]; y != 0 {
			for ; d != 0; d &= d - 1 {
				m.emitWord(e.out, bits.TrailingZeros64(d), y)
			}
		}
	case seqRight, spread:
		for x := e.x[i]; x != 0; x &= x - 1 {
			m.emitWord(e.out, bits.TrailingZeros64(x), d)
		}
	case closeOver:
		m.closeWord(e.out, i, d)
	case meetRow:
		m.failed = m.failed || d&e.x[i] != 0
	case backTo:
		m.failed = m.failed || m.leadsBackWord(&m.cyclics[e.out], i, d)
	case firstSide, secondSide, thirdSide:
		m.failed = m.failed || m.closesTriangleWord(e, i, d)
	default:
		m.acc[0] = d
		m.alongRare(e, i, m.acc[:1])
	}
}

func (m *Machine) closeWord(out int32, i int, d uint64) {
	nd := &m.dn[out]
	if d &^= m.inc[nd.off+i]; d == 0 {
		return
	}
	for x := d; x != 0; {
		r := m.inc[nd.off+bits.TrailingZeros64(x)] // closed: its elements add no more
		x &= x - 1
		x &^= r
		d |= r
	}
	m.emitWord(out, i, d)
	for x := m.inc[nd.tr+i]; x != 0; x &= x - 1 {
		m.emitWord(out, bits.TrailingZeros64(x), d)
	}
}

func (m *Machine) closesTriangleWord(e *edge, i int, d uint64) bool {
	t := &m.triangles[e.out]
	a, b, c := t.a, t.b, t.c
	switch e.kind {
	case firstSide:
		from := t.cBack[i]
		for ; d != 0 && from != 0; d &= d - 1 {
			if b[bits.TrailingZeros64(d)]&from != 0 {
				return true
			}
		}
	case secondSide:
		for ; d != 0; d &= d - 1 {
			for x := c[bits.TrailingZeros64(d)]; x != 0; x &= x - 1 {
				if a[bits.TrailingZeros64(x)]>>(i&63)&1 != 0 {
					return true
				}
			}
		}
	default:
		to := t.bBack[i]
		for ; d != 0 && to != 0; d &= d - 1 {
			if a[bits.TrailingZeros64(d)]&to != 0 {
				return true
			}
		}
	}
	return false
}
