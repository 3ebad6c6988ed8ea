package csource

import (
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A lowerer makes the instructions of one thread.
type lowerer struct {
	*compiler
	th     *ir.Thread
	index  int // what smp_processor_id returns
	task   int // which task current is
	frame  *frame
	at     graph.Pos
	text   string
	calls  int    // calls put in line so far
	loops  int    // loops around what is being made
	ofSome bool   // memory of a size that is not constant is allocated
	end    *label // of the thread
	exit   *label // of the thread, if it ends the process
	// landed is the last place that a label was put at.
	landed int
	names  map[string]int
	own    []object // locals in memory
	// ownStatics is how many of own, the first, are static variables.
	ownStatics int
	// joined has a bit for each thread that this one has joined.
	joined ir.Reg
	// tls has the thread's instances of thread-local variables.
	tls map[*variable]int64
	// loose has the locals of which an address beyond them was computed, as
	// container_of does for the head of a list.
	loose map[int]bool
	unset []unset // variables without a first value
	// alone is set for init and final, which run while no thread does.
	alone        bool
	creates      bool   // for main: pthread_create is allowed
	threadResult ir.Reg // what the thread returns; NoReg if nothing reads it
	coverRegs    map[graph.Pos]ir.Reg
}

// An object is a variable in memory.
type object struct {
	cell, size int
	unset      bool // it is declared without a value
	always     bool // it is thread-local: it has a value from the start of the thread
}

// A frame is one inlined call.
type frame struct {
	fn     *function
	up     *frame
	vars   map[*variable]*binding
	labels map[any]*label
	brk    *label
	cont   *label
	// scope has the variables with a cleanup that are in scope. The lengths say
	// how many of them remain after a break and after a continue.
	scope               []*variable
	taken               []value // by alloca: it is freed at the end
	brkScope, contScope int

	ret    *label
	result place
}

// A binding is where a local variable is: in a register, in memory, or nowhere,
// if it always has its first value.
type binding struct {
	reg  ir.Reg
	addr int64
	val  value // val.e nil if there is none
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

// A label is a place in the code that may not be known yet.
type label struct {
	at   int
	refs []int
}

const unplaced = -1

func newLabel() *label { return &label{at: unplaced} }

// maxCode bounds the code of one thread, with all calls put in line.
const maxCode = 1 << 15

func (l *lowerer) emit(in ir.Instr) int {
	if len(l.th.Instr) > maxCode {
		fail(l.at, "the thread is too large when all calls are put in line: more than %d instructions", maxCode)
	}
	in.Text, in.Pos = l.text, l.at
	l.th.Instr = append(l.th.Instr, in)
	return len(l.th.Instr) - 1
}

// here sets the place in the source of the next instructions, and returns a
// function that restores the place before.
func (l *lowerer) here(at graph.Pos) (back func()) {
	oldAt, oldText := l.at, l.text
	if at != oldAt && !(inLibrary(at) && oldAt.Line > 0) {
		l.at, l.text = at, l.src.words(at)
	}
	return func() { l.at, l.text = oldAt, oldText }
}

// inLibrary reports whether a place is in a header such as pthread.h. Its code is shown as
// the call in the program, not as what the header makes of it.
func inLibrary(at graph.Pos) bool {
	file := shownFile(at.File)
	return strings.HasPrefix(file, "pthread") || file == "semaphore.h" || file == "threads.h" || file == "linux/refcount.h"
}

// land makes b stand for the next instruction.
func (l *lowerer) land(b *label) {
	b.at = len(l.th.Instr)
	l.landed = b.at
	for _, r := range b.refs {
		l.th.Instr[r].Target = b.at
	}
}

// jump goes to b, whether it is known or not.
func (l *lowerer) jump(b *label) { l.goes(l.emit(ir.Instr{Op: ir.Jump}), b) }

func (l *lowerer) goes(from int, b *label) {
	if b.at != unplaced {
		l.th.Instr[from].Target = b.at
		return
	}
	b.refs = append(b.refs, from)
}

// branchIf goes to b if v is not zero. If v is known, it makes no branch.
func (l *lowerer) branchIf(v value, b *label) {
	if v.isConst() {
		if v.e.K != 0 {
			l.jump(b)
		}
		return
	}
	l.goes(l.emit(ir.Instr{Op: ir.Branch, Val: v.e}), b)
}

func (l *lowerer) branchUnless(v value, b *label) {
	if v.e.Op == ir.Not {
		l.branchIf(value{e: v.e.A}, b)
		return
	}
	l.branchIf(not(v), b)
}

// register makes a register. Users see its name.
func (l *lowerer) register(name string) ir.Reg {
	if n := l.names[name]; n > 0 {
		l.names[name]++
		name += "#" + strconv.Itoa(n+1)
	} else {
		l.names[name] = 1
	}
	l.th.Regs = append(l.th.Regs, name)
	l.th.Init = append(l.th.Init, 0)
	return ir.Reg(len(l.th.Regs) - 1)
}

func (l *lowerer) temp() ir.Reg {
	l.th.Regs = append(l.th.Regs, "."+strconv.Itoa(len(l.th.Regs)+1))
	l.th.Init = append(l.th.Init, 0)
	return ir.Reg(len(l.th.Regs) - 1)
}

func (l *lowerer) set(r ir.Reg, v value) {
	if v.e.Op == ir.Load && v.e.R == r {
		return
	}
	l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: v.e})
}

func loaded(r ir.Reg, t *ctype) value { return of(&ir.Expr{Op: ir.Load, R: r}, t) }

// kept puts a value into a register of its own, so that it does not change, and
// is computed once.
func (l *lowerer) kept(v value, t *ctype) value {
	if v.isConst() || v.e.Op == ir.Load && l.th.Regs[v.e.R][0] == '.' {
		return v // a temporary is not assigned to by anything else
	}
	r := l.temp()
	l.set(r, v)
	k := loaded(r, t)
	if v.lo != v.hi {
		k.lo, k.hi = max(k.lo, v.lo), min(k.hi, v.hi)
	}
	k.class, k.sizeof = v.class, v.sizeof
	return k
}

// primitive makes a use of an entry of the table. t is the type of the memory
// that it accesses, class the key of the member.
func (l *lowerer) primitive(name string, args []*ir.Expr, t *ctype, class string) (*ir.Expr, bool) {
	u := primitive.Use{Name: name, Args: args, Pos: l.at, Text: l.text}
	if t != nil && t.kind == intType && t.size < 8 {
		u.Wrap = func(e *ir.Expr) *ir.Expr {
			if v := (value{e: e, lo: -1 << 63, hi: 1<<63 - 1}); l.converted(t) {
				return l.held(v, t).e
			} else {
				return wrap(v, t).e
			}
		}
	}
	from := len(l.th.Instr)
	v, err := l.macros.Lower(l.prog, l.th, u)
	must(err, l.at)
	id := l.class(class)
	for i := from; i < len(l.th.Instr); i++ {
		if in := &l.th.Instr[i]; in.Op == ir.Do && in.Addr != nil {
			in.Class, in.Type = id, l.number(t)
		}
	}
	return v, v != nil
}

func (l *lowerer) load(p place) value {
	switch {
	case p.bits != nil:
		return p.bits.of(l.load(p.whole()))
	case p.val.e != nil:
		return p.val
	case p.reg != ir.NoReg:
		return loaded(p.reg, p.t)
	case !p.t.scalar():
		fail(l.at, "a value of type %s cannot be used here", p.t.name)
	}
	return l.seen(l.access(p), p.t)
}

// access reads a scalar in memory.
func (l *lowerer) access(p place) value {
	if l.once(p.t) {
		v, _ := l.primitive("READ_ONCE", []*ir.Expr{p.addr.e}, p.t, p.class)
		return of(v, p.t)
	}
	if p.t.atomic {
		v, _ := l.primitive("c11_load_seq_cst", []*ir.Expr{p.addr.e}, p.t, p.class)
		return of(v, p.t)
	}
	if _, _, ok := l.macros.Params("__plain_load"); ok {
		v, _ := l.primitive("__plain_load", []*ir.Expr{p.addr.e}, p.t, p.class)
		return of(v, p.t)
	}
	r := l.temp()
	l.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Dst: r, Addr: p.addr.e, Class: l.class(p.class), Type: l.number(p.t)})
	return loaded(r, p.t)
}

func (l *lowerer) store(p place, v value) {
	if p.bits != nil && p.bits.part != nil {
		l.storePart(p, v)
		return
	}
	if p.bits != nil {
		unit := p.whole()
		l.store(unit, p.bits.in(l.load(unit), v))
		return
	}
	if p.reg != ir.NoReg {
		l.set(p.reg, v)
		return
	}
	switch {
	case p.t.atomic:
		l.primitive("c11_store_seq_cst", []*ir.Expr{p.addr.e, l.held(v, p.t).e}, p.t, p.class)
		return
	case l.once(p.t):
		l.primitive("WRITE_ONCE", []*ir.Expr{p.addr.e, l.held(v, p.t).e}, p.t, p.class)
		return
	}
	l.plainStore(p, v)
}

// storePart writes part of a word.
func (l *lowerer) storePart(p place, v value) {
	name := "__plain_store"
	if l.once(p.bits.part) {
		name = "WRITE_ONCE"
	}
	if _, _, ok := l.macros.Params(name); !ok {
		name = "WRITE_ONCE"
	}
	l.partPrimitive(p.bits, name, []*ir.Expr{p.addr.e, v.e}, p.class)
}

// once reports whether an access is one by READ_ONCE or WRITE_ONCE. In the
// kernel that is the meaning of volatile. In C11 volatile means nothing to
// other threads.
func (l *lowerer) once(t *ctype) bool { return t.volatile && l.src.main == nil }

func (l *lowerer) plainStore(p place, v value) {
	if p.reg != ir.NoReg {
		l.set(p.reg, v)
		return
	}
	if _, _, ok := l.macros.Params("__plain_store"); ok {
		l.primitive("__plain_store", []*ir.Expr{p.addr.e, l.held(v, p.t).e}, p.t, p.class)
		return
	}
	l.emit(ir.Instr{Op: ir.Do, Kind: graph.Write, Dst: ir.NoReg, Addr: p.addr.e, Val: l.held(v, p.t).e, Class: l.class(p.class), Type: l.number(p.t)})
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
func (l *lowerer) copy(to, from place) {
	for _, f := range to.t.leaves {
		if !f.lock {
			at := len(l.th.Instr)
			v := l.load(from.part(f))
			for i := at; i < len(l.th.Instr); i++ {
				l.th.Instr[i].Copies = true
			}
			l.plainStore(to.part(f), v)
		}
	}
}

// memory makes an object in memory for a local variable.
func (l *lowerer) memory(name string, t *ctype) int64 {
	cell := l.object(l.th.Name+":"+name, t)
	l.own = append(l.own, object{cell: cell, size: int(t.size)})
	return ir.AddrOf(cell)
}
