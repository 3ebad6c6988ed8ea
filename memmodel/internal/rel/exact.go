package rel

import "math/bits"

// exec computes node i in full from its arguments, which at finds, into out.
// Rows are w words; a set is one row, a relation n.
func (m *Machine) exec(i int32, at func(int32) []uint64, out []uint64) {
	n := &m.c.nodes[i]
	var a, b []uint64
	if len(n.args) > 0 {
		a = at(n.args[0])
	}
	if len(n.args) > 1 {
		b = at(n.args[1])
	}
	switch n.op {
	case iEmpty:
		clear(out)
	case iUnion:
		copy(out, a)
		for _, x := range n.args[1:] {
			orInto(out, at(x))
		}
	case iInter:
		for k := range out {
			out[k] = a[k] & b[k]
		}
	case iDiff:
		for k := range out {
			out[k] = a[k] &^ b[k]
		}
	case iCompl:
		for k := range out {
			out[k] = m.all[k%m.w] &^ a[k]
		}
	case iSeq:
		switch {
		case m.c.nodes[n.args[0]].op == iIdent:
			m.rowsOf(at(m.c.nodes[n.args[0]].args[0]), b, out)
		case m.c.nodes[n.args[1]].op == iIdent:
			m.columnsOf(a, at(m.c.nodes[n.args[1]].args[0]), out)
		default:
			m.seq(a, b, out)
		}
	case iInverse:
		m.transpose(a, out)
	case iPlus:
		m.closure(a, out)
	case iOpt:
		copy(out, a)
		for e := range m.n {
			set(m.row(out, e), e)
		}
	case iIdent:
		clear(out)
		each(a, func(e int) bool { set(m.row(out, e), e); return true })
	case iCross:
		clear(out)
		each(a, func(e int) bool { copy(m.row(out, e), b); return true })
	case iDomain:
		clear(out)
		for e := range m.n {
			if !empty(m.row(a, e)) {
				set(out, e)
			}
		}
	case iRange:
		clear(out)
		for e := range m.n {
			orInto(out, m.row(a, e))
		}
	case iVar:
		copy(out, a)
	}
}

// rowsOf is [of] ; b, which is frequent in models.
func (m *Machine) rowsOf(of, b, out []uint64) {
	clear(out)
	each(of, func(e int) bool { copy(m.row(out, e), m.row(b, e)); return true })
}

// columnsOf is a ; [of].
func (m *Machine) columnsOf(a, of, out []uint64) {
	for k := range out {
		out[k] = a[k] & of[k%m.w]
	}
}

func (m *Machine) row(matrix []uint64, e int) row { return matrix[e*m.w : (e+1)*m.w] }

func (m *Machine) seq(a, b, out []uint64) {
	if m.w == 1 {
		for e, x := range a[:m.n] {
			var to uint64
			for ; x != 0; x &= x - 1 {
				to |= b[bits.TrailingZeros64(x)]
			}
			out[e] = to
		}
		return
	}
	clear(out)
	for e := range m.n {
		to := m.row(out, e)
		for k, x := range m.row(a, e) {
			for ; x != 0; x &= x - 1 {
				orInto(to, m.row(b, k<<6+bits.TrailingZeros64(x)))
			}
		}
	}
}

func (m *Machine) transpose(a, out []uint64) {
	clear(out)
	if m.w > 1 {
		m.transposeBlocks(a, out)
		return
	}
	for e, x := range a[:m.n] {
		for ; x != 0; x &= x - 1 {
			out[bits.TrailingZeros64(x)] |= 1 << (e & 63)
		}
	}
}

// transposeBlocks transposes blocks of 64 rows and one word, one by one.
func (m *Machine) transposeBlocks(a, out []uint64) {
	var block [64]uint64
	for from := 0; from < m.n; from += 64 {
		rows := min(64, m.n-from)
		for k := range m.w {
			var any uint64
			for e := range rows {
				block[e] = a[(from+e)*m.w+k]
				any |= block[e]
			}
			if any == 0 {
				continue
			}
			clear(block[rows:])
			turn(&block)
			for ; any != 0; any &= any - 1 {
				to := bits.TrailingZeros64(any)
				out[(k<<6+to)*m.w+from>>6] = block[to]
			}
		}
	}
}

// turn transposes a square of bits: it exchanges two quarters, and then those of each quarter.
func turn(block *[64]uint64) {
	mask := uint64(1)<<32 - 1
	for size := 32; size > 0; size >>= 1 {
		for k := 0; k < 64; k = (k + size + 1) &^ size {
			x := (block[k]>>size ^ block[k+size]) & mask
			block[k] ^= x << size
			block[k+size] ^= x
		}
		mask ^= mask << (size >> 1)
	}
}

// closure is Warshall's algorithm.
func (m *Machine) closure(a, out []uint64) {
	copy(out, a)
	for via := range m.n {
		r := m.row(out, via)
		if empty(r) {
			continue
		}
		for e := range m.n {
			if to := m.row(out, e); has(to, via) {
				orInto(to, r)
			}
		}
	}
}

// execGroup computes the fixed point of a group: all variables start empty, and
// all take the values of their bodies at the same time. For definitions that
// are monotone this is the least fixed point; for those that are not (the
// matching of rcu_read_lock and rcu_read_unlock in linux-kernel.bell) it is what
// herd computes.
func (m *Machine) execGroup(g *group, at func(int32) []uint64) {
	for _, v := range g.vars {
		clear(at(v))
	}
	// A definition that only grows adds a pair to some variable in each round.
	for range len(g.vars)*m.n*m.n + 2 {
		for _, i := range g.inner {
			m.exec(i, at, at(i))
		}
		stable := true
		for k, v := range g.vars {
			if to, from := at(v), at(g.bodies[k]); !equal(to, from) {
				stable = false
				copy(to, from)
			}
		}
		if stable {
			return
		}
	}
	m.diverged = g
}

// holds reports whether relation or set x is as kind asks, without Negated.
func (m *Machine) holds(kind CheckKind, isSet bool, x []uint64) bool {
	switch {
	case kind == Empty:
		return empty(x)
	case isSet:
		return true
	}
	if kind == Acyclic {
		m.closure(x, m.scratch)
		x = m.scratch
	}
	for e := range m.n {
		if has(m.row(x, e), e) {
			return false
		}
	}
	return true
}
