package cat

import (
	"slices"

	"crosscall/memmodel/internal/rel"
)

// The methods here make a node for an operation, by the laws of relational
// algebra that make a model cheaper to evaluate. The laws hold in every
// execution: each event has one kind, and rf and co are as package rel defines
// them.

// irreflexive has the base relations that relate no event to itself, beside
// those whose ends are of different kinds.
var irreflexive = map[string]bool{"po": true, "co": true, "ext": true}

// transitive has the base relations that are transitive.
var transitive = map[string]bool{"po": true, "co": true, "id": true, "loc": true, "int": true}

// symmetric has the base relations that are their own inverse.
var symmetric = map[string]bool{"id": true, "loc": true, "int": true, "ext": true, "same-value": true}

// base reports whether id is a base relation in list.
func (b *builder) base(id rel.ID, list map[string]bool) bool {
	return b.op(id) == rel.BaseRel && list[b.nodes[id].Name]
}

// isIrreflexive reports whether a node relates no event to itself, as far as
// its shape shows it.
func (b *builder) isIrreflexive(id rel.ID) bool {
	is := func(a rel.ID) bool { return b.irr[a] }
	switch b.op(id) {
	case rel.Inter:
		if slices.ContainsFunc(b.args(id), is) {
			return true
		}
	case rel.Diff:
		if b.is(b.args(id)[1], "id") || is(b.arg(id)) {
			return true
		}
	case rel.Union:
		return !slices.ContainsFunc(b.args(id), func(a rel.ID) bool { return !is(a) })
	case rel.Linear:
		return true
	}
	e := b.kinds[id]
	return e.from&e.to == kNone || b.base(id, irreflexive)
}

// union is x | y and so on, on sets or on relations.
func (b *builder) union(list ...rel.ID) rel.ID {
	isSet := b.isSet(list[0])
	var args []rel.ID
	reflexive := false
	for _, a := range list {
		switch {
		case b.isAll(a):
			return a
		case b.isEmpty(a) || slices.Contains(args, a):
		case b.is(a, "id"):
			reflexive = true
		default:
			args = append(args, a)
		}
	}
	var x rel.ID
	switch len(args) {
	case 0:
		x = b.empty(isSet)
	case 1:
		x = args[0]
	default:
		x = b.add(rel.Union, isSet, "", args...)
	}
	if reflexive {
		return b.opt(x)
	}
	return x
}

func (b *builder) inter(list ...rel.ID) rel.ID {
	isSet := b.isSet(list[0])
	var args []rel.ID
	kinds := ends{kAll, kAll, kNone}
	for _, a := range list {
		if b.isEmpty(a) {
			return a
		}
		if b.isAll(a) || slices.Contains(args, a) {
			continue
		}
		args = append(args, a)
		kinds.from &= b.kinds[a].from
		kinds.to &= b.kinds[a].to
	}
	if kinds.from == kNone || kinds.to == kNone {
		return b.empty(isSet)
	}
	args = b.dropWider(args)
	switch {
	case len(args) == 0:
		return b.all(isSet)
	case len(args) == 1:
		return args[0]
	case len(args) == 2:
		if x, ok := b.interTwo(args[0], args[1]); ok {
			return x
		}
		if x, ok := b.interTwo(args[1], args[0]); ok {
			return x
		}
	}
	return b.add(rel.Inter, isSet, "", args...)
}

// dropWider drops arguments that contain another argument.
func (b *builder) dropWider(args []rel.ID) []rel.ID {
	for i := 0; i < len(args); i++ {
		if slices.ContainsFunc(args, func(a rel.ID) bool { return a != args[i] && b.contains(args[i], a) }) {
			args = slices.Delete(args, i, i+1)
			i--
		}
	}
	return args
}

// contains reports whether x is known to hold all of y.
func (b *builder) contains(x, y rel.ID) bool {
	k := b.kinds[y]
	switch {
	case b.isSet(x) && k.from&^b.kinds[x].exact == kNone:
		return true
	case b.op(x) == rel.Cross && k.from&^b.kinds[b.arg(x)].exact == kNone && k.to&^b.kinds[b.args(x)[1]].exact == kNone:
		return true
	}
	return b.within(y, x)
}

// interTwo is x & y, if a law gives a simpler node for it. It does not try y &
// x.
func (b *builder) interTwo(x, y rel.ID) (rel.ID, bool) {
	switch {
	case b.is(x, "id"):
		switch {
		case b.irr[y]:
			return b.empty(false), true
		case b.isIdent(y):
			return y, true
		case b.is(y, "int"):
			return x, true
		case b.op(y) == rel.Cross:
			return b.ident(b.inter(b.args(y)...)), true
		}
	case b.isIdent(x):
		switch {
		case b.isIdent(y):
			return b.ident(b.inter(b.arg(x), b.arg(y))), true
		case b.irr[y]:
			return b.empty(false), true
		}
	case b.is(x, "int") && b.is(y, "ext"):
		return b.empty(false), true
	case b.op(x) == rel.Compl:
		return b.diff(y, b.arg(x)), true
	}
	return 0, false
}

func (b *builder) diff(x, y rel.ID) rel.ID {
	isSet := b.isSet(x)
	k := b.kinds
	switch {
	case b.isEmpty(x) || b.isEmpty(y):
		return x
	case b.contains(y, x):
		return b.empty(isSet)
	case b.isAll(x):
		return b.compl(y)
	case k[x].from&k[y].from == kNone || k[x].to&k[y].to == kNone:
		return x
	case b.is(y, "id") && b.irr[x], b.isIdent(y) && b.irr[x]:
		return x
	case b.op(y) == rel.Compl:
		return b.inter(x, b.arg(y))
	case b.is(y, "int"), b.is(y, "ext"):
		return b.inter(x, b.compl(y))
	case b.op(y) == rel.Inter && slices.Contains(b.args(y), x):
		return b.diff(x, b.inter(slices.DeleteFunc(slices.Clone(b.args(y)), func(a rel.ID) bool { return a == x })...))
	case b.isLockRMW(x, y):
		return b.rel("lkrmw")
	case b.op(x) == rel.Union:
		rest := slices.DeleteFunc(slices.Clone(b.args(x)), func(a rel.ID) bool { return b.contains(y, a) })
		if len(rest) < len(b.args(x)) {
			return b.diff(b.union(rest...), y)
		}
	}
	return b.add(rel.Diff, isSet, "", x, y)
}

// isLockRMW reports whether x \ y is ([LKR]; po & loc; [LKW]) \ (po; po). A
// lock's write is always the next event after its read, so these are the pairs
// of the two.
func (b *builder) isLockRMW(x, y rel.ID) bool {
	if b.op(x) != rel.Seq || b.op(y) != rel.Seq {
		return false
	}
	po := b.rel("po")
	want := b.seq(b.seq(b.ident(b.set("LKR")), b.inter(po, b.rel("loc"))), b.ident(b.set("LKW")))
	other := b.seq(b.ident(b.set("LKR")), b.seq(b.inter(po, b.rel("loc")), b.ident(b.set("LKW"))))
	return (x == want || x == other) && y == b.seq(po, po)
}

func (b *builder) compl(x rel.ID) rel.ID {
	switch {
	case b.op(x) == rel.Compl:
		return b.arg(x)
	case b.isEmpty(x):
		return b.all(b.isSet(x))
	case b.isAll(x):
		return b.empty(b.isSet(x))
	case b.is(x, "int"):
		return b.rel("ext")
	case b.is(x, "ext"):
		return b.rel("int")
	}
	return b.add(rel.Compl, b.isSet(x), "", x)
}

func (b *builder) seq(x, y rel.ID) rel.ID {
	switch {
	case b.isEmpty(x):
		return x
	case b.isEmpty(y):
		return y
	case b.is(x, "id"):
		return y
	case b.is(y, "id"):
		return x
	case b.kinds[x].to&b.kinds[y].from == kNone:
		return b.empty(false)
	case b.isIdent(x) && b.isIdent(y):
		return b.ident(b.inter(b.arg(x), b.arg(y)))
	case b.isIdent(x) && b.kinds[y].from&^b.kinds[b.arg(x)].exact == kNone:
		return y
	case b.isIdent(y) && b.kinds[x].to&^b.kinds[b.arg(y)].exact == kNone:
		return x
	case b.isIdent(x) && b.op(y) == rel.Seq && b.isIdent(b.arg(y)):
		return b.seq(b.seq(x, b.arg(y)), b.args(y)[1])
	case x == y && b.op(x) == rel.Star:
		return x
	case b.is(y, "co") && x == b.inverse(b.rel("rf")):
		return b.rel("fr")
	}
	return b.add(rel.Seq, false, "", x, y)
}

func (b *builder) inverse(x rel.ID) rel.ID {
	switch b.op(x) {
	case rel.Inverse:
		return b.arg(x)
	case rel.EmptyRel, rel.Ident:
		return x
	case rel.Cross:
		return b.cross(b.args(x)[1], b.args(x)[0])
	}
	if b.base(x, symmetric) {
		return x
	}
	return b.add(rel.Inverse, false, "", x)
}

func (b *builder) plus(x rel.ID) rel.ID {
	switch b.op(x) {
	case rel.EmptyRel, rel.Ident, rel.Plus, rel.Star:
		return x
	case rel.Opt:
		return b.star(b.arg(x))
	}
	if b.base(x, transitive) || b.isAll(x) {
		return x
	}
	return b.add(rel.Plus, false, "", x)
}

func (b *builder) star(x rel.ID) rel.ID {
	switch b.op(x) {
	case rel.EmptyRel, rel.Ident:
		return b.rel("id")
	case rel.Star:
		return x
	case rel.Plus, rel.Opt:
		return b.star(b.arg(x))
	}
	if b.base(x, transitive) {
		return b.opt(x)
	}
	if b.isAll(x) {
		return x
	}
	return b.add(rel.Star, false, "", x)
}

func (b *builder) opt(x rel.ID) rel.ID {
	switch b.op(x) {
	case rel.EmptyRel, rel.Ident:
		return b.rel("id")
	case rel.Star, rel.Opt:
		return x
	case rel.Plus:
		return b.star(b.arg(x))
	}
	if b.is(x, "id") || b.is(x, "int") || b.isAll(x) {
		return x
	}
	return b.add(rel.Opt, false, "", x)
}

func (b *builder) ident(x rel.ID) rel.ID {
	switch {
	case b.isEmpty(x):
		return b.empty(false)
	case b.isEverySet(x):
		return b.rel("id")
	}
	return b.add(rel.Ident, false, "", x)
}

func (b *builder) cross(x, y rel.ID) rel.ID {
	if b.isEmpty(x) || b.isEmpty(y) {
		return b.empty(false)
	}
	return b.add(rel.Cross, false, "", x, y)
}

func (b *builder) domain(x rel.ID) rel.ID {
	if b.op(x) == rel.Inverse {
		return b.rng(b.arg(x))
	}
	return b.side(rel.Domain, x)
}

func (b *builder) rng(x rel.ID) rel.ID {
	if b.op(x) == rel.Inverse {
		return b.domain(b.arg(x))
	}
	return b.side(rel.Range, x)
}

// side is the domain or range of x, as op says.
func (b *builder) side(op rel.Op, x rel.ID) rel.ID {
	switch b.op(x) {
	case rel.EmptyRel:
		return b.empty(true)
	case rel.Ident:
		return b.arg(x)
	case rel.Opt, rel.Star:
		return b.set("_")
	}
	if b.is(x, "id") || b.isAll(x) {
		return b.set("_")
	}
	return b.add(op, true, "", x)
}
