package csource

import "modernc.org/cc/v4"

// The types of operations are computed here. Package cc promotes bit-fields as the types that
// they are declared with, and has the variables of an enum signed where its constants are.

// promoted is the type to which an operand is promoted (C11, 6.3.1.1).
func promoted(x *expr) *ctype {
	switch t := x.t; {
	case t.kind != intType:
		return t
	case x.isBitField() && x.bits.width < 32, t.size < 4, t.size == 4 && t.signed:
		return intT
	case t.size == 4:
		return uintT
	case t.signed:
		return longT
	}
	return ulongT
}

// checkWide fails for bit-fields wider than int. What is computed of one has its width with GCC, and that of its type with
// Clang.
func checkWide(list ...*expr) {
	for _, x := range list {
		if x.isBitField() && x.bits.width > 32 && x.bits.width < 8*x.t.size {
			fail(x.at, "arithmetic on a bit-field wider than int is not supported, because GCC and Clang differ: cast it to %s", x.t.name)
		}
	}
}

// usual is the type of an operation on two integers (C11, 6.3.1.8).
func usual(x, y *expr) *ctype {
	s, t := promoted(x), promoted(y)
	if s.size > t.size || s.size == t.size && !s.signed {
		return s
	}
	return t
}

// unsignedEnum reports whether variables of an enum are unsigned, as compilers have them if
// no constant is negative. The constants are ints (C11, 6.4.4.3).
func unsignedEnum(t cc.Type) bool {
	e, ok := t.(*cc.EnumType)
	return ok && !e.IsIncomplete() && e.Min() >= 0
}
