package cat

import "crosscall/memmodel/internal/rel"

// In herd an AMO of RISC-V is one event, in R and in W. Here an atomic instruction is two, a
// read and a write. A model for the machine gets the relations and sets of the first kind
// of execution, computed from those of the second: wholeAMOs binds each name so that it
// relates both halves of an AMO to all that it relates one of them to, and never the one to
// the other.
//
// Claim: a check then holds of an execution here if and only if herd's check holds of its
// own. Proof: two events are alike if they are equal or halves of one AMO. All that is bound
// is closed: with a pair it has all pairs of events that are alike. |, &, \, ;, ~, ^-1, +,
// domain and range of closed operands are closed, and are on classes what they are on
// herd's events. r?, r* and [S] get the pairs of halves in unary. A closed relation has a
// cycle, a pair of an event with itself, or any pair, exactly if the relation on classes
// has one. Smallest execution: TestWholeAMOs.

// alsoHalves is r, and the pairs of halves.
func (c *compiler) alsoHalves(r rel.ID) rel.ID {
	if c.halves == rel.NoID {
		return r
	}
	return c.union(r, c.halves)
}

// onSet is [S].
func (c *compiler) onSet(s rel.ID) rel.ID {
	if c.halves == rel.NoID {
		return c.ident(s)
	}
	return c.union(c.ident(s), c.inter(c.halves, c.cross(s, s)))
}

// wholeAMOs binds the sets and relations of executions in which an AMO is one event.
func (c *compiler) wholeAMOs() {
	both := c.union(c.set("X"), c.diff(c.set("RMW"), c.set("EX")))
	amo := c.inter(c.rel("rmw"), c.cross(both, both))
	c.halves = c.union(amo, c.inverse(amo))
	alike := c.opt(c.halves)
	bind := func(name string, id rel.ID) { c.root.vals[name] = nodeValue{id: id} }
	for _, name := range []string{"R", "W", "FW", "X", "EX", "Acq", "Rel", "AcqRel", "Sc"} {
		set := c.set(name)
		bind(name, c.union(set, c.domain(c.seq(c.halves, c.ident(set)))))
	}
	for _, name := range []string{"addr", "data", "ctrl", "co", "fr"} {
		bind(name, c.diff(c.seq(alike, c.seq(c.rel(name), alike)), alike))
	}
	bind("rf", c.seq(alike, c.seq(c.rel("rf"), alike)))
	bind("id", alike)
	for _, name := range []string{"po", "rmw"} { // nothing is between the halves in po
		bind(name, c.diff(c.rel(name), amo))
	}
}
