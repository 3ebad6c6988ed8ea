package cat

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// A universe is an execution in the most obvious form: sets and relations as
// functions of events, by name.
type universe struct {
	n    int
	sets map[string]matrix
	rels map[string]matrix
}

// A matrix is a relation on n events. A set is one that is on the diagonal
// only.
type matrix [][]bool

func newMatrix(n int) matrix {
	m := make(matrix, n)
	for i := range m {
		m[i] = make([]bool, n)
	}
	return m
}

// where makes the matrix of the pairs for which f holds.
func where(n int, f func(i, j int) bool) matrix {
	m := newMatrix(n)
	for i := range m {
		for j := range m {
			m[i][j] = f(i, j)
		}
	}
	return m
}

func (m matrix) equal(o matrix) bool {
	return slices.EqualFunc(m, o, func(a, b []bool) bool { return slices.Equal(a, b) })
}

func (m matrix) empty() bool {
	return !slices.ContainsFunc(m, func(row []bool) bool { return slices.Contains(row, true) })
}

func (m matrix) seq(o matrix) matrix {
	return where(len(m), func(i, j int) bool {
		for k := range m {
			if m[i][k] && o[k][j] {
				return true
			}
		}
		return false
	})
}

func (m matrix) plus() matrix {
	sum := m
	for {
		next := union(sum, sum.seq(m))
		if next.equal(sum) {
			return sum
		}
		sum = next
	}
}

func union(a, b matrix) matrix {
	return where(len(a), func(i, j int) bool { return a[i][j] || b[i][j] })
}

func identity(n int) matrix { return where(n, func(i, j int) bool { return i == j }) }

// apply is the operation op of package rel, straight from its definition.
func apply(op rel.Op, isSet bool, n int, args []matrix) matrix {
	a := func(k, i, j int) bool { return args[k][i][j] }
	switch op {
	case rel.EmptySet, rel.EmptyRel:
		return newMatrix(n)
	case rel.Union:
		return where(n, func(i, j int) bool {
			return slices.ContainsFunc(args, func(m matrix) bool { return m[i][j] })
		})
	case rel.Inter:
		return where(n, func(i, j int) bool {
			return !slices.ContainsFunc(args, func(m matrix) bool { return !m[i][j] })
		})
	case rel.Diff:
		return where(n, func(i, j int) bool { return a(0, i, j) && !a(1, i, j) })
	case rel.Compl:
		return where(n, func(i, j int) bool { return !a(0, i, j) && (!isSet || i == j) })
	case rel.Seq:
		return args[0].seq(args[1])
	case rel.Inverse:
		return where(n, func(i, j int) bool { return a(0, j, i) })
	case rel.Plus:
		return args[0].plus()
	case rel.Star:
		return union(identity(n), args[0].plus())
	case rel.Opt:
		return union(identity(n), args[0])
	case rel.Ident:
		return args[0]
	case rel.Cross:
		return where(n, func(i, j int) bool { return a(0, i, i) && a(1, j, j) })
	case rel.Domain:
		return where(n, func(i, j int) bool { return i == j && slices.Contains(args[0][i], true) })
	case rel.Range:
		return where(n, func(i, j int) bool {
			return i == j && slices.ContainsFunc(args[0], func(row []bool) bool { return row[j] })
		})
	}
	panic("no such operation")
}

// values evaluates every node of a plan. Each Rec is iterated from empty, all
// variables at a time.
func (u *universe) values(p *rel.Plan) []matrix {
	vars := make(map[rel.ID]matrix)
	for id, n := range p.Nodes {
		if n.Op == rel.Var {
			vars[rel.ID(id)] = newMatrix(u.n)
		}
	}
	vals := u.round(p, vars)
	for _, r := range p.Recs {
		for stable := false; !stable; {
			stable = true
			for i, v := range r.Vars {
				stable = stable && vals[r.Bodies[i]].equal(vars[v])
				vars[v] = vals[r.Bodies[i]]
			}
			vals = u.round(p, vars)
		}
	}
	return vals
}

func (u *universe) round(p *rel.Plan, vars map[rel.ID]matrix) []matrix {
	vals := make([]matrix, len(p.Nodes))
	for id, n := range p.Nodes {
		switch n.Op {
		case rel.Var:
			vals[id] = vars[rel.ID(id)]
		case rel.BaseSet:
			vals[id] = u.sets[n.Name]
		case rel.BaseRel:
			vals[id] = u.rels[n.Name]
		default:
			var args []matrix
			for _, a := range n.Args {
				args = append(args, vals[a])
			}
			vals[id] = apply(n.Op, n.IsSet, u.n, args)
		}
	}
	return vals
}

// holds reports whether a check holds of the value of its node.
func holds(k rel.Check, m matrix) bool {
	ok := false
	switch k.Kind {
	case rel.Empty:
		ok = m.empty()
	case rel.Acyclic:
		m = m.plus()
		fallthrough
	case rel.Irreflexive:
		ok = apply(rel.Inter, false, len(m), []matrix{m, identity(len(m))}).empty()
	}
	return ok != k.Negated
}

// consistent reports whether all checks of a plan hold; flags do not count.
func (u *universe) consistent(p *rel.Plan) bool {
	vals := u.values(p)
	return !slices.ContainsFunc(p.Checks, func(k rel.Check) bool { return !k.Flag && !holds(k, vals[k.Node]) })
}

// An event of a universe to be.
type event struct {
	thread int
	kind   graph.Kind
	loc    int
	tags   []string
}

var kindNames = [...]string{
	graph.Read: "R", graph.Write: "W", graph.Fence: "F", graph.LockRead: "LKR", graph.LockWrite: "LKW",
	graph.Unlock: "UL", graph.LockFail: "LF", graph.SeeLock: "RL", graph.SeeFree: "RU",
}

// newUniverse makes the parts of a universe that do not depend on rf and co:
// the initial writes come first, then the threads in program order. An LKR is
// followed by its LKW.
func newUniverse(events []event, tags []string) *universe {
	n := len(events)
	u := &universe{n: n, sets: make(map[string]matrix), rels: make(map[string]matrix)}
	set := func(f func(e event) bool) matrix {
		return where(n, func(i, j int) bool { return i == j && f(events[i]) })
	}
	for k, name := range kindNames {
		u.sets[name] = set(func(e event) bool { return e.kind == graph.Kind(k) })
	}
	u.sets["_"] = identity(n)
	u.sets["M"] = union(u.sets["R"], u.sets["W"])
	u.sets["IW"] = set(func(e event) bool { return e.thread == graph.InitThread })
	for _, t := range tags {
		u.sets[rel.SetName(t)] = set(func(e event) bool { return slices.Contains(e.tags, t) })
	}
	pair := func(f func(a, b event) bool) matrix {
		return where(n, func(i, j int) bool { return f(events[i], events[j]) })
	}
	same := pair(func(a, b event) bool { return a.thread == b.thread && a.thread != graph.InitThread })
	u.rels["id"] = identity(n)
	u.rels["int"] = union(same, identity(n))
	u.rels["ext"] = apply(rel.Compl, false, n, []matrix{u.rels["int"]})
	u.rels["loc"] = pair(func(a, b event) bool { return a.loc == b.loc && a.loc != graph.NoLoc })
	u.rels["po"] = where(n, func(i, j int) bool { return i < j && same[i][j] })
	u.rels["lkrmw"] = where(n, func(i, j int) bool {
		return j == i+1 && events[i].kind == graph.LockRead && events[j].kind == graph.LockWrite
	})
	for _, name := range []string{"addr", "data", "ctrl", "rmw", "same-value"} {
		u.rels[name] = newMatrix(n)
	}
	u.sets["RMW"] = newMatrix(n)
	return u
}

// choose sets rf, from the source of each read, and co, from the order of the
// writes of each location.
func (u *universe) choose(rf map[int]int, co [][]int) {
	u.rels["rf"] = where(u.n, func(i, j int) bool { w, ok := rf[j]; return ok && w == i })
	u.rels["co"], u.sets["FW"] = newMatrix(u.n), newMatrix(u.n)
	for _, order := range co {
		for i, w := range order {
			for _, later := range order[i+1:] {
				u.rels["co"][w][later] = true
			}
		}
		last := order[len(order)-1]
		u.sets["FW"][last][last] = u.sets["W"][last][last]
	}
	u.rels["fr"] = apply(rel.Inverse, false, u.n, []matrix{u.rels["rf"]}).seq(u.rels["co"])
}
