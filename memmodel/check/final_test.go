package check

import (
	"testing"

	"crosscall/memmodel/internal/program"
)

func TestConditionOfAState(t *testing.T) {
	x := program.Obs{Kind: program.CellObs, Cell: 0}
	r := program.Obs{Kind: program.RegObs, Thread: 1, Reg: 2}
	constant := func(n int64) program.Obs { return program.Obs{K: n} }
	atom := func(op program.PropOp, l, r program.Obs) *program.Prop {
		return &program.Prop{Op: op, Left: l, Right: r}
	}
	group := func(op program.PropOp, kids ...*program.Prop) *program.Prop {
		return &program.Prop{Op: op, Kids: kids}
	}
	xIs1, rIs2 := atom(program.EqAtom, x, constant(1)), atom(program.EqAtom, r, constant(2))
	no := group(program.NotProp, group(program.True))
	for _, c := range []struct {
		name string
		prop *program.Prop
		x, r value
		want bool
	}{
		{"x=1", xIs1, value{1, true}, value{}, true},
		{"x=1, x is not", xIs1, value{2, true}, value{}, false},
		{"x=1, x has no value", xIs1, value{}, value{}, false},
		{"x!=1, x has no value", atom(program.NeAtom, x, constant(1)), value{}, value{}, true},
		{"not x=1, x has no value", group(program.NotProp, xIs1), value{}, value{}, true},
		{"x<1, x has no value", atom(program.LtAtom, x, constant(1)), value{}, value{}, false},
		{"x>=1, x has no value", atom(program.GeAtom, x, constant(1)), value{}, value{}, false},
		{"both", group(program.All, xIs1, rIs2), value{1, true}, value{2, true}, true},
		{"both, one is not", group(program.All, xIs1, rIs2), value{1, true}, value{3, true}, false},
		{"either", group(program.Any, xIs1, rIs2), value{0, true}, value{2, true}, true},
		{"either, none is", group(program.Any, xIs1, rIs2), value{0, true}, value{0, true}, false},
		{"none of none", group(program.Any), value{}, value{}, false},
		{"all of none", group(program.All), value{}, value{}, true},
		{"false", no, value{}, value{}, false},
		{"x=r", atom(program.EqAtom, x, r), value{4, true}, value{4, true}, true},
		{"x!=r", atom(program.NeAtom, x, r), value{4, true}, value{4, true}, false},
		{"x<r", atom(program.LtAtom, x, r), value{-4, true}, value{4, true}, true},
		{"x<=r", atom(program.LeAtom, x, r), value{5, true}, value{4, true}, false},
		{"x>r", atom(program.GtAtom, x, r), value{5, true}, value{4, true}, true},
		{"x>=r", atom(program.GeAtom, x, r), value{4, true}, value{4, true}, true},
	} {
		// The condition may look at more than the test observes.
		for _, observed := range [][]program.Obs{nil, {x}, {r, x}} {
			f := newFinal(make([]program.Cell, 1), observed, c.prop)
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
