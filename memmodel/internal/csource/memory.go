package csource

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A memory makes the accesses of one thread to memory, as the table of the model says.
type memory struct {
	macros *primitive.Macros
	prog   *ir.Program
	space  *space
	code   *code
	// hasMain is set for a program of C11, not of the kernel.
	hasMain bool
}

// allocEntry is in the tables of models that define happens-before. It is an event at
// which the life of a cell begins.
const allocEntry = "__alloc"

// begins makes the events at which the lives of n adjacent objects of type t begin.
func (m *memory) begins(p value, t *ctype, n int64) {
	if _, _, ok := m.macros.Params(allocEntry); !ok || !m.hasMain {
		return
	}
	for i := range n {
		for _, f := range t.leaves {
			m.primitive(allocEntry, []*ir.Expr{plus(p, i*t.size+f.off).e}, nil, "")
		}
	}
}

// A place is something that can be read or written.
type place struct {
	reg   ir.Reg // NoReg if in memory
	val   value  // neither register nor memory, but always this
	addr  value
	t     *ctype
	class string
	bits  *bitfield // nil if it is no bit-field
}

// primitive makes a use of an entry of the table. t is the type of the memory
// that it accesses, class the key of the member.
func (m *memory) primitive(name string, args []*ir.Expr, t *ctype, class string) (*ir.Expr, bool) {
	u := primitive.Use{Name: name, Args: args, Pos: m.code.at, Text: m.code.text}
	if t != nil && t.kind == intType && t.size < 8 {
		u.Wrap = func(e *ir.Expr) *ir.Expr {
			if v := (value{e: e, lo: -1 << 63, hi: 1<<63 - 1}); m.space.converted(t) {
				return m.space.held(v, t).e
			} else {
				return wrap(v, t).e
			}
		}
	}
	from := len(m.code.th.Instr)
	v, err := m.macros.Lower(m.prog, m.code.th, u)
	must(err, m.code.at)
	id := m.space.class(class)
	for i := from; i < len(m.code.th.Instr); i++ {
		if in := &m.code.th.Instr[i]; in.Op == ir.Do && in.Addr != nil {
			in.Class, in.Type = id, m.space.number(t)
		}
	}
	return v, v != nil
}

func (m *memory) load(p place) value {
	switch {
	case p.bits != nil:
		return p.bits.of(m.load(p.whole()))
	case p.val.e != nil:
		return p.val
	case p.reg != ir.NoReg:
		return loaded(p.reg, p.t)
	case !p.t.scalar():
		fail(m.code.at, "a value of type %s cannot be used here", p.t.name)
	}
	return m.space.seen(m.access(p), p.t)
}

// access reads a scalar in memory.
func (m *memory) access(p place) value {
	if m.once(p.t) {
		v, _ := m.primitive("READ_ONCE", []*ir.Expr{p.addr.e}, p.t, p.class)
		return of(v, p.t)
	}
	if p.t.atomic {
		v, _ := m.primitive("c11_load_seq_cst", []*ir.Expr{p.addr.e}, p.t, p.class)
		return of(v, p.t)
	}
	if _, _, ok := m.macros.Params("__plain_load"); ok {
		v, _ := m.primitive("__plain_load", []*ir.Expr{p.addr.e}, p.t, p.class)
		return of(v, p.t)
	}
	r := m.code.temp()
	m.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Dst: r, Addr: p.addr.e, Class: m.space.class(p.class), Type: m.space.number(p.t)})
	return loaded(r, p.t)
}

func (m *memory) store(p place, v value) {
	if p.bits != nil && p.bits.part != nil {
		m.storePart(p, v)
		return
	}
	if p.bits != nil {
		unit := p.whole()
		m.store(unit, p.bits.in(m.load(unit), v))
		return
	}
	if p.reg != ir.NoReg {
		m.code.set(p.reg, v)
		return
	}
	switch {
	case p.t.atomic:
		m.primitive("c11_store_seq_cst", []*ir.Expr{p.addr.e, m.space.held(v, p.t).e}, p.t, p.class)
		return
	case m.once(p.t):
		m.primitive("WRITE_ONCE", []*ir.Expr{p.addr.e, m.space.held(v, p.t).e}, p.t, p.class)
		return
	}
	m.plainStore(p, v)
}

// storePart writes part of a word.
func (m *memory) storePart(p place, v value) {
	name := "__plain_store"
	if m.once(p.bits.part) {
		name = "WRITE_ONCE"
	}
	if _, _, ok := m.macros.Params(name); !ok {
		name = "WRITE_ONCE"
	}
	m.partPrimitive(p.bits, name, []*ir.Expr{p.addr.e, v.e}, p.class)
}

// once reports whether an access is one by READ_ONCE or WRITE_ONCE. In the
// kernel that is the meaning of volatile. In C11 volatile means nothing to
// other threads.
func (m *memory) once(t *ctype) bool { return t.volatile && !m.hasMain }

func (m *memory) plainStore(p place, v value) {
	if p.reg != ir.NoReg {
		m.code.set(p.reg, v)
		return
	}
	if _, _, ok := m.macros.Params("__plain_store"); ok {
		m.primitive("__plain_store", []*ir.Expr{p.addr.e, m.space.held(v, p.t).e}, p.t, p.class)
		return
	}
	m.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Dst: ir.NoReg, Addr: p.addr.e, Val: m.space.held(v, p.t).e, Class: m.space.class(p.class), Type: m.space.number(p.t)})
}

// part is the place of a leaf of the variable at p.
func (p place) part(f leaf) place {
	class := f.key
	if class == "" {
		class = p.class
	}
	return place{reg: ir.NoReg, addr: plus(p.addr, f.off), t: f.t, class: class}
}

// plus adds bytes to an address.
func plus(v value, by int64) value {
	if by == 0 {
		return v
	}
	return operation(ir.Add, v, known(by), ulongT)
}

// copy copies a struct member by member, but for its locks: they are free from the start,
// and an assignment to the whole does not change that. A member without a value may be
// copied (C11, 6.2.6.1p6); the copy is 0 then.
func (m *memory) copy(to, from place) {
	for _, f := range to.t.leaves {
		if !f.lock {
			m.plainStore(to.part(f), m.copied(from.part(f)))
		}
	}
}

// copied is what is read of a place to be written elsewhere.
func (m *memory) copied(p place) value {
	at := len(m.code.th.Instr)
	v := m.load(p)
	for i := at; i < len(m.code.th.Instr); i++ {
		m.code.th.Instr[i].Copies = true
	}
	return v
}

// accessed makes a use of a primitive on a variable or, if part is not nil, on part of
// one.
func (m *memory) accessed(part *bitfield, name string, operands []*ir.Expr, t *ctype, class string) (*ir.Expr, bool) {
	if part != nil {
		return m.partPrimitive(part, name, operands, class)
	}
	return m.primitive(name, operands, t, class)
}

// result is the value of a primitive on memory of type t: either the value that
// is or was there, or a truth value.
func (m *memory) result(e *ir.Expr, t *ctype) value {
	switch {
	case isTruth(e), e.Op == ir.And && isTruth(e.B):
		return value{e: e, lo: 0, hi: 1}
	case t != nil && t.scalar():
		return m.space.seen(of(e, t), t)
	}
	return value{e: e, lo: -1 << 63, hi: 1<<63 - 1}
}

// replaced makes the use of another primitive in place of name. A weaker
// primitive may have other operands: a fence has none. If with is empty, an
// access becomes a plain one.
func (m *memory) replaced(part *bitfield, name, with string, operands []*ir.Expr, t *ctype, class string) value {
	_, value0, ok := m.macros.Params(name)
	if !ok {
		fail(m.code.at, "%s cannot be replaced: it is not in the table", name)
	}
	if with == "" {
		if len(operands) > 0 || value0 {
			fail(m.code.at, "%s cannot be left out: it accesses memory", name)
		}
		return known(0)
	}
	n, value1, ok := m.macros.Params(with)
	if !ok || n != len(operands) || value0 && !value1 {
		fail(m.code.at, "%s cannot be replaced by %s", name, with)
	}
	v, has := m.accessed(part, with, operands, t, class)
	if !has {
		return value{e: known(0).e}
	}
	return m.result(v, t)
}

func (m *memory) announce(addr *ir.Expr) {
	m.primitive("smp_store_release", []*ir.Expr{addr, known(1).e}, nil, "")
}

// awaitAt waits until a hidden cell is set.
func (m *memory) awaitAt(addr *ir.Expr) {
	top := len(m.code.th.Instr)
	if top > 0 && m.code.th.Instr[top-1].Op == ir.Idle {
		top-- // the loop includes the evaluation of the address
	}
	v, _ := m.primitive("smp_load_acquire", []*ir.Expr{addr}, nil, "")
	m.code.emit(ir.Instr{Op: ir.Branch, Val: expression(ir.Ne, v, known(0).e), Target: len(m.code.th.Instr) + 2})
	m.code.emit(ir.Instr{Op: ir.Jump, Target: top})
}
