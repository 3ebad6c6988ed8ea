package primitive

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A lock holds 1 while it is taken, else 0.
const (
	lockFree  = 0
	lockTaken = 1
)

// effect performs a primitive that has no value.
func (l *Lowerer) effect(e *Expr, f *frame) {
	p := e.prim
	switch p.kind {
	case fencePrim:
		l.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: p.bare, Dst: ir.NoReg})
	case storePrim:
		addr, val := l.both(evaluation{e: e.Args[0], address: true}, evaluation{e: e.Args[1]}, f)
		l.fences(p.before)
		l.access(graph.Write, p.write, ir.NoReg, addr, val, false)
		l.fences(p.after)
	case atomicOp:
		addr, val := l.operands(e, f)
		l.modify(p, addr, val, ir.NoReg)
	case lockPrim:
		addr := l.value(e.Args[0], f, ir.NoReg)
		l.lock(p, addr, ir.NoReg)
	case unlockPrim:
		addr := l.value(e.Args[0], f, ir.NoReg)
		l.fences(p.before)
		l.access(graph.Unlock, p.write, ir.NoReg, addr, l.constant(lockFree), false)
		l.fences(p.after)
	}
}

// primValue performs a primitive that has a value.
func (l *Lowerer) primValue(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	p := e.prim
	switch p.kind {
	case loadPrim:
		addr := l.address(e.Args[0], f)
		dst := l.somewhere(want)
		l.fences(p.before)
		l.access(graph.Read, p.read, dst, addr, nil, false)
		l.controlled(p.ctrl, dst)
		l.fences(p.after)
		return l.load(dst)
	case xchgPrim:
		addr, val := l.operands(e, f)
		return l.load(l.swap(p, addr, val, l.unlessUsed(want, addr, val)))
	case atomicOpReturn:
		addr, val := l.operands(e, f)
		old := l.modify(p, addr, val, l.unlessUsed(want, addr, val))
		return l.compute(p, old, val)
	case atomicFetchOp:
		addr, val := l.operands(e, f)
		return l.load(l.modify(p, addr, val, l.unlessUsed(want, addr, val)))
	case cmpxchgPrim:
		return l.compareExchange(e, f, want)
	case addUnlessPrim:
		return l.addUnless(e, f, want)
	case srcuPrim: // its value is the index of a section, which tells sections of one task apart in newer tables alone
		l.access(graph.Fence, p.bare, ir.NoReg, l.value(e.Args[0], f, ir.NoReg), nil, false)
		return l.constant(0)
	case trylockPrim:
		return l.trylock(e, f, want)
	default:
		return l.isLocked(e, f, want)
	}
}

func (l *Lowerer) fences(list [][]string) {
	for _, tags := range list {
		l.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: tags, Dst: ir.NoReg})
	}
}

// controlled makes fences with a control dependency on the read into dst: a branch
// before them depends on dst. The branch's condition is constant, so that only one
// way is explored.
func (l *Lowerer) controlled(list [][]string, dst ir.Reg) {
	if list == nil {
		return
	}
	l.emit(ir.Instr{Op: ir.Branch, Val: l.op(ir.Xor, l.load(dst), l.load(dst))})
	branch := len(l.Code) - 1
	l.land(branch)
	l.fences(list)
	l.join(branch)
}

// operands evaluates an address and a value.
func (l *Lowerer) operands(e *Expr, f *frame) (addr, val *ir.Expr) {
	return l.both(evaluation{e: e.Args[0]}, evaluation{e: e.Args[1]}, f)
}

// third evaluates the third operand.
func (l *Lowerer) third(e *Expr, f *frame) *ir.Expr {
	if l.accesses(e.Args[2], f) && (l.accesses(e.Args[0], f) || l.accesses(e.Args[1], f)) {
		l.fail(e.At, f, "C does not say which of these operands is read first: put them into registers")
	}
	return l.value(e.Args[2], f, ir.NoReg)
}

// unlessUsed is a register into which a read-modify-write reads: want, unless
// one of its operands uses the value of want.
func (l *Lowerer) unlessUsed(want ir.Reg, operands ...*ir.Expr) ir.Reg {
	for _, e := range operands {
		if uses(e, want) {
			return l.temp()
		}
	}
	return l.somewhere(want)
}

func uses(e *ir.Expr, r ir.Reg) bool {
	if e == nil {
		return false
	}
	if e.Op == ir.Load {
		return e.R == r
	}
	return uses(e.A, r) || uses(e.B, r) || uses(e.C, r)
}

// swap writes val and returns the register with the old value.
func (l *Lowerer) swap(p *primitive, addr, val *ir.Expr, dst ir.Reg) ir.Reg {
	l.fences(p.before)
	l.access(graph.Read, p.read, dst, addr, nil, false)
	l.access(graph.Write, p.write, ir.NoReg, addr, val, true)
	l.controlled(p.ctrl, dst)
	l.fences(p.after)
	return dst
}

// modify writes the result of p's operation on the old value and val. It
// returns the register with the old value.
func (l *Lowerer) modify(p *primitive, addr, val *ir.Expr, dst ir.Reg) ir.Reg {
	dst = l.somewhere(dst)
	l.fences(p.before)
	l.access(graph.Read, p.read, dst, addr, nil, false)
	l.access(graph.Write, p.write, ir.NoReg, addr, l.compute(p, dst, val), true)
	l.controlled(p.ctrl, dst)
	l.fences(p.after)
	return dst
}

func (l *Lowerer) compute(p *primitive, old ir.Reg, val *ir.Expr) *ir.Expr {
	if p.inverted {
		val = l.op(ir.Inv, val, nil)
	}
	return l.wrapped(l.op(p.op, l.load(old), val))
}

func (l *Lowerer) wrapped(e *ir.Expr) *ir.Expr {
	if l.wrap == nil {
		return e
	}
	return l.wrap(e)
}

// eitherWay makes code that does one or the other, in different executions.
func (l *Lowerer) eitherWay(one, other func()) {
	fork := len(l.Code)
	l.emit(ir.Instr{Op: ir.Fork})
	one()
	over := l.jump(0)
	l.land(fork)
	other()
	l.land(over)
}

func (l *Lowerer) assume(op ir.ExprOp, r ir.Reg, val *ir.Expr) {
	l.emit(ir.Instr{Op: ir.Assume, Val: l.op(op, l.load(r), val)})
}

// compareExchange succeeds in one execution and fails in another. The value
// read is then assumed to be, or not to be, the expected one. In herd's
// semantics that is no control dependency.
func (l *Lowerer) compareExchange(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	p := e.prim
	addr, expected := l.operands(e, f)
	val := l.third(e, f)
	dst := l.unlessUsed(want, addr, expected, val)
	l.eitherWay(func() {
		l.fences(p.before)
		l.access(graph.Read, p.read, dst, addr, nil, false)
		l.assume(ir.Eq, dst, expected)
		l.access(graph.Write, p.write, ir.NoReg, addr, val, true)
		l.controlled(p.ctrl, dst)
		l.fences(p.after)
	}, func() {
		l.failing(p, graph.Read, dst, addr)
		l.assume(ir.Ne, dst, expected)
		l.controlled(p.failCtrl, dst)
		l.fences(p.failAfter)
	})
	return l.load(dst)
}

// failing is the read of an atomic operation that fails and does not write. It
// counts as atomic: smp_mb__after_atomic works after it.
func (l *Lowerer) failing(p *primitive, k graph.Kind, dst ir.Reg, addr *ir.Expr) {
	l.fences(p.failBefore)
	tags := p.fail
	if k == graph.Read {
		tags = append(slices.Clip(tags), "RMW")
	}
	l.access(k, tags, dst, addr, nil, false)
}

// addUnless adds args[1] unless the value is args[2]. Its value says whether it did or, of
// atomic_fetch_add_unless, is the old value.
func (l *Lowerer) addUnless(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	p := e.prim
	addr, val := l.operands(e, f)
	limit := l.third(e, f)
	dst := l.unlessUsed(want, addr, val, limit)
	done := func(added int64) {
		if !f.fetches {
			l.outcome(dst, added)
		}
	}
	l.eitherWay(func() {
		l.fences(p.before)
		l.access(graph.Read, p.read, dst, addr, nil, false)
		l.assume(ir.Ne, dst, limit)
		l.access(graph.Write, p.write, ir.NoReg, addr, l.wrapped(l.op(ir.Add, l.load(dst), val)), true)
		l.controlled(p.ctrl, dst)
		l.fences(p.after)
		done(1)
	}, func() {
		l.failing(p, graph.Read, dst, addr)
		l.assume(ir.Eq, dst, limit)
		l.controlled(p.failCtrl, dst)
		l.fences(p.failAfter)
		done(0)
	})
	return l.load(dst)
}

// outcome sets a register to a constant that has a dependency on the register's
// old value, as a primitive's result depends on its read.
func (l *Lowerer) outcome(r ir.Reg, k int64) {
	v := l.op(ir.Mul, l.load(r), l.constant(0))
	if k != 0 {
		v = l.op(ir.Add, v, l.constant(k))
	}
	l.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: v})
}

// lock takes a lock. The model decides which write the read half reads from.
// The write half is the event after the read half.
func (l *Lowerer) lock(p *primitive, addr *ir.Expr, dst ir.Reg) {
	l.fences(p.before)
	l.access(graph.LockRead, p.read, dst, addr, nil, false)
	l.access(graph.LockWrite, p.write, ir.NoReg, addr, l.constant(lockTaken), false)
	l.fences(p.after)
}

func (l *Lowerer) trylock(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	p := e.prim
	addr := l.value(e.Args[0], f, ir.NoReg)
	dst := l.unlessUsed(want, addr)
	l.eitherWay(func() {
		l.lock(p, addr, dst)
		l.outcome(dst, 1)
	}, func() {
		l.failing(p, graph.LockFail, dst, addr)
		l.fences(p.failAfter)
		l.outcome(dst, 0)
	})
	return l.load(dst)
}

func (l *Lowerer) isLocked(e *Expr, f *frame, want ir.Reg) *ir.Expr {
	p := e.prim
	addr := l.value(e.Args[0], f, ir.NoReg)
	dst := l.unlessUsed(want, addr)
	l.fences(p.before)
	l.eitherWay(func() {
		l.access(graph.SeeLock, p.read, dst, addr, nil, false)
		l.outcome(dst, 1)
	}, func() {
		l.access(graph.SeeFree, p.read, dst, addr, nil, false)
		l.outcome(dst, 0)
	})
	l.fences(p.after)
	return l.load(dst)
}
