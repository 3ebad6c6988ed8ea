package cat

import (
	"encoding/binary"
	"slices"

	"crosscall/memmodel/internal/rel"
)

// A builder makes the nodes of a plan. The same operation on the same arguments
// is one node. simplify.go has the algebra.
type builder struct {
	nodes []rel.Node
	recs  []rel.Rec
	byKey map[string]rel.ID
	kinds []ends // of each node; see kinds.go
	irr   []bool // of each node: it relates no event to itself
	buf   []byte
	// labelled: the node has a name from the top level of a model.
	labelled map[rel.ID]bool
}

func newBuilder() *builder {
	return &builder{byKey: make(map[string]rel.ID), labelled: make(map[rel.ID]bool)}
}

// add returns the node for op. Unions and intersections whose arguments differ
// only in their order are one node.
func (b *builder) add(op rel.Op, isSet bool, name string, args ...rel.ID) rel.ID {
	key := append(b.buf[:0], byte(op), byte(len(args)))
	if isSet {
		key[0] |= 0x80
	}
	sorted := args
	if op == rel.Union || op == rel.Inter {
		sorted = slices.Clone(args)
		slices.Sort(sorted)
	}
	for _, a := range sorted {
		key = binary.LittleEndian.AppendUint32(key, uint32(a))
	}
	key = append(key, name...)
	b.buf = key
	if id, ok := b.byKey[string(key)]; ok {
		return id
	}
	id := b.push(rel.Node{Op: op, IsSet: isSet, Name: name, Args: args})
	b.byKey[string(key)] = id
	return id
}

func (b *builder) push(n rel.Node) rel.ID {
	id := rel.ID(len(b.nodes))
	b.nodes = append(b.nodes, n)
	b.kinds = append(b.kinds, b.endsOf(&n))
	b.irr = append(b.irr, b.isIrreflexive(id))
	return id
}

// variable makes a node for a name that is being defined by recursion.
func (b *builder) variable(name string, isSet bool) rel.ID {
	return b.push(rel.Node{Op: rel.Var, IsSet: isSet, Name: name})
}

// label gives a node its first name at the top level of the model.
func (b *builder) label(id rel.ID, name string) {
	if n := &b.nodes[id]; n.Op != rel.BaseSet && n.Op != rel.BaseRel && !b.labelled[id] {
		n.Name = name
		b.labelled[id] = true
	}
}

// is reports whether id is the base set or relation called name.
func (b *builder) is(id rel.ID, name string) bool {
	n := &b.nodes[id]
	return (n.Op == rel.BaseRel || n.Op == rel.BaseSet) && n.Name == name
}

func (b *builder) op(id rel.ID) rel.Op       { return b.nodes[id].Op }
func (b *builder) args(id rel.ID) []rel.ID   { return b.nodes[id].Args }
func (b *builder) arg(id rel.ID) rel.ID      { return b.nodes[id].Args[0] }
func (b *builder) isSet(id rel.ID) bool      { return b.nodes[id].IsSet }
func (b *builder) set(name string) rel.ID    { return b.add(rel.BaseSet, true, name) }
func (b *builder) rel(name string) rel.ID    { return b.add(rel.BaseRel, false, name) }
func (b *builder) isIdent(id rel.ID) bool    { return b.op(id) == rel.Ident }
func (b *builder) isEverySet(id rel.ID) bool { return b.is(id, "_") }

func (b *builder) empty(isSet bool) rel.ID {
	if isSet {
		return b.add(rel.EmptySet, true, "")
	}
	return b.add(rel.EmptyRel, false, "")
}

// all is every event, or every pair of events.
func (b *builder) all(isSet bool) rel.ID {
	every := b.set("_")
	if isSet {
		return every
	}
	return b.add(rel.Cross, false, "", every, every)
}

func (b *builder) isEmpty(id rel.ID) bool {
	return b.op(id) == rel.EmptySet || b.op(id) == rel.EmptyRel
}

func (b *builder) isAll(id rel.ID) bool {
	return b.isEverySet(id) || b.op(id) == rel.Cross && b.isEverySet(b.args(id)[0]) && b.isEverySet(b.args(id)[1])
}

// uses reports whether node id depends on any of vars.
func (b *builder) uses(id rel.ID, vars ...rel.ID) bool {
	seen := make(map[rel.ID]bool)
	var visit func(id rel.ID) bool
	visit = func(id rel.ID) bool {
		if seen[id] {
			return false
		}
		seen[id] = true
		return slices.Contains(vars, id) || slices.ContainsFunc(b.args(id), visit)
	}
	return visit(id)
}

// within reports whether x is a part of y, if their form shows that without a
// search.
func (b *builder) within(x, y rel.ID) bool {
	budget := 100
	return b.isPart(x, y, &budget)
}

func (b *builder) isPart(x, y rel.ID, budget *int) bool {
	if x == y || b.isEmpty(x) || b.isAll(y) {
		return true
	}
	if *budget--; *budget < 0 {
		return false
	}
	part := func(a rel.ID) bool { return b.isPart(a, y, budget) }
	switch b.op(x) {
	case rel.Union:
		return !slices.ContainsFunc(b.args(x), func(a rel.ID) bool { return !part(a) })
	case rel.Inter:
		if slices.ContainsFunc(b.args(x), part) {
			return true
		}
	case rel.Diff:
		if part(b.arg(x)) {
			return true
		}
	}
	switch b.op(y) {
	case rel.Union:
		return slices.ContainsFunc(b.args(y), func(a rel.ID) bool { return b.isPart(x, a, budget) })
	case rel.Inter:
		return !slices.ContainsFunc(b.args(y), func(a rel.ID) bool { return !b.isPart(x, a, budget) })
	}
	return false
}
