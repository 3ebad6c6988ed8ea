package primitive

import (
	"slices"

	"crosscall/memmodel/internal/ir"
)

// In C an argument is evaluated once. A table of primitives may use a parameter several times, or
// not at all:
//
//	test_and_set_bit(N,X) (atomic_fetch_or(1 << (N),X) >> (N)) & 1
//
// With READ_ONCE(*y) as N, the bit that is set and the bit that is tested would be of two reads.

// once evaluates those arguments of a call of m that step a register, and those that access memory
// and that m uses several times.
func (l *Lowerer) once(m *macro, args []*Expr, f *frame) []*Expr {
	var list []*Expr
	for i, arg := range args {
		steps := stepsIn(arg)
		if !steps && (m.uses[int64(i)] < 2 || !l.accesses(arg, f)) {
			continue
		}
		if list == nil {
			list = slices.Clone(args)
		}
		list[i] = l.known(m, int64(i), arg, f)
	}
	if list == nil {
		return args
	}
	return list
}

// known evaluates argument i of a call of m: its address, if m accesses it as a place.
func (l *Lowerer) known(m *macro, i int64, arg *Expr, f *frame) *Expr {
	for arg.Kind == formalExpr {
		arg, f = f.args[arg.K], f.up
	}
	if arg.Kind != DerefExpr || !l.Macros.placeIn(m, i, 0) {
		return &Expr{Kind: knownExpr, At: arg.At, From: arg.From, To: arg.To, known: l.value(arg, f, ir.NoReg)}
	}
	address := &Expr{Kind: knownExpr, At: arg.At, From: arg.X.From, To: arg.X.To, known: l.value(arg.X, f, ir.NoReg)}
	return &Expr{Kind: DerefExpr, At: arg.At, From: arg.From, To: arg.To, X: address}
}
