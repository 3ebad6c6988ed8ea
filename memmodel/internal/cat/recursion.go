package cat

import (
	"slices"

	"crosscall/memmodel/internal/rel"
)

// recursion binds, in e, the names that "let rec" defines.
//
// Herd evaluates the definitions one after the other, again and again, from
// empty, until nothing is added. A name that has been evaluated in the present
// round stands for its new value, others for that of the round before. So here
// only a name that is used before its own definition, or in it, becomes a
// variable of the plan; elsewhere it is the node of its definition. Then the
// rule of the plan, which updates all variables at a time, has the same result.
// (The difference shows only in definitions that are not monotone, such as that
// of matching rcu_read_lock and _unlock in the kernel's bell file.)
func (c *compiler) recursion(e *env, binds []Bind) {
	functions := 0
	for _, b := range binds {
		if b.Pattern.Tuple {
			fail(b.Pos(), "a recursive definition binds a name, not a tuple")
		}
		if _, ok := b.X.(*Fn); ok {
			functions++
		}
	}
	switch functions {
	case 0:
		c.fixedPoint(e, binds)
	case len(binds):
		c.recursiveFunctions(e, binds)
	default:
		fail(binds[0].Pos(), "a recursive definition of functions together with sets or relations is not supported")
	}
}

func (c *compiler) recursiveFunctions(e *env, binds []Bind) {
	for _, b := range binds {
		fn := b.X.(*Fn)
		bindName(e, b.Pattern.Names[0], closure{fn.Param, fn.Body, e.capture(fn)})
	}
	for _, b := range binds {
		f, _ := e.lookup(b.Pattern.Names[0])
		for _, other := range binds {
			name := other.Pattern.Names[0]
			v, _ := e.lookup(name)
			bindName(f.(closure).env, name, v)
		}
	}
}

func (c *compiler) fixedPoint(e *env, binds []Bind) {
	sets := c.areSets(e, binds)
	vars := make([]rel.ID, len(binds))
	for i, b := range binds {
		name := b.Pattern.Names[0]
		vars[i] = c.variable(name, sets[i])
		bindName(e, name, nodeValue{id: vars[i]})
	}
	outer := c.open
	c.open = append(slices.Clone(outer), vars...)
	bodies := make([]rel.ID, len(binds))
	for i, b := range binds {
		want := aRelation
		if sets[i] {
			want = aSet
		}
		bodies[i] = c.plain(e, b.X, want)
		bindName(e, b.Pattern.Names[0], nodeValue{id: bodies[i]})
	}
	c.open = outer
	if len(binds) == 1 {
		if closed, ok := c.asClosure(vars[0], bodies[0]); ok {
			bindName(e, binds[0].Pattern.Names[0], nodeValue{id: closed})
			return
		}
	}
	c.addRec(e, binds, vars, bodies)
}

// addRec makes a Rec of the variables that are used.
func (c *compiler) addRec(e *env, binds []Bind, vars, bodies []rel.ID) {
	r := rel.Rec{At: binds[0].Pos()}
	for i, v := range vars {
		if slices.ContainsFunc(bodies, func(id rel.ID) bool { return c.uses(id, v) }) {
			r.Vars, r.Bodies = append(r.Vars, v), append(r.Bodies, bodies[i])
			bindName(e, binds[i].Pattern.Names[0], nodeValue{id: v})
		}
	}
	if len(r.Vars) == 0 {
		return
	}
	for i, id := range bodies {
		if c.uses(id, c.open...) {
			fail(binds[i].Pos(), "a recursive definition that depends on another one around it is not supported")
		}
	}
	c.recs = append(c.recs, r)
}

// asClosure recognizes x = a | x;x as a+.
func (c *compiler) asClosure(x, body rel.ID) (rel.ID, bool) {
	if c.op(body) != rel.Union {
		return 0, false
	}
	var rest []rel.ID
	square := c.seq(x, x)
	for _, a := range c.args(body) {
		if a != square {
			rest = append(rest, a)
		}
	}
	if len(rest) == len(c.args(body)) || len(rest) == 0 {
		return 0, false
	}
	sum := c.union(rest...)
	if c.uses(sum, x) {
		return 0, false
	}
	return c.plus(sum), true
}

// areSets finds which of the names are sets: it evaluates the definitions as
// herd does in its first rounds, with names that are empty sets of anything,
// until the kind of each is known. One that stays empty is a relation.
func (c *compiler) areSets(e *env, binds []Bind) []bool {
	sets := make([]bool, len(binds))
	known := make([]bool, len(binds))
	for _, b := range binds {
		bindName(e, b.Pattern.Names[0], emptyValue{})
	}
	for progress := true; progress; {
		progress = false
		for i, b := range binds {
			if known[i] {
				continue
			}
			switch v := c.eval(e, b.X).(type) {
			case nodeValue:
				known[i], progress = true, true
				sets[i] = c.isSet(v.id)
				bindName(e, b.Pattern.Names[0], nodeValue{id: c.empty(sets[i])})
			case emptyValue, allValue:
			default:
				fail(b.X.Pos(), "%s instead of a set or a relation", c.what(v))
			}
		}
	}
	return sets
}
