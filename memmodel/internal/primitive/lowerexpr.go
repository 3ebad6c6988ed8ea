package primitive

import (
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

func Itoa(i int) string { return strconv.Itoa(i) }

// expr allocates expressions in lots.
func (l *Lowerer) expr(e ir.Expr) *ir.Expr {
	if len(l.spare) == 0 {
		l.spare = make([]ir.Expr, 16)
	}
	n := &l.spare[0]
	l.spare = l.spare[1:]
	*n = e
	return n
}

func (l *Lowerer) constant(k int64) *ir.Expr {
	return l.expr(ir.Expr{Op: ir.Const, K: k})
}

func (l *Lowerer) load(r ir.Reg) *ir.Expr {
	return l.expr(ir.Expr{Op: ir.Load, R: r})
}

func (l *Lowerer) op(op ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	return l.expr(ir.Expr{Op: op, A: a, B: b})
}

// temp is a new register without a name in the test.
func (l *Lowerer) temp() ir.Reg {
	l.temps++
	l.Regs.Names = append(l.Regs.Names, "."+Itoa(l.temps))
	l.Regs.Values = append(l.Regs.Values, 0)
	return ir.Reg(len(l.Regs.Names) - 1)
}

// somewhere is the register want, or another if it is none.
func (l *Lowerer) somewhere(want ir.Reg) ir.Reg {
	if want != ir.NoReg {
		return want
	}
	return l.temp()
}

// value performs the accesses in an expression, in the order in which they are
// written, and returns its value: an expression over registers. The outermost
// primitive reads into the register want, if it is one.
func (l *Lowerer) value(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	l.step(e.At, f)
	if l.depth++; l.depth > maxLowerDepth {
		l.fail(e.At, f, "this expression is too deep")
	}
	defer func() { l.depth-- }()
	switch e.Kind {
	case NumExpr:
		return l.constant(e.K)
	case NameExpr:
		if e.Name == "VAL" && l.condVal != nil {
			return l.condVal
		}
		return l.register(e.Name)
	case orderExpr:
		l.fail(e.At, f, "%s is an argument of the atomics of C11 only", e.Name)
	case casExpr:
		return l.compareAndStore(e, f)
	case RefExpr:
		l.fail(e.At, f, noAddress)
	case condLoadExpr:
		return l.waitFor(e, f)
	case StepExpr:
		return l.stepRegister(e)
	case formalExpr:
		return l.outside(e, f, want)
	case UnaryExpr:
		return l.op(e.Op, l.value(e.X, f, ir.NoReg), nil)
	case BinaryExpr:
		return l.binary(e, f)
	case CondExpr:
		return l.choice(e, f)
	case AddrExpr:
		return l.address(e.X, f)
	case DerefExpr:
		return l.plainLoad(e, f, want)
	case CallExpr:
		return l.callValue(e, f, want)
	case knownExpr:
		return e.known
	}
	if !e.prim.hasValue() {
		l.fail(e.At, f, "%s has no value", e.Name)
	}
	return l.primValue(e, f, want)
}

func (l *Lowerer) callValue(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	text, at := l.text, l.at
	m, inner := l.call(e, f)
	if m.Value == nil {
		l.fail(e.At, f, "%s has no value", e.Name)
	}
	v := l.value(m.Value, inner, want)
	l.text, l.at = text, at
	return v
}

// register is the value of a register: a constant if the thread never assigns
// to it. Parameters are such.
func (l *Lowerer) register(name string) *ir.Expr {
	if !l.assigned(name) {
		return l.constant(l.Regs.initial(name))
	}
	return l.load(l.Regs.Reg(name))
}

// outside is the value of an argument, which has its own source text.
func (l *Lowerer) outside(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	text, at := l.text, l.at
	arg := f.args[e.K]
	v := l.value(arg, f.up, want)
	l.text, l.at = text, at
	return v
}

func (l *Lowerer) plainLoad(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	text, at := l.text, l.at
	defer func() { l.text, l.at = text, at }()
	if f == nil {
		l.words(e.At, e.From, e.To)
	}
	if m := l.Macros.table["__plain_load"]; m != nil {
		l.usable(m, e.At, f)
		return l.value(m.Value, l.enter(m, e.At, []*Expr{e}, f), want)
	}
	l.checkElement(e.X, f)
	addr := l.value(e.X, f, ir.NoReg)
	dst := l.somewhere(want)
	l.access(graph.Read, nil, dst, addr, nil, false)
	return l.load(dst)
}

// checkElement checks that *e is no access beyond an array or outside of a
// variable, as far as the source shows: *(a + 2) or a[2].
func (l *Lowerer) checkElement(e *Expr, f *frame) {
	for e.Kind == formalExpr {
		e, f = f.args[e.K], f.up
	}
	if e.Kind != BinaryExpr || e.Op != ir.Add || e.X.Kind != NameExpr || e.Y.Kind != NumExpr || l.assigned(e.X.Name) {
		return
	}
	for _, v := range l.Arrays {
		if l.Regs.initial(e.X.Name) == ir.AddrOf(v.Cell) && (e.Y.K < 0 || e.Y.K >= int64(v.Size)) {
			l.fail(e.At, f, "%s has no element %d", v.Name, e.Y.K)
		}
	}
}

// address is the address of a place in memory, such as *p, without an access to
// it.
func (l *Lowerer) address(e *Expr, f *frame) *ir.Expr {
	text, at := l.text, l.at
	defer func() { l.text, l.at = text, at }()
	for e.Kind == formalExpr {
		e, f = f.args[e.K], f.up
	}
	if e.Kind == knownExpr {
		return e.known
	}
	if e.Kind != DerefExpr {
		l.fail(e.At, f, "this has no address: an access has to be of the form *p")
	}
	l.checkElement(e.X, f)
	return l.value(e.X, f, ir.NoReg)
}

// An evaluation is of an expression that is evaluated beside others, in an order
// that C does not specify.
type evaluation struct {
	e       *Expr
	address bool // its address is needed, not its value
}

func (l *Lowerer) evaluate(v evaluation, f *frame, want ir.Reg) *ir.Expr {
	if v.address {
		return l.address(v.e, f)
	}
	return l.value(v.e, f, want)
}

func (l *Lowerer) touches(v evaluation, f *frame) bool {
	if v.address {
		return l.accesses(&Expr{Kind: AddrExpr, At: v.e.At, X: v.e}, f)
	}
	return l.accesses(v.e, f)
}

// both evaluates two expressions. If both access memory, one goes first in one
// execution and the other in another.
func (l *Lowerer) both(x, y evaluation, f *frame) (a, b *ir.Expr) {
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
func (l *Lowerer) into(r ir.Reg, v evaluation, f *frame) {
	if x := l.evaluate(v, f, r); x.Op != ir.Load || x.R != r {
		l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: x})
	}
}

// binary computes an operator.
func (l *Lowerer) binary(e *Expr, f *frame) *ir.Expr {
	if e.Op == ir.LAnd || e.Op == ir.LOr {
		return l.logical(e, f)
	}
	a, b := l.both(evaluation{e: e.X}, evaluation{e: e.Y}, f)
	l.checkRight(e, b, f)
	return l.op(e.Op, a, b)
}

// checkRight checks a divisor or a shift count: C gives other values no
// meaning.
func (l *Lowerer) checkRight(e *Expr, b *ir.Expr, f *frame) {
	known := b.Op == ir.Const
	switch e.Op {
	case ir.Div, ir.Mod:
		if !known || b.K == 0 {
			l.fail(e.Y.At, f, "a divisor has to be a number that is not 0")
		}
	case ir.Shl, ir.Shr:
		if known && (b.K < 0 || b.K > 63) {
			l.fail(e.Y.At, f, "a value of 64 bits cannot be shifted by %d", b.K)
		}
	}
}

// logical computes && and ||. The right operand is evaluated only if it is
// needed, which makes a difference if it accesses memory or steps a register.
func (l *Lowerer) logical(e *Expr, f *frame) *ir.Expr {
	a := l.value(e.X, f, ir.NoReg)
	if !l.accesses(e.Y, f) && !stepsIn(e.Y) {
		return l.op(e.Op, a, l.value(e.Y, f, ir.NoReg))
	}
	cond := a
	if e.Op == ir.LOr {
		cond = l.negate(a)
	}
	t := l.temp()
	l.emit(ir.Instr{Op: ir.Assign, Dst: t, Val: l.constant(0)})
	branch := l.branchUnless(cond)
	l.into(t, evaluation{e: e.Y}, f)
	l.land(branch)
	l.join(branch)
	return l.op(e.Op, a, l.load(t))
}

// choice computes a ? b : c.
func (l *Lowerer) choice(e *Expr, f *frame) *ir.Expr {
	a := l.value(e.X, f, ir.NoReg)
	if !l.accesses(e.Y, f) && !l.accesses(e.Z, f) && !stepsIn(e) {
		b := l.value(e.Y, f, ir.NoReg)
		c := l.value(e.Z, f, ir.NoReg)
		return l.expr(ir.Expr{Op: ir.Cond, A: a, B: b, C: c})
	}
	b, c := l.temp(), l.temp()
	branch := l.branchUnless(a)
	l.into(b, evaluation{e: e.Y}, f)
	over := l.jump(0)
	l.land(branch)
	l.into(c, evaluation{e: e.Z}, f)
	l.land(over)
	l.join(branch)
	return l.expr(ir.Expr{Op: ir.Cond, A: a, B: l.load(b), C: l.load(c)})
}

// accesses reports whether evaluating e performs events.
func (l *Lowerer) accesses(e *Expr, f *frame) bool {
	l.step(e.At, f)
	switch e.Kind {
	case NumExpr, NameExpr, knownExpr, RefExpr:
		return false
	case formalExpr:
		return l.accesses(f.args[e.K], f.up)
	case CallExpr, primExpr, DerefExpr, casExpr, condLoadExpr:
		return true
	case AddrExpr:
		x := e.X
		for x.Kind == formalExpr {
			x, f = f.args[x.K], f.up
		}
		return x.Kind != DerefExpr || l.accesses(x.X, f)
	}
	for _, x := range [...]*Expr{e.X, e.Y, e.Z} {
		if x != nil && l.accesses(x, f) {
			return true
		}
	}
	return false
}

// negate is true where e is zero.
func (l *Lowerer) negate(e *ir.Expr) *ir.Expr {
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
func (l *Lowerer) access(k graph.Kind, tags []string, dst ir.Reg, addr, val *ir.Expr, rmw bool) {
	if addr.Op == ir.Const {
		l.checkAddress(addr.K, k)
	}
	l.emit(ir.Instr{Op: ir.Do, Kind: k, Tags: tags, RMW: rmw, Dst: dst, Addr: addr, Val: val})
}

// checkAddress checks an address that is known, and marks locks.
func (l *Lowerer) checkAddress(addr int64, k graph.Kind) {
	cell := addr - ir.AddrBase
	if cell < 0 || cell >= int64(len(l.Prog.Cells)) || l.Prog.Cells[cell].Name == "" {
		if l.lent {
			return // this code may never be reached
		}
		if addr == 0 {
			Fail(l.File, l.at, "%s accesses address 0: the address has to be a parameter of P%d, as in P%d(int *x), or a register that was given an address", l.text, l.Thread, l.Thread)
		}
		Fail(l.File, l.at, "%s accesses address %d, where there is no variable", l.text, addr)
	}
	switch k {
	case graph.LockRead, graph.LockWrite, graph.LockFail, graph.Unlock, graph.SeeLock, graph.SeeFree:
		l.Prog.Cells[cell].Lock = true
	}
}
