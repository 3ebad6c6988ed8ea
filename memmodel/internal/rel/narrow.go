package rel

// Some relations are kept for nothing but others that are made of them pair by pair.
//
// A node that is only copied to others, or restricted to a set that does not change, needs no matrix:
// pairs that are added to it are passed on at once. In RC11 scb is such a node: it is a union, and
// only [SC] ; scb ; [SC] of it is used.
//
// Other relations are made for a transitive closure alone: sw for hb in
//
//	let hb = (sb | sw)+
//
// Claim: let x be used only for parts of x, and let each part that has a use be added to the closure
// P. Then a pair that P has already may be left out of x. Proof: a part makes no other pair of
// that pair, so nothing is added to P by it. P loses the pair no earlier than x
// would, because the pair that was added last is removed first. Smallest execution: a thread that writes
// v by a release, and reads that. That the write synchronizes with the read adds nothing to sb.
//
// With the release sequences of C11 and a thread that writes and reads one variable n times, n * n
// pairs are left out.

// narrow finds the nodes of which that holds.
func (p *planner) narrow() {
	uses := func(i int32) { p.dn[p.info[i].rep].read = true }
	uses(p.c.rf)
	uses(p.c.co)
	for _, i := range p.used {
		for _, e := range p.dn[i].edges {
			if e.other >= 0 {
				uses(e.other)
			}
		}
	}
	for k := range p.triangles {
		for _, i := range p.triangles[k].nodes {
			uses(i)
		}
	}
	for k := range p.cyclics {
		for _, i := range p.cyclics[k].nodes {
			uses(i)
		}
	}
	for k := len(p.used) - 1; k >= 0; k-- { // nodes that are made of a node come after it
		i := p.used[k]
		if nd := &p.dn[i]; !nd.read && !nd.empty && !nd.irreflexive && !nd.turned && !p.c.nodes[i].isSet && p.c.nodes[i].group < 0 {
			nd.forwards = isPassedOn(nd)
			nd.within = p.partOf(nd)
		}
	}
}

// isPassedOn reports whether nd is used pair by pair.
func isPassedOn(nd *deltaNode) bool {
	for k := range nd.edges {
		switch nd.edges[k].kind {
		case copyRow, andRow, andNotRow, andSet, ifInSet:
		default:
			return false
		}
	}
	return true
}

// partOf is the closure that all pairs of nd, and no others, are added to; -1 if there is none.
func (p *planner) partOf(nd *deltaNode) int {
	to := -1
	for k := range nd.edges {
		e, at := &nd.edges[k], -1
		switch e.kind {
		case closeOver:
			at = int(e.out)
		case copyRow, andRow, andNotRow, andSet, ifInSet:
			at = p.dn[e.out].within
		}
		if at < 0 || k > 0 && at != to {
			return -1
		}
		to = at
	}
	return to
}

// passThrough adds events of word k to row i of what nd is passed on to.
func (m *Machine) passThrough(nd *deltaNode, i, k int, d uint64) {
	for j := range nd.edges {
		e := &nd.edges[j]
		switch e.kind {
		case copyRow:
			m.emit(e.out, i, k, d)
		case andRow:
			m.emit(e.out, i, k, d&e.x[i*m.w+k])
		case andNotRow:
			m.emit(e.out, i, k, d&^e.x[i*m.w+k])
		case andSet:
			m.emit(e.out, i, k, d&e.x[k])
		case ifInSet:
			if has(e.x, i) {
				m.emit(e.out, i, k, d)
			}
		}
	}
}
