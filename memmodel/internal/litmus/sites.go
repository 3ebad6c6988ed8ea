package litmus

import (
	"cmp"
	"slices"

	"crosscall/memmodel/graph"
)

// A Site is a use of a primitive that orders accesses, or accesses memory: what
// can be replaced by another primitive when a test is compiled.
type Site struct {
	Pos  graph.Pos
	Name string // of the primitive, as the tables of the models call it
	Text string // as the source has it
}

// Sites lists the calls in the test, by place.
func (a *AST) Sites() []Site {
	var calls []*expr
	for i := range a.procs {
		walkStmts(a.procs[i].body, func(e *expr) {
			if e.kind == callExpr {
				calls = append(calls, e)
			}
		})
	}
	slices.SortFunc(calls, func(x, y *expr) int { return cmp.Compare(x.from, y.from) })
	sites := make([]Site, len(calls))
	for i, e := range calls {
		sites[i] = Site{e.at.in(a.file), e.name, tidy(a.src[e.from:e.to])}
	}
	return sites
}

// walkStmts calls do for every expression in the statements.
func walkStmts(list []stmt, do func(*expr)) {
	for i := range list {
		s := &list[i]
		walk(s.lhs, do)
		walk(s.val, do)
		walkStmts(s.body, do)
		walkStmts(s.alt, do)
	}
}

func walk(e *expr, do func(*expr)) {
	if e == nil {
		return
	}
	do(e)
	walk(e.x, do)
	walk(e.y, do)
	walk(e.z, do)
	for _, arg := range e.args {
		walk(arg, do)
	}
}
