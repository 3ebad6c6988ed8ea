package rel

import "slices"

// Threads that continue add events at their ends. A violated check stays violated
// if its relation only grows. A relation only grows if the present events decide
// for good which pairs it subtracts. In
//
//	po-loc \ (po-loc ; [W] ; po-loc)
//
// a new event comes after all events of its thread, and so between none of them. In
//
//	Rcu-lock \ domain(pair)
//
// on the other hand a new event may complete a pair. The form of the relations
// decides this; in doubt a check is not relied on.

// traits are properties that a node has in all structures.
type traits struct {
	forward  bool // all pairs are in program order, or relate an event to itself
	backward bool // the same for the inverse
	grows    bool // new events remove no pair
	shrinks  bool // new events add no pair between the old events
}

var allTraits = traits{true, true, true, true}

// Growth describes the events by which structures grow.
type Growth struct {
	Tags []string // the tags that events have
	// Halves has the tags of each read that may be in a structure without the
	// write half of its atomic operation.
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
		may[i] = may[i] || slices.Contains(tags, tag) || tag == "RMW" // halves are in RMW without the tag
	}
	return c.inhabited(func(i int32) bool {
		known, tagged := may[i]
		return known || !tagged
	})
}

// traits begins with all properties and removes those that the rules do not
// confirm, until no more is removed. Recursive relations then have the traits
// that each step of their computation preserves.
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

// A growthRule derives the traits of a node from those of its operands.
type growthRule func(x ruleInput) traits

// ruleInput is the input of a growthRule for a node.
type ruleInput struct {
	c      *Compiled
	n      *node
	ai, bi int32 // the operands
	a, b   traits
	all    []traits // by node
	halves [][]string
}

// trait applies the rule of a node.
func (c *Compiled) trait(n *node, t []traits, halves [][]string) traits {
	rule := growthRules[n.op]
	if rule == nil {
		return traits{}
	}
	ai, bi := n.operands()
	return rule(ruleInput{c, n, ai, bi, t[ai], t[bi], t, halves})
}

// growthRules has the rules of operators. A node whose operator has no rule has no
// traits.
var growthRules = map[iop]growthRule{
	iBase:    baseGrowth,
	iRF:      writtenGrowth,
	iCO:      writtenGrowth,
	iEmpty:   func(ruleInput) traits { return allTraits },
	iUnion:   unionGrowth,
	iInter:   interGrowth,
	iDiff:    diffGrowth,
	iCompl:   complGrowth,
	iSeq:     seqGrowth,
	iInverse: inverseGrowth,
	iPlus:    plusGrowth,
	iOpt:     func(x ruleInput) traits { return x.a },
	iVar:     func(x ruleInput) traits { return x.a },
	iIdent:   identGrowth,
	iCross:   crossGrowth,
	iDomain:  domainGrowth,
	iRange:   rangeGrowth,
}

// baseGrowth: the present events keep their base relations, with one exception: a
// read becomes a half of an atomic operation when its write is added.
func baseGrowth(x ruleInput) traits {
	untagged := func(tags []string) bool { return !slices.Contains(tags, "RMW") }
	fixed := x.n.name != "RMW" || !slices.ContainsFunc(x.halves, untagged)
	return traits{forwardBases[x.n.name], x.n.name == "id", true, fixed}
}

// writtenGrowth: decided pairs of rf and co stay.
func writtenGrowth(ruleInput) traits { return traits{grows: true, shrinks: true} }

func unionGrowth(x ruleInput) traits {
	out := allTraits
	for _, i := range x.n.args {
		y := x.all[i]
		y.shrinks = y.shrinks || x.c.isDomainOfRMW(i) && x.c.haveTags(x.n.args, x.halves)
		out = traits{out.forward && y.forward, out.backward && y.backward, out.grows && y.grows, out.shrinks && y.shrinks}
	}
	return out
}

func interGrowth(x ruleInput) traits {
	return traits{x.a.forward || x.b.forward, x.a.backward || x.b.backward, x.a.grows && x.b.grows, x.a.shrinks && x.b.shrinks}
}

func diffGrowth(x ruleInput) traits {
	if x.c.isFailedRMW(x.ai, x.bi) {
		tagged := slices.ContainsFunc(x.halves, func(tags []string) bool { return slices.Contains(tags, "RMW") })
		return traits{grows: !tagged, shrinks: true}
	}
	return traits{x.a.forward, x.a.backward, x.a.grows && x.b.shrinks, x.a.shrinks && x.b.grows}
}

func complGrowth(x ruleInput) traits { return traits{grows: x.a.shrinks, shrinks: x.a.grows} }

// seqGrowth: no path leads through a new event to an old one if the second step goes
// forward or the first goes backward.
func seqGrowth(x ruleInput) traits {
	stays := x.b.forward || x.a.backward
	return traits{x.a.forward && x.b.forward, x.a.backward && x.b.backward, x.a.grows && x.b.grows, x.a.shrinks && x.b.shrinks && stays}
}

func inverseGrowth(x ruleInput) traits {
	return traits{x.a.backward, x.a.forward, x.a.grows, x.a.shrinks}
}

func plusGrowth(x ruleInput) traits {
	return traits{x.a.forward, x.a.backward, x.a.grows, x.a.shrinks && (x.a.forward || x.a.backward)}
}

func identGrowth(x ruleInput) traits { return traits{true, true, x.a.grows, x.a.shrinks} }

func crossGrowth(x ruleInput) traits {
	return traits{grows: x.a.grows && x.b.grows, shrinks: x.a.shrinks && x.b.shrinks}
}

// domainGrowth: an event enters a domain when it gets a successor. A new event can be the
// successor of an old one, unless the relation goes backward or both halves are added
// together.
func domainGrowth(x ruleInput) traits {
	together := x.c.isBase(x.ai, "lkrmw") || x.c.isBase(x.ai, "rmw") && len(x.halves) == 0
	return traits{grows: x.a.grows, shrinks: x.a.shrinks && (x.a.backward || together)}
}

// rangeGrowth: an event enters a range when it gets a predecessor, which is no new event
// if the relation goes forward.
func rangeGrowth(x ruleInput) traits {
	return traits{grows: x.a.grows, shrinks: x.a.shrinks && x.a.forward}
}

func (c *Compiled) isBase(i int32, name string) bool {
	return c.nodes[i].op == iBase && c.nodes[i].name == name
}

func (c *Compiled) isDomainOfRMW(i int32) bool {
	n := &c.nodes[i]
	return n.op == iDomain && c.isBase(n.args[0], "rmw")
}

// haveTags reports whether a read whose write half is added later is in one of the
// sets in any case, because of its tags. In LKMM it is so for
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

// isFailedRMW reports whether a \ b is LKMM's set of the operations that only
// read,
//
//	RMW \ (domain(rmw) | range(rmw))
//
// An event that becomes a half leaves it at once.
func (c *Compiled) isFailedRMW(a, b int32) bool {
	n := &c.nodes[b]
	return c.isBase(a, "RMW") && n.op == iUnion && len(n.args) == 2 && slices.ContainsFunc(n.args, c.isDomainOfRMW) &&
		slices.ContainsFunc(n.args, func(x int32) bool { return c.nodes[x].op == iRange && c.isBase(c.nodes[x].args[0], "rmw") })
}

// NewGrowing returns a machine for structures to which events are still added.
// It evaluates only the checks that stay violated when events are added; see
// Exact.
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

// Exact reports whether the checks that a growing machine does not evaluate hold
// for its structure in any case: their relations are empty there.
func (m *Machine) Exact() bool { return m.of.exact }
