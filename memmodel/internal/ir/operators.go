package ir

// Apply computes an operation on as many of a, b and c as it needs. ok is false if
// there is no result: for a division by zero, or an operator that does not compute on
// values.
func (op ExprOp) Apply(a, b, c int64) (v int64, ok bool) {
	if op == Cond {
		if a != 0 {
			return b, true
		}
		return c, true
	}
	if op <= Ge {
		return op.binary(a, b)
	}
	switch op {
	case LAnd:
		return truth(a != 0 && b != 0), true
	case LOr:
		return truth(a != 0 || b != 0), true
	case Not:
		return truth(a == 0), true
	case Inv:
		return ^a, true
	case Neg:
		return -a, true
	}
	return 0, false
}

// binary is Apply for the arithmetic operators of two operands.
func (op ExprOp) binary(a, b int64) (v int64, ok bool) {
	switch op {
	case Add:
		return a + b, true
	case Sub:
		return a - b, true
	case Mul:
		return a * b, true
	case Div:
		if b == 0 {
			return 0, false
		}
		return a / b, true
	case Mod:
		if b == 0 {
			return 0, false
		}
		return a % b, true
	}
	return op.bitwise(a, b)
}

// bitwise is binary for the operators on bits.
func (op ExprOp) bitwise(a, b int64) (v int64, ok bool) {
	switch op {
	case And:
		return a & b, true
	case Or:
		return a | b, true
	case Xor:
		return a ^ b, true
	case Shl:
		return a << (uint64(b) & 63), true
	case Shr:
		return a >> (uint64(b) & 63), true
	}
	return op.compare(a, b)
}

// compare is binary for the comparisons.
func (op ExprOp) compare(a, b int64) (v int64, ok bool) {
	switch op {
	case Eq:
		return truth(a == b), true
	case Ne:
		return truth(a != b), true
	case Lt:
		return truth(a < b), true
	case Le:
		return truth(a <= b), true
	case Gt:
		return truth(a > b), true
	case Ge:
		return truth(a >= b), true
	}
	return 0, false
}

func truth(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// Equal reports whether e and o compute the same in the same way. Both may be nil.
func (e *Expr) Equal(o *Expr) bool {
	if e == nil || o == nil {
		return e == o
	}
	if e.Op != o.Op || e.Op == Const && e.K != o.K || e.Op == Load && e.R != o.R {
		return false
	}
	return e.A.Equal(o.A) && e.B.Equal(o.B) && e.C.Equal(o.C)
}
