package oracle

import (
	"maps"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// A value of a plan's node is a set or a relation, by its characteristic
// function: set[a], or pair[a][b].
type value struct {
	set  []bool
	pair pairs
}

type pairs [][]bool

func empty(n int) pairs {
	p, cells := make(pairs, n), make([]bool, n*n)
	for a := range p {
		p[a] = cells[a*n : (a+1)*n]
	}
	return p
}

// makePairs is { (a, b) | is(a, b) }.
func makePairs(n int, is func(a, b int) bool) pairs {
	p := empty(n)
	for a := range p {
		for b := range p[a] {
			p[a][b] = is(a, b)
		}
	}
	return p
}

func makeSet(n int, is func(a int) bool) []bool {
	s := make([]bool, n)
	for a := range s {
		s[a] = is(a)
	}
	return s
}

func union(x, y pairs) pairs {
	return makePairs(len(x), func(a, b int) bool { return x[a][b] || y[a][b] })
}

// seq is { (a, c) | for some b: (a, b) in x, (b, c) in y }.
func seq(x, y pairs) pairs {
	n := len(x)
	p := empty(n)
	for a := range n {
		for b := range n {
			if !x[a][b] {
				continue
			}
			for c := range n {
				p[a][c] = p[a][c] || y[b][c]
			}
		}
	}
	return p
}

// plus is the smallest transitive relation that has x.
func plus(x pairs) pairs {
	for p := x; ; {
		next := union(p, seq(p, x))
		if same(value{pair: p}, value{pair: next}) {
			return p
		}
		p = next
	}
}

func identity(n int) pairs { return makePairs(n, func(a, b int) bool { return a == b }) }

func irreflexive(x pairs) bool {
	for a := range x {
		if x[a][a] {
			return false
		}
	}
	return true
}

// same reports whether two values have the same members.
func same(x, y value) bool {
	for a := range x.set {
		if x.set[a] != y.set[a] {
			return false
		}
	}
	for a := range x.pair {
		for b := range x.pair[a] {
			if x.pair[a][b] != y.pair[a][b] {
				return false
			}
		}
	}
	return true
}

func isEmpty(x value) bool {
	for _, in := range x.set {
		if in {
			return false
		}
	}
	for a := range x.pair {
		for _, in := range x.pair[a] {
			if in {
				return false
			}
		}
	}
	return true
}

// An evaluator has the values of the nodes of a plan in one candidate.
type evaluator struct {
	m *rel.Plan
	x *graph.Execution
	n int

	values []int64          // by event
	open   []bool           // whether there is a Var below a node
	memo   map[rel.ID]value // of nodes with no Var below
	vars   map[rel.ID]value // those whose fixed point is being computed, in this round
	here   map[rel.ID]value // of nodes with a Var below, as long as vars stays as it is
}

func newEvaluator(m *rel.Plan, c *Candidate) *evaluator {
	e := &evaluator{m: m, x: c.X, values: c.value, n: len(c.X.Events), memo: map[rel.ID]value{}, here: map[rel.ID]value{}, open: make([]bool, len(m.Nodes))}
	for id, nd := range m.Nodes {
		e.open[id] = nd.Op == rel.Var
		for _, a := range nd.Args {
			e.open[id] = e.open[id] || e.open[a]
		}
	}
	return e
}

// check reports whether check k holds.
func (e *evaluator) check(k rel.Check) bool {
	v := e.node(k.Node)
	holds := false
	switch k.Kind {
	case rel.Acyclic:
		holds = irreflexive(plus(v.pair))
	case rel.Irreflexive:
		holds = irreflexive(v.pair)
	case rel.Empty:
		holds = isEmpty(v)
	}
	return holds != k.Negated
}

func (e *evaluator) node(id rel.ID) value {
	memo := e.memo
	if e.open[id] {
		memo = e.here
	}
	v, ok := memo[id]
	if !ok {
		v = e.compute(id)
		memo[id] = v
	}
	return v
}

func (e *evaluator) compute(id rel.ID) value {
	nd := e.m.Nodes[id]
	switch nd.Op {
	case rel.BaseSet:
		return value{set: e.baseSet(nd.Name)}
	case rel.BaseRel:
		return value{pair: e.baseRel(nd.Name)}
	case rel.EmptySet:
		return value{set: make([]bool, e.n)}
	case rel.EmptyRel:
		return value{pair: empty(e.n)}
	case rel.Var:
		if v, ok := e.vars[id]; ok {
			return v
		}
		return e.fixpoint(id)
	}
	args := make([]value, len(nd.Args))
	for i, a := range nd.Args {
		args[i] = e.node(a)
	}
	v := args[0]
	if combine := pointwise[nd.Op]; combine != nil {
		for _, w := range args[1:] {
			v = e.pointwise(v, w, combine)
		}
		return v
	}
	switch nd.Op {
	case rel.Compl:
		return e.pointwise(v, v, func(a, _ bool) bool { return !a })
	case rel.Seq:
		return value{pair: seq(v.pair, args[1].pair)}
	case rel.Inverse:
		return value{pair: makePairs(e.n, func(a, b int) bool { return v.pair[b][a] })}
	case rel.Plus:
		return value{pair: plus(v.pair)}
	case rel.Star:
		return value{pair: union(plus(v.pair), identity(e.n))}
	case rel.Opt:
		return value{pair: union(v.pair, identity(e.n))}
	case rel.Ident:
		return value{pair: makePairs(e.n, func(a, b int) bool { return a == b && v.set[a] })}
	case rel.Cross:
		return value{pair: makePairs(e.n, func(a, b int) bool { return v.set[a] && args[1].set[b] })}
	case rel.Domain:
		return value{set: domain(v.pair)}
	case rel.Range:
		return value{set: codomain(v.pair)}
	}
	panic("twin: no such operation")
}

var pointwise = map[rel.Op]func(a, b bool) bool{
	rel.Union: func(a, b bool) bool { return a || b },
	rel.Inter: func(a, b bool) bool { return a && b },
	rel.Diff:  func(a, b bool) bool { return a && !b },
}

func (e *evaluator) pointwise(v, w value, f func(a, b bool) bool) value {
	if v.set != nil {
		return value{set: makeSet(e.n, func(a int) bool { return f(v.set[a], w.set[a]) })}
	}
	return value{pair: makePairs(e.n, func(a, b int) bool { return f(v.pair[a][b], w.pair[a][b]) })}
}

func domain(x pairs) []bool {
	return makeSet(len(x), func(a int) bool {
		for b := range x {
			if x[a][b] {
				return true
			}
		}
		return false
	})
}

func codomain(x pairs) []bool {
	return makeSet(len(x), func(b int) bool {
		for a := range x {
			if x[a][b] {
				return true
			}
		}
		return false
	})
}

// fixpoint computes the Rec that binds id: all its Vars from empty, round by
// round, each by its body with the values that all had in the round before.
func (e *evaluator) fixpoint(id rel.ID) value {
	rec := e.binding(id)
	now := map[rel.ID]value{}
	for _, v := range rec.Vars {
		now[v] = value{pair: empty(e.n)}
		if e.m.Nodes[v].IsSet {
			now[v] = value{set: make([]bool, e.n)}
		}
	}
	for range 2 + len(rec.Vars)*e.n*e.n {
		next, stable := e.round(rec, now)
		if stable {
			return now[id]
		}
		now = next
	}
	panic("twin: a recursion without fixed point")
}

func (e *evaluator) round(rec rel.Rec, now map[rel.ID]value) (next map[rel.ID]value, stable bool) {
	outer, there := e.vars, e.here
	defer func() { e.vars, e.here = outer, there }()
	e.vars, e.here = maps.Clone(now), map[rel.ID]value{}
	for v, x := range outer {
		e.vars[v] = x
	}
	next, stable = map[rel.ID]value{}, true
	for i, v := range rec.Vars {
		next[v] = e.node(rec.Bodies[i])
		stable = stable && same(next[v], now[v])
	}
	return next, stable
}

func (e *evaluator) binding(id rel.ID) rel.Rec {
	for _, r := range e.m.Recs {
		for _, v := range r.Vars {
			if v == id {
				return r
			}
		}
	}
	panic("twin: a Var that no Rec binds")
}

func (e *evaluator) baseSet(name string) []bool {
	return makeSet(e.n, func(a int) bool { return e.in(name, a) })
}

// builtin has the base sets that are not made by tags.
var builtin = map[string]func(e *evaluator, a int) bool{
	"_":   func(*evaluator, int) bool { return true },
	"IW":  func(e *evaluator, a int) bool { return e.x.Events[a].Thread == graph.InitThread },
	"FW":  (*evaluator).last,
	"R":   ofKind(graph.Read),
	"W":   ofKind(graph.Write),
	"M":   ofKind(graph.Read, graph.Write),
	"F":   ofKind(graph.Fence),
	"LKR": ofKind(graph.LockRead),
	"LKW": ofKind(graph.LockWrite),
	"UL":  ofKind(graph.Unlock),
	"LF":  ofKind(graph.LockFail),
	"RL":  ofKind(graph.SeeLock),
	"RU":  ofKind(graph.SeeFree),
	"RMW": (*evaluator).atomic,
}

// Builtin reports whether a base set of that name is not made by a tag.
func Builtin(name string) bool { return builtin[name] != nil }

func ofKind(kinds ...graph.Kind) func(*evaluator, int) bool {
	return func(e *evaluator, a int) bool { return slices.Contains(kinds, e.x.Events[a].Kind) }
}

// last reports whether a is a write that comes last in co.
func (e *evaluator) last(a int) bool {
	ev := e.x.Events[a]
	if !ev.Kind.Writes() {
		return false
	}
	co := e.x.CO[ev.Loc]
	return co[len(co)-1] == a
}

// atomic reports whether a is one half of an atomic operation, but not of a
// lock's.
func (e *evaluator) atomic(a int) bool {
	for _, d := range e.x.RMW {
		if (d.From == a || d.To == a) && e.x.Events[d.To].Kind == graph.Write {
			return true
		}
	}
	return false
}

// in reports whether event a is in the base set of that name.
func (e *evaluator) in(name string, a int) bool {
	if is := builtin[name]; is != nil {
		return is(e, a)
	}
	for _, tag := range e.x.Events[a].Tags {
		if strings.ToUpper(tag[:1])+tag[1:] == name {
			return true
		}
	}
	return false
}

func (e *evaluator) baseRel(name string) pairs {
	x := e.x
	switch name {
	case "addr":
		return e.edges(x.Addr, nil)
	case "data":
		return e.edges(x.Data, nil)
	case "ctrl":
		return e.edges(x.Ctrl, nil)
	case "rmw":
		return e.edges(x.RMW, func(w graph.Event) bool { return w.Kind == graph.Write })
	case "lkrmw":
		return e.edges(x.RMW, func(w graph.Event) bool { return w.Kind == graph.LockWrite })
	}
	return makePairs(e.n, func(a, b int) bool { return e.related(name, a, b) })
}

func (e *evaluator) edges(edges []graph.Edge, to func(graph.Event) bool) pairs {
	p := empty(e.n)
	for _, d := range edges {
		if to == nil || to(e.x.Events[d.To]) {
			p[d.From][d.To] = true
		}
	}
	return p
}

// related reports whether (a, b) is in the base relation of that name.
func (e *evaluator) related(name string, a, b int) bool {
	ea, eb := e.x.Events[a], e.x.Events[b]
	together := a == b || ea.Thread == eb.Thread && ea.Thread != graph.InitThread
	switch name {
	case "po":
		return together && a < b
	case "id":
		return a == b
	case "loc":
		return ea.Loc == eb.Loc && ea.Loc != graph.NoLoc
	case "int":
		return together
	case "ext":
		return !together
	case "same-value":
		return accesses(ea) && accesses(eb) && e.values[a] == e.values[b]
	case "rf":
		return e.x.RF[b] == a
	case "co":
		return e.before(a, b)
	case "fr":
		return e.x.RF[a] >= 0 && e.before(e.x.RF[a], b)
	}
	panic("twin: no base relation " + name)
}

// accesses reports whether an event has a value. Those on locks have none.
func accesses(e graph.Event) bool { return e.Kind == graph.Read || e.Kind == graph.Write }

// before reports whether write a comes before write b in co.
func (e *evaluator) before(a, b int) bool {
	l := e.x.Events[a].Loc
	if l == graph.NoLoc {
		return false
	}
	seen := false
	for _, w := range e.x.CO[l] {
		if w == b && seen {
			return true
		}
		seen = seen || w == a
	}
	return false
}
