package csource

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A part of a word is a member of a union that another, larger one contains, such as the
// byte that says that a qspinlock is taken. The word is the memory; a part is read with
// it, and written by an atomic operation on it that leaves the rest as it is.
//
// Claim: each execution that is found is one of the program on a machine that writes a
// byte by a read-modify-write of its word. A real machine may have more: threads may see
// writes to two bytes of a word in different orders, but the writes to the word have one
// order here. So the result of a program that writes parts has the flag mixed-size.
const mixedFlag = "mixed-size"

// partAt finds the word that contains a scalar of type t at offset off of a record, and
// the scalar's bits in it. b is nil if the scalar is no part of a word.
func partAt(record *ctype, off int64, t *ctype) (b *bitfield, word int64) {
	if !record.mixed || !t.scalar() {
		return nil, 0
	}
	for _, l := range record.leaves {
		if l.off <= off && off+t.size <= l.off+l.t.size && l.t.size > t.size {
			return &bitfield{unit: l.t, shift: 8 * (off - l.off), width: 8 * t.size, signed: t.signed, part: t}, l.off
		}
	}
	return nil, 0
}

// asPart turns the place of a part of a word into the word's place and the part's bits.
func (e *expr) asPart() {
	root, off := e, int64(0)
	for root.kind == memberExpr {
		off += root.k
		root = root.x
	}
	b, word := partAt(root.t, off, e.t)
	if b == nil {
		return
	}
	e.bits = b
	e.k -= off - word
	for _, l := range root.t.leaves {
		if l.off == word {
			e.member = l.key
		}
	}
}

// partElement is the element, at an offset, of an array that is part of a word; nil if
// the array is no part of a word.
func (c *front) partElement(array, off *expr, t *ctype, at graph.Pos) *expr {
	if array.kind != addrExpr || array.x.kind != memberExpr {
		return nil
	}
	e := &expr{kind: memberExpr, at: at, t: t, x: array.x, k: off.k}
	if e.asPart(); e.bits == nil {
		return nil
	}
	if off.kind != constExpr {
		fail(at, "the index of an array that is part of a word has to be constant")
	}
	return e
}

// contain merges leaves of a union of which one contains the others into that one. It
// returns false if l overlaps another leaf in a way that cannot be merged.
func (y *typist) contain(c *ctype, l leaf) bool {
	end := l.off + l.t.size
	within := func(o leaf) bool { return l.off <= o.off && o.off+o.t.size <= end && !o.lock && !o.bits }
	around := func(o leaf) bool {
		return o.off <= l.off && end <= o.off+o.t.size && !l.lock && !l.bits && !o.lock && !o.bits
	}
	overlaps := func(o leaf) bool { return o.off < end && l.off < o.off+o.t.size }
	tie := func(o leaf) {
		if o.key != l.key {
			y.unions = append(y.unions, [2]string{o.key, l.key})
		}
	}
	// A pointer beside integers does not contain them: kfifo has one for its type alone.
	if l.t.kind == pointerType && slices.ContainsFunc(c.leaves, within) {
		return true
	}
	c.leaves = slices.DeleteFunc(c.leaves, func(o leaf) bool { return o.t.kind == pointerType && around(o) })
	if !slices.ContainsFunc(c.leaves, overlaps) {
		c.leaves = append(c.leaves, l)
		return true
	}
	if i := slices.IndexFunc(c.leaves, around); i >= 0 {
		tie(c.leaves[i])
		c.mixed = true
		return true
	}
	for _, o := range c.leaves {
		if overlaps(o) && !within(o) {
			return false
		}
	}
	c.leaves = slices.DeleteFunc(c.leaves, func(o leaf) bool {
		if overlaps(o) {
			tie(o)
		}
		return overlaps(o)
	})
	c.leaves, c.mixed = append(c.leaves, l), true
	return true
}

// partOf is the part of a word whose address an operand is; nil if it is the address of no
// part.
func partOf(a *expr) *bitfield {
	if a.kind == addrExpr && a.x.bits != nil {
		return a.x.bits
	}
	return nil
}

// partPrimitive makes a use of an entry of the table on a part of a word.
func (m *memory) partPrimitive(b *bitfield, name string, args []*ir.Expr, class string) (*ir.Expr, bool) {
	from := len(m.code.th.Instr)
	v, ok := m.primitive(name, args, b.unit, class)
	m.space.mixed = true
	code := slices.Clone(m.code.th.Instr[from:])
	m.code.th.Instr = m.code.th.Instr[:from]
	place := make([]int, len(code)+1)
	word := m.code.temp()
	for i, in := range code {
		place[i] = len(m.code.th.Instr)
		switch {
		case in.Op == ir.Do && in.Addr != nil && in.Kind == graph.Read:
			m.readPart(b, in, word)
		case in.Op == ir.Do && in.Addr != nil && in.Kind == graph.Write:
			m.writePart(b, in, word)
		default:
			m.code.th.Instr = append(m.code.th.Instr, in)
		}
	}
	place[len(code)] = len(m.code.th.Instr)
	for i := from; i < len(m.code.th.Instr); i++ {
		switch in := &m.code.th.Instr[i]; in.Op {
		case ir.Branch, ir.Jump, ir.Fork:
			in.Target = place[in.Target-from]
			if in.Op == ir.Branch && in.Join > 0 {
				in.Join = place[in.Join-from]
			}
		}
	}
	return v, ok
}

// readPart turns the read of a part into a read of its word.
func (m *memory) readPart(b *bitfield, in ir.Instr, word ir.Reg) {
	part := in.Dst
	in.Dst = word
	m.code.th.Instr = append(m.code.th.Instr, in)
	if part != ir.NoReg {
		m.code.emit(ir.Instr{Op: ir.Assign, Dst: part, Val: b.of(loaded(word, b.unit)).e})
	}
}

// writePart turns the write of a part into an atomic operation on its word. If it is the
// write half of such an operation already, word is the value that the operation has read.
func (m *memory) writePart(b *bitfield, in ir.Instr, word ir.Reg) {
	if !in.RMW {
		read := in
		read.Kind, read.Tags, read.Dst, read.Val = graph.Read, m.silentRead(), word, nil
		m.code.th.Instr = append(m.code.th.Instr, read)
	}
	in.RMW = true
	in.Val = b.in(loaded(word, b.unit), value{e: in.Val, lo: -1 << 63, hi: 1<<63 - 1}).e
	m.code.th.Instr = append(m.code.th.Instr, in)
}

// silentRead has the tags of the read of an atomic operation that returns nothing.
func (m *memory) silentRead() []string {
	const name = "atomic_or"
	if _, _, ok := m.macros.Params(name); !ok {
		return nil
	}
	return m.tagsIn(name, graph.Read, known(0).e, known(ir.AddrBase).e)
}

// tagsIn are the tags of the first event of a kind that a use of a primitive makes.
func (m *memory) tagsIn(name string, k graph.Kind, args ...*ir.Expr) []string {
	scratch := ir.Thread{}
	p := &ir.Program{Cells: []ir.Cell{{Name: "scratch"}}}
	_, err := m.macros.Lower(p, &scratch, primitive.Use{Name: name, Args: args, Pos: m.code.at, Text: m.code.text})
	must(err, m.code.at)
	for _, in := range scratch.Instr {
		if in.Op == ir.Do && in.Kind == k {
			return in.Tags
		}
	}
	return nil
}
