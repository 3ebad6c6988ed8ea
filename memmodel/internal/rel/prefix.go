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

// A growthRule says what can be said of a node from what can be said of its operands.
type growthRule func(x ruleInput) traits

// ruleInput is a node with what a growthRule needs to know.
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

// growthRules has a rule for each operator. Of one that has none, nothing can be said.
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

// baseGrowth: the events that are there keep their base relations. Only what is read
// becomes a half of an atomic operation when its write comes.
func baseGrowth(x ruleInput) traits {
	untagged := func(tags []string) bool { return !slices.Contains(tags, "RMW") }
	fixed := x.n.name != "RMW" || !slices.ContainsFunc(x.halves, untagged)
	return traits{forwardBases[x.n.name], x.n.name == "id", true, fixed}
}

// writtenGrowth: what is decided of rf and co stays.
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

// seqGrowth: through a new event leads no way back to an old one, if the second step goes
// forward or the first backward.
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

// domainGrowth: an event enters a domain when it gets a successor. A new event can be one
// of an old event, unless the relation goes backward or both halves come together.
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
