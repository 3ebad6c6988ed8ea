package rel

import (
	"crosscall/memmodel/graph"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// iop is an operation of a compiled node. There are fewer than in plans: Star,
// for example, is Opt of Plus.
type iop uint8

const (
	iBase   iop = iota // filled from the program
	iRF                // the explorer adds to it
	iCO                // the explorer adds to it, transitively closed
	iFinal             // FW
	iSame              // same-value
	iLinear            // a chosen order of the set a that contains b
	iEmpty
	iUnion // args
	iInter // a, b; as all below
	iDiff
	iCompl
	iSeq
	iInverse
	iPlus
	iOpt
	iIdent
	iCross
	iDomain
	iRange
	iVar // a is the body
)

// A node is a compiled Node.
type node struct {
	op    iop
	isSet bool
	args  []int32
	name  string // of a base
	label string // its name in the model
	group int32  // the Rec that it is computed in, or -1
}

// operands returns the first two arguments, or 0 for one that is missing.
func (n *node) operands() (a, b int32) {
	if len(n.args) > 0 {
		a = n.args[0]
	}
	if len(n.args) > 1 {
		b = n.args[1]
	}
	return a, b
}

// A group is a Rec with all nodes that are computed repeatedly to find its
// fixed point.
type group struct {
	vars, bodies []int32
	inner        []int32 // in order, without vars
	all          []int32 // inner, then vars
	at           graph.Pos
}

// A step of the schedule is a node, or a whole group.
type step struct{ node, group int32 } // one of them is -1

// check is a compiled Check.
type check struct {
	Check
	node int32 // what must be empty, irreflexive ...
	plus int32 // for Acyclic: its transitive closure
}

// A Compiled is a plan that machines can evaluate. It does not change, and any
// number of machines can share it.
type Compiled struct {
	nodes    []node
	groups   []group
	schedule []step
	checks   []check
	rf, co   int32
	baseSets map[string]int32
	tagSets  map[string]int32 // by tag, for every base set that a tag may make
	bases    []int32
	blank    []nodeInfo // the initial state of machines: everything is empty
	ids      []int32    // compiled node of each plan node

	chooses bool // it has orders to choose: linear.go

	// Which checks are those of coherence, SC per location, and of atomicity: no
	// write comes between the halves of an atomic operation. -1 if none is.
	coherence, atomicity int
}

type compiler struct {
	*Compiled
	byKey map[string]int32
}

// Compile prepares a plan.
func Compile(p *Plan) (*Compiled, error) {
	c := &compiler{
		Compiled: &Compiled{ids: make([]int32, len(p.Nodes)), coherence: -1, atomicity: -1},
		byKey:    make(map[string]int32),
	}
	c.rf = c.add(node{op: iRF})
	c.co = c.add(node{op: iCO})
	for id := range p.Nodes {
		n, err := c.compile(&p.Nodes[id])
		if err != nil {
			return nil, err
		}
		c.ids[id] = n
		if c.nodes[n].label == "" {
			c.nodes[n].label = p.Nodes[id].Name
		}
	}
	for _, r := range p.Recs {
		g := group{at: r.At}
		for i, v := range r.Vars {
			c.nodes[c.ids[v]].args = []int32{c.ids[r.Bodies[i]]}
			g.vars = append(g.vars, c.ids[v])
			g.bodies = append(g.bodies, c.ids[r.Bodies[i]])
		}
		c.groups = append(c.groups, g)
	}
	for i, ch := range p.Checks {
		k := check{Check: ch, node: c.ids[ch.Node], plus: -1}
		if ch.Kind == Acyclic {
			k.plus = c.add(node{op: iPlus, args: []int32{k.node}})
		}
		c.checks = append(c.checks, k)
		switch {
		case ch.Flag || ch.Negated:
		case c.coherence < 0 && c.isCoherence(ch):
			c.coherence = i
		case c.atomicity < 0 && c.isAtomicity(ch):
			c.atomicity = i
		}
	}
	c.chooses = slices.ContainsFunc(c.nodes, func(n node) bool { return n.op == iLinear })
	c.joinChecks()
	c.indexBases()
	if err := c.findGroups(); err != nil {
		return nil, err
	}
	c.order()
	return c.Compiled, nil
}

// add returns the node that is equal to n, which it makes if there is none. No
// two Vars are equal.
func (c *compiler) add(n node) int32 {
	n.group = -1
	key := n.key()
	if at, ok := c.byKey[key]; ok && n.op != iVar {
		return at
	}
	at := int32(len(c.nodes))
	c.nodes = append(c.nodes, n)
	c.byKey[key] = at
	return at
}

// key is the same for equal nodes.
func (n *node) key() string {
	key := make([]byte, 0, 32)
	key = append(key, byte(n.op))
	key = strconv.AppendBool(key, n.isSet)
	for _, a := range n.args {
		key = binary.AppendVarint(key, int64(a))
	}
	key = append(key, ' ')
	return string(append(key, n.name...))
}

var simple = map[Op]iop{
	Union: iUnion, Inter: iInter, Diff: iDiff, Compl: iCompl, Seq: iSeq, Inverse: iInverse, Plus: iPlus,
	Opt: iOpt, Ident: iIdent, Cross: iCross, Domain: iDomain, Range: iRange, EmptySet: iEmpty, EmptyRel: iEmpty,
	Linear: iLinear,
}

func (c *compiler) compile(p *Node) (int32, error) {
	args := make([]int32, len(p.Args))
	for i, a := range p.Args {
		args[i] = c.ids[a]
	}
	switch p.Op {
	case BaseSet:
		if p.Name == "FW" {
			return c.add(node{op: iFinal, isSet: true}), nil
		}
		return c.add(node{op: iBase, isSet: true, name: p.Name}), nil
	case BaseRel:
		return c.base(p.Name)
	case Var:
		return c.add(node{op: iVar, isSet: p.IsSet}), nil
	case Star:
		return c.add(node{op: iOpt, args: []int32{c.closure(args[0])}}), nil
	case Inter:
		at := args[0]
		for _, a := range args[1:] {
			at = c.add(node{op: iInter, isSet: p.IsSet, args: []int32{at, a}})
		}
		return at, nil
	}
	if p.Op == Seq {
		return c.sequence(args[0], args[1]), nil
	}
	if p.Op == Plus {
		return c.closure(args[0]), nil
	}
	op, ok := simple[p.Op]
	if !ok {
		return 0, fmt.Errorf("rel: operation %d of %q is unknown", p.Op, p.Name)
	}
	return c.add(node{op: op, isSet: p.IsSet, args: args}), nil
}

var baseRels = map[string]bool{
	"po": true, "id": true, "loc": true, "int": true, "ext": true,
	"addr": true, "data": true, "ctrl": true, "rmw": true, "lkrmw": true,
}

func (c *compiler) base(name string) (int32, error) {
	switch name {
	case "rf":
		return c.rf, nil
	case "co":
		return c.co, nil
	case "fr":
		inv := c.add(node{op: iInverse, args: []int32{c.rf}})
		return c.add(node{op: iSeq, args: []int32{inv, c.co}}), nil
	}
	if name == "same-value" {
		return c.add(node{op: iSame}), nil
	}
	if !baseRels[name] {
		return 0, fmt.Errorf("rel: no base relation is named %q", name)
	}
	return c.add(node{op: iBase, name: name}), nil
}

// reserved are the base sets that no tag makes.
var reserved = map[string]bool{
	"_": true, "IW": true, "R": true, "W": true, "F": true, "M": true,
	"LKR": true, "LKW": true, "UL": true, "LF": true, "RL": true, "RU": true,
}

func (c *compiler) indexBases() {
	c.baseSets, c.tagSets = map[string]int32{}, map[string]int32{}
	for i := range c.nodes {
		n := &c.nodes[i]
		c.blank = append(c.blank, nodeInfo{static: true, rep: int32(i)})
		if n.op != iBase {
			continue
		}
		c.bases = append(c.bases, int32(i))
		if !n.isSet {
			continue
		}
		c.baseSets[n.name] = int32(i)
		if !reserved[n.name] {
			c.tagSets[n.name] = int32(i)
			c.tagSets[lowerFirst(n.name)] = int32(i)
		}
	}
}

// lowerFirst undoes SetName.
func lowerFirst(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToLower(r)) + name[size:]
}

// findGroups puts into each group the nodes between its variables and bodies.
func (c *compiler) findGroups() error {
	for gi := range c.groups {
		g := &c.groups[gi]
		uses := make([]bool, len(c.nodes)) // depends on a variable of g
		for _, v := range g.vars {
			uses[v] = true
			c.nodes[v].group = int32(gi)
		}
		for i := range c.nodes { // args come first, so one pass is enough
			if c.nodes[i].op == iVar {
				continue
			}
			for _, a := range c.nodes[i].args {
				uses[i] = uses[i] || uses[a]
			}
		}
		need := make([]bool, len(c.nodes))
		for _, b := range g.bodies {
			need[b] = uses[b]
		}
		for i := len(c.nodes) - 1; i >= 0; i-- {
			n := &c.nodes[i]
			if !need[i] || n.op == iVar {
				continue
			}
			if n.group >= 0 {
				return fmt.Errorf("rel: %q is part of two recursive definitions", n.label)
			}
			n.group = int32(gi)
			for _, a := range n.args {
				need[a] = need[a] || uses[a]
			}
		}
		for i := range c.nodes {
			if c.nodes[i].group == int32(gi) && c.nodes[i].op != iVar {
				g.inner = append(g.inner, int32(i))
			}
		}
		if slices.ContainsFunc(g.inner, func(i int32) bool { return c.nodes[i].op == iLinear }) {
			return errors.New("rel: an order that is chosen is part of a recursive definition")
		}
		g.all = slices.Concat(g.inner, g.vars)
	}
	return nil
}

// order makes the schedule: each node comes after its operands, and a group is
// one step.
func (c *compiler) order() {
	done := make([]bool, len(c.nodes))
	groupDone := make([]bool, len(c.groups))
	var visit func(i int32)
	visitGroup := func(gi int32) {
		if groupDone[gi] {
			return
		}
		groupDone[gi] = true
		g := &c.groups[gi]
		outside := func(list []int32) {
			for _, a := range list {
				if c.nodes[a].group != gi {
					visit(a)
				}
			}
		}
		outside(g.bodies)
		for _, i := range g.inner {
			outside(c.nodes[i].args)
		}
		c.schedule = append(c.schedule, step{-1, gi})
	}
	visit = func(i int32) {
		if done[i] {
			return
		}
		done[i] = true
		if gi := c.nodes[i].group; gi >= 0 {
			visitGroup(gi)
			return
		}
		for _, a := range c.nodes[i].args {
			visit(a)
		}
		c.schedule = append(c.schedule, step{i, -1})
	}
	for i := range c.nodes {
		visit(int32(i))
	}
}
