package litmus

import (
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

func itoa(i int) string { return strconv.Itoa(i) }

// expr allocates expressions in lots.
func (c *compiler) expr(e ir.Expr) *ir.Expr {
	if len(c.spare) == 0 {
		c.spare = make([]ir.Expr, 16)
	}
	n := &c.spare[0]
	c.spare = c.spare[1:]
	*n = e
	return n
}

func (l *lowerer) constant(k int64) *ir.Expr {
	return l.expr(ir.Expr{Op: ir.Const, K: k})
}

func (l *lowerer) load(r ir.Reg) *ir.Expr {
	return l.expr(ir.Expr{Op: ir.Load, R: r})
}

func (l *lowerer) op(op ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	return l.expr(ir.Expr{Op: op, A: a, B: b})
}

// temp is a register that the test does not know.
func (l *lowerer) temp() ir.Reg {
	l.temps++
	l.regs.names = append(l.regs.names, "."+itoa(l.temps))
	l.regs.values = append(l.regs.values, 0)
	return ir.Reg(len(l.regs.names) - 1)
}

// somewhere is the register want, or another if it is none.
func (l *lowerer) somewhere(want ir.Reg) ir.Reg {
	if want != ir.NoReg {
		return want
	}
	return l.temp()
}

// value performs the accesses in an expression, in the order in which it is
// written, and returns what it comes to: an expression over registers. What
// the outermost primitive reads goes to the register want, if it is one.
func (l *lowerer) value(e *expr, f *frame, want ir.Reg) *ir.Expr {
	l.step(e.at, f)
	if l.depth++; l.depth > maxLowerDepth {
		l.fail(e.at, f, "this expression is too deep")
	}
	defer func() { l.depth-- }()
	switch e.kind {
	case numExpr:
		return l.constant(e.k)
	case nameExpr:
		return l.register(e.name)
	case formalExpr:
		return l.outside(e, f, want)
	case unaryExpr:
		return l.op(e.op, l.value(e.x, f, ir.NoReg), nil)
	case binaryExpr:
		return l.binary(e, f)
	case condExpr:
		return l.choice(e, f)
	case addrExpr:
		return l.address(e.x, f)
	case derefExpr:
		return l.plainLoad(e, f, want)
	case callExpr:
		return l.callValue(e, f, want)
	case knownExpr:
		return e.known
	}
	if !e.prim.hasValue() {
		l.fail(e.at, f, "%s has no value", e.name)
	}
	return l.primValue(e, f, want)
}

func (l *lowerer) callValue(e *expr, f *frame, want ir.Reg) *ir.Expr {
	text, at := l.text, l.at
	m, inner := l.call(e, f)
	if m.value == nil {
		l.fail(e.at, f, "%s has no value", e.name)
	}
	v := l.value(m.value, inner, want)
	l.text, l.at = text, at
	return v
}

// register is the value of a register: a constant if the thread never assigns
// to it, as is so for parameters.
func (l *lowerer) register(name string) *ir.Expr {
	if !l.assigned(name) {
		return l.constant(l.regs.initial(name))
	}
	return l.load(l.regs.reg(name))
}

// outside is the value of an argument, which has words of its own.
func (l *lowerer) outside(e *expr, f *frame, want ir.Reg) *ir.Expr {
	text, at := l.text, l.at
	arg := f.args[e.k]
	v := l.value(arg, f.up, want)
	l.text, l.at = text, at
	return v
}

func (l *lowerer) plainLoad(e *expr, f *frame, want ir.Reg) *ir.Expr {
	text, at := l.text, l.at
	defer func() { l.text, l.at = text, at }()
	if f == nil {
		l.words(e.at, e.from, e.to)
	}
	if m := l.macros.table["__plain_load"]; m != nil {
		l.usable(m, e.at, f)
		return l.value(m.value, l.enter(m, e.at, []*expr{e}, f), want)
	}
	l.checkElement(e.x, f)
	addr := l.value(e.x, f, ir.NoReg)
	dst := l.somewhere(want)
	l.access(graph.Read, nil, dst, addr, nil, false)
	return l.load(dst)
}

// checkElement checks that *e is no access beyond an array, or beside a
// variable, as far as can be told from the words: *(a + 2) or a[2].
func (l *lowerer) checkElement(e *expr, f *frame) {
	for e.kind == formalExpr {
		e, f = f.args[e.k], f.up
	}
	if e.kind != binaryExpr || e.op != ir.Add || e.x.kind != nameExpr || e.y.kind != numExpr || l.assigned(e.x.name) {
		return
	}
	for _, v := range l.vars {
		if l.regs.initial(e.x.name) == ir.AddrOf(v.cell) && (e.y.k < 0 || e.y.k >= int64(v.size)) {
			l.fail(e.at, f, "%s has no element %d", v.name, e.y.k)
		}
	}
}

// address is the address of something in memory, such as *p, that is not to be
// accessed yet.
func (l *lowerer) address(e *expr, f *frame) *ir.Expr {
	text, at := l.text, l.at
	defer func() { l.text, l.at = text, at }()
	for e.kind == formalExpr {
		e, f = f.args[e.k], f.up
	}
	if e.kind == knownExpr {
		return e.known
	}
	if e.kind != derefExpr {
		l.fail(e.at, f, "this has no address: what is accessed has to be of the form *p")
	}
	l.checkElement(e.x, f)
	return l.value(e.x, f, ir.NoReg)
}

// An evaluation is of an expression that is evaluated together with others, in no
// order that C knows of.
type evaluation struct {
	e       *expr
	address bool // not its value is wanted, but where it is
}

func (l *lowerer) evaluate(v evaluation, f *frame, want ir.Reg) *ir.Expr {
	if v.address {
		return l.address(v.e, f)
	}
	return l.value(v.e, f, want)
}

func (l *lowerer) touches(v evaluation, f *frame) bool {
	if v.address {
		return l.accesses(&expr{kind: addrExpr, at: v.e.at, x: v.e}, f)
	}
	return l.accesses(v.e, f)
}

// both evaluates two expressions. If both access memory, one goes first in one
// execution and the other in another.
func (l *lowerer) both(x, y evaluation, f *frame) (a, b *ir.Expr) {
	if !l.touches(y, f) || !l.touches(x, f) {
		a = l.evaluate(x, f, ir.NoReg)
		return a, l.evaluate(y, f, ir.NoReg)
	}
	s, t := l.temp(), l.temp()
	l.eitherWay(func() {
		l.into(s, x, f)
		l.into(t, y, f)
	}, func() {
		l.into(t, y, f)
		l.into(s, x, f)
	})
	return l.load(s), l.load(t)
}

// into evaluates an expression into a register.
func (l *lowerer) into(r ir.Reg, v evaluation, f *frame) {
	if x := l.evaluate(v, f, r); x.Op != ir.Load || x.R != r {
		l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: x})
	}
}

// binary computes an operator.
func (l *lowerer) binary(e *expr, f *frame) *ir.Expr {
	if e.op == ir.LAnd || e.op == ir.LOr {
		return l.logical(e, f)
	}
	a, b := l.both(evaluation{e: e.x}, evaluation{e: e.y}, f)
	l.checkRight(e, b, f)
	return l.op(e.op, a, b)
}

// checkRight checks a divisor, or how far to shift: other values have no
// meaning in C.
func (l *lowerer) checkRight(e *expr, b *ir.Expr, f *frame) {
	known := b.Op == ir.Const
	switch e.op {
	case ir.Div, ir.Mod:
		if !known || b.K == 0 {
			l.fail(e.y.at, f, "a divisor has to be a number that is not 0")
		}
	case ir.Shl, ir.Shr:
		if known && (b.K < 0 || b.K > 63) {
			l.fail(e.y.at, f, "a value of 64 bits cannot be shifted by %d", b.K)
		}
	}
}

// logical computes && and ||. The right operand is evaluated only if it is
// needed, which makes a difference if it accesses memory.
func (l *lowerer) logical(e *expr, f *frame) *ir.Expr {
	a := l.value(e.x, f, ir.NoReg)
	if !l.accesses(e.y, f) {
		return l.op(e.op, a, l.value(e.y, f, ir.NoReg))
	}
	cond := a
	if e.op == ir.LOr {
		cond = l.negate(a)
	}
	t := l.temp()
	l.emit(ir.Instr{Op: ir.Assign, Dst: t, Val: l.constant(0)})
	branch := l.branchUnless(cond)
	l.into(t, evaluation{e: e.y}, f)
	l.land(branch)
	l.join(branch)
	return l.op(e.op, a, l.load(t))
}

// choice computes a ? b : c.
func (l *lowerer) choice(e *expr, f *frame) *ir.Expr {
	a := l.value(e.x, f, ir.NoReg)
	if !l.accesses(e.y, f) && !l.accesses(e.z, f) {
		b := l.value(e.y, f, ir.NoReg)
		c := l.value(e.z, f, ir.NoReg)
		return l.expr(ir.Expr{Op: ir.Cond, A: a, B: b, C: c})
	}
	b, c := l.temp(), l.temp()
	branch := l.branchUnless(a)
	l.into(b, evaluation{e: e.y}, f)
	over := l.jump(0)
	l.land(branch)
	l.into(c, evaluation{e: e.z}, f)
	l.land(over)
	l.join(branch)
	return l.expr(ir.Expr{Op: ir.Cond, A: a, B: l.load(b), C: l.load(c)})
}

// accesses reports whether evaluating e performs events.
func (l *lowerer) accesses(e *expr, f *frame) bool {
	l.step(e.at, f)
	switch e.kind {
	case numExpr, nameExpr, knownExpr:
		return false
	case formalExpr:
		return l.accesses(f.args[e.k], f.up)
	case callExpr, primExpr, derefExpr:
		return true
	case addrExpr:
		x := e.x
		for x.kind == formalExpr {
			x, f = f.args[x.k], f.up
		}
		return x.kind != derefExpr || l.accesses(x.x, f)
	}
	for _, x := range [...]*expr{e.x, e.y, e.z} {
		if x != nil && l.accesses(x, f) {
			return true
		}
	}
	return false
}

// negate is true where e is zero.
func (l *lowerer) negate(e *ir.Expr) *ir.Expr {
	switch e.Op {
	case ir.Eq:
		return l.op(ir.Ne, e.A, e.B)
	case ir.Ne:
		return l.op(ir.Eq, e.A, e.B)
	case ir.Lt:
		return l.op(ir.Ge, e.A, e.B)
	case ir.Ge:
		return l.op(ir.Lt, e.A, e.B)
	case ir.Gt:
		return l.op(ir.Le, e.A, e.B)
	case ir.Le:
		return l.op(ir.Gt, e.A, e.B)
	}
	return l.op(ir.Not, e, nil)
}

// access emits an event on the cell that addr is the address of.
func (l *lowerer) access(k graph.Kind, tags []string, dst ir.Reg, addr, val *ir.Expr, rmw bool) {
	if addr.Op == ir.Const {
		l.checkAddress(addr.K, k)
	}
	l.emit(ir.Instr{Op: ir.Do, Kind: k, Tags: tags, RMW: rmw, Dst: dst, Addr: addr, Val: val})
}

// checkAddress checks an address that is known, and marks locks.
func (l *lowerer) checkAddress(addr int64, k graph.Kind) {
	cell := addr - ir.AddrBase
	if cell < 0 || cell >= int64(len(l.prog.Cells)) || l.prog.Cells[cell].Name == "" {
		if l.lent {
			return // it may be that nothing comes here
		}
		if addr == 0 {
			fail(l.file, l.at, "%s accesses address 0: what is accessed has to be a parameter of P%d, as in P%d(int *x), or a register that was given an address", l.text, l.thread, l.thread)
		}
		fail(l.file, l.at, "%s accesses address %d, where there is no variable", l.text, addr)
	}
	switch k {
	case graph.LockRead, graph.LockWrite, graph.LockFail, graph.Unlock, graph.SeeLock, graph.SeeFree:
		l.prog.Cells[cell].Lock = true
	}
}
