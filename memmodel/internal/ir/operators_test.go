package ir_test

import (
	"testing"

	"crosscall/memmodel/internal/ir"
)

func TestApply(t *testing.T) {
	for _, test := range []struct {
		op      ir.ExprOp
		a, b, c int64
		want    int64
		ok      bool
	}{
		{ir.Add, 2, 3, 0, 5, true}, {ir.Sub, 2, 3, 0, -1, true}, {ir.Mul, -2, 3, 0, -6, true},
		{ir.Div, 7, 2, 0, 3, true}, {ir.Div, 7, 0, 0, 0, false}, {ir.Mod, -7, 2, 0, -1, true}, {ir.Mod, 7, 0, 0, 0, false},
		{ir.And, 6, 3, 0, 2, true}, {ir.Or, 6, 3, 0, 7, true}, {ir.Xor, 6, 3, 0, 5, true},
		{ir.Shl, 1, 65, 0, 2, true}, {ir.Shr, -8, 1, 0, -4, true},
		{ir.Eq, 1, 1, 0, 1, true}, {ir.Ne, 1, 1, 0, 0, true}, {ir.Lt, 1, 2, 0, 1, true},
		{ir.Le, 2, 2, 0, 1, true}, {ir.Gt, 1, 2, 0, 0, true}, {ir.Ge, 1, 2, 0, 0, true},
		{ir.LAnd, 2, 0, 0, 0, true}, {ir.LOr, 2, 0, 0, 1, true}, {ir.Not, 2, 0, 0, 0, true},
		{ir.Inv, 0, 0, 0, -1, true}, {ir.Neg, 5, 0, 0, -5, true},
		{ir.Cond, 1, 2, 3, 2, true}, {ir.Cond, 0, 2, 3, 3, true},
		{ir.Const, 1, 2, 3, 0, false}, {ir.Load, 1, 2, 3, 0, false},
	} {
		if got, ok := test.op.Apply(test.a, test.b, test.c); got != test.want || ok != test.ok {
			t.Errorf("operator %d of %d, %d, %d: %d, %v, want %d, %v", test.op, test.a, test.b, test.c, got, ok, test.want, test.ok)
		}
	}
}

func TestCellAt(t *testing.T) {
	p := &ir.Program{Cells: []ir.Cell{{Name: "x"}, {}, {Name: "y"}}}
	for _, test := range []struct {
		addr int64
		cell int
		ok   bool
	}{{ir.AddrOf(0), 0, true}, {ir.AddrOf(1), 0, false}, {ir.AddrOf(2), 2, true}, {ir.AddrOf(3), 0, false}, {0, 0, false}} {
		if c, ok := p.CellAt(test.addr); c != test.cell || ok != test.ok {
			t.Errorf("%#x: %d, %v", test.addr, c, ok)
		}
	}
}
