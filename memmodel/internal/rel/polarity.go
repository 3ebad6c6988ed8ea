package rel

// Tells reports whether the model has a set of the events with this tag. It takes an event with
// any other tag for the same without it.
func (c *Compiled) Tells(tag string) bool {
	_, ok := c.tagSets[tag]
	return ok
}

// KnowsDependencies reports whether the model has a relation that is made of dependencies.
func (c *Compiled) KnowsDependencies() bool {
	for i := range c.nodes {
		if at := int32(i); c.isBase(at, "addr") || c.isBase(at, "data") || c.isBase(at, "ctrl") {
			return true
		}
	}
	return false
}

// Restrains reports whether a tag does nothing but forbid: if a check allows an execution, it
// allows the execution in which fewer of the events have the tag. Flags do not forbid.
//
// Claim: that is so if the set of the events with the tag is not in the right side of a
// difference, nor in a complement, unless in another one. Proof: all other operations, and fixed
// points of them, have more pairs if their operands have more.
func (c *Compiled) Restrains(tag string) bool {
	at, ok := c.tagSets[tag]
	if !ok {
		return true
	}
	seen := [2][]bool{make([]bool, len(c.nodes)), make([]bool, len(c.nodes))}
	for i := range c.checks {
		if x := &c.checks[i]; !x.Flag && c.shrinksBy(at, x.node, x.Negated, &seen) {
			return false
		}
	}
	return true
}

// shrinksBy reports whether node i has fewer pairs where set at has more; of a node that is
// taken away from another (away), whether it has more. It looks at each node once in each role.
func (c *Compiled) shrinksBy(at, i int32, away bool, seen *[2][]bool) bool {
	role := 0
	if away {
		role = 1
	}
	if seen[role][i] {
		return false
	}
	seen[role][i] = true
	if i == at {
		return away
	}
	n := &c.nodes[i]
	for k, a := range n.args {
		turns := n.op == iCompl || n.op == iDiff && k == 1
		if c.shrinksBy(at, a, away != turns, seen) {
			return true
		}
	}
	return false
}
