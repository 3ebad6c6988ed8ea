package cat

import "crosscall/memmodel/internal/rel"

// primitives are the functions that no cat file defines.
var primitives = map[string]func(c *compiler, at At, arg value) value{
	"domain": func(c *compiler, at At, arg value) value {
		return c.ofRelation(at, arg, func(id rel.ID) nodeValue { return nodeValue{id: c.domain(id)} })
	},
	"range": func(c *compiler, at At, arg value) value {
		return c.ofRelation(at, arg, func(id rel.ID) nodeValue { return nodeValue{id: c.rng(id)} })
	},
	// The pairs whose two events do not read or write the same value.
	"different-values": func(c *compiler, at At, arg value) value {
		return c.ofRelation(at, arg, func(id rel.ID) nodeValue { return nodeValue{id: c.diff(id, c.rel("same-value"))} })
	},
	"as_transitive": func(c *compiler, at At, arg value) value {
		return c.ofRelation(at, arg, func(id rel.ID) nodeValue { return nodeValue{id: c.plus(id)} })
	},
	"tag2events": (*compiler).tagToEvents,
	"fail": func(c *compiler, at At, arg value) value {
		fail(at.Pos(), "the model says that this must not be reached: fail on %s", c.what(arg))
		return nil
	},
	"map":            (*compiler).mapOver,
	"cross":          (*compiler).crossOf,
	"co_locs":        (*compiler).coLocs,
	"classes-loc":    (*compiler).classesLoc,
	"linearisations": (*compiler).linearisations,
}

// argument stands for the argument of a primitive in error messages.
func argument(at At) Expr { return &Empty{at} }

func (c *compiler) ofRelation(at At, arg value, f func(rel.ID) nodeValue) value {
	return f(c.asPlain(argument(at), c.asNode(argument(at), arg, aRelation)))
}

// tagToEvents is the set of the events that carry a tag.
func (c *compiler) tagToEvents(at At, arg value) value {
	t, ok := arg.(tagValue)
	if !ok {
		fail(at.Pos(), "%s instead of a tag", c.what(arg))
	}
	return c.lookup(c.root, &Name{at, rel.SetName(t.name)})
}

// The functions below are what lock.cat and the other files that generate rf
// and co use. See the package comment.

// mapOver is map f, a function from sets to sets.
func (c *compiler) mapOver(_ At, f value) value {
	return primitive{"map", func(c *compiler, at At, set value) value {
		switch set := set.(type) {
		case emptyValue:
			return set
		case tagSet:
			var list []value
			for _, t := range set.tags {
				list = append(list, c.apply(at, f, tagValue{set.enum, t}))
			}
			return c.collect(at, list)
		case valueSet:
			var list []value
			for _, v := range set {
				list = append(list, c.apply(at, f, v))
			}
			return c.collect(at, list)
		case nodeValue:
			of := &element{over: set.id, outer: set.of, end: set.end}
			if c.isSet(set.id) {
				return family{of, c.apply(at, f, eventValue{of})}
			}
			return family{of, c.apply(at, f, pairValue{of})}
		}
		fail(at.Pos(), "map takes a set, not %s", c.what(set))
		return nil
	}}
}

func (c *compiler) collect(at At, list []value) value {
	var set value = emptyValue{}
	for i := len(list) - 1; i >= 0; i-- {
		set = c.insert(argument(at), argument(at), list[i], set)
	}
	return set
}

// classesLoc is the partition of a set by location.
func (c *compiler) classesLoc(at At, arg value) value {
	return classes{c.asPlain(argument(at), c.asNode(argument(at), arg, aSet))}
}

// coLocs takes a relation and a partition by location. It returns, for each
// location, the set of all orders that contain the relation.
func (c *compiler) coLocs(at At, arg value) value {
	if t, ok := arg.(tupleValue); ok && len(t) == 2 {
		if k, ok := t[1].(classes); ok {
			return orderFamily{k.set, c.asPlain(argument(at), c.asNode(argument(at), t[0], aRelation))}
		}
	}
	fail(at.Pos(), "co_locs takes a relation and the partition of a set")
	return nil
}

// linearisations takes a set and a relation. It returns the set of all total orders of the
// first that contain the second.
func (c *compiler) linearisations(at At, arg value) value {
	t, ok := arg.(tupleValue)
	if !ok || len(t) != 2 {
		fail(at.Pos(), "linearisations takes a set and a relation")
	}
	x := argument(at)
	return linear{c.asPlain(x, c.asNode(x, t[0], aSet)), c.asPlain(x, c.asNode(x, t[1], aRelation))}
}

// crossOf is cross: of a set of sets of relations, the set of all unions of one
// relation from each.
func (c *compiler) crossOf(at At, arg value) value {
	switch v := arg.(type) {
	case emptyValue:
		return valueSet{nodeValue{id: c.empty(false)}}
	case orderFamily:
		return orders(v)
	case family:
		if pairs, ok := v.body.(family); ok && pairs.of.outer == v.of && pairs.of.end == atTarget {
			if p, ok := pairs.body.(nodeValue); ok && p.of == pairs.of && p.end == onePair && p.id == pairs.of.over {
				return choices{v.of.over, pairs.of.over}
			}
		}
	}
	fail(at.Pos(), "cross is supported for orders per location (generate_cos, generate_orders), and for one edge into each event of a set, as in the kernel's lock.cat; this is neither")
	return nil
}

// withFrom returns the value that "with name from v" binds name to. It is the
// relation that the explorer has chosen; the conditions of the model on the
// choice become a check.
func (c *compiler) withFrom(w *WithFrom, v value) value {
	switch v := v.(type) {
	case orders:
		return nodeValue{id: c.chooseOrder(w, v)}
	case linear:
		square := c.cross(v.set, v.set)
		c.require(rel.Check{Kind: rel.Acyclic, Node: c.inter(v.before, square), Name: w.Name})
		id := c.add(rel.Linear, false, "", v.set, v.before, c.opt(c.alsoHalves(c.empty(false))))
		c.linears = append(c.linears, id)
		return nodeValue{id: id}
	case choices:
		into := c.inter(c.rel("rf"), v.pairs)
		c.require(rel.Check{Kind: rel.Empty, Node: c.diff(v.set, c.rng(into)), Name: w.Name})
		return nodeValue{id: into}
	case valueSet:
		if len(v) == 1 {
			return v[0]
		}
	}
	fail(w.Pos(), "with ... from %s is not supported: the explorer chooses rf, co, and what is from linearisations", c.what(v))
	return nil
}

// chooseOrder is co on the events of v.set. co is total for each location, so
// it contains v.before if and only if the two have no cycle.
func (c *compiler) chooseOrder(w *WithFrom, v orders) rel.ID {
	if c.kinds[v.set].from&^kWrites != kNone && !c.within(v.set, c.writes) {
		fail(w.Pos(), "an order of events of which some may not be writes is not supported: the explorer chooses co only")
	}
	co := c.co
	square := c.cross(v.set, v.set)
	before := c.inter(v.before, c.rel("loc"), square)
	if v.set != c.writes {
		co = c.inter(co, square)
		c.generated = co
	}
	if !c.within(before, co) {
		c.require(rel.Check{Kind: rel.Acyclic, Node: c.union(co, before), Name: w.Name})
	}
	return co
}

// require adds a check, unless it always holds.
func (c *compiler) require(k rel.Check) {
	if k.Kind == rel.Irreflexive && c.op(k.Node) == rel.Plus {
		k.Kind = rel.Acyclic
	}
	if k.Kind == rel.Acyclic && c.op(k.Node) == rel.Plus {
		k.Node = c.arg(k.Node)
	}
	holds := c.isEmpty(k.Node) || k.Kind == rel.Irreflexive && c.irr[k.Node] ||
		k.Kind == rel.Acyclic && c.base(k.Node, irreflexive) && c.base(k.Node, transitive)
	if holds && !(k.Flag || k.Negated) || holds && k.Flag && k.Negated {
		return
	}
	c.checks = append(c.checks, k)
}

// locks reads a definition of rf or co that only adds edges of lock events. In
// herd the model chooses these edges; here the explorer has chosen them
// already, and the choice must contain those that the model adds. It returns rf
// or co as the explorer has it, and false if the definition is of another kind.
func (c *compiler) locks(name string, old, defined rel.ID) (rel.ID, bool) {
	chosen := c.rel(name)
	missing := kLockReads
	if name == "co" {
		missing = kWrites &^ c.kinds[old].from
		if old != c.generated {
			return 0, false
		}
	} else if old != chosen {
		return 0, false
	}
	sum := defined
	if c.op(sum) == rel.Plus {
		sum = c.arg(sum)
	}
	if c.op(sum) != rel.Union {
		return 0, false
	}
	extends := false
	for _, a := range c.args(sum) {
		k := c.kinds[a]
		switch {
		case a == old:
			extends = true
		case k.to&^missing == kNone, name == "co" && k.from&^missing == kNone:
		default:
			return 0, false
		}
	}
	if extends {
		c.require(rel.Check{Kind: rel.Empty, Node: c.diff(defined, chosen), Name: name + "-of-locks"})
	}
	return chosen, extends
}
