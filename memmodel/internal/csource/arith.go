package csource

import (
	"math"
	"math/bits"

	"crosscall/memmodel/internal/ir"
)

// A value is what an expression comes to: a program expression and the range
// that it is known to be in. Integers are held as C has them: those of signed
// types with their sign, those of unsigned types of less than 64 bits as they
// are, and those of 64 bits as the int64 of the same bits.
type value struct {
	e      *ir.Expr
	lo, hi int64
	// class is the key of the member that the value is a pointer to, or "".
	class string
	// sizeof is the type that the value is the size of, or a multiple of that.
	sizeof *ctype
}

func known(k int64) value { return value{e: &ir.Expr{Op: ir.Const, K: k}, lo: k, hi: k} }

func (v value) isConst() bool { return v.e != nil && v.e.Op == ir.Const }

// of is a value of type t of which nothing else is known.
func of(e *ir.Expr, t *ctype) value {
	lo, hi := t.limits()
	return value{e: e, lo: lo, hi: hi}
}

// wrapConst cuts k to the width of t.
func wrapConst(k int64, t *ctype) int64 {
	if t.kind != intType || t.size == 8 {
		return k
	}
	if t.bool {
		if k != 0 {
			return 1
		}
		return 0
	}
	shift := 64 - 8*uint(t.size)
	if t.signed {
		return k << shift >> shift
	}
	return int64(uint64(k) << shift >> shift)
}

// wrap cuts v to the width of t, where it may be beyond.
func wrap(v value, t *ctype) value {
	lo, hi := t.limits()
	if t.kind != intType || v.lo >= lo && v.hi <= hi {
		return v
	}
	if v.isConst() {
		return known(wrapConst(v.e.K, t))
	}
	switch {
	case t.bool:
		return truth(v)
	case t.size == 8:
		return value{e: v.e, lo: lo, hi: hi}
	}
	mask := int64(1)<<(8*t.size) - 1
	e := expression(ir.And, v.e, known(mask).e)
	if t.signed {
		sign := known(hi + 1).e
		e = expression(ir.Sub, expression(ir.Xor, e, sign), sign)
	}
	return value{e: e, lo: lo, hi: hi}
}

// expression makes an operation, or its result if that is known.
func expression(op ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	if a.Op == ir.Const && (b == nil || b.Op == ir.Const) {
		k := int64(0)
		if b != nil {
			k = b.K
		}
		if r, ok := fold(op, a.K, k); ok {
			return known(r).e
		}
	}
	if op == ir.Add && b.Op == ir.Const && a.Op == ir.Add && a.B.Op == ir.Const {
		return &ir.Expr{Op: op, A: a.A, B: known(a.B.K + b.K).e}
	}
	return &ir.Expr{Op: op, A: a, B: b}
}

// fold computes an operation whose operands are known. It leaves a division by -1 to the
// program, because its result may be out of range.
func fold(op ir.ExprOp, a, b int64) (int64, bool) {
	if (op == ir.Div || op == ir.Mod) && b == -1 {
		return 0, false
	}
	return op.Apply(a, b, 0)
}

// truth is 1 if v is not 0, and 0 otherwise.
func truth(v value) value {
	switch {
	case v.isConst() && v.e.K == 0: // its range may be wider than it
		return known(0)
	case v.isConst():
		return known(1)
	case v.lo >= 0 && v.hi <= 1:
		return v
	}
	return value{e: expression(ir.Ne, v.e, known(0).e), lo: 0, hi: 1}
}

func not(v value) value {
	e := v.e
	inverse := map[ir.ExprOp]ir.ExprOp{
		ir.Eq: ir.Ne, ir.Ne: ir.Eq, ir.Lt: ir.Ge,
		ir.Ge: ir.Lt, ir.Gt: ir.Le, ir.Le: ir.Gt,
	}
	if op, ok := inverse[e.Op]; ok {
		return value{e: &ir.Expr{Op: op, A: e.A, B: e.B}, lo: 0, hi: 1}
	}
	if e.Op == ir.Not && isTruth(e.A) {
		return value{e: e.A, lo: 0, hi: 1}
	}
	return value{e: expression(ir.Not, e, nil), lo: 0, hi: 1}
}

// isTruth reports whether e is 0 or 1 by its form.
func isTruth(e *ir.Expr) bool {
	switch e.Op {
	case ir.Const:
		return e.K == 0 || e.K == 1
	case ir.Eq, ir.Ne, ir.Lt, ir.Le, ir.Gt, ir.Ge, ir.LAnd, ir.LOr, ir.Not:
		return true
	}
	return false
}

// operation computes x op y for operands of type t, which is also that of the
// result unless op compares. The caller makes sure that y is no zero divisor
// and no shift beyond the width of t.
func operation(op ir.ExprOp, x, y value, t *ctype) value {
	switch op {
	case ir.Eq, ir.Ne:
		return value{e: expression(op, x.e, y.e), lo: 0, hi: 1}
	case ir.Lt, ir.Le, ir.Gt, ir.Ge:
		if t.unsigned64() && (x.lo < 0 || y.lo < 0) {
			x, y = flipped(x), flipped(y)
		}
		return value{e: expression(op, x.e, y.e), lo: 0, hi: 1}
	case ir.Div, ir.Mod:
		return divide(op, x, y, t)
	case ir.Shr:
		return shiftRight(x, y, t)
	}
	if neutral(op, y) {
		return x
	}
	if neutral(op, x) && op != ir.Sub && op != ir.Shl {
		return y
	}
	v := value{e: expression(op, x.e, y.e)}
	v.lo, v.hi = bounds(op, x, y)
	return wrap(v, t)
}

func neutral(op ir.ExprOp, v value) bool {
	if !v.isConst() {
		return false
	}
	switch op {
	case ir.Add, ir.Sub, ir.Or, ir.Xor, ir.Shl:
		return v.e.K == 0
	case ir.Mul:
		return v.e.K == 1
	case ir.And:
		return v.e.K == -1
	}
	return false
}

// flipped maps unsigned order to signed order.
func flipped(v value) value {
	return value{e: expression(ir.Xor, v.e, known(math.MinInt64).e), lo: math.MinInt64, hi: math.MaxInt64}
}

// bounds is the range of an operation's result, or the range of all values if the
// operation may overflow.
func bounds(op ir.ExprOp, x, y value) (lo, hi int64) {
	small := func(v value) bool { return v.lo > -1<<31 && v.hi < 1<<31 }
	switch op {
	case ir.Add:
		return sumBounds(x, y.lo, y.hi)
	case ir.Sub:
		if y.lo != math.MinInt64 {
			return sumBounds(x, -y.hi, -y.lo)
		}
	case ir.Mul:
		if small(x) && small(y) {
			p := []int64{x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi}
			return min(p[0], p[1], p[2], p[3]), max(p[0], p[1], p[2], p[3])
		}
	case ir.And, ir.Or, ir.Xor:
		return bitBounds(op, x, y)
	case ir.Shl:
		if x.lo >= 0 && y.lo >= 0 && y.hi < 63 && x.hi <= math.MaxInt64>>uint(y.hi) {
			return 0, x.hi << uint(y.hi)
		}
	}
	return math.MinInt64, math.MaxInt64
}

// sumBounds is the range of x plus something between a and b.
func sumBounds(x value, a, b int64) (lo, hi int64) {
	lo, hi = x.lo+a, x.hi+b
	if (a < 0) != (lo < x.lo) && a != 0 || (b < 0) != (hi < x.hi) && b != 0 {
		return math.MinInt64, math.MaxInt64 // one of them overflows
	}
	return lo, hi
}

// bitBounds is the range of an operation on bits.
func bitBounds(op ir.ExprOp, x, y value) (lo, hi int64) {
	switch {
	case x.lo >= 0 && y.lo >= 0 && op == ir.And:
		return 0, min(x.hi, y.hi)
	case x.lo >= 0 && op == ir.And:
		return 0, x.hi
	case y.lo >= 0 && op == ir.And:
		return 0, y.hi
	case op == ir.And:
	case x.lo >= 0 && y.lo >= 0:
		return 0, int64(1)<<bits.Len64(uint64(max(x.hi, y.hi))) - 1
	case x.lo >= -1<<31 && y.lo >= -1<<31 && x.hi < 1<<31 && y.hi < 1<<31:
		return -1 << 31, 1<<31 - 1
	}
	return math.MinInt64, math.MaxInt64
}

// shiftRight shifts in zeros where the type is unsigned: the bits of an int64
// may look negative.
func shiftRight(x, y value, t *ctype) value {
	if neutral(ir.Shl, y) {
		return x
	}
	e := expression(ir.Shr, x.e, y.e)
	switch {
	case x.lo >= 0:
		return value{e: e, lo: 0, hi: x.hi}
	case !t.unsigned64():
		return value{e: e, lo: x.lo, hi: max(x.hi, -1)}
	case y.isConst():
		mask := int64(uint64(math.MaxUint64) >> (uint64(y.e.K) & 63))
		return value{e: expression(ir.And, e, known(mask).e), lo: 0, hi: mask}
	}
	// The mask is (1<<(63-y)<<1)-1.
	top := expression(ir.Shl, expression(ir.Shl, known(1).e, expression(ir.Sub, known(63).e, y.e)), known(1).e)
	mask := expression(ir.Sub, top, known(1).e)
	return value{e: expression(ir.And, e, mask), lo: math.MinInt64, hi: math.MaxInt64}
}

// divide divides. If an operand is unsigned and may be 2^63 or more, divide
// uses Warren's formula for an unsigned division by means of a signed one
// (Hacker's Delight, 9-3).
func divide(op ir.ExprOp, x, y value, t *ctype) value {
	if !t.unsigned64() || x.lo >= 0 && y.lo >= 0 {
		v := value{e: expression(op, x.e, y.e), lo: math.MinInt64, hi: math.MaxInt64}
		if x.lo >= 0 && y.lo > 0 {
			v.lo, v.hi = 0, x.hi
			if op == ir.Mod {
				v.hi = min(x.hi, y.hi-1)
			}
		}
		return wrap(v, t)
	}
	if x.isConst() && y.isConst() {
		if op == ir.Div {
			return known(int64(uint64(x.e.K) / uint64(y.e.K)))
		}
		return known(int64(uint64(x.e.K) % uint64(y.e.K)))
	}
	x, y = value{e: x.e, lo: math.MinInt64, hi: math.MaxInt64}, value{e: y.e, lo: math.MinInt64, hi: math.MaxInt64}
	less := operation(ir.Lt, x, y, ulongT)
	half := expression(ir.And, expression(ir.Shr, x.e, known(1).e), known(math.MaxInt64).e)
	q := expression(ir.Shl, expression(ir.Div, half, y.e), known(1).e)
	r := value{e: expression(ir.Sub, x.e, expression(ir.Mul, q, y.e)), lo: math.MinInt64, hi: math.MaxInt64}
	q = expression(ir.Add, q, operation(ir.Ge, r, y, ulongT).e)
	large := &ir.Expr{Op: ir.Cond, A: less.e, B: known(0).e, C: known(1).e}
	e := &ir.Expr{Op: ir.Cond, A: expression(ir.Lt, y.e, known(0).e), B: large, C: q}
	if op == ir.Mod {
		e = expression(ir.Sub, x.e, expression(ir.Mul, e, y.e))
	}
	return value{e: e, lo: math.MinInt64, hi: math.MaxInt64}
}
