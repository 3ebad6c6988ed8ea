package rel

import "slices"

// Threads that run on add events at their ends. Which checks stay violated then?
// One whose relation only grows, and a relation does that if nothing is taken away
// from it but what the events that are there decide for good: in
//
//	po-loc \ (po-loc ; [W] ; po-loc)
//
// a new event comes after all of its thread and so between none of them. In
//
//	Rcu-lock \ domain(pair)
//
// on the other hand a new event may complete a pair. This is worked out from the
// form of the relations, and errs on the side of not relying on a check.

// traits are what can be said of a node in any structure.
type traits struct {
	forward  bool // all pairs are in program order, or of an event with itself
	backward bool // the same for the inverse
	fixed    bool // new events change nothing between those that are there
	grows    bool // and take no pair away
}

// growing reports, for each check, whether new events leave it violated, if none
// of them has any but the given tags.
func (c *Compiled) growing(tags []string) []bool {
	t := c.traits(c.inhabitable(tags))
	out := make([]bool, len(c.checks))
	for k := range c.checks {
		out[k] = !c.checks[k].Negated && t[c.checks[k].node].grows
	}
	return out
}

// inhabitable finds the nodes that may have pairs in them in some structure.
func (c *Compiled) inhabitable(tags []string) []bool {
	may := map[int32]bool{}
	for tag, i := range c.tagSets {
		may[i] = may[i] || slices.Contains(tags, tag) || tag == "RMW" // which halves are in untagged
	}
	return c.inhabited(func(i int32) bool {
		known, tagged := may[i]
		return known || !tagged
	})
}

// traits begins with all that can be said and takes back what does not follow,
// until the rest holds: recursive relations then have the traits that each step
// of their computation keeps.
func (c *Compiled) traits(some []bool) []traits {
	t := make([]traits, len(c.nodes))
	for i := range t {
		t[i] = traits{true, true, true, true}
	}
	for changed := true; changed; {
		changed = false
		for i := range c.nodes {
			if !some[i] {
				continue
			}
			if now := c.trait(&c.nodes[i], t); now != t[i] {
				t[i], changed = now, true
			}
		}
	}
	return t
}

var forwardBases = map[string]bool{"po": true, "id": true, "addr": true, "data": true, "ctrl": true, "rmw": true, "lkrmw": true}

func (c *Compiled) trait(n *node, t []traits) traits {
	ai, bi := n.operands()
	a, b := t[ai], t[bi]
	switch n.op {
	case iBase:
		return traits{forward: forwardBases[n.name], backward: n.name == "id", fixed: true, grows: true}
	case iRF, iCO:
		return traits{fixed: true, grows: true}
	case iFinal, iSame:
		return traits{}
	case iEmpty:
		return traits{true, true, true, true}
	case iUnion:
		all := traits{true, true, true, true}
		for _, x := range n.args {
			all = traits{all.forward && t[x].forward, all.backward && t[x].backward, all.fixed && t[x].fixed, all.grows && t[x].grows}
		}
		return all
	case iInter:
		return traits{a.forward || b.forward, a.backward || b.backward, a.fixed && b.fixed, a.grows && b.grows}
	case iDiff:
		return traits{a.forward, a.backward, a.fixed && b.fixed, a.grows && b.fixed}
	case iCompl:
		return traits{fixed: a.fixed, grows: a.fixed}
	case iSeq:
		// Through a new event leads no way back to an old one, if the second step
		// goes forward or the first backward.
		stays := b.forward || a.backward
		return traits{a.forward && b.forward, a.backward && b.backward, a.fixed && b.fixed && stays, a.grows && b.grows}
	case iInverse:
		return traits{a.backward, a.forward, a.fixed, a.grows}
	case iPlus:
		return traits{a.forward, a.backward, a.fixed && (a.forward || a.backward), a.grows}
	case iOpt, iVar:
		return a
	case iIdent:
		return traits{true, true, a.fixed, a.grows}
	case iCross:
		return traits{fixed: a.fixed && b.fixed, grows: a.grows && b.grows}
	case iDomain:
		return traits{fixed: a.fixed && (a.backward || c.halves(ai)), grows: a.grows}
	case iRange:
		return traits{fixed: a.fixed && a.forward, grows: a.grows}
	}
	return traits{}
}

// halves reports whether node i is the base relation between the halves of atomic
// operations. Those come together; where a compare-and-swap has only read yet, its
// tags tell all the same that it is no plain access.
func (c *Compiled) halves(i int32) bool {
	n := &c.nodes[i]
	return n.op == iBase && (n.name == "rmw" || n.name == "lkrmw")
}

// NewGrowing returns a machine for structures to which events are still added, of
// the given tags.
// It looks at those checks alone that stay violated then; see Exact.
func NewGrowing(c *Compiled, native bool, tags []string) *Machine {
	m := NewMachine(c, native)
	for k, grows := range c.growing(tags) {
		if !grows && !m.skip[k] && !c.checks[k].Flag {
			m.skip[k] = true
			m.skipped = append(m.skipped, k)
		}
	}
	return m
}

// Exact reports whether the checks that a growing machine does not look at hold in
// any case for the structure that it has: nothing there is what they speak of.
func (m *Machine) Exact() bool { return m.of.exact }
