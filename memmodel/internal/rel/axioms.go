package rel

// Two checks that nearly every model has are recognised by their shape, so
// that the explorer can choose rf and co in such a way that they hold:
//
//	acyclic po-loc | rf | co | fr      (SC per location)
//	empty rmw & (fre ; coe)            (atomicity)

// isCoherence reports whether ch is acyclic of a union of po & loc, rf, co and
// fr, and possibly of parts of these.
func (c *compiler) isCoherence(ch Check) bool {
	if ch.Kind != Acyclic {
		return false
	}
	fr, _ := c.base("fr")
	want := map[int32]bool{c.rf: true, c.co: true, fr: true}
	poloc := false
	for _, at := range c.flatten(c.ids[ch.Node], nil) {
		switch {
		case c.isPoLoc(at):
			poloc = true
		case want[at]:
			delete(want, at)
		case at == c.rf || at == c.co || at == fr:
		case c.within(at, c.rf) || c.within(at, c.co) || c.within(at, fr):
		case c.isPartOf(at, "rmw") || c.isPartOf(at, "lkrmw"):
		default:
			return false
		}
	}
	return poloc && len(want) == 0
}

// isAtomicity reports whether ch is empty rmw & (fre ; coe). It must be about
// all of rmw, and may be about locks too, whose atomicity the explorer keeps in
// any case.
func (c *compiler) isAtomicity(ch Check) bool {
	n := c.nodes[c.ids[ch.Node]]
	if ch.Kind != Empty || n.op != iInter {
		return false
	}
	fr, _ := c.base("fr")
	rmw, between := n.args[0], n.args[1]
	if c.nodes[between].op != iSeq {
		rmw, between = between, rmw
	}
	s := c.nodes[between]
	if s.op != iSeq || !c.isExternal(s.args[0], fr) || !c.isExternal(s.args[1], c.co) {
		return false
	}
	all := false
	for _, at := range c.flatten(rmw, nil) {
		switch {
		case c.isBase(at, "rmw"):
			all = true
		case !c.isBase(at, "lkrmw"):
			return false
		}
	}
	return all
}

// flatten appends the parts of a union to list.
func (c *compiler) flatten(at int32, list []int32) []int32 {
	if c.nodes[at].op != iUnion {
		return append(list, at)
	}
	for _, a := range c.nodes[at].args {
		list = c.flatten(a, list)
	}
	return list
}

func (c *compiler) isBase(at int32, name string) bool {
	return c.nodes[at].op == iBase && c.nodes[at].name == name
}

func (c *compiler) isPoLoc(at int32) bool {
	n := c.nodes[at]
	return n.op == iInter && (c.isBase(n.args[0], "po") && c.isBase(n.args[1], "loc") ||
		c.isBase(n.args[1], "po") && c.isBase(n.args[0], "loc"))
}

// isPartOf reports whether at is the base relation, or an intersection with it.
func (c *compiler) isPartOf(at int32, name string) bool {
	n := c.nodes[at]
	return c.isBase(at, name) || n.op == iInter && (c.isBase(n.args[0], name) || c.isBase(n.args[1], name))
}

// isExternal reports whether at is whole & ext.
func (c *compiler) isExternal(at, whole int32) bool {
	n := c.nodes[at]
	return n.op == iInter && (n.args[0] == whole && c.isBase(n.args[1], "ext") ||
		n.args[1] == whole && c.isBase(n.args[0], "ext"))
}

// within reports whether at is an intersection with whole.
func (c *compiler) within(at, whole int32) bool {
	n := c.nodes[at]
	return n.op == iInter && (n.args[0] == whole || n.args[1] == whole)
}
