// Package rel evaluates a memory model that has been compiled to a plan: a
// list of sets and relations, each made from others by one operation of
// relational algebra, and checks on some of them.
package rel

import (
	"slices"

	"crosscall/memmodel/graph"
)

// An ID is the index of a node of a plan. NoID is none.
type ID int32

const NoID ID = -1

// Op is the operation that makes a node from its arguments.
type Op uint8

const (
	// Bases. Name says which; the evaluator fills them from the program.
	//
	// Sets:
	//   "_"    all events
	//   "IW"   initial writes
	//   "FW"   writes that are last in co, of the cells whose final values are asked for
	//   "R", "W", "F", "M", "LKR", "LKW", "UL", "LF", "RL", "RU"   see graph.Kind. In the
	//          base sets R does not hold LKR, LF, RL, RU, and W holds neither LKW nor UL.
	//   "RMW"  both halves of every atomic operation, without locks, and events with the
	//          tag "RMW": the read of a cmpxchg that fails
	// Any other name is the set of the events that carry that tag: the tag "rcu-lock" makes
	// the set "Rcu-lock".
	BaseSet Op = iota
	// Relations:
	//   "po", "id", "addr", "data", "ctrl", "rf", "co" (transitive), "fr"
	//   "loc"    same cell
	//   "int"    same thread; an initial write is with itself alone
	//   "ext"    the complement of int
	//   "rmw"    read half to write half, without locks
	//   "lkrmw"  the same for locks
	// rf, co and fr hold the lock events as if they were reads and writes.
	BaseRel

	EmptySet
	EmptyRel

	// On two or more arguments of one kind, sets or relations.
	Union
	Inter
	// On two of one kind: Args[0] minus Args[1].
	Diff
	// On one: the complement, in all events or all pairs.
	Compl

	// Relations.
	Seq     // Args[0] ; Args[1]
	Inverse // Args[0]^-1
	Plus    // Args[0]+
	Star    // Args[0]*, reflexive on all events
	Opt     // Args[0]?, reflexive on all events

	// Between sets and relations.
	Ident  // [Args[0]]
	Cross  // Args[0] * Args[1]
	Domain // domain(Args[0])
	Range  // range(Args[0])

	// A total order of the set Args[0] that contains the relation Args[1]. Events that the
	// equivalence Args[2] relates have one place in it. Which order it is is chosen: an
	// execution is consistent if all checks hold for one. Flags do not depend on it. A check
	// of its own says that Args[1] is acyclic on Args[0]: otherwise there is no order.
	Linear

	// Var is a name bound by "let rec". Its definition is in Plan.Recs.
	Var
)

// A Node is one set or relation. Args come before the node that uses them,
// except that a Var stands for a body further on.
type Node struct {
	Op    Op
	IsSet bool
	Name  string // BaseSet, BaseRel; elsewhere the name that a model gives it, if any, for pictures and error messages
	Args  []ID
}

// A Rec is one "let rec ... and ...": the value of each Vars[i] is that of
// Bodies[i] in the fixed point that is reached from empty, all at a time.
type Rec struct {
	Vars, Bodies []ID
	At           graph.Pos // of the definition; zero if the plan is of no file
}

// CheckKind is the property of a node that a check demands.
type CheckKind uint8

const (
	Acyclic CheckKind = iota
	Irreflexive
	Empty
)

// A Check is a constraint of a model, or a flag.
type Check struct {
	Kind    CheckKind
	Negated bool // ~acyclic, ~irreflexive, ~empty
	Node    ID
	Name    string
	// Flag: if the check holds, the execution is flagged with Name, and is not
	// ruled out. A check that is no flag rules out executions in which it does
	// not hold.
	Flag bool
}

// A Plan is a model, ready to be evaluated. Nodes are shared: a node with the
// same operation and arguments occurs once.
type Plan struct {
	Title  string
	Nodes  []Node
	Recs   []Rec
	Checks []Check
	Show   map[string]ID // named relations that the model asks to show
	Names  map[string]ID // every top-level name, at its last binding
	Sets   []string      // the base sets that the model declares or uses, those without a node, too
}

// TellsFence reports whether the model can tell a fence with this tag from no fence: it declares or
// uses the set of the events with the tag, or a check of it looks at all fences.
func (p *Plan) TellsFence(tag string) bool {
	return slices.Contains(p.Sets, SetName(tag)) || p.checks("F")
}

// checks reports whether a check depends on a base set.
func (p *Plan) checks(set string) bool {
	body := map[ID]ID{} // of recursive nodes
	for _, r := range p.Recs {
		for i, v := range r.Vars {
			body[v] = r.Bodies[i]
		}
	}
	seen := make([]bool, len(p.Nodes))
	var visit func(id ID) bool
	visit = func(id ID) bool {
		if seen[id] {
			return false
		}
		seen[id] = true
		n := &p.Nodes[id]
		if b, ok := body[id]; ok && visit(b) {
			return true
		}
		return n.Op == BaseSet && n.Name == set || slices.ContainsFunc(n.Args, visit)
	}
	return slices.ContainsFunc(p.Checks, func(c Check) bool { return visit(c.Node) })
}
