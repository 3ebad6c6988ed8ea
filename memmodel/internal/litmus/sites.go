package litmus

import (
	"cmp"
	"slices"

	"crosscall/memmodel/internal/primitive"
)

// Sites lists the calls in the test, by place.
func (a *AST) Sites() []primitive.Site {
	var calls []*primitive.Expr
	for i := range a.procs {
		primitive.WalkStmts(a.procs[i].Body, func(e *primitive.Expr) {
			if e.Kind == primitive.CallExpr {
				calls = append(calls, e)
			}
		})
	}
	slices.SortFunc(calls, func(x, y *primitive.Expr) int { return cmp.Compare(x.From, y.From) })
	sites := make([]primitive.Site, len(calls))
	for i, e := range calls {
		sites[i] = primitive.Site{Pos: e.At.In(a.file), Name: e.Name, Text: primitive.Tidy(a.src[e.From:e.To])}
	}
	return sites
}
