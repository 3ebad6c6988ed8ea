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
	grows    bool // new events take no pair away
	shrinks  bool // and add none between those that were there
}

var allTraits = traits{true, true, true, true}

// Growth says how structures grow.
type Growth struct {
	Tags []string // the tags that events have
	// Halves has the tags of each read that may be there without the write half of
	// its atomic operation.
	Halves [][]string
}

// growing reports, for each check, whether new events leave it violated.
func (c *Compiled) growing(g Growth) []bool {
	t := c.traits(g)
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
func (c *Compiled) traits(g Growth) []traits {
	some := c.inhabitable(g.Tags)
	t := make([]traits, len(c.nodes))
	for i := range t {
		t[i] = allTraits
	}
	for changed := true; changed; {
		changed = false
		for i := range c.nodes {
			if !some[i] {
				continue
			}
			if now := c.trait(&c.nodes[i], t, g.Halves); now != t[i] {
				t[i], changed = now, true
			}
		}
	}
	return t
}

var forwardBases = map[string]bool{"po": true, "id": true, "addr": true, "data": true, "ctrl": true, "rmw": true, "lkrmw": true}

func (c *Compiled) trait(n *node, t []traits, halves [][]string) traits {
	ai, bi := n.operands()
	a, b := t[ai], t[bi]
	switch n.op {
	case iBase:
		fixed := n.name != "RMW" || !slices.ContainsFunc(halves, func(tags []string) bool { return !slices.Contains(tags, "RMW") })
		return traits{forwardBases[n.name], n.name == "id", true, fixed}
	case iRF, iCO:
		return traits{grows: true, shrinks: true}
	case iFinal, iSame:
		return traits{}
	case iEmpty:
		return allTraits
	case iUnion:
		all := allTraits
		for _, x := range n.args {
			y := t[x]
			y.shrinks = y.shrinks || c.isDomainOfRMW(x) && c.haveTags(n.args, halves)
			all = traits{all.forward && y.forward, all.backward && y.backward, all.grows && y.grows, all.shrinks && y.shrinks}
		}
		return all
	case iInter:
		return traits{a.forward || b.forward, a.backward || b.backward, a.grows && b.grows, a.shrinks && b.shrinks}
	case iDiff:
		if c.isFailedRMW(ai, bi) {
			tagged := slices.ContainsFunc(halves, func(tags []string) bool { return slices.Contains(tags, "RMW") })
			return traits{grows: !tagged, shrinks: true}
		}
		return traits{a.forward, a.backward, a.grows && b.shrinks, a.shrinks && b.grows}
	case iCompl:
		return traits{grows: a.shrinks, shrinks: a.grows}
	case iSeq:
		// Through a new event leads no way back to an old one, if the second step
		// goes forward or the first backward.
		stays := b.forward || a.backward
		return traits{a.forward && b.forward, a.backward && b.backward, a.grows && b.grows, a.shrinks && b.shrinks && stays}
	case iInverse:
		return traits{a.backward, a.forward, a.grows, a.shrinks}
	case iPlus:
		return traits{a.forward, a.backward, a.grows, a.shrinks && (a.forward || a.backward)}
	case iOpt, iVar:
		return a
	case iIdent:
		return traits{true, true, a.grows, a.shrinks}
	case iCross:
		return traits{grows: a.grows && b.grows, shrinks: a.shrinks && b.shrinks}
	case iDomain:
		together := c.isBase(ai, "lkrmw") || c.isBase(ai, "rmw") && len(halves) == 0
		return traits{grows: a.grows, shrinks: a.shrinks && (a.backward || together)}
	case iRange:
		return traits{grows: a.grows, shrinks: a.shrinks && a.forward}
	}
	return traits{}
}

func (c *Compiled) isBase(i int32, name string) bool {
	return c.nodes[i].op == iBase && c.nodes[i].name == name
}

func (c *Compiled) isDomainOfRMW(i int32) bool {
	n := &c.nodes[i]
	return n.op == iDomain && c.isBase(n.args[0], "rmw")
}

// haveTags reports whether what is read first and written later is in one of the sets
// anyhow, for its tags. So it is in LKMM's
//
//	let Marked = ... | Once | Acquire | domain(rmw) | ...
func (c *Compiled) haveTags(sets []int32, halves [][]string) bool {
	return !slices.ContainsFunc(halves, func(tags []string) bool {
		return !slices.ContainsFunc(tags, func(tag string) bool {
			i, ok := c.tagSets[tag]
			return ok && slices.Contains(sets, i)
		})
	})
}

// isFailedRMW reports whether a \ b is what LKMM has for the operations that only
// read,
//
//	RMW \ (domain(rmw) | range(rmw))
//
// from which drops out at once what becomes a half.
func (c *Compiled) isFailedRMW(a, b int32) bool {
	n := &c.nodes[b]
	return c.isBase(a, "RMW") && n.op == iUnion && len(n.args) == 2 && slices.ContainsFunc(n.args, c.isDomainOfRMW) &&
		slices.ContainsFunc(n.args, func(x int32) bool { return c.nodes[x].op == iRange && c.isBase(c.nodes[x].args[0], "rmw") })
}

// NewGrowing returns a machine for structures to which events are still added.
// It looks at those checks alone that stay violated then; see Exact.
func NewGrowing(c *Compiled, native bool, g Growth) *Machine {
	m := NewMachine(c, native)
	for k, grows := range c.growing(g) {
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
