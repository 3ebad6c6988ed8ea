package native

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// atomic makes what is more than one instruction of package ir: taking a lock, and atomic
// operations that are one instruction of the machine. ok is false if code[i] begins none.
func (g *generator) atomic(code []ir.Instr, i int) (n int, ok bool, err error) {
	if code[i].Kind == graph.LockRead {
		g.enter(i, 2)
		return 2, true, g.lock(code, i)
	}
	if code[i].Kind != graph.Read || g.whole() == nil || !lockedRead(&code[i]) {
		return 0, false, nil
	}
	if n := g.exchange(code, i); n > 0 {
		return n, true, nil
	}
	return 0, false, nil
}

func lockedRead(in *ir.Instr) bool {
	lock, err := locked(in.Tags)
	return lock && err == nil
}

// enter begins n instructions that are made together.
func (g *generator) enter(i, n int) {
	for k := range n {
		g.bind(g.starts[i+k])
	}
}

// exchange makes the atomic operation that code[i] begins, if it is XCHG, XADD or CMPXCHG.
func (g *generator) exchange(code []ir.Instr, i int) (n int) {
	read := &code[i]
	if i+1 >= len(code) {
		return 0
	}
	next := &code[i+1]
	switch {
	case isHalf(next) && sameExpr(next.Addr, read.Addr) && !usesReg(next.Val, read.Dst):
		g.enter(i, 2)
		g.whole().swap(g.operands(read.Addr, next.Val))
		g.put(read.Dst, regA)
		return 2
	case isHalf(next) && sameExpr(next.Addr, read.Addr) && addsTo(next.Val, read.Dst):
		g.enter(i, 2)
		g.whole().fetchAdd(g.operands(read.Addr, next.Val.B), regA)
		g.put(read.Dst, regA)
		return 2
	case next.Op == ir.Assume && i+2 < len(code) && isHalf(&code[i+2]):
		return g.compareExchange(code, i)
	}
	return 0
}

// isHalf reports whether an instruction is the second half of an atomic operation.
func isHalf(in *ir.Instr) bool { return in.Op == ir.Do && in.Kind == graph.Write && in.RMW }

func addsTo(e *ir.Expr, r ir.Reg) bool {
	return r != ir.NoReg && e.Op == ir.Add && e.A.Op == ir.Load && e.A.R == r && !usesReg(e.B, r)
}

func (g *generator) compareExchange(code []ir.Instr, i int) (n int) {
	read, assume, write := &code[i], code[i+1].Val, &code[i+2]
	fails, ok := g.failing[i+1]
	if !ok || assume.Op != ir.Eq || assume.A.Op != ir.Load || assume.A.R != read.Dst || !isLeaf(assume.B) ||
		usesReg(assume.B, read.Dst) || usesReg(write.Val, read.Dst) || !sameExpr(read.Addr, write.Addr) {
		return 0
	}
	g.enter(i, 3)
	at := g.operands(read.Addr, write.Val)
	g.mov(regC, regA)
	g.leaf(regA, assume.B)
	other, done := g.newLabel(), g.newLabel()
	g.whole().compareSwap(at, other)
	g.put(read.Dst, regA)
	g.jump(done)
	g.bind(other)
	g.put(read.Dst, regA)
	g.jump(fails)
	g.bind(done)
	return 3
}

// usesReg reports whether an expression has a register in it.
func usesReg(e *ir.Expr, r ir.Reg) bool {
	return e != nil && (e.Op == ir.Load && e.R == r || usesReg(e.A, r) || usesReg(e.B, r) || usesReg(e.C, r))
}

var lockTaken = &ir.Expr{Op: ir.Const, K: 1}

// lock takes a lock, or tries to: then it goes the other way if that fails. It waits by the
// clock.
func (g *generator) lock(code []ir.Instr, i int) error {
	read, write := &code[i], &code[i+1]
	again, got, taken := g.newLabel(), g.newLabel(), g.newLabel()
	g.bind(again)
	if w := g.whole(); w != nil {
		w.swap(g.operands(read.Addr, lockTaken))
		g.branchZero(regA, got)
	} else {
		at := g.operands(read.Addr, nil)
		if err := g.readHalf(regA, at, read.Tags); err != nil {
			return err
		}
		g.branchNonzero(regA, taken)
		g.imm(regC, lockTaken.K)
		if err := g.writeHalf(at, write.Tags, again); err != nil {
			return err
		}
		g.jump(got)
	}
	g.bind(taken)
	g.abandon()
	if fails, ok := g.failing[i]; ok {
		g.put(read.Dst, regA)
		g.jump(fails)
	} else {
		g.pause()
		g.look()
		g.jump(again)
	}
	g.bind(got)
	g.put(read.Dst, regA)
	return nil
}
