package native

import "crosscall/memmodel/internal/ir"

// eval puts the value of an expression into regA. It may change regB and regC. depth is how
// many temporaries are in use.
func (g *generator) eval(e *ir.Expr, depth int) {
	if depth+3 > maxTemps {
		g.fail("an expression is too deep to be computed on this machine")
		return
	}
	switch e.Op {
	case ir.Const:
		g.imm(regA, e.K)
	case ir.Load:
		g.get(regA, e.R)
	case ir.Not:
		g.eval(e.A, depth)
		g.imm(regB, 0)
		g.compare(eq)
	case ir.Inv:
		g.eval(e.A, depth)
		g.imm(regB, -1)
		g.binary(ir.Xor)
	case ir.Neg:
		g.eval(e.A, depth)
		g.mov(regB, regA)
		g.imm(regA, 0)
		g.binary(ir.Sub)
	case ir.Cond:
		g.evalCond(e, depth)
	case ir.LAnd, ir.LOr:
		g.evalLogic(e, depth)
	default:
		g.evalBinary(e, depth)
	}
}

var comparisons = map[ir.ExprOp]cond{ir.Eq: eq, ir.Ne: ne, ir.Lt: lt, ir.Le: le, ir.Gt: gt, ir.Ge: ge}

func (g *generator) evalBinary(e *ir.Expr, depth int) {
	g.evalBoth(e.A, e.B, depth)
	if c, ok := comparisons[e.Op]; ok {
		g.compare(c)
		return
	}
	if e.Op == ir.Div || e.Op == ir.Mod {
		g.branchZero(regB, g.divides)
	}
	g.binary(e.Op)
}

// evalBoth puts a into regA and b into regB.
func (g *generator) evalBoth(a, b *ir.Expr, depth int) {
	if isLeaf(b) {
		g.eval(a, depth)
		g.leaf(regB, b)
		return
	}
	g.eval(b, depth)
	g.store(temp(depth), regA)
	g.eval(a, depth+1)
	g.load(regB, temp(depth))
}

// evalCond evaluates all three: a branch would be a control dependency in place of that of
// the value.
func (g *generator) evalCond(e *ir.Expr, depth int) {
	g.eval(e.B, depth)
	g.store(temp(depth), regA)
	g.eval(e.C, depth+1)
	g.store(temp(depth+1), regA)
	g.eval(e.A, depth+2)
	g.load(regB, temp(depth))
	g.load(regC, temp(depth+1))
	g.choose()
}

func (g *generator) evalLogic(e *ir.Expr, depth int) {
	truth := func(x *ir.Expr, depth int) {
		g.eval(x, depth)
		g.imm(regB, 0)
		g.compare(ne)
	}
	truth(e.B, depth)
	g.store(temp(depth), regA)
	truth(e.A, depth+1)
	g.load(regB, temp(depth))
	if e.Op == ir.LAnd {
		g.binary(ir.And)
	} else {
		g.binary(ir.Or)
	}
}

func temp(k int) place { return place{regBlock, tempAt(k)} }

// isLeaf reports whether an expression is computed without changing other registers than
// the one that it goes to.
func isLeaf(e *ir.Expr) bool { return e.Op == ir.Const || e.Op == ir.Load }

func (g *generator) leaf(d reg, e *ir.Expr) {
	if e.Op == ir.Const {
		g.imm(d, e.K)
		return
	}
	g.get(d, e.R)
}

// get reads a register of the test, put writes one from regA.
func (g *generator) get(d reg, r ir.Reg) {
	if k := int(r); k < g.values() {
		g.mov(d, regV0+reg(k))
	} else {
		g.load(d, place{regBlock, spillAt(k - g.values())})
	}
}

func (g *generator) put(r ir.Reg, s reg) {
	if r == ir.NoReg {
		return
	}
	if k := int(r); k < g.values() {
		g.mov(regV0+reg(k), s)
	} else {
		g.store(place{regBlock, spillAt(k - g.values())}, s)
	}
}

// operands evaluates an address, and a value into regA if there is one. The address may
// be in regB: code between this and the access must leave it there.
func (g *generator) operands(addr, val *ir.Expr) place {
	computed := addr.Op != ir.Const
	saved := computed && val != nil && !isLeaf(val)
	if val != nil && !isLeaf(val) {
		g.eval(val, 0)
		if saved {
			g.store(temp(0), regA)
		}
	}
	if computed {
		g.eval(addr, 1)
		g.translate()
	}
	at := place{regB, 0}
	if !computed {
		at = g.fixed(addr)
	}
	switch {
	case saved:
		g.load(regA, temp(0))
	case val != nil && isLeaf(val):
		g.leaf(regA, val)
	}
	return at
}

// fixed is the place of a variable whose address is known.
func (g *generator) fixed(addr *ir.Expr) place {
	cell, ok := g.prog.CellAt(addr.K)
	if !ok {
		g.fail("an access to address %d, which is no variable's", addr.K)
		return place{regInst, 0}
	}
	if !g.Indirect {
		return place{regInst, int32(g.slots[cell]) * Line}
	}
	g.load(regB, place{regInst, int32(8 * g.slots[cell])})
	return place{regB, 0}
}

// translate turns the address in regA, as the model has it, into one of memory, in regB.
func (g *generator) translate() {
	g.imm(regB, ir.AddrBase)
	g.binary(ir.Sub)
	g.imm(regB, int64(len(g.prog.Cells)))
	g.branch(above, regA, regB, g.badAddress) // unsigned: below the first, too
	g.load(regC, place{regBlock, atTable})
	g.loadIndexed(regA, regC, regA)
	g.imm(regB, 0)
	g.branch(lt, regA, regB, g.badAddress)
	g.mov(regB, regInst)
	g.binary(ir.Add)
	if g.Indirect {
		g.load(regB, place{regA, 0})
	} else {
		g.mov(regB, regA)
	}
}
