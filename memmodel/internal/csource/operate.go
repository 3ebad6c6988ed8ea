package csource

import "crosscall/memmodel/internal/ir"

// operate makes an operation, and asserts what C requires of the operands.
func (c *code) operate(op ir.ExprOp, x, y value, t *ctype) value {
	switch op {
	case ir.Div, ir.Mod:
		x, y = c.kept(x, t), c.kept(y, t)
		if y.isConst() && y.e.K != 0 && y.e.K != -1 {
			break
		}
		if y.lo <= 0 && y.hi >= 0 {
			c.emit(ir.Instr{Op: ir.Assert, Val: truth(y).e})
			if y.isConst() {
				return known(0)
			}
			// A division by zero would drop the execution, and with it the failed
			// assertion.
			y.e = &ir.Expr{Op: ir.Cond, A: y.e, B: y.e, C: known(1).e}
		}
		c.quotientFits(x, y, t)
	case ir.Shl, ir.Shr:
		y = c.kept(y, longT)
		if width := 8 * t.size; y.lo < 0 || y.hi >= width {
			ok := operation(ir.Lt, value{e: y.e, lo: -1, hi: 1}, known(width), ulongT)
			if y.lo < 0 {
				ok = value{e: expression(ir.LAnd, expression(ir.Ge, y.e, known(0).e), ok.e)}
			}
			c.emit(ir.Instr{Op: ir.Assert, Val: ok.e})
		}
	}
	return operation(op, x, y, t)
}

// quotientFits asserts that x is not the least value of a signed type, or y is not -1:
// otherwise the quotient is too large for the type by one, and a processor traps as at
// a division by zero.
func (c *code) quotientFits(x, y value, t *ctype) {
	least, _ := t.limits()
	if t.kind != intType || !t.signed || x.lo > least || y.lo > -1 || y.hi < -1 {
		return
	}
	fits := expression(ir.LOr, expression(ir.Ne, x.e, known(least).e), expression(ir.Ne, y.e, known(-1).e))
	c.assert(value{e: fits, lo: 0, hi: 1})
}

// assert reports an execution in which v is zero.
func (c *code) assert(v value) {
	if v = truth(v); v.isConst() && v.e.K != 0 {
		return
	}
	for v.e.Op == ir.Not && v.e.A.Op == ir.Not {
		v.e = v.e.A.A
	}
	c.emit(ir.Instr{Op: ir.Assert, Val: v.e})
}

// popcount counts bits, in parallel.
func (c *code) popcount(x value) value {
	if x.lo >= 0 && x.hi <= 1 {
		return x
	}
	k := func(k uint64) *ir.Expr { return known(int64(k)).e }
	step := func(op ir.ExprOp, a *ir.Expr, shift, mask uint64) *ir.Expr {
		a = c.kept(value{e: a}, ulongT).e // it counts twice
		if op == ir.Sub {
			return expression(op, a, expression(ir.And, expression(ir.Shr, a, k(shift)), k(mask)))
		}
		return expression(op, expression(ir.And, a, k(mask)), expression(ir.And, expression(ir.Shr, a, k(shift)), k(mask)))
	}
	pairs := step(ir.Sub, x.e, 1, 0x5555555555555555)
	nibbles := step(ir.Add, pairs, 2, 0x3333333333333333)
	bytes := step(ir.Add, nibbles, 4, 0x0f0f0f0f0f0f0f0f)
	all := expression(ir.Shr, expression(ir.Mul, bytes, k(0x0101010101010101)), k(56))
	return value{e: expression(ir.And, all, k(0x7f)), lo: 0, hi: 64}
}

// trailingZeros counts the zeros below the lowest bit; 64 if there is no bit.
func (c *code) trailingZeros(x value) value {
	x = c.kept(x, ulongT)
	below := expression(ir.And, expression(ir.Inv, x.e, nil), expression(ir.Sub, x.e, known(1).e))
	return c.popcount(value{e: below, lo: -1 << 63, hi: 1<<63 - 1})
}
