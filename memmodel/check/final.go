package check

import (
	"cmp"
	"slices"
	"strings"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
)

// A final reads the final state of executions: the registers and cells that a
// test observes, and those that its condition needs besides.
type final struct {
	cells    []ir.Cell
	obs      []ir.Obs
	observed int // how many of obs, the first, are the test's
	holds    func(state []value) bool
	state    []value
}

func newFinal(cells []ir.Cell, observed []ir.Obs, cond *ir.Prop) *final {
	f := &final{cells: cells, obs: slices.Clone(observed), observed: len(observed)}
	f.holds = f.compile(cond)
	f.state = make([]value, len(f.obs))
	return f
}

// read reads the final state of x, and reports whether the condition is true in
// it.
func (f *final) read(x *explore.Execution) bool {
	for i, o := range f.obs {
		if f.isLock(o) {
			f.state[i] = value{f.cells[o.Cell].Init, true}
			continue
		}
		n, known := x.Value(o)
		f.state[i] = value{n, known}
	}
	return f.holds(f.state)
}

// isLock reports whether o is a spinlock. As in herd, its final value is its
// initial one: that a lock is held at the end is reported by a flag of the
// model.
func (f *final) isLock(o ir.Obs) bool {
	return o.Kind == ir.CellObs && f.cells[o.Cell].Lock
}

// shown is the part of the state that the test observes.
func (f *final) shown() []value { return f.state[:f.observed] }

func (f *final) compile(p *ir.Prop) func([]value) bool {
	switch p.Op {
	case ir.True:
		return func([]value) bool { return true }
	case ir.All:
		kids := f.compileAll(p.Kids)
		return func(s []value) bool {
			for _, kid := range kids {
				if !kid(s) {
					return false
				}
			}
			return true
		}
	case ir.Any:
		kids := f.compileAll(p.Kids)
		return func(s []value) bool {
			for _, kid := range kids {
				if kid(s) {
					return true
				}
			}
			return false
		}
	case ir.NotProp:
		kid := f.compile(p.Kids[0])
		return func(s []value) bool { return !kid(s) }
	}
	left, right, holds := f.operand(p.Left), f.operand(p.Right), relationOf(p.Op)
	return func(s []value) bool {
		a, b := left.in(s), right.in(s)
		// As in herd: a value without a number is not equal to, less or greater
		// than any value.
		if !a.known || !b.known {
			return p.Op == ir.NeAtom
		}
		return holds(cmp.Compare(a.n, b.n))
	}
}

func (f *final) compileAll(kids []*ir.Prop) []func([]value) bool {
	var all []func([]value) bool
	for _, kid := range kids {
		all = append(all, f.compile(kid))
	}
	return all
}

func relationOf(op ir.PropOp) func(order int) bool {
	switch op {
	case ir.EqAtom:
		return func(o int) bool { return o == 0 }
	case ir.NeAtom:
		return func(o int) bool { return o != 0 }
	case ir.LtAtom:
		return func(o int) bool { return o < 0 }
	case ir.LeAtom:
		return func(o int) bool { return o <= 0 }
	case ir.GtAtom:
		return func(o int) bool { return o > 0 }
	default:
		return func(o int) bool { return o >= 0 }
	}
}

// An operand is a constant or a place in the state.
type operand struct {
	column   int // -1: a constant
	constant value
}

func (o operand) in(state []value) value {
	if o.column < 0 {
		return o.constant
	}
	return state[o.column]
}

func (f *final) operand(o ir.Obs) operand {
	if o.Kind == ir.ConstObs {
		return operand{column: -1, constant: value{o.K, true}}
	}
	i := slices.Index(f.obs, o)
	if i < 0 {
		i = len(f.obs)
		f.obs = append(f.obs, o)
	}
	return operand{column: i}
}

// herdOrder orders values as herd sorts states: undetermined values, numbers,
// then addresses by name and index.
func herdOrder(cells []ir.Cell) func(a, b value) int {
	class := func(v value) int {
		switch {
		case !v.known:
			return 0
		case isAddress(v.n, cells):
			return 2
		}
		return 1
	}
	variable := func(v value) string {
		name, _, _ := strings.Cut(cells[v.n-ir.AddrBase].Name, "[")
		return name
	}
	return func(a, b value) int {
		if order := cmp.Compare(class(a), class(b)); order != 0 {
			return order
		}
		if class(a) == 2 {
			if order := cmp.Compare(variable(a), variable(b)); order != 0 {
				return order
			}
		}
		return cmp.Compare(a.n, b.n)
	}
}

func isAddress(n int64, cells []ir.Cell) bool {
	return n >= ir.AddrBase && n < ir.AddrOf(len(cells))
}
