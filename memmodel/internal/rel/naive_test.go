package rel

import (
	"slices"

	"crosscall/memmodel/graph"
)

// A table is a set or a relation by its characteristic function: a relation
// holds (a, b) if table[a][b], a set holds a if table[0][a].
type table [][]bool

// naive evaluates the nodes of a plan by the textbook definitions.
type naive struct {
	p      *Plan
	s      *Structure
	rf, co map[[2]int]bool
	value  func(event int) (int64, bool)
	vars   map[ID]table // of the present recursion
	known  map[ID]table // values for rf and co as they are
}

func (v *naive) relation(in func(a, b int) bool) table {
	t := make(table, len(v.s.Events))
	for a := range t {
		t[a] = make([]bool, len(t))
		for b := range t {
			t[a][b] = in(a, b)
		}
	}
	return t
}

func (v *naive) set(in func(a int) bool) table {
	t := table{make([]bool, len(v.s.Events))}
	for a := range t[0] {
		t[0][a] = in(a)
	}
	return t
}

func some(n int, is func(i int) bool) bool {
	for i := range n {
		if is(i) {
			return true
		}
	}
	return false
}

// node is the value of id for rf and co as they are.
func (v *naive) node(id ID) table {
	if t, ok := v.known[id]; ok {
		return t
	}
	t := v.compute(id)
	if len(v.vars) == 0 {
		v.known[id] = t
	}
	return t
}

func (v *naive) compute(id ID) table {
	n := &v.p.Nodes[id]
	var args []table
	if n.Op != Var {
		for _, a := range n.Args {
			args = append(args, v.node(a))
		}
	}
	like := func(in func(a, b int) bool) table {
		if n.IsSet {
			return v.set(func(a int) bool { return in(0, a) })
		}
		return v.relation(in)
	}
	count := len(v.s.Events)
	switch n.Op {
	case BaseSet:
		return v.set(func(a int) bool { return v.inSet(n.Name, a) })
	case BaseRel:
		return v.relation(func(a, b int) bool { return v.inRel(n.Name, a, b) })
	case EmptySet, EmptyRel:
		return like(func(a, b int) bool { return false })
	case Union:
		return like(func(a, b int) bool {
			return slices.ContainsFunc(args, func(t table) bool { return t[a][b] })
		})
	case Inter:
		return like(func(a, b int) bool {
			return !slices.ContainsFunc(args, func(t table) bool { return !t[a][b] })
		})
	case Diff:
		return like(func(a, b int) bool { return args[0][a][b] && !args[1][a][b] })
	case Compl:
		return like(func(a, b int) bool { return !args[0][a][b] })
	case Seq:
		return v.seq(args[0], args[1])
	case Inverse:
		return like(func(a, b int) bool { return args[0][b][a] })
	case Plus:
		return v.plus(args[0])
	case Star:
		plus := v.plus(args[0])
		return like(func(a, b int) bool { return a == b || plus[a][b] })
	case Opt:
		return like(func(a, b int) bool { return a == b || args[0][a][b] })
	case Ident:
		return like(func(a, b int) bool { return a == b && args[0][0][a] })
	case Cross:
		return like(func(a, b int) bool { return args[0][0][a] && args[1][0][b] })
	case Domain:
		return v.set(func(a int) bool { return slices.Contains(args[0][a], true) })
	case Range:
		return v.set(func(b int) bool { return some(count, func(a int) bool { return args[0][a][b] }) })
	case Var:
		return v.fixedPoint(id)
	}
	panic("no such operation")
}

func (v *naive) seq(x, y table) table {
	out := v.relation(func(a, b int) bool { return false })
	for a := range x {
		for via := range x {
			for b := 0; x[a][via] && b < len(x); b++ {
				out[a][b] = out[a][b] || y[via][b]
			}
		}
	}
	return out
}

func (v *naive) plus(x table) table {
	for out := x; ; {
		longer := v.seq(out, x)
		next := v.relation(func(a, b int) bool { return out[a][b] || longer[a][b] })
		if same(out, next) {
			return out
		}
		out = next
	}
}

func same(x, y table) bool {
	return slices.EqualFunc(x, y, func(a, b []bool) bool { return slices.Equal(a, b) })
}

// fixedPoint is the final value of a variable that starts empty, if all
// variables of its recursion are updated at the same time.
func (v *naive) fixedPoint(id ID) table {
	if t, ok := v.vars[id]; ok {
		return t
	}
	rec := v.p.Recs[slices.IndexFunc(v.p.Recs, func(r Rec) bool { return slices.Contains(r.Vars, id) })]
	if v.vars == nil {
		v.vars = map[ID]table{}
	}
	for _, x := range rec.Vars {
		v.vars[x] = v.relation(func(a, b int) bool { return false })
	}
	for stable := false; !stable; {
		next := make([]table, len(rec.Vars))
		for k, body := range rec.Bodies {
			next[k] = v.node(body)
		}
		stable = true
		for k, x := range rec.Vars {
			stable = stable && same(v.vars[x], next[k])
			v.vars[x] = next[k]
		}
	}
	out := v.vars[id]
	for _, x := range rec.Vars {
		delete(v.vars, x)
	}
	return out
}

func (v *naive) inSet(name string, a int) bool {
	e := v.s.Events[a]
	switch name {
	case "_":
		return true
	case "IW":
		return e.Thread == graph.InitThread
	case "FW":
		return e.Kind.Writes() && slices.Contains(v.s.Finals, e.Loc) &&
			!some(len(v.s.Events), func(b int) bool { return v.co[[2]int{a, b}] })
	case "M":
		return e.Kind == graph.Read || e.Kind == graph.Write
	case "RMW":
		return slices.Contains(e.Tags, "RMW") || slices.ContainsFunc(v.s.RMW, func(x graph.Edge) bool { return x.From == a || x.To == a })
	}
	if k := slices.Index(kindNames, name); k >= 0 {
		return e.Kind == graph.Kind(k)
	}
	return slices.ContainsFunc(e.Tags, func(tag string) bool { return SetName(tag) == name })
}

var kindNames = []string{"R", "W", "F", "LKR", "LKW", "UL", "LF", "RL", "RU"}

func (v *naive) inRel(name string, a, b int) bool {
	x, y := v.s.Events[a], v.s.Events[b]
	together := a == b || x.Thread == y.Thread && x.Thread != graph.InitThread
	pair := graph.Edge{From: a, To: b}
	switch name {
	case "po":
		return together && a < b
	case "addr":
		return slices.Contains(v.s.Addr, pair)
	case "data":
		return slices.Contains(v.s.Data, pair)
	case "ctrl":
		return slices.Contains(v.s.Ctrl, pair)
	case "rmw":
		return slices.Contains(v.s.RMW, pair)
	case "lkrmw":
		return slices.Contains(v.s.LockRM, pair)
	case "id":
		return a == b
	case "loc":
		return x.Loc == y.Loc && x.Loc != graph.NoLoc
	case "int":
		return together
	case "ext":
		return !together
	case "rf":
		return v.rf[[2]int{a, b}]
	case "co":
		return v.co[[2]int{a, b}]
	case "fr":
		for x := range v.rf {
			if x[1] == a && v.co[[2]int{x[0], b}] {
				return true
			}
		}
		return false
	case "same-value":
		m, known := v.value(a)
		n, too := v.value(b)
		return known && too && m == n
	}
	panic("no base relation " + name)
}
