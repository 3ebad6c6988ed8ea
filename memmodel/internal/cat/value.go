package cat

import (
	"maps"
	"slices"

	"crosscall/memmodel/internal/rel"
)

// A value is the value of an expression while a model is compiled: one of the
// types below. Sets and relations are nodes of the plan; all else is evaluated
// now, and is not part of the plan.
type value interface{}

type (
	// nodeValue is a set of events or a relation. If of is not nil, it depends
	// on an element e of a set. A set is then {e}. A relation is then the pairs
	// of the node that begin (end is atSource) or end (atTarget) at e, or one
	// pair of the node (onePair).
	nodeValue struct {
		id  rel.ID
		of  *element
		end endpoint
	}
	// emptyValue is {}, an empty set of anything.
	emptyValue struct{}
	// allValue is _, all events or all pairs.
	allValue struct{}
	// eventValue and pairValue are the element of a family.
	eventValue struct{ of *element }
	pairValue  struct{ of *element }

	tagValue struct{ enum, name string }
	// tagSet is a set of tags of one enum, in order.
	tagSet struct {
		enum string
		tags []string
	}
	tupleValue []value
	// valueSet is a set of values given one by one.
	valueSet []value
	closure  struct {
		param Pattern
		body  Expr
		env   *env
	}
	primitive struct {
		name  string
		apply func(c *compiler, at At, arg value) value
	}
	procedure struct {
		param Pattern
		body  []Ins
		env   *env
	}

	// family is { body | e in the set or relation of of }.
	family struct {
		of   *element
		body value
	}
	// classes is the partition of a set of events by location.
	classes struct{ set rel.ID }
	// orderFamily is, for each class of a set, the set of its total orders that
	// contain before.
	orderFamily struct{ set, before rel.ID }
	// orders is the set of the relations that order, per location, all of set
	// and contain before.
	orders struct{ set, before rel.ID }
	// linear is the set of the total orders of set that contain before.
	linear struct{ set, before rel.ID }
	// choices is the set of the relations that consist of one pair of pairs for
	// each event in set, ending at it.
	choices struct{ set, pairs rel.ID }
)

// An element is the variable of a family: it stands for any event of a set or
// any pair of a relation.
type element struct {
	over  rel.ID   // the set or relation
	outer *element // for a pair of a relation that depends on another element
	end   endpoint // how that relation depends on outer
}

type endpoint uint8

const (
	atNone endpoint = iota
	atSource
	atTarget
	onePair
)

// what names the type of a value, for error messages.
func (c *compiler) what(v value) string {
	switch v := v.(type) {
	case nodeValue:
		if c.isSet(v.id) {
			return "a set of events"
		}
		return "a relation"
	case emptyValue:
		return "an empty set"
	case allValue:
		return "_"
	case eventValue:
		return "an event"
	case pairValue:
		return "a pair of events"
	case tagValue:
		return "a tag"
	case tagSet:
		return "a set of tags"
	case tupleValue:
		return "a tuple"
	case closure, primitive:
		return "a function"
	case procedure:
		return "a procedure"
	}
	return "a set of sets or of relations"
}

// An env binds names to values. Only the innermost one of a chain changes.
type env struct {
	parent *env
	vals   map[string]value
}

func (e *env) lookup(name string) (value, bool) {
	for ; e != nil; e = e.parent {
		if v, ok := e.vals[name]; ok {
			return v, true
		}
	}
	return nil, false
}

func (e *env) child() *env { return &env{parent: e, vals: make(map[string]value)} }

// names yields every name that is bound.
func (e *env) names(yield func(string) bool) {
	for ; e != nil; e = e.parent {
		for name := range e.vals {
			if !yield(name) {
				return
			}
		}
	}
}

// snapshot is a copy that later definitions do not change.
func (e *env) snapshot() *env {
	flat := make(map[string]value)
	for ; e != nil; e = e.parent {
		for name, v := range e.vals {
			if _, ok := flat[name]; !ok {
				flat[name] = v
			}
		}
	}
	return &env{vals: flat}
}

// capture is a copy of those bindings that a function with this body needs.
func (e *env) capture(fn *Fn) *env {
	vals := make(map[string]value)
	for _, name := range freeNames(fn) {
		if v, ok := e.lookup(name); ok {
			vals[name] = v
		}
	}
	return &env{vals: vals}
}

func newTagSet(enum string, tags []string) value {
	if len(tags) == 0 {
		return emptyValue{}
	}
	tags = slices.Clone(tags)
	slices.Sort(tags)
	return tagSet{enum, slices.Compact(tags)}
}

// freeNames lists the names that occur in x, bound inside or not: more than
// needed do no harm.
func freeNames(x Expr) []string {
	names := make(map[string]bool)
	walk(x, func(x Expr) {
		if n, ok := x.(*Name); ok {
			names[n.Name] = true
		}
	})
	return slices.Collect(maps.Keys(names))
}

// walk calls visit for x and all expressions in it.
func walk(x Expr, visit func(Expr)) {
	visit(x)
	each := func(list ...Expr) {
		for _, x := range list {
			if x != nil {
				walk(x, visit)
			}
		}
	}
	binds := func(list []Bind) {
		for _, b := range list {
			walk(b.X, visit)
		}
	}
	switch x := x.(type) {
	case *SetOf:
		each(x.Elems...)
	case *Tuple:
		each(x.Elems...)
	case *Unary:
		each(x.X)
	case *Binary:
		each(x.X, x.Y)
	case *App:
		each(x.Fun, x.Arg)
	case *Fn:
		each(x.Body)
	case *Let:
		binds(x.Binds)
		each(x.Body)
	case *Match:
		each(x.X)
		for _, c := range x.Cases {
			each(c.Body)
		}
		each(x.Default)
	case *MatchSet:
		each(x.X, x.Empty, x.More)
	case *Try:
		each(x.X, x.Y)
	case *If:
		each(x.Cond.X, x.Cond.Y, x.Then, x.Else)
	}
}
