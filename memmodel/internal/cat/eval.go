package cat

import (
	"slices"

	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/slip"
)

// eval works out the value of x.
func (c *compiler) eval(e *env, x Expr) value {
	switch x := x.(type) {
	case *Empty:
		return nodeValue{id: c.empty(false)}
	case *Universe:
		return allValue{}
	case *Name:
		return c.lookup(e, x)
	case *Tag:
		enum, ok := c.tags[x.Name]
		if !ok {
			fail(x.Pos(), "no enum declares the tag '%s%s", x.Name, didYouMean(x.Name, keys(c.tags)))
		}
		return tagValue{enum, x.Name}
	case *SetOf:
		return c.setOf(e, x)
	case *Tuple:
		t := make(tupleValue, len(x.Elems))
		for i, y := range x.Elems {
			t[i] = c.eval(e, y)
		}
		return t
	case *Unary:
		return c.unary(e, x)
	case *Binary:
		return c.binary(e, x)
	case *App:
		return c.apply(x.At, c.eval(e, x.Fun), c.eval(e, x.Arg))
	case *Fn:
		return closure{x.Param, x.Body, e.capture(x)}
	case *Let:
		inner := e.child()
		if x.Rec {
			c.recursion(inner, x.Binds)
		} else {
			c.bindAll(e, inner, x.Binds)
		}
		return c.eval(inner, x.Body)
	case *Match:
		return c.matchTag(e, x)
	case *MatchSet:
		return c.matchSet(e, x)
	case *Try:
		if v, ok := c.try(e, x.X); ok {
			return v
		}
		return c.eval(e, x.Y)
	case *If:
		if c.cond(e, x.Cond) {
			return c.eval(e, x.Then)
		}
		return c.eval(e, x.Else)
	}
	fail(x.Pos(), "this form of expression is not supported")
	return nil
}

func (c *compiler) lookup(e *env, x *Name) value {
	if v, ok := e.lookup(x.Name); ok {
		return v
	}
	if why, ok := unsupported()[x.Name]; ok {
		panic(&Error{Pos: x.Pos(), Msg: "'" + x.Name + "' is not supported: " + why, unknown: true})
	}
	msg := "'" + x.Name + "' is not defined" + didYouMean(x.Name, e.names)
	panic(&Error{Pos: x.Pos(), Msg: msg, unknown: true})
}

func didYouMean(name string, names func(func(string) bool)) string {
	if best := slip.Closest(name, len(name)/3, names); best != "" {
		return "; did you mean '" + best + "'?"
	}
	return ""
}

// try evaluates x, and reports false if it has a name that is not bound.
func (c *compiler) try(e *env, x Expr) (v value, ok bool) {
	depth := c.depth
	defer func() {
		if r := recover(); r != nil {
			if err, isError := r.(*Error); !isError || !err.unknown {
				panic(r)
			}
			c.depth = depth
		}
	}()
	return c.eval(e, x), true
}

// A slot is the kind of an operator's argument: "set", "relation", or either.
type slot uint8

const (
	either slot = iota
	aSet
	aRelation
)

func (s slot) String() string {
	return [...]string{"a set or a relation", "a set of events", "a relation"}[s]
}

// node evaluates x, which must be a set or relation.
func (c *compiler) node(e *env, x Expr, want slot) nodeValue {
	return c.asNode(x, c.eval(e, x), want)
}

// asNode turns v, the value of x, into a set or relation. {} and _ can be both:
// they are a set only where a set is wanted.
func (c *compiler) asNode(x Expr, v value, want slot) nodeValue {
	switch v := v.(type) {
	case nodeValue:
		if want == either || c.isSet(v.id) == (want == aSet) {
			return v
		}
	case emptyValue:
		return nodeValue{id: c.empty(want == aSet)}
	case allValue:
		return nodeValue{id: c.all(want == aSet)}
	case eventValue:
		if want == aSet {
			return nodeValue{id: v.of.over, of: v.of}
		}
	case pairValue:
		if want == aRelation {
			return nodeValue{id: v.of.over, of: v.of, end: onePair}
		}
	}
	fail(x.Pos(), "%s instead of %s", c.what(v), want)
	return nodeValue{}
}

// plain evaluates x, which must be a set or relation that does not depend on
// the element of a family.
func (c *compiler) plain(e *env, x Expr, want slot) rel.ID {
	return c.asPlain(x, c.node(e, x, want))
}

func (c *compiler) asPlain(x Expr, n nodeValue) rel.ID {
	if n.of != nil {
		fail(x.Pos(), "this use of an element of a set is not supported: only {e}, *, &, |, \\ and ; on the one side that stays, and ^-1")
	}
	return n.id
}

func (c *compiler) setOf(e *env, x *SetOf) value {
	var set value = emptyValue{}
	for _, y := range slices.Backward(x.Elems) {
		v := c.eval(e, y)
		if _, ok := v.(allValue); ok {
			fail(y.Pos(), "_ cannot be an element of a set")
		}
		set = c.insert(x, y, v, set)
	}
	return set
}

// insert is v ++ set. x is the expression as a whole, y is that of v.
func (c *compiler) insert(x, y Expr, v, set value) value {
	switch set := set.(type) {
	case emptyValue:
		switch v := v.(type) {
		case tagValue:
			return newTagSet(v.enum, []string{v.name})
		case eventValue, pairValue:
			return c.single(v)
		}
		return valueSet{v}
	case tagSet:
		if t, ok := v.(tagValue); ok && t.enum == set.enum {
			return newTagSet(set.enum, append([]string{t.name}, set.tags...))
		}
	case valueSet:
		if c.what(v) == c.what(set[0]) {
			if slices.ContainsFunc(set, func(w value) bool { return c.equal(v, w) }) {
				return set
			}
			return append(valueSet{v}, set...)
		}
	case nodeValue:
		if c.isEmpty(set.id) {
			switch v.(type) {
			case eventValue, pairValue:
				return c.single(v)
			}
		}
	}
	fail(y.Pos(), "%s cannot be added to %s here", c.what(v), c.what(set))
	return nil
}

// single is {v}.
func (c *compiler) single(v value) value {
	switch v := v.(type) {
	case eventValue:
		return nodeValue{id: v.of.over, of: v.of}
	case pairValue:
		return nodeValue{id: v.of.over, of: v.of, end: onePair}
	}
	return nil
}

// equal reports whether two values are known to be the same.
func (c *compiler) equal(v, w value) bool {
	switch v := v.(type) {
	case nodeValue:
		w, ok := w.(nodeValue)
		return ok && v == w
	case tagValue:
		w, ok := w.(tagValue)
		return ok && v == w
	case tagSet:
		w, ok := w.(tagSet)
		return ok && v.enum == w.enum && slices.Equal(v.tags, w.tags)
	case emptyValue:
		_, ok := w.(emptyValue)
		return ok
	}
	return false
}

func (c *compiler) matchTag(e *env, x *Match) value {
	v := c.eval(e, x.X)
	t, ok := v.(tagValue)
	if !ok {
		fail(x.X.Pos(), "match takes a tag or a set, not %s", c.what(v))
	}
	for _, k := range x.Cases {
		if k.Tag == t.name {
			return c.eval(e, k.Body)
		}
	}
	if x.Default == nil {
		fail(x.Pos(), "no case for the tag '%s", t.name)
	}
	return c.eval(e, x.Default)
}

func (c *compiler) matchSet(e *env, x *MatchSet) value {
	var elem, rest value
	switch v := c.eval(e, x.X).(type) {
	case emptyValue:
		return c.eval(e, x.Empty)
	case tagSet:
		elem, rest = tagValue{v.enum, v.tags[0]}, newTagSet(v.enum, v.tags[1:])
	case valueSet:
		elem, rest = v[0], emptyValue{}
		if len(v) > 1 {
			rest = v[1:]
		}
	case nodeValue:
		if c.isEmpty(v.id) {
			return c.eval(e, x.Empty)
		}
		fail(x.Pos(), "match on %s is not supported: the events are not known while a model is compiled", c.what(v))
	default:
		fail(x.X.Pos(), "match takes a tag or a set, not %s", c.what(v))
	}
	inner := e.child()
	bindName(inner, x.Before, emptyValue{})
	bindName(inner, x.Elem, elem)
	bindName(inner, x.After, rest)
	return c.eval(inner, x.More)
}

func bindName(e *env, name string, v value) {
	if name != "" {
		e.vals[name] = v
	}
}

func (c *compiler) cond(e *env, k *Cond) bool {
	switch k.Op {
	case "variant":
		return slices.Contains(c.options.Variants, k.Name)
	case "not":
		return !c.cond(e, k.Kids[0])
	case "&&":
		return c.cond(e, k.Kids[0]) && c.cond(e, k.Kids[1])
	case "||":
		return c.cond(e, k.Kids[0]) || c.cond(e, k.Kids[1])
	}
	return c.compare(k, c.eval(e, k.X), c.eval(e, k.Y))
}

// compare is a condition on tags and sets of tags. One on events cannot be
// decided before there is an execution.
func (c *compiler) compare(k *Cond, x, y value) bool {
	tags := func(v value) ([]string, bool) {
		switch v := v.(type) {
		case tagSet:
			return v.tags, true
		case tagValue:
			return []string{v.name}, true
		case emptyValue:
			return nil, true
		}
		return nil, false
	}
	a, okA := tags(x)
	b, okB := tags(y)
	if !okA || !okB {
		fail(k.Pos(), "'%s' on %s and %s is not supported: it is known only in an execution", k.Op, c.what(x), c.what(y))
	}
	if k.Op == "=" {
		return slices.Equal(a, b)
	}
	return !slices.ContainsFunc(a, func(t string) bool { return !slices.Contains(b, t) })
}

// maxSteps bounds the calls, rounds of forall and includes of a model while it
// is compiled, and maxCallDepth the depth of calls, so that endless recursion
// is an error.
const (
	maxSteps     = 100_000
	maxCallDepth = 1_000
)

func (c *compiler) step(at At) {
	c.steps++
	if c.steps > maxSteps || c.depth > maxCallDepth {
		fail(at.Pos(), "this does not end: %d steps, %d calls deep", c.steps, c.depth)
	}
}

func (c *compiler) apply(at At, f, arg value) value {
	switch f := f.(type) {
	case primitive:
		return f.apply(c, at, arg)
	case closure:
		c.step(at)
		c.depth++
		inner := f.env.child()
		c.bindPattern(at, inner, f.param, arg)
		v := c.eval(inner, f.body)
		c.depth--
		return v
	}
	fail(at.Pos(), "%s is not a function", c.what(f))
	return nil
}

// bindPattern binds the names of p to v, or to the parts of v.
func (c *compiler) bindPattern(at At, e *env, p Pattern, v value) {
	if !p.Tuple {
		bindName(e, p.Names[0], v)
		return
	}
	t, ok := v.(tupleValue)
	if !ok || len(t) != len(p.Names) {
		n := 1
		if ok {
			n = len(t)
		}
		fail(at.Pos(), "%d values are wanted here, not %d", len(p.Names), n)
	}
	for i, name := range p.Names {
		bindName(e, name, t[i])
	}
}

// bindAll evaluates the right sides in from and binds the left sides in to.
func (c *compiler) bindAll(from, to *env, binds []Bind) {
	vals := make([]value, len(binds))
	for i, b := range binds {
		vals[i] = c.eval(from, b.X)
	}
	for i, b := range binds {
		c.bindPattern(b.At, to, b.Pattern, vals[i])
	}
}
