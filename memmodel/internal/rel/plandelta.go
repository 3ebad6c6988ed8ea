package rel

import "slices"

// edgeKind is how a new pair of one node changes another node.
type edgeKind uint8

const (
	// d is the new part of row i of the node, x the other operand.
	copyRow    edgeKind = iota // out[i] |= d
	andRow                     // out[i] |= d & x[i]
	andNotRow                  // out[i] |= d &^ x[i]
	andSet                     // out[i] |= d & x, x the set S of other, which is [S]
	ifInSet                    // out[i] |= d if i is in x; as before
	seqLeft                    // out[i] |= x[j] for all j in d
	seqRight                   // out[h] |= d for all h in x[i], x the transpose of the left operand
	crossRows                  // out[j] |= x[i] for all j in d
	spread                     // out[h] |= d for all h in x[i]
	invert                     // out[j] |= {i} for all j in d
	closeOver                  // out is a transitive closure
	identSet                   // out[j] |= {j} for all j in d
	crossLeft                  // out[j] |= x for all j in d, x a set
	crossRight                 // out[h] |= d for all h in x, x a set
	domainOf                   // out |= {i}
	rangeOf                    // out |= d
	meet                       // a check fails if (j, i) is in x for a j in d
	meetRow                    // the same, x the transpose
	firstSide                  // a check fails if a pair of d closes triangle number out
	secondSide
	thirdSide
	backTo // a check fails if relation number out leads from d back to i
)

type edge struct {
	kind  edgeKind
	out   int32
	other int32    // node whose matrix, or transpose for seqRight, is x; -1 for none
	x     []uint64 // set when all matrices are allocated
	some  []int32  // of seqLeft: the words in which rows of x are not empty; nil if most are
}

// planner decides which nodes are kept up to date, and how.
type planner struct {
	*Machine
	done []bool
}

// plan plans how the nodes of all checks are kept up to date, and what is computed of a complete
// execution.
func (m *Machine) plan() {
	m.resetDelta()
	p := planner{m, m.planned}
	p.planDelta()
	m.planLeaf()
	p.narrow()
	p.place()
	m.connect()
}

func (p *planner) planDelta() {
	m := p.Machine
	for k := range m.c.checks {
		if ch := &m.c.checks[k]; m.followed(k) && ch.Kind != Acyclic && !(ch.Kind == Irreflexive && p.meets(ch.node)) {
			p.demand(ch.node, ch.Kind)
		}
	}
	for k := range m.c.checks {
		if m.followed(k) && m.c.checks[k].Kind == Acyclic {
			p.acyclic(&m.c.checks[k])
		}
	}
	p.keep(m.c.rf)
	p.keep(m.c.co)
}

// followed reports whether check k may fail before the execution is complete.
func (m *Machine) followed(k int) bool {
	ch := &m.c.checks[k]
	return !ch.Flag && !ch.Negated && !m.loose && !m.skip[k] && m.info[ch.node].active && !m.info[ch.node].static
}

// demand plans that node i is empty or irreflexive.
func (p *planner) demand(i int32, kind CheckKind) {
	p.keep(i)
	nd := &p.dn[p.info[i].rep]
	if kind == Empty {
		nd.empty = true
	} else if !p.c.nodes[i].isSet {
		nd.irreflexive = true
	}
}

// keep makes sure that node i, which is dynamic and active, has a matrix.
func (p *planner) keep(i int32) {
	if p.done[i] {
		return
	}
	p.done[i] = true
	f := &p.info[i]
	f.kept = true
	if to := p.resolve(i); to != i {
		p.keep(to)
		f.rep = p.info[to].rep
		return
	}
	if p.c.nodes[i].group >= 0 { // its operands may need it before it is complete
		p.used = append(p.used, i)
		p.keepArgs(i)
	} else {
		p.keepArgs(i)
		p.used = append(p.used, i)
	}
	if !p.nothing(i) {
		p.wire(i)
	}
}

// keepArgs keeps the arguments of i that wire needs.
func (p *planner) keepArgs(i int32) {
	if p.nothing(i) {
		return
	}
	n := &p.c.nodes[i]
	keep := func(a int32) {
		if p.live(a) {
			p.keep(a)
		}
	}
	if n.op == iSeq {
		a, _ := p.unopt(n.args[0])
		b, optB := p.unopt(n.args[1])
		if of, ok := p.uninvert(a); ok && !optB && !p.isIdent(b) {
			a = of
		}
		keep(a)
		keep(b)
		return
	}
	for _, a := range n.args {
		if n.op == iUnion || n.op == iPlus {
			p.parts(a, keep)
		} else {
			keep(p.resolve(a))
		}
	}
}

// parts calls f for a or, if a is a union, for its parts.
func (p *planner) parts(a int32, f func(int32)) {
	a = p.resolve(a)
	if n := &p.c.nodes[a]; n.op == iUnion && n.group < 0 && p.live(a) {
		for _, x := range n.args {
			p.parts(x, f)
		}
		return
	}
	f(a)
}

// nothing reports whether the lower bound of i stays empty, because i shrinks
// when rf and co grow.
func (p *planner) nothing(i int32) bool {
	n := &p.c.nodes[i]
	switch n.op {
	case iFinal, iSame, iLinear, iCompl:
		return true
	case iDiff:
		return p.live(n.args[1])
	}
	return false
}

// resolve returns the simplest node that is known to be equal to i.
func (p *planner) resolve(i int32) int32 {
	for p.live(i) && p.c.nodes[i].group < 0 {
		to := p.alias(&p.c.nodes[i])
		if to < 0 {
			break
		}
		i = to
	}
	return i
}

// alias returns the argument that n is equal to, or -1.
func (p *planner) alias(n *node) int32 {
	switch n.op {
	case iUnion:
		only := int32(-1)
		for _, a := range n.args {
			if !p.info[a].active {
				continue
			}
			if only >= 0 {
				return -1
			}
			only = a
		}
		return only
	case iDiff:
		if !p.info[n.args[1]].active {
			return n.args[0]
		}
	case iSeq:
		a, b := n.args[0], n.args[1]
		if p.isOne(a) || p.isIdent(a) && subset(p.fromOf(b), p.fromOf(a)) {
			return b
		}
		if p.isOne(b) || p.isIdent(b) && subset(p.toOf(a), p.fromOf(b)) {
			return a
		}
	}
	return -1
}

// unopt returns x if a is x? and x can change. A sequence uses x itself: a copy
// with a few more pairs would cost as much as all the rest.
func (p *planner) unopt(a int32) (int32, bool) {
	a = p.resolve(a)
	if p.live(a) && p.c.nodes[a].op == iOpt {
		return p.resolve(p.c.nodes[a].args[0]), true
	}
	return a, false
}

// uninvert returns x if a is x^-1 and x can change. A sequence that begins with
// an inverse uses x itself.
func (p *planner) uninvert(a int32) (int32, bool) {
	if n := &p.c.nodes[a]; p.live(a) && n.op == iInverse {
		return p.resolve(n.args[0]), true
	}
	return a, false
}

// isIdent reports whether a is [S] of a set S that rf and co do not change. S is then fromOf(a).
func (p *planner) isIdent(a int32) bool {
	return p.info[a].static && p.isDiagonal(a)
}

// isDiagonal reports whether the form of a says that it relates no two events. A part that is empty
// in this structure does not count: so it is with [SC] | [F & SC] ; hb? where there are no fences.
func (p *planner) isDiagonal(a int32) bool {
	n := &p.c.nodes[a]
	switch n.op {
	case iIdent:
		return true
	case iUnion:
		return !slices.ContainsFunc(n.args, func(x int32) bool { return p.info[x].active && !p.isDiagonal(x) })
	}
	return false
}

// isOne reports whether a is the identity because it is x? of an empty x.
func (p *planner) isOne(a int32) bool {
	return p.c.nodes[a].op == iOpt && !p.info[p.c.nodes[a].args[0]].active
}

// wire adds the edges that lead to i, and the initial pairs of i.
func (p *planner) wire(i int32) {
	n := &p.c.nodes[i]
	a, b := n.operands()
	if len(n.args) > 0 {
		a = p.resolve(a)
	}
	if len(n.args) > 1 {
		b = p.resolve(b)
	}
	switch n.op {
	case iUnion:
		for _, x := range n.args {
			p.parts(x, func(x int32) { p.feed(x, i) })
		}
	case iVar:
		p.feed(a, i)
	case iInter:
		p.edge(a, edge{kind: andRow, out: i, other: b})
		p.edge(b, edge{kind: andRow, out: i, other: a})
	case iDiff:
		if !p.info[b].active {
			p.feed(a, i)
			break
		}
		p.edge(a, edge{kind: andNotRow, out: i, other: b})
	case iSeq:
		p.wireSeq(i, a, b)
	case iInverse:
		p.edge(a, edge{kind: invert, out: i, other: -1})
	case iPlus:
		p.wantTranspose(i)
		p.parts(a, func(x int32) {
			if p.info[x].static && p.info[x].active {
				p.seeds = append(p.seeds, seed{i, x})
			}
			p.edge(x, edge{kind: closeOver, out: i, other: -1})
		})
	case iOpt:
		p.feed(a, i)
		p.seeds = append(p.seeds, seed{i, -1})
	case iIdent:
		p.edge(a, edge{kind: identSet, out: i, other: -1})
	case iCross:
		p.edge(a, edge{kind: crossLeft, out: i, other: b})
		p.edge(b, edge{kind: crossRight, out: i, other: a})
	case iDomain:
		p.edge(a, edge{kind: domainOf, out: i, other: -1})
	case iRange:
		p.edge(a, edge{kind: rangeOf, out: i, other: -1})
	}
}

func (p *planner) wireSeq(i, a, b int32) {
	a, optA := p.unopt(a)
	b, optB := p.unopt(b)
	if optA {
		p.feed(b, i)
	}
	if optB {
		p.feed(a, i)
	}
	if optA && optB {
		p.seeds = append(p.seeds, seed{i, -1})
	}
	switch {
	case !p.info[a].active || !p.info[b].active:
	case p.isIdent(a):
		p.edge(b, edge{kind: ifInSet, out: i, other: a})
	case p.isIdent(b):
		p.edge(a, edge{kind: andSet, out: i, other: b})
	default:
		if of, ok := p.uninvert(a); ok && !optB {
			p.edge(of, edge{kind: crossRows, out: i, other: b})
			p.edge(b, edge{kind: spread, out: i, other: of})
			return
		}
		p.edge(a, edge{kind: seqLeft, out: i, other: b})
		if p.live(b) {
			p.wantTranspose(a)
			p.edge(b, edge{kind: seqRight, out: i, other: a})
		}
	}
}

// feed copies the present and the new pairs of x to i.
func (p *planner) feed(x, i int32) {
	switch {
	case !p.info[x].active:
	case p.info[x].static:
		p.seeds = append(p.seeds, seed{i, x})
	default:
		p.edge(x, edge{kind: copyRow, out: i, other: -1})
	}
}

// edge adds e to the edges that leave a, if a can change and e can have an effect.
func (p *planner) edge(a int32, e edge) {
	if !p.live(a) || e.other >= 0 && !p.info[e.other].active {
		return
	}
	nd := &p.dn[p.info[a].rep]
	nd.edges = append(nd.edges, e)
}

// place gives all nodes their matrices.
func (p *planner) place() {
	size := 0
	for _, i := range p.used {
		nd := &p.dn[i]
		if nd.forwards {
			continue
		}
		nd.off, size = size, size+p.size(i)
		if nd.turned {
			nd.tr, size = size, size+p.n*p.w
		}
		if nd.listed && p.w > 1 {
			nd.some, size = size, size+p.w
		}
		if len(nd.edges) > 0 {
			nd.delta, p.deltaSize = p.deltaSize, p.deltaSize+p.size(i)
			nd.rows, p.rowsSize = p.rowsSize, p.rowsSize+p.w
		}
	}
	for _, i := range p.used {
		if nd := &p.dn[i]; nd.within >= 0 {
			nd.within = p.dn[nd.within].off
		}
	}
	if cap(p.inc) < size {
		p.inc = make([]uint64, size)
	} else {
		p.inc = p.inc[:size]
		clear(p.inc)
	}
}

// wantTranspose asks for the transpose of i to be kept too.
func (p *planner) wantTranspose(i int32) {
	if !p.info[i].static {
		p.dn[p.info[i].rep].turned = true
		return
	}
	if p.statT.off[i] < 0 {
		p.statT.alloc(i, p.n*p.w)
		at := int(p.statT.off[i])
		p.transpose(p.static(i), p.statT.mem[at:at+p.n*p.w])
	}
}
