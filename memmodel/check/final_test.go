package check

import (
	"testing"

	"crosscall/memmodel/internal/ir"
)

func TestConditionOfAState(t *testing.T) {
	x := ir.Obs{Kind: ir.CellObs, Cell: 0}
	r := ir.Obs{Kind: ir.RegObs, Thread: 1, Reg: 2}
	constant := func(n int64) ir.Obs { return ir.Obs{K: n} }
	atom := func(op ir.PropOp, l, r ir.Obs) *ir.Prop {
		return &ir.Prop{Op: op, Left: l, Right: r}
	}
	group := func(op ir.PropOp, kids ...*ir.Prop) *ir.Prop {
		return &ir.Prop{Op: op, Kids: kids}
	}
	xIs1, rIs2 := atom(ir.EqAtom, x, constant(1)), atom(ir.EqAtom, r, constant(2))
	no := group(ir.NotProp, group(ir.True))
	for _, c := range []struct {
		name string
		prop *ir.Prop
		x, r value
		want bool
	}{
		{"x=1", xIs1, value{1, true}, value{}, true},
		{"x=1, x is not", xIs1, value{2, true}, value{}, false},
		{"x=1, x has no value", xIs1, value{}, value{}, false},
		{"x!=1, x has no value", atom(ir.NeAtom, x, constant(1)), value{}, value{}, true},
		{"not x=1, x has no value", group(ir.NotProp, xIs1), value{}, value{}, true},
		{"x<1, x has no value", atom(ir.LtAtom, x, constant(1)), value{}, value{}, false},
		{"x>=1, x has no value", atom(ir.GeAtom, x, constant(1)), value{}, value{}, false},
		{"both", group(ir.All, xIs1, rIs2), value{1, true}, value{2, true}, true},
		{"both, one is not", group(ir.All, xIs1, rIs2), value{1, true}, value{3, true}, false},
		{"either", group(ir.Any, xIs1, rIs2), value{0, true}, value{2, true}, true},
		{"either, none is", group(ir.Any, xIs1, rIs2), value{0, true}, value{0, true}, false},
		{"none of none", group(ir.Any), value{}, value{}, false},
		{"all of none", group(ir.All), value{}, value{}, true},
		{"false", no, value{}, value{}, false},
		{"x=r", atom(ir.EqAtom, x, r), value{4, true}, value{4, true}, true},
		{"x!=r", atom(ir.NeAtom, x, r), value{4, true}, value{4, true}, false},
		{"x<r", atom(ir.LtAtom, x, r), value{-4, true}, value{4, true}, true},
		{"x<=r", atom(ir.LeAtom, x, r), value{5, true}, value{4, true}, false},
		{"x>r", atom(ir.GtAtom, x, r), value{5, true}, value{4, true}, true},
		{"x>=r", atom(ir.GeAtom, x, r), value{4, true}, value{4, true}, true},
	} {
		// The condition may use values that the test does not observe.
		for _, observed := range [][]ir.Obs{nil, {x}, {r, x}} {
			f := newFinal(make([]ir.Cell, 1), observed, c.prop)
			for i, o := range f.obs {
				f.state[i] = c.x
				if o == r {
					f.state[i] = c.r
				}
			}
			if got := f.holds(f.state); got != c.want {
				t.Errorf("%s, observing %d: %t", c.name, len(observed), got)
			}
			if len(f.shown()) != len(observed) {
				t.Errorf("%s: %d shown of %d observed", c.name, len(f.shown()), len(observed))
			}
		}
	}
}
