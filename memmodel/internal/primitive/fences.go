package primitive

import (
	"maps"
	"slices"
)

// CheckFences returns an error for the first fence of the table, by its place, with a tag that
// is not known. Such a fence would order nothing.
func (m *Macros) CheckFences(known func(tag string) bool) (err error) {
	defer Catch(&err)
	var prims []*primitive
	note := func(x *Expr) {
		if x.Kind == primExpr {
			prims = append(prims, x.prim)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.table)) {
		walk(m.table[name].Value, note)
		WalkStmts(m.table[name].body, note)
	}
	slices.SortFunc(prims, func(a, b *primitive) int {
		return slices.Compare([]int32{a.at.line, a.at.col}, []int32{b.at.line, b.at.col})
	})
	for _, p := range prims {
		for _, tags := range p.fences() {
			for _, tag := range tags {
				if !known(tag) {
					Fail(m.File, p.at, "the model has no set of events with the tag '%s', so this fence would order nothing", tag)
				}
			}
		}
	}
	return nil
}

// fences are the tags of the fences that p is or has around it.
func (p *primitive) fences() [][]string {
	list := slices.Concat(p.before, p.after, p.failBefore, p.failAfter, p.ctrl, p.failCtrl)
	if p.kind == fencePrim {
		list = append(list, p.bare)
	}
	return list
}
