package csource

import (
	"math"
	"math/bits"

	"crosscall/memmodel/internal/program"
)

// A value is what an expression comes to: a program expression and the range
// that it is known to be in. Integers are held as C has them: those of signed
// types with their sign, those of unsigned types of less than 64 bits as they
// are, and those of 64 bits as the int64 of the same bits.
type value struct {
	e      *program.Expr
	lo, hi int64
	// class is the key of the member that the value is a pointer to, or "".
	class string
}

func known(k int64) value { return value{e: &program.Expr{Op: program.Const, K: k}, lo: k, hi: k} }

func (v value) isConst() bool { return v.e != nil && v.e.Op == program.Const }

// of is a value of type t of which nothing else is known.
func of(e *program.Expr, t *ctype) value {
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
	e := expression(program.And, v.e, known(mask).e)
	if t.signed {
		sign := known(hi + 1).e
		e = expression(program.Sub, expression(program.Xor, e, sign), sign)
	}
	return value{e: e, lo: lo, hi: hi}
}

// expression makes an operation, or its result if that is known.
func expression(op program.ExprOp, a, b *program.Expr) *program.Expr {
	if a.Op == program.Const && (b == nil || b.Op == program.Const) {
		k := int64(0)
		if b != nil {
			k = b.K
		}
		if r, ok := compute(op, a.K, k); ok {
			return known(r).e
		}
	}
	if op == program.Add && b.Op == program.Const && a.Op == program.Add && a.B.Op == program.Const {
		return &program.Expr{Op: op, A: a.A, B: known(a.B.K + b.K).e}
	}
	return &program.Expr{Op: op, A: a, B: b}
}

func compute(op program.ExprOp, a, b int64) (int64, bool) {
	truth := func(c bool) (int64, bool) {
		if c {
			return 1, true
		}
		return 0, true
	}
	switch op {
	case program.Add:
		return a + b, true
	case program.Sub:
		return a - b, true
	case program.Mul:
		return a * b, true
	case program.Div, program.Mod:
		if b == 0 || b == -1 {
			return 0, false
		}
		if op == program.Div {
			return a / b, true
		}
		return a % b, true
	case program.And:
		return a & b, true
	case program.Or:
		return a | b, true
	case program.Xor:
		return a ^ b, true
	case program.Shl:
		return a << (uint64(b) & 63), true
	case program.Shr:
		return a >> (uint64(b) & 63), true
	case program.Eq:
		return truth(a == b)
	case program.Ne:
		return truth(a != b)
	case program.Lt:
		return truth(a < b)
	case program.Le:
		return truth(a <= b)
	case program.Gt:
		return truth(a > b)
	case program.Ge:
		return truth(a >= b)
	case program.Not:
		return truth(a == 0)
	case program.Inv:
		return ^a, true
	case program.Neg:
		return -a, true
	}
	return 0, false
}

// truth is 1 where v is not 0.
func truth(v value) value {
	switch {
	case v.isConst() && v.e.K == 0: // its range may be wider than it
		return known(0)
	case v.isConst():
		return known(1)
	case v.lo >= 0 && v.hi <= 1:
		return v
	}
	return value{e: expression(program.Ne, v.e, known(0).e), lo: 0, hi: 1}
}

func not(v value) value {
	e := v.e
	inverse := map[program.ExprOp]program.ExprOp{
		program.Eq: program.Ne, program.Ne: program.Eq, program.Lt: program.Ge,
		program.Ge: program.Lt, program.Gt: program.Le, program.Le: program.Gt,
	}
	if op, ok := inverse[e.Op]; ok {
		return value{e: &program.Expr{Op: op, A: e.A, B: e.B}, lo: 0, hi: 1}
	}
	if e.Op == program.Not && isTruth(e.A) {
		return value{e: e.A, lo: 0, hi: 1}
	}
	return value{e: expression(program.Not, e, nil), lo: 0, hi: 1}
}

// isTruth reports whether e is 0 or 1 by its form.
func isTruth(e *program.Expr) bool {
	switch e.Op {
	case program.Const:
		return e.K == 0 || e.K == 1
	case program.Eq, program.Ne, program.Lt, program.Le, program.Gt, program.Ge, program.LAnd, program.LOr, program.Not:
		return true
	}
	return false
}

// operation computes x op y for operands of type t, which is also that of the
// result unless op compares. Of y only that it is no zero divisor and no shift
// beyond the width of t is left to the caller.
func operation(op program.ExprOp, x, y value, t *ctype) value {
	switch op {
	case program.Eq, program.Ne:
		return value{e: expression(op, x.e, y.e), lo: 0, hi: 1}
	case program.Lt, program.Le, program.Gt, program.Ge:
		if t.unsigned64() && (x.lo < 0 || y.lo < 0) {
			x, y = flipped(x), flipped(y)
		}
		return value{e: expression(op, x.e, y.e), lo: 0, hi: 1}
	case program.Div, program.Mod:
		return divide(op, x, y, t)
	case program.Shr:
		return shiftRight(x, y, t)
	}
	if neutral(op, y) {
		return x
	}
	if neutral(op, x) && op != program.Sub && op != program.Shl {
		return y
	}
	v := value{e: expression(op, x.e, y.e)}
	v.lo, v.hi = bounds(op, x, y)
	return wrap(v, t)
}

func neutral(op program.ExprOp, v value) bool {
	if !v.isConst() {
		return false
	}
	switch op {
	case program.Add, program.Sub, program.Or, program.Xor, program.Shl:
		return v.e.K == 0
	case program.Mul:
		return v.e.K == 1
	case program.And:
		return v.e.K == -1
	}
	return false
}

// flipped maps unsigned order to signed order.
func flipped(v value) value {
	return value{e: expression(program.Xor, v.e, known(math.MinInt64).e), lo: math.MinInt64, hi: math.MaxInt64}
}

// bounds is the range of an operation; that of all values if it may overflow.
func bounds(op program.ExprOp, x, y value) (lo, hi int64) {
	const all = math.MinInt64
	small := func(v value) bool { return v.lo > -1<<31 && v.hi < 1<<31 }
	switch op {
	case program.Add, program.Sub:
		a, b := y.lo, y.hi
		if op == program.Sub {
			if y.lo == all {
				return all, math.MaxInt64
			}
			a, b = -y.hi, -y.lo
		}
		lo, hi = x.lo+a, x.hi+b
		if (a < 0) != (lo < x.lo) && a != 0 || (b < 0) != (hi < x.hi) && b != 0 {
			return all, math.MaxInt64
		}
		return lo, hi
	case program.Mul:
		if small(x) && small(y) {
			p := []int64{x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi}
			return min(p[0], p[1], p[2], p[3]), max(p[0], p[1], p[2], p[3])
		}
	case program.And:
		if x.lo >= 0 && y.lo >= 0 {
			return 0, min(x.hi, y.hi)
		}
		if x.lo >= 0 {
			return 0, x.hi
		}
		if y.lo >= 0 {
			return 0, y.hi
		}
	case program.Or, program.Xor:
		if x.lo >= 0 && y.lo >= 0 {
			return 0, int64(1)<<bits.Len64(uint64(max(x.hi, y.hi))) - 1
		}
		if x.lo >= -1<<31 && y.lo >= -1<<31 && x.hi < 1<<31 && y.hi < 1<<31 {
			return -1 << 31, 1<<31 - 1
		}
	case program.Shl:
		if x.lo >= 0 && y.lo >= 0 && y.hi < 63 && x.hi <= math.MaxInt64>>uint(y.hi) {
			return 0, x.hi << uint(y.hi)
		}
	}
	return all, math.MaxInt64
}

// shiftRight shifts in zeros where the type is unsigned: the bits of an int64
// may look negative.
func shiftRight(x, y value, t *ctype) value {
	if neutral(program.Shl, y) {
		return x
	}
	e := expression(program.Shr, x.e, y.e)
	switch {
	case x.lo >= 0:
		return value{e: e, lo: 0, hi: x.hi}
	case !t.unsigned64():
		return value{e: e, lo: x.lo, hi: max(x.hi, -1)}
	case y.isConst():
		mask := int64(uint64(math.MaxUint64) >> (uint64(y.e.K) & 63))
		return value{e: expression(program.And, e, known(mask).e), lo: 0, hi: mask}
	}
	// The mask is (1<<(63-y)<<1)-1.
	top := expression(program.Shl, expression(program.Shl, known(1).e, expression(program.Sub, known(63).e, y.e)), known(1).e)
	mask := expression(program.Sub, top, known(1).e)
	return value{e: expression(program.And, e, mask), lo: math.MinInt64, hi: math.MaxInt64}
}

// divide divides. Where an operand is unsigned and may be 2^63 or more, it is
// Warren's formula for an unsigned division out of a signed one (Hacker's
// Delight, 9-3).
func divide(op program.ExprOp, x, y value, t *ctype) value {
	if !t.unsigned64() || x.lo >= 0 && y.lo >= 0 {
		v := value{e: expression(op, x.e, y.e), lo: math.MinInt64, hi: math.MaxInt64}
		if x.lo >= 0 && y.lo > 0 {
			v.lo, v.hi = 0, x.hi
			if op == program.Mod {
				v.hi = min(x.hi, y.hi-1)
			}
		}
		return wrap(v, t)
	}
	x, y = value{e: x.e, lo: math.MinInt64, hi: math.MaxInt64}, value{e: y.e, lo: math.MinInt64, hi: math.MaxInt64}
	less := operation(program.Lt, x, y, ulongT)
	half := expression(program.And, expression(program.Shr, x.e, known(1).e), known(math.MaxInt64).e)
	q := expression(program.Shl, expression(program.Div, half, y.e), known(1).e)
	r := value{e: expression(program.Sub, x.e, expression(program.Mul, q, y.e)), lo: math.MinInt64, hi: math.MaxInt64}
	q = expression(program.Add, q, operation(program.Ge, r, y, ulongT).e)
	large := &program.Expr{Op: program.Cond, A: less.e, B: known(0).e, C: known(1).e}
	e := &program.Expr{Op: program.Cond, A: expression(program.Lt, y.e, known(0).e), B: large, C: q}
	if op == program.Mod {
		e = expression(program.Sub, x.e, expression(program.Mul, e, y.e))
	}
	return value{e: e, lo: math.MinInt64, hi: math.MaxInt64}
}
