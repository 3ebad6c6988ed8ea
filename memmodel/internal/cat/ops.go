package cat

import (
	"slices"

	"crosscall/memmodel/internal/rel"
)

func (c *compiler) unary(e *env, x *Unary) value {
	if x.Op == "[]" {
		return nodeValue{id: c.onSet(c.plain(e, x.X, aSet))}
	}
	v := c.eval(e, x.X)
	if x.Op == "~" {
		return c.complement(x, v)
	}
	n := c.asNode(x.X, v, aRelation)
	if x.Op == "^-1" {
		n.id = c.inverse(n.id)
		switch n.end {
		case atSource:
			n.end = atTarget
		case atTarget:
			n.end = atSource
		case onePair:
			c.asPlain(x.X, n)
		}
		return n
	}
	id := c.asPlain(x.X, n)
	switch x.Op {
	case "+":
		id = c.plus(id)
	case "*":
		id = c.star(c.alsoHalves(id))
	case "?":
		id = c.opt(c.alsoHalves(id))
	}
	return nodeValue{id: id}
}

func (c *compiler) complement(x *Unary, v value) value {
	switch v := v.(type) {
	case emptyValue:
		return allValue{}
	case allValue:
		return emptyValue{}
	case tagValue:
		return c.otherTags(v.enum, []string{v.name})
	case tagSet:
		return c.otherTags(v.enum, v.tags)
	}
	return nodeValue{id: c.compl(c.asPlain(x.X, c.asNode(x.X, v, either)))}
}

func (c *compiler) otherTags(enum string, tags []string) value {
	return newTagSet(enum, slices.DeleteFunc(slices.Clone(c.enums[enum]), func(t string) bool { return slices.Contains(tags, t) }))
}

// spine lists a, b, c of a op (b op c).
func spine(x *Binary) []Expr {
	list := []Expr{x.X}
	for {
		y, ok := x.Y.(*Binary)
		if !ok || y.Op != x.Op {
			return append(list, x.Y)
		}
		list = append(list, y.X)
		x = y
	}
}

func (c *compiler) binary(e *env, x *Binary) value {
	switch x.Op {
	case "|":
		return c.unionOf(e, spine(x))
	case "&":
		return c.interOf(e, spine(x))
	case `\`:
		return c.diffOf(x, c.eval(e, x.X), c.eval(e, x.Y))
	case ";":
		return c.seqOf(e, spine(x))
	case "++":
		return c.insert(x, x.X, c.eval(e, x.X), c.eval(e, x.Y))
	}
	return c.product(c.node(e, x.X, aSet), c.node(e, x.Y, aSet), x)
}

// product is x * y.
func (c *compiler) product(a, b nodeValue, x *Binary) value {
	n := nodeValue{id: c.cross(a.id, b.id)}
	switch {
	case a.of != nil:
		c.asPlain(x.Y, b)
		n.of, n.end = a.of, atSource
	case b.of != nil:
		n.of, n.end = b.of, atTarget
	}
	return n
}

// evalAll evaluates a chain, and lifts tags to sets of them.
func (c *compiler) evalAll(e *env, list []Expr) []value {
	vals := make([]value, len(list))
	for i, x := range list {
		vals[i] = liftTag(c.eval(e, x))
	}
	return vals
}

func liftTag(v value) value {
	if t, ok := v.(tagValue); ok {
		return newTagSet(t.enum, []string{t.name})
	}
	return v
}

func (c *compiler) unionOf(e *env, list []Expr) value {
	vals := c.evalAll(e, list)
	var kept []value
	var exprs []Expr
	for i, v := range vals {
		switch v.(type) {
		case emptyValue:
		case allValue:
			return v
		default:
			kept, exprs = append(kept, v), append(exprs, list[i])
		}
	}
	if len(kept) == 0 {
		return emptyValue{}
	}
	switch first := kept[0].(type) {
	case tagSet:
		tags := first.tags
		for i, v := range kept[1:] {
			tags = append(slices.Clone(tags), c.sameEnum(exprs[i+1], v, first.enum)...)
		}
		return newTagSet(first.enum, tags)
	case valueSet:
		return c.unionValues(kept, exprs)
	}
	nodes := c.alike(exprs, kept)
	first := nodes[0]
	for i, n := range nodes {
		if n.of != first.of || n.end != first.end || n.end == onePair && n.id != first.id {
			c.asPlain(exprs[0], first)
			c.asPlain(exprs[i], n)
		}
	}
	return nodeValue{c.union(ids(nodes)...), first.of, first.end}
}

func (c *compiler) unionValues(vals []value, exprs []Expr) value {
	var out value = vals[0]
	for i, v := range vals[1:] {
		set, ok := v.(valueSet)
		if !ok {
			fail(exprs[i+1].Pos(), "%s instead of %s", c.what(v), c.what(out))
		}
		for _, w := range slices.Backward(set) {
			out = c.insert(exprs[i+1], exprs[i+1], w, out)
		}
	}
	return out
}

func (c *compiler) sameEnum(x Expr, v value, enum string) []string {
	set, ok := v.(tagSet)
	if !ok {
		if _, empty := v.(emptyValue); empty {
			return nil
		}
		fail(x.Pos(), "%s instead of a set of tags", c.what(v))
	}
	if set.enum != enum {
		fail(x.Pos(), "tags of the enum %s where tags of %s are wanted", set.enum, enum)
	}
	return set.tags
}

// alike turns all of vals into nodes of one kind: the kind of the first value
// that is not {} or _.
func (c *compiler) alike(list []Expr, vals []value) []nodeValue {
	want := either
	for _, v := range vals {
		switch v := v.(type) {
		case nodeValue:
			want = aRelation
			if c.isSet(v.id) {
				want = aSet
			}
		case eventValue:
			want = aSet
		case pairValue:
			want = aRelation
		default:
			continue
		}
		break
	}
	nodes := make([]nodeValue, len(vals))
	for i, v := range vals {
		nodes[i] = c.asNode(list[i], v, want)
	}
	return nodes
}

func ids(nodes []nodeValue) []rel.ID {
	list := make([]rel.ID, len(nodes))
	for i, n := range nodes {
		list[i] = n.id
	}
	return list
}

func (c *compiler) interOf(e *env, list []Expr) value {
	vals := c.evalAll(e, list)
	var kept []value
	var exprs []Expr
	for i, v := range vals {
		if _, all := v.(allValue); !all {
			kept, exprs = append(kept, v), append(exprs, list[i])
		}
	}
	if len(kept) == 0 {
		return allValue{}
	}
	for _, v := range kept {
		if _, empty := v.(emptyValue); empty {
			return v
		}
	}
	if first, ok := kept[0].(tagSet); ok {
		tags := slices.Clone(first.tags)
		for i, v := range kept[1:] {
			other := c.sameEnum(exprs[i+1], v, first.enum)
			tags = slices.DeleteFunc(tags, func(t string) bool { return !slices.Contains(other, t) })
		}
		return newTagSet(first.enum, tags)
	}
	nodes := c.alike(exprs, kept)
	var one nodeValue // the one that depends on an element, if any
	for i, n := range nodes {
		if n.of != nil && one.of != nil && (n.of != one.of || n.end != one.end || n.end == onePair) {
			c.asPlain(exprs[i], n)
		}
		if n.of != nil {
			one = n
		}
	}
	return nodeValue{c.inter(ids(nodes)...), one.of, one.end}
}

func (c *compiler) diffOf(x *Binary, v, w value) value {
	v, w = liftTag(v), liftTag(w)
	if _, all := w.(allValue); all {
		return emptyValue{}
	}
	switch v := v.(type) {
	case emptyValue:
		return v
	case tagSet:
		other := c.sameEnum(x.Y, w, v.enum)
		return newTagSet(v.enum, slices.DeleteFunc(slices.Clone(v.tags), func(t string) bool { return slices.Contains(other, t) }))
	case allValue:
		return c.complement(&Unary{X: x.Y}, w)
	}
	if _, empty := w.(emptyValue); empty {
		return v
	}
	nodes := c.alike([]Expr{x.X, x.Y}, []value{v, w})
	a, b := nodes[0], nodes[1]
	if b.of != nil && (b.of != a.of || b.end != a.end || b.end == onePair) {
		c.asPlain(x.Y, b)
	}
	return nodeValue{c.diff(a.id, b.id), a.of, a.end}
}

// operand evaluates one operand of a sequence. Beside an operand that is closed [S] need not
// have the pairs of halves (whole.go).
func (c *compiler) operand(e *env, x Expr, list []Expr) nodeValue {
	if u, ok := x.(*Unary); ok && isOnSet(x) && slices.ContainsFunc(list, func(y Expr) bool { return !isOnSet(y) }) {
		return nodeValue{id: c.ident(c.plain(e, u.X, aSet))}
	}
	return c.node(e, x, aRelation)
}

func isOnSet(x Expr) bool {
	u, ok := x.(*Unary)
	return ok && u.Op == "[]"
}

// seqOf is a ; b ; c. A relation of the pairs that end at an element can be
// last in it, one of those that begin at it first.
func (c *compiler) seqOf(e *env, list []Expr) value {
	nodes := make([]nodeValue, len(list))
	for i, x := range list {
		nodes[i] = c.operand(e, x, list)
	}
	last := len(list) - 1
	out := nodes[last]
	if out.end == atSource || out.end == onePair {
		c.asPlain(list[last], out)
	}
	for i, n := range slices.Backward(nodes[:last]) {
		if n.of != nil && (i > 0 || n.end != atSource || out.of != nil) {
			c.asPlain(list[i], n)
		}
		if n.of != nil {
			out.of, out.end = n.of, n.end
		}
		out.id = c.seq(n.id, out.id)
	}
	return out
}
