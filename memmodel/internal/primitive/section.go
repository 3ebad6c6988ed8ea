package primitive

import "crosscall/memmodel/internal/ir"

// sections has the primitives of each kind of section: RCU and SRCU, as the kernel
// names them.
var sections = [][3]string{
	{"rcu_read_lock", "rcu_read_unlock", "synchronize_rcu"},
	{"srcu_read_lock", "srcu_read_unlock", "synchronize_srcu"},
}

// Sections are the kinds of sections that the table knows: those whose
// primitives are each one event with one tag.
func (m *Macros) Sections() (list []ir.Sections) {
	for _, names := range sections {
		var tags [3]string
		for i, name := range names {
			if t := m.Tags(name); len(t) == 1 {
				tags[i] = t[0]
			}
		}
		if tags[0] != "" && tags[1] != "" && tags[2] != "" {
			list = append(list, ir.Sections{Open: tags[0], Close: tags[1], Wait: tags[2]})
		}
	}
	return list
}

// Tags are the tags of the event that a primitive of the table is. It returns nil for
// a primitive of several events, or none.
func (m *Macros) Tags(name string) []string {
	e := m.table[name]
	if e == nil || e.reason != "" {
		return nil
	}
	var prims []*primitive
	note := func(x *Expr) {
		if x.Kind == primExpr {
			prims = append(prims, x.prim)
		}
	}
	walk(e.Value, note)
	WalkStmts(e.body, note)
	if len(prims) != 1 {
		return nil
	}
	switch p := prims[0]; p.kind {
	case loadPrim:
		return p.read
	case storePrim:
		return p.write
	case fencePrim, srcuPrim:
		return p.bare
	}
	return nil
}
