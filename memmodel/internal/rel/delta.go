package rel

import "math/bits"

// delta is the part of a machine that keeps relations up to date.
//
// A new pair of a node is kept in the node's delta until the node is processed;
// then each edge that leaves the node passes the pair on. Nodes are processed
// in the order of the plan, so most are processed only once. Recursive
// definitions are repeated until no pair is new.
type delta struct {
	dn        []deltaNode // by node
	used      []int32     // nodes with a matrix
	planned   []bool
	seeds     []seed
	triangles []triangle
	cyclics   []cyclic
	statT     arena // transposes of static relations

	dmem, rmem          []uint64 // deltas, and which of their rows are not empty
	deltaSize, rowsSize int
	waiting             []uint64 // nodes with a delta

	trail  []change
	marks  []int
	failed bool
	acc    []uint64
	src    []uint64
	added  []uint64
}

type deltaNode struct {
	off, tr            int  // matrix and transpose in inc; tr is -1 for none
	turned             bool // it has a transpose
	listed             bool // it is known which rows are not empty
	some               int  // in inc: which these are; -1 for none
	delta, rows        int  // in dmem, rmem
	empty, irreflexive bool // a check: no pair, or no pair (e,e), may be added
	read               bool // its matrix is read
	forwards           bool // it has none, and passes on the pairs that are added: narrow.go
	within             int  // pairs that are in this matrix of inc are left out; -1 for none: narrow.go
	edges              []edge
}

// noNode is a node that nothing is known of.
var noNode = deltaNode{off: -1, tr: -1, some: -1, within: -1}

// A seed is the value of a node before any rf and co: a static node, or the
// identity (-1).
type seed struct{ node, from int32 }

// A change is the old value of a word of a node's matrix.
type change struct {
	at   uint32 // in inc
	node int32
	old  uint64
}

func (m *Machine) resetDelta() {
	n := len(m.c.nodes)
	if m.dn == nil {
		m.dn = make([]deltaNode, n)
		m.planned = make([]bool, n)
		m.waiting = make([]uint64, words(n))
		for i := range m.dn {
			m.dn[i] = noNode
		}
	}
	for _, i := range m.used {
		edges := m.dn[i].edges[:0]
		m.dn[i] = noNode
		m.dn[i].edges = edges
	}
	clear(m.planned)
	m.used, m.seeds, m.triangles, m.cyclics = m.used[:0], m.seeds[:0], m.triangles[:0], m.cyclics[:0]
	m.statT.reset(n, m.n*m.w)
	m.deltaSize, m.rowsSize = 0, 0
	m.trail, m.marks = m.trail[:0], m.marks[:0]
	m.failed = false
	if len(m.acc) < m.w {
		m.acc, m.src, m.added = make([]uint64, m.w), make([]uint64, m.w), make([]uint64, m.w)
	}
}

// connect finds the operands of all edges, after all matrices are allocated.
func (m *Machine) connect() {
	if cap(m.dmem) < m.deltaSize {
		m.dmem = make([]uint64, m.deltaSize)
	}
	if cap(m.rmem) < m.rowsSize {
		m.rmem = make([]uint64, m.rowsSize)
	}
	m.dmem, m.rmem = m.dmem[:m.deltaSize], m.rmem[:m.rowsSize] // empty, as Settle leaves them
	clear(m.waiting)
	for k := range m.triangles {
		m.triangles[k].connect(m)
	}
	for k := range m.cyclics {
		m.cyclics[k].connect(m)
	}
	for _, i := range m.used {
		for k := range m.dn[i].edges {
			e := &m.dn[i].edges[k]
			switch {
			case e.other < 0:
			case e.kind == andSet || e.kind == ifInSet:
				e.x = m.fromOf(e.other)
			case e.kind == seqRight:
				e.x = m.transposed(e.other)
			case e.kind == seqLeft:
				e.x, e.some = m.lower(e.other), m.someWords(m.toOf(e.other))
			case e.kind == meet && !m.info[e.other].static && m.dn[m.info[e.other].rep].tr >= 0:
				e.kind, e.x = meetRow, m.transposed(e.other)
			default:
				e.x = m.lower(e.other)
			}
		}
	}
}

// someWords lists the words of r that are not empty, if most are.
func (m *Machine) someWords(r row) []int32 {
	most := m.w / 4
	if most == 0 {
		return nil
	}
	list := make([]int32, 0, most)
	for k, x := range r {
		if x == 0 {
			continue
		}
		if len(list) == most {
			return nil
		}
		list = append(list, int32(k))
	}
	return list
}

func (m *Machine) transposed(i int32) []uint64 {
	if m.info[i].static {
		at := int(m.statT.off[i])
		return m.statT.mem[at : at+m.n*m.w]
	}
	at := m.dn[m.info[i].rep].tr
	return m.inc[at : at+m.n*m.w]
}

// lower is the exact value of a static node, the lower bound of another.
func (m *Machine) lower(i int32) []uint64 {
	if m.info[i].static {
		return m.static(i)
	}
	at := m.dn[m.info[i].rep].off
	return m.inc[at : at+m.size(i)]
}

// seed adds the pairs that hold without rf and co.
func (m *Machine) seed() bool {
	for _, s := range m.seeds {
		if s.from < 0 {
			for e := range m.n {
				m.emit(s.node, e, e>>6, 1<<(e&63))
			}
			continue
		}
		x := m.static(s.from)
		if m.c.nodes[s.from].isSet {
			for k, bits := range x {
				m.emit(s.node, 0, k, bits)
			}
			continue
		}
		if m.c.nodes[s.node].op == iPlus {
			if m.w > 1 && m.leadsForward(x) && empty(m.lower(s.node)) {
				m.seedForward(s.node, x)
				continue
			}
			for e := m.n - 1; e >= 0; e-- { // po leads to rows that are closed already
				m.closeOver(s.node, e, m.row(x, e))
			}
			continue
		}
		for e := range m.n {
			for k, bits := range m.row(x, e) {
				m.emit(s.node, e, k, bits)
			}
		}
	}
	return m.Settle() && !m.hasStaticCycle()
}

// seedForward adds a relation by which events lead to later ones alone to a closure that is empty.
func (m *Machine) seedForward(out int32, x []uint64) {
	nd, closed := &m.dn[out], m.lower(out)
	for e := m.n - 1; e >= 0; e-- {
		to := m.row(closed, e)
		copy(to, m.row(x, e))
		for k, d := range m.row(x, e) {
			for ; d != 0; d &= d - 1 {
				from := m.row(closed, k<<6+bits.TrailingZeros64(d))
				orInto(to, from)
				d &^= from[k] &^ (d & -d) // they are closed
			}
		}
		if len(nd.edges) > 0 && !empty(to) {
			copy(m.row(m.dmem[nd.delta:], e), to)
			set(m.rmem[nd.rows:], e)
			m.waiting[out>>6] |= 1 << (out & 63)
		}
	}
	m.transpose(closed, m.transposed(out))
}

// Push marks a state to which Pop returns.
func (m *Machine) Push() { m.marks = append(m.marks, len(m.trail)) }

// Pop removes all that was added since the last Push.
func (m *Machine) Pop() {
	mark := m.marks[len(m.marks)-1]
	m.marks = m.marks[:len(m.marks)-1]
	for k := len(m.trail) - 1; k >= mark; k-- {
		c := &m.trail[k]
		if nd := &m.dn[c.node]; nd.tr >= 0 {
			m.untranspose(nd, int(c.at)-nd.off, m.inc[c.at]&^c.old)
		}
		m.inc[c.at] = c.old
		if nd := &m.dn[c.node]; nd.some >= 0 && c.old == 0 {
			m.unlist(nd, (int(c.at)-nd.off)/m.w)
		}
	}
	m.trail = m.trail[:mark]
}

// unlist notes that row i of a node may be empty.
func (m *Machine) unlist(nd *deltaNode, i int) {
	if empty(m.row(m.inc[nd.off:], i)) {
		m.inc[nd.some+i>>6] &^= 1 << (i & 63)
	}
}

// untranspose removes pairs from the transpose of a node: those in word at of its matrix.
func (m *Machine) untranspose(nd *deltaNode, at int, pairs uint64) {
	i, k := at, 0
	if m.w > 1 {
		i, k = at/m.w, at%m.w
	}
	bit := uint64(1) << (i & 63)
	for ; pairs != 0; pairs &= pairs - 1 {
		m.inc[nd.tr+(k<<6+bits.TrailingZeros64(pairs))*m.w+i>>6] &^= bit
	}
}

// ReadFrom adds that r reads from w. Settle evaluates the checks.
func (m *Machine) ReadFrom(w, r int) { m.emit(m.c.rf, w, r>>6, 1<<(r&63)) }

// Order adds that a comes before b in co. The caller keeps co transitive.
func (m *Machine) Order(a, b int) { m.OrderBefore(a, b>>6, 1<<(b&63)) }

// OrderBefore is Order for a and each event that is a bit of a word of its row.
func (m *Machine) OrderBefore(a, word int, later uint64) { m.emit(m.c.co, a, word, later) }

// emit adds the events of word k of a row to row i of node out.
func (m *Machine) emit(out int32, i, k int, d uint64) {
	if d != 0 { // most words are empty, and this is no call
		m.emitSome(out, i, k, d)
	}
}

func (m *Machine) emitSome(out int32, i, k int, d uint64) {
	nd := &m.dn[out]
	if nd.forwards {
		m.passThrough(nd, i, k, d)
		return
	}
	at := nd.off + i*m.w + k
	old := m.inc[at]
	d &^= old
	if nd.within >= 0 {
		d &^= m.inc[nd.within+i*m.w+k]
	}
	if d == 0 {
		return
	}
	if len(m.marks) > 0 { // pairs from before the first Push stay
		m.trail = append(m.trail, change{uint32(at), out, old})
	}
	m.inc[at] = old | d
	if nd.some >= 0 {
		m.inc[nd.some+i>>6] |= 1 << (i & 63)
	}
	if nd.empty || nd.irreflexive && i>>6 == k && d>>(i&63)&1 != 0 {
		m.failed = true
	}
	if nd.tr >= 0 {
		bit := uint64(1) << (i & 63)
		for x := d; x != 0; x &= x - 1 {
			t := nd.tr + (k<<6+bits.TrailingZeros64(x))*m.w + i>>6
			m.inc[t] |= bit
		}
	}
	if len(nd.edges) == 0 {
		return
	}
	m.dmem[nd.delta+i*m.w+k] |= d
	m.rmem[nd.rows+i>>6] |= 1 << (i & 63)
	m.waiting[out>>6] |= 1 << (out & 63)
}

// Settle computes the consequences of the pairs that were added. It returns
// false if a check is violated; the caller must then Pop.
func (m *Machine) Settle() bool {
	for !m.failed {
		out := int32(-1)
		for k, x := range m.waiting {
			if x != 0 {
				out = int32(k<<6 + bits.TrailingZeros64(x))
				break
			}
		}
		if out < 0 {
			return true
		}
		m.waiting[out>>6] &^= 1 << (out & 63)
		if m.w == 1 {
			m.passWord(&m.dn[out])
		} else {
			m.pass(&m.dn[out])
		}
	}
	m.drop()
	return false
}

// drop forgets all deltas.
func (m *Machine) drop() {
	for k, x := range m.waiting {
		for ; x != 0; x &= x - 1 {
			i := int32(k<<6 + bits.TrailingZeros64(x))
			nd := &m.dn[i]
			clear(m.rmem[nd.rows : nd.rows+m.w])
			clear(m.dmem[nd.delta : nd.delta+m.size(i)])
		}
	}
	clear(m.waiting)
	m.failed = false
}

// pass propagates a node's delta along all its edges.
func (m *Machine) pass(nd *deltaNode) {
	for k := range m.w {
		x := m.rmem[nd.rows+k]
		m.rmem[nd.rows+k] = 0
		for ; x != 0; x &= x - 1 {
			i := k<<6 + bits.TrailingZeros64(x)
			d := m.dmem[nd.delta+i*m.w : nd.delta+(i+1)*m.w]
			// A recursive definition may add to this very row meanwhile.
			copy(m.acc, d)
			clear(d)
			for e := range nd.edges {
				m.along(&nd.edges[e], i, m.acc[:m.w])
			}
		}
	}
}

func (m *Machine) along(e *edge, i int, d []uint64) {
	w := m.w
	switch e.kind {
	case copyRow:
		for k, x := range d {
			m.emit(e.out, i, k, x)
		}
	case andRow:
		for k, x := range d {
			m.emit(e.out, i, k, x&e.x[i*w+k])
		}
	case andNotRow:
		for k, x := range d {
			m.emit(e.out, i, k, x&^e.x[i*w+k])
		}
	case andSet:
		for k, x := range d {
			m.emit(e.out, i, k, x&e.x[k])
		}
	case ifInSet:
		if has(e.x, i) {
			for k, x := range d {
				m.emit(e.out, i, k, x)
			}
		}
	case seqLeft:
		m.rowsAlong(e, i, d)
	case crossRows:
		if y := e.x[i*w : (i+1)*w]; !empty(y) {
			m.emitRows(e.out, d, y)
		}
	case seqRight, spread:
		m.emitRows(e.out, e.x[i*w:(i+1)*w], d)
	case closeOver:
		m.closeOver(e.out, i, d)
	case meetRow:
		m.failed = m.failed || !disjoint(d, e.x[i*w:(i+1)*w])
	case backTo:
		m.failed = m.failed || m.leadsBack(e.out, i, d)
	case firstSide, secondSide, thirdSide:
		m.failed = m.failed || m.closesTriangle(e, i, d)
	default:
		m.alongRare(e, i, d)
	}
}

// rowsAlong adds to row i of e's result the rows of e.x that the elements of d select.
func (m *Machine) rowsAlong(e *edge, i int, d []uint64) {
	w := m.w
	sum := m.src[:w]
	clear(sum)
	for k, x := range d {
		for ; x != 0; x &= x - 1 {
			r := m.row(e.x, k<<6+bits.TrailingZeros64(x))
			if e.some == nil {
				orInto(sum, r)
				continue
			}
			for _, l := range e.some {
				sum[l] |= r[l]
			}
		}
	}
	for k, x := range sum {
		m.emit(e.out, i, k, x)
	}
}

// emitRows adds y to each row of out that is in rows.
func (m *Machine) emitRows(out int32, rows, y []uint64) {
	from, to := 0, len(y)
	for from < to && y[from] == 0 {
		from++
	}
	for from < to && y[to-1] == 0 {
		to--
	}
	for k, x := range rows {
		for ; x != 0; x &= x - 1 {
			h := k<<6 + bits.TrailingZeros64(x)
			for l := from; l < to; l++ {
				m.emit(out, h, l, y[l])
			}
		}
	}
}

// alongRare has the kinds of edges that models rarely use.
func (m *Machine) alongRare(e *edge, i int, d []uint64) {
	eachIn := func(r []uint64, f func(j int)) {
		each(r, func(j int) bool { f(j); return true })
	}
	switch e.kind {
	case invert:
		eachIn(d, func(j int) { m.emit(e.out, j, i>>6, 1<<(i&63)) })
	case identSet:
		eachIn(d, func(j int) { m.emit(e.out, j, j>>6, 1<<(j&63)) })
	case crossLeft:
		eachIn(d, func(j int) {
			for k, x := range e.x[:m.w] {
				m.emit(e.out, j, k, x)
			}
		})
	case crossRight:
		eachIn(e.x[:m.w], func(h int) {
			for k, x := range d {
				m.emit(e.out, h, k, x)
			}
		})
	case domainOf:
		m.emit(e.out, 0, i>>6, 1<<(i&63))
	case rangeOf:
		for k, x := range d {
			m.emit(e.out, 0, k, x)
		}
	case meet:
		eachIn(d, func(j int) { m.failed = m.failed || has(e.x[j*m.w:(j+1)*m.w], i) })
	}
}

// closeOver adds the pairs (i, j in d) to the transitive closure out.
func (m *Machine) closeOver(out int32, i int, d []uint64) {
	w, nd := m.w, &m.dn[out]
	var any uint64
	added, src := m.added[:w], m.src[:w]
	for k := range w {
		added[k] = d[k] &^ m.inc[nd.off+i*w+k]
		any |= added[k]
		src[k] = 0
	}
	if any == 0 {
		return
	}
	// Add the events that the new pairs reach. The rows are transitively closed, so one step
	// is enough.
	for k := range added {
		for x := added[k]; x != 0; x &^= src[k] {
			j := k<<6 + bits.TrailingZeros64(x)
			x &= x - 1
			orInto(src, m.inc[nd.off+j*w:nd.off+(j+1)*w])
		}
	}
	orInto(src, added)
	for k, x := range src {
		m.emit(out, i, k, x)
	}
	// emit may change the transpose's row of i only for a cycle through i.
	for k := range w {
		for x := m.inc[nd.tr+i*w+k]; x != 0; x &= x - 1 {
			h := k<<6 + bits.TrailingZeros64(x)
			for l, y := range m.src[:w] {
				m.emit(out, h, l, y)
			}
		}
	}
}
