package csource

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// fewValues are the values that are tried for each nondeterministic integer.
var fewValues = []int64{0, 1, 2, 3, -1}

const (
	maxAssumed = 16 // constants beyond it are no bounds of what can be explored
	maxNondet  = 12 // values
)

// nondetValues are the values that are tried for a nondeterministic integer: few, and those
// around the constants that an assumption compares with. Where a program says
// assume(0 <= n && n < 8), it may go wrong for 7 alone.
func (s *Source) nondetValues() (values []int64) {
	list := slices.Clone(fewValues)
	for _, f := range s.all {
		walkStmts(f.body, func(e *expr) {
			if !assumes(e) {
				return
			}
			for _, a := range e.args {
				walk(a, func(x *expr) {
					for _, k := range compared(x) {
						list = append(list, k-1, k, k+1)
					}
				})
			}
		})
	}
	for _, v := range list {
		if !slices.Contains(values, v) && len(values) < maxNondet {
			values = append(values, v)
		}
	}
	return values
}

// assumes reports whether e is an assumption, or a call of a function that is named one.
func assumes(e *expr) bool {
	return e.kind == builtinExpr && e.name == "__cc_assume" || e.kind == callExpr && e.fn != nil && strings.Contains(e.fn.name, "assume")
}

// compared lists the small constants that e compares something with.
func compared(e *expr) (list []int64) {
	if e.kind != binaryExpr || !slices.Contains([]ir.ExprOp{ir.Lt, ir.Le, ir.Gt, ir.Ge, ir.Eq, ir.Ne}, e.op) {
		return nil
	}
	for _, x := range []*expr{e.x, e.y} {
		for x.kind == castExpr {
			x = x.x
		}
		if x.kind == constExpr && -maxAssumed <= x.k && x.k <= maxAssumed {
			list = append(list, x.k)
		}
	}
	return list
}

func (l *lowerer) nondet(e *expr) value {
	values := l.unit.src.nondets
	switch t := e.t; {
	case t.kind != intType:
		fail(e.at, "%s is not supported: there are nondeterministic integers", e.name)
	case t.bool:
		values = []int64{0, 1}
	case !t.signed:
		values = slices.DeleteFunc(slices.Clone(values), func(v int64) bool { return v < 0 })
	}
	if len(values) > 2 {
		l.unit.nondets = true
	}
	if l.alone {
		return known(values[l.decided(int64(len(values)), e.at)])
	}
	r := l.code.ways(values)
	v := of(r.e, e.t)
	v.lo, v.hi = slices.Min(values), slices.Max(values)
	return v
}
