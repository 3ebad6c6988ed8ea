package csource

import (
	"cmp"

	"crosscall/memmodel/internal/ir"
)

// rvalue makes the code of an expression and returns its value. Operands are
// evaluated from left to right.
func (l *lowerer) rvalue(e *expr) value {
	defer l.code.here(e.at)()
	switch e.kind {
	case constExpr:
		v := known(e.k)
		v.sizeof = e.sizeof
		return v
	case stringExpr:
		return known(l.space.stringAt(e))
	case varExpr, derefExpr, memberExpr, initExpr:
		return l.mem.load(l.place(e))
	case addrExpr:
		p := l.place(e.x)
		if p.bits != nil {
			fail(e.at, "this is part of a word, whose address can only be given to READ_ONCE, xchg and their like")
		}
		p.addr.class = p.class
		return p.addr
	case funcExpr:
		return known(l.unit.funcAddr(e.fn))
	case unaryExpr:
		return l.unary(e)
	case binaryExpr:
		return l.binary(e)
	case andExpr, orExpr:
		return l.logical(e)
	case condExpr:
		return l.choice(e)
	case assignExpr:
		return l.assign(e)
	case updateExpr:
		return l.update(e)
	case callExpr:
		p := l.call(e)
		if p.t.kind == voidType {
			return value{e: known(0).e}
		}
		return l.mem.load(p)
	case builtinExpr:
		return l.builtin(e)
	case commaExpr:
		l.effect(e.x)
		return l.rvalue(e.y)
	case blockExpr:
		return l.blockValue(e)
	}
	return l.cast(e)
}

// blockValue is the value of a statement expression. The value is computed before the
// variables of its scope are cleaned up.
func (l *lowerer) blockValue(e *expr) (v value) {
	v = known(0)
	n := len(l.frame.scope)
	l.scoped(func() {
		l.stmts(e.body)
		if e.x == nil {
			return
		}
		if v = l.rvalue(e.x); len(l.frame.scope) > n {
			v = l.code.kept(v, e.t)
		}
	})
	return v
}

// effect makes the code of an expression whose value is not used.
func (l *lowerer) effect(e *expr) {
	switch {
	case e == nil:
	case e.t.kind == recordType && e.kind != assignExpr && e.kind != callExpr:
		if e.kind == blockExpr {
			l.scoped(func() { l.stmts(e.body); l.effect(e.x) })
			return
		}
		l.place(e)
	case e.kind == assignExpr && e.t.kind == recordType, e.kind == callExpr:
		defer l.code.here(e.at)()
		l.place(e)
	case e.kind == commaExpr:
		l.effect(e.x)
		l.effect(e.y)
	case e.kind == castExpr && e.t.kind == voidType:
		l.effect(e.x)
	case e.kind == blockExpr:
		l.scoped(func() { l.stmts(e.body); l.effect(e.x) })
	default:
		l.rvalue(e)
	}
}

// place makes the code that computes where an object is.
func (l *lowerer) place(e *expr) place {
	switch e.kind {
	case varExpr:
		return l.variable(e)
	case derefExpr:
		addr := l.rvalue(e.x)
		return place{reg: ir.NoReg, addr: addr, t: e.t, class: addr.class}
	case memberExpr:
		p := l.place(e.x)
		return place{reg: ir.NoReg, addr: plus(p.addr, e.k), t: e.t, class: e.member, bits: e.bits}
	case initExpr:
		return l.literal(e)
	case callExpr:
		return l.call(e)
	case blockExpr:
		var p place
		l.scoped(func() { l.stmts(e.body); p = l.place(e.x) })
		return p
	case commaExpr:
		l.effect(e.x)
		return l.place(e.y)
	case assignExpr:
		to := l.place(e.x)
		l.mem.copy(to, l.place(e.y))
		return to
	case condExpr:
		return l.chosenPlace(e)
	}
	fail(e.at, "this is no place in memory")
	return place{}
}

// chosenPlace is a ? b : c for structs.
func (l *lowerer) chosenPlace(e *expr) place {
	p := place{reg: ir.NoReg, addr: known(l.locals.inMemory("choice", e.t)), t: e.t}
	other, over := newLabel(), newLabel()
	l.code.branchUnless(truth(l.rvalue(e.x)), other)
	l.mem.copy(p, l.place(e.y))
	l.code.jump(over)
	l.code.land(other)
	l.mem.copy(p, l.place(e.z))
	l.code.land(over)
	return p
}

func (l *lowerer) variable(e *expr) place {
	v := e.v
	p := place{reg: ir.NoReg, t: e.t}
	if v.thread {
		p.addr = known(l.threadLocal(v))
		return p
	}
	if v.static {
		p.addr = known(l.static(v))
		return p
	}
	b := l.frame.binding(v)
	if b == nil {
		fail(e.at, "%s is used where it is not declared", v.name)
	}
	p.reg, p.val = b.reg, b.val
	if b.addr != 0 {
		p.addr = known(b.addr)
	}
	return p
}

func (l *lowerer) cast(e *expr) value {
	if e.t.kind == voidType {
		l.effect(e.x)
		return known(0)
	}
	v := l.rvalue(e.x)
	if e.t.bool {
		return truth(v)
	}
	class, sizeof := v.class, v.sizeof
	v = wrap(v, e.t)
	v.sizeof = sizeof
	if e.t.kind == pointerType {
		v.class = class
	} else if e.t.size == 8 && !e.t.signed && v.lo < 0 && !v.isConst() {
		v.lo, v.hi = e.t.limits()
	}
	return v
}

func (l *lowerer) unary(e *expr) value {
	x := l.rvalue(e.x)
	switch e.op {
	case ir.Not:
		return not(truth(x))
	case ir.Neg:
		return operation(ir.Sub, known(0), x, e.t)
	}
	return wrap(value{e: expression(e.op, x.e, nil), lo: -1 << 63, hi: 1<<63 - 1}, e.t)
}

func (l *lowerer) binary(e *expr) value {
	x := l.rvalue(e.x)
	y := l.rvalue(e.y)
	t := e.t
	if e.arith != nil {
		t = e.arith
	}
	v := l.code.operate(e.op, x, y, t)
	if v.sizeof = nil; e.op == ir.Mul || e.op == ir.Add {
		v.sizeof = cmp.Or(x.sizeof, y.sizeof)
	}
	if x.isConst() && v.isConst() && (e.op == ir.Add || e.op == ir.Sub) {
		l.locals.leaves(x.e.K, v.e.K)
	}
	// An element of an array that is a member is that member still.
	if t.kind == pointerType && e.x.kind == addrExpr && e.x.x.t.kind == arrayType {
		v.class = x.class
	}
	return v
}

// leaves notes that an address beyond a local was computed from its address: a
// computation from that may reach the local again.
func (l *locals) leaves(from, to int64) {
	for i := range l.own {
		o := &l.own[i]
		base := ir.AddrOf(o.cell)
		if from >= base && from <= base+int64(o.size) && (to < base || to > base+int64(o.size)) {
			l.loose[i] = true
		}
	}
}

// pure reports whether evaluating e makes no event and has no effect.
func pure(e *expr) bool {
	switch e.kind {
	case constExpr, funcExpr:
		return true
	case varExpr:
		return !e.v.addressed && !e.v.static && !e.v.thread
	case unaryExpr, castExpr:
		return pure(e.x)
	case binaryExpr:
		return e.op != ir.Div && e.op != ir.Mod && e.op != ir.Shl && e.op != ir.Shr && pure(e.x) && pure(e.y)
	case andExpr, orExpr:
		return pure(e.x) && pure(e.y)
	}
	return false
}

// logical is && and ||: the right operand is evaluated only if the left one does not
// decide.
func (l *lowerer) logical(e *expr) value {
	x := truth(l.rvalue(e.x))
	or := e.kind == orExpr
	if x.isConst() {
		if (x.e.K != 0) == or {
			return x
		}
		return truth(l.rvalue(e.y))
	}
	if e.y.kind == stringExpr { // && "reason", as the kernel and others write it
		return truth(x)
	}
	if pure(e.y) {
		op := ir.LAnd
		if or {
			op = ir.LOr
		}
		return value{e: expression(op, x.e, truth(l.rvalue(e.y)).e), lo: 0, hi: 1}
	}
	r, over := l.code.temp(), newLabel()
	l.code.set(r, x)
	if or {
		l.code.branchIf(x, over)
	} else {
		l.code.branchUnless(x, over)
	}
	l.code.set(r, truth(l.rvalue(e.y)))
	l.code.land(over)
	v := loaded(r, intT)
	v.lo, v.hi = 0, 1
	return v
}

// choice is x ? y : z, and GNU C's x ?: z.
func (l *lowerer) choice(e *expr) value {
	x := l.rvalue(e.x)
	if e.y == nil {
		x = l.code.kept(x, e.x.t)
	}
	cond := truth(x)
	yes := func() value {
		if e.y == nil {
			return wrap(x, e.t)
		}
		return l.rvalue(e.y)
	}
	if cond.isConst() {
		if cond.e.K != 0 {
			return yes()
		}
		return l.rvalue(e.z)
	}
	if (e.y == nil || pure(e.y)) && pure(e.z) && e.t.kind != voidType {
		a, b := yes(), l.rvalue(e.z)
		return value{e: &ir.Expr{Op: ir.Cond, A: cond.e, B: a.e, C: b.e}, lo: min(a.lo, b.lo), hi: max(a.hi, b.hi)}
	}
	r, other, over := l.code.temp(), newLabel(), newLabel()
	l.code.branchUnless(cond, other)
	a := yes()
	l.code.set(r, a)
	l.code.jump(over)
	l.code.land(other)
	b := l.rvalue(e.z)
	l.code.set(r, b)
	l.code.land(over)
	v := value{e: loaded(r, e.t).e, lo: min(a.lo, b.lo), hi: max(a.hi, b.hi)}
	if a.class == b.class {
		v.class = a.class
	}
	return v
}

func (l *lowerer) assign(e *expr) value {
	if e.t.kind == recordType {
		l.place(e)
		return known(0)
	}
	p := l.place(e.x)
	v := l.rvalue(e.y)
	l.mem.store(p, v)
	switch {
	case p.reg != ir.NoReg:
		return l.mem.load(p)
	case p.bits != nil:
		return p.bits.truncated(v)
	}
	return v
}

// update is x op= y, ++ and --.
func (l *lowerer) update(e *expr) value {
	p := l.place(e.x)
	if p.t.atomic && p.reg == ir.NoReg {
		return l.atomicUpdate(e, p)
	}
	old := l.mem.load(p)
	if e.post && p.reg != ir.NoReg {
		old = l.code.kept(old, p.t)
	}
	y := l.rvalue(e.y)
	v := wrap(l.code.operate(e.op, wrap(old, e.arith), y, e.arith), p.t)
	l.mem.store(p, v)
	switch {
	case e.post:
		return old
	case p.bits != nil:
		return p.bits.truncated(v)
	case p.reg != ir.NoReg:
		return l.mem.load(p)
	}
	return v
}

// c11Ops are the operations that C11 has as one atomic operation.
var c11Ops = map[ir.ExprOp]string{
	ir.Add: "add", ir.Sub: "sub", ir.And: "and", ir.Or: "or", ir.Xor: "xor",
}

// atomicUpdate is x op= y of something that is _Atomic: one operation, seq_cst.
func (l *lowerer) atomicUpdate(e *expr, p place) value {
	name, ok := c11Ops[e.op]
	if !ok {
		fail(e.at, "this operator is not supported on an _Atomic object: use atomic_compare_exchange")
	}
	y := l.rvalue(e.y)
	old, _ := l.mem.primitive("c11_fetch_"+name+"_seq_cst", []*ir.Expr{p.addr.e, l.space.held(y, p.t).e}, p.t, p.class)
	v := l.space.seen(of(old, p.t), p.t)
	if e.post {
		return v
	}
	return wrap(operation(e.op, v, y, e.arith), p.t)
}

// initialize gives a variable in memory its initial value. Members that inits
// does not name are zero.
func (l *lowerer) initialize(p place, inits []initial) {
	named := make(map[int64]bool)
	for _, in := range inits {
		for _, f := range in.t.leaves {
			named[in.off+f.off] = in.bits == nil
		}
	}
	locks := make(map[int64]bool) // free from the start
	for _, f := range p.t.leaves {
		locks[f.off] = f.lock
		if !named[f.off] && !f.lock {
			l.mem.plainStore(p.part(f), known(0))
		}
	}
	for _, in := range inits {
		if in.t.scalar() && locks[in.off] {
			continue
		}
		to := place{reg: ir.NoReg, addr: plus(p.addr, in.off), t: in.t, class: l.keyAt(p.t, in.off)}
		switch {
		case in.bits != nil:
			l.mem.plainStore(to, in.bits.in(l.mem.load(to), l.rvalue(in.x)))
			continue
		case in.t.scalar():
			l.mem.plainStore(to, l.rvalue(in.x))
			continue
		}
		l.mem.copy(to, l.place(in.x))
	}
}

func (l *lowerer) keyAt(t *ctype, off int64) string {
	for _, f := range t.leaves {
		if f.off == off {
			return f.key
		}
	}
	return ""
}
