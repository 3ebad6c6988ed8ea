package rel_test

import (
	"math/bits"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// These are x86-TSO and the kernel's model, written by hand for speed. All that
// rf and co do not change is computed once. A set of accesses is a word. All
// that changes is in one block of memory, so that Push is a copy and Pop is
// free. Closures grow edge by edge. Only events that can be part of a cycle have
// a row. A fence has none, because each path over it has an edge past it; an
// initial write has none, because no edge leads to it.

// accesses numbers the events of a structure: first the reads and writes of the
// threads, then the initial writes.
type accesses struct {
	n, all int     // of the threads; with the initial writes
	number [64]int // by event; -1 for a fence
	thread [64]int
	cell   [64]int
}

func (x *accesses) load(s *rel.Structure) {
	x.n = 0
	for i, e := range s.Events {
		x.number[i] = -1
		if e.Thread != graph.InitThread && e.Kind != graph.Fence {
			x.number[i], x.thread[x.n], x.cell[x.n] = x.n, e.Thread, e.Loc
			x.n++
		}
	}
	x.all = x.n
	for i, e := range s.Events {
		if e.Thread == graph.InitThread {
			x.number[i], x.thread[x.all], x.cell[x.all] = x.all, e.Thread, e.Loc
			x.all++
		}
	}
}

// levels is memory of which Push makes a copy to go on with.
type levels struct {
	mem, top []uint64
}

func (l *levels) reset(size int) {
	l.mem = slices.Grow(l.mem[:0], size)[:size]
	l.top = l.mem
	clear(l.top)
}

func (l *levels) Push() {
	at := len(l.mem)
	l.mem = append(l.mem, l.top...)
	l.top = l.mem[at:]
}

func (l *levels) Pop() {
	at := len(l.mem) - len(l.top)
	l.top = l.mem[at-len(l.top) : at]
	l.mem = l.mem[:at]
}

// grow adds edges from a to each of set to a transitive closure. It reports
// whether that makes a cycle.
func grow(closure []uint64, a int, set uint64) bool {
	for x := set; x != 0; x &= x - 1 {
		set |= closure[bits.TrailingZeros64(x)]
	}
	cycle := set>>a&1 != 0
	if set &^= closure[a]; set == 0 {
		return cycle
	}
	closure[a] |= set
	for x, r := range closure {
		if r>>a&1 != 0 {
			closure[x] = r | set
		}
	}
	return cycle
}

// through is the set to which rows lead from set.
func through(rows []uint64, set uint64) (out uint64) {
	for ; set != 0; set &= set - 1 {
		out |= rows[bits.TrailingZeros64(set)]
	}
	return out
}

func tagged(e *graph.Event, tag string) bool { return slices.Contains(e.Tags, tag) }

// tsoByHand is x86-TSO: acyclic(ppo | mfence | locked | rfe | co | fr).
type tsoByHand struct {
	accesses
	levels
}

// The parts of a level, in units of accesses.all words; then a word that is not
// zero if there is a cycle.
const (
	tsoReaders = iota // by write: its readers
	tsoLater          // by write: the later writes in co
	tsoReach          // the transitive closure of all edges
	tsoFailed
)

func (m *tsoByHand) of(k int) []uint64 { return m.top[k*m.all : (k+1)*m.all] }

func (m *tsoByHand) Load(s *rel.Structure) bool {
	m.accesses.load(s)
	m.reset(tsoFailed*m.all + 1)
	reach := m.of(tsoReach)
	for i, e := range s.Events {
		if a := m.number[i]; a >= 0 && a < m.n {
			reach[a] = m.kept(s, i, e)
		}
	}
	return true
}

// kept is the set of accesses that cannot overtake e, which is event i. The
// relation is transitive.
func (m *tsoByHand) kept(s *rel.Structure, i int, e *graph.Event) (out uint64) {
	drained := e.Kind.Reads() || tagged(e, "X") // e does not wait in the buffer
	for k := i + 1; k < len(s.Events) && s.Events[k].Thread == e.Thread; k++ {
		later := s.Events[k]
		drained = drained || tagged(later, "MFENCE") || tagged(later, "X")
		if later.Kind != graph.Fence && (drained || later.Kind.Writes()) {
			out |= 1 << m.number[k]
		}
	}
	return out
}

func (m *tsoByHand) ReadFrom(w, r int) {
	w, r = m.number[w], m.number[r]
	m.of(tsoReaders)[w] |= 1 << r
	if m.thread[w] != m.thread[r] {
		m.edge(w, 1<<r)
	}
	m.edge(r, m.of(tsoLater)[w])
}

func (m *tsoByHand) Order(a, b int) {
	a, b = m.number[a], m.number[b]
	m.of(tsoLater)[a] |= 1 << b
	m.edge(a, 1<<b)
	for x := m.of(tsoReaders)[a]; x != 0; x &= x - 1 {
		m.edge(bits.TrailingZeros64(x), 1<<b)
	}
}

func (m *tsoByHand) edge(a int, set uint64) {
	if a < m.n && set != 0 && grow(m.of(tsoReach)[:m.n], a, set) {
		m.top[len(m.top)-1] = 1
	}
}

func (m *tsoByHand) Settle() bool   { return m.top[len(m.top)-1] == 0 }
func (m *tsoByHand) Complete() bool { return true }

// lkmmByHand is the kernel's model for marked accesses, without SRCU,
// membarrier and smp_mb__after_unlock_lock. Call hb | (prop ; strong-fence) G:
// hb and pb are acyclic if and only if G is, and hb* ; pb* is G*.
type lkmmByHand struct {
	accesses
	levels
	// Sets that po and dependencies decide, by access.
	internal [64]uint64 // the others of its thread
	strong   [64]uint64 // strong-fence
	cumul    [64]uint64 // strong-fence | po-rel, which are cumulative
	fixed    [64]uint64 // cumul-fence, without A-cumul and locks that change hands
	ppo      [64]uint64 // the accesses that cannot be executed before it
	source   [64]uint64 // of a write: the reads that its value or address depends on
	before   [64]uint64 // of an unlock: the accesses before it in its thread
	after    [64]uint64 // of a lock: the accesses after it
	half     [64]int    // of the read half of an atomic operation: the write half; else -1
	rmw      uint64     // both halves of all these, without locks
	fenced   uint64     // accesses with a strong fence after them
	locks    uint64     // read halves of spin_lock
	parts    []rcuPart
	ends     [64]uint64 // the parts that end after it in its thread
}

// A rcuPart is a grace period, or a critical section. A chain of them leads
// from the beginning of one to the end of the next.
type rcuPart struct {
	thread     int
	begin, end int    // events; of a grace period the same
	after      uint64 // accesses after the beginning
	next       uint64 // parts that end after the beginning in the same thread
}

const (
	lkmmReaders = iota // by write: its readers
	lkmmLater          // by write: the later writes in co
	lkmmRFE            // rfe rfe
	lkmmOver           // (co | fr) & ext
	lkmmCumul          // cumul-fence without rmw-sequence
	lkmmChain          // (cumul-fence | rf ; rmw)+
	lkmmReach          // G+
	lkmmRest
)

// The words after these.
const (
	lkmmFailed  = iota
	lkmmFresh   // something was added since the last Settle
	lkmmSources // the writes that have a row in rfe
	lkmmSequels // there is a pair of rf ; rmw
	lkmmWords
)

func (m *lkmmByHand) of(k int) []uint64  { return m.top[k*m.all : (k+1)*m.all] }
func (m *lkmmByHand) word(k int) *uint64 { return &m.top[len(m.top)-lkmmWords+k] }

func (m *lkmmByHand) Load(s *rel.Structure) bool {
	m.accesses.load(s)
	m.reset(lkmmRest*m.all + lkmmWords)
	m.dependencies(s)
	m.fenced = 0
	for i, e := range s.Events {
		if a := m.number[i]; a >= 0 && a < m.n {
			m.fences(s, i, e, a)
			m.around(a)
		}
	}
	m.findParts(s)
	copy(m.of(lkmmCumul), m.fixed[:m.n])
	chain, reach := m.of(lkmmChain)[:m.n], m.of(lkmmReach)[:m.n]
	for a := range m.n {
		grow(chain, a, m.fixed[a])
		grow(reach, a, m.ppo[a])
	}
	*m.word(lkmmFresh) = 1
	return m.Settle()
}

func (m *lkmmByHand) dependencies(s *rel.Structure) {
	for a := range m.n {
		m.ppo[a], m.source[a], m.half[a] = 0, 0, -1
	}
	m.rmw = 0
	for _, x := range s.RMW {
		from, to := m.number[x.From], m.number[x.To]
		m.half[from] = to
		m.rmw |= 1<<from | 1<<to
	}
	m.locks = 0
	for _, x := range s.LockRM {
		m.half[m.number[x.From]] = m.number[x.To]
		m.locks |= 1 << m.number[x.From]
	}
	for _, x := range s.Ctrl {
		if s.Events[x.To].Kind.Writes() {
			m.ppo[m.number[x.From]] |= 1 << m.number[x.To]
		}
	}
	for _, list := range [2][]graph.Edge{s.Addr, s.Data} {
		for _, x := range list {
			if from, to := m.number[x.From], m.number[x.To]; to >= 0 {
				m.ppo[from] |= 1 << to
				m.source[to] |= 1 << from
			}
		}
	}
}

// fences finds the fences between access a, which is event i, and the accesses
// after it in its thread.
func (m *lkmmByHand) fences(s *rel.Structure, i int, e *graph.Event, a int) {
	rmw := m.rmw>>a&1 != 0
	locked := e.Kind == graph.LockWrite
	acquire := e.Kind == graph.LockRead || tagged(e, "acquire")
	barred := func(e *graph.Event) bool { return e.Kind.Reads() && !tagged(e, "noreturn") }
	var strong, wmb, rmb, beforeAtomic, unlocked, relocked bool
	var strongs, cumul, fixed, ppo uint64
	for k := i + 1; k < len(s.Events) && s.Events[k].Thread == e.Thread; k++ {
		x := s.Events[k]
		if x.Kind == graph.Fence {
			switch x.Tags[0] {
			case "mb", "sync-rcu":
				strong = true
			case "wmb":
				wmb = true
			case "rmb":
				rmb = true
			case "before-atomic":
				beforeAtomic = true
			case "after-atomic":
				strong = strong || rmw
			case "after-spinlock":
				strong = strong || locked
			}
			continue
		}
		b := m.number[k]
		bit := uint64(1) << b
		rmw = rmw || m.rmw&bit != 0
		locked = locked || x.Kind == graph.LockWrite
		strong = strong || beforeAtomic && m.rmw&bit != 0
		switch {
		case strong:
			strongs |= bit
		case x.Kind == graph.Unlock || tagged(x, "release"):
			cumul |= bit
		case relocked || wmb && e.Kind.Writes() && x.Kind.Writes():
			fixed |= bit
		case acquire || rmb && barred(e) && barred(x) || x.Kind.Writes() && m.cell[a] == m.cell[b]:
			ppo |= bit
		}
		unlocked = unlocked || x.Kind == graph.Unlock
		relocked = relocked || unlocked && x.Kind == graph.LockRead
	}
	m.strong[a] = strongs
	m.cumul[a] = strongs | cumul
	m.fixed[a] = strongs | cumul | fixed
	m.ppo[a] |= strongs | cumul | fixed | ppo
	if strongs != 0 {
		m.fenced |= 1 << a
	}
}

// around finds the accesses before and after access a in its thread.
func (m *lkmmByHand) around(a int) {
	m.before[a], m.after[a], m.ends[a] = 0, 0, 0
	for b := range m.n {
		switch {
		case m.thread[b] != m.thread[a]:
		case b < a:
			m.before[a] |= 1 << b
		case b > a:
			m.after[a] |= 1 << b
		}
	}
	m.internal[a] = m.before[a] | m.after[a]
}

// findParts finds the grace periods and the critical sections.
func (m *lkmmByHand) findParts(s *rel.Structure) {
	m.parts = m.parts[:0]
	var open [64]int
	depth := 0
	for i, e := range s.Events {
		if i > 0 && s.Events[i-1].Thread != e.Thread {
			depth = 0
		}
		switch {
		case e.Kind != graph.Fence:
		case e.Tags[0] == "sync-rcu":
			m.parts = append(m.parts, rcuPart{thread: e.Thread, begin: i, end: i})
		case e.Tags[0] == "rcu-lock":
			open[depth] = i
			depth++
		case e.Tags[0] == "rcu-unlock" && depth > 0:
			depth--
			m.parts = append(m.parts, rcuPart{thread: e.Thread, begin: open[depth], end: i})
		}
	}
	for k := range m.parts {
		p := &m.parts[k]
		for i, e := range s.Events {
			a := m.number[i]
			if e.Thread != p.thread || a < 0 {
				continue
			}
			if i < p.end {
				m.ends[a] |= 1 << k
			}
			if i > p.begin {
				p.after |= 1 << a
			}
		}
		for l, q := range m.parts {
			if q.thread == p.thread && q.end > p.begin {
				p.next |= 1 << l
			}
		}
	}
}

func (m *lkmmByHand) ReadFrom(w, r int) {
	w, r = m.number[w], m.number[r]
	*m.word(lkmmFresh) = 1
	m.of(lkmmReaders)[w] |= 1 << r
	m.of(lkmmOver)[r] |= m.of(lkmmLater)[w] &^ m.internal[r]
	if w >= m.n {
		return
	}
	if h := m.half[r]; h >= 0 {
		*m.word(lkmmSequels) = 1
		grow(m.of(lkmmChain)[:m.n], w, 1<<h)
	}
	if m.thread[w] == m.thread[r] {
		for d := m.source[w]; d != 0; d &= d - 1 {
			m.happens(bits.TrailingZeros64(d), 1<<r)
		}
		return
	}
	m.of(lkmmRFE)[w] |= 1 << r
	*m.word(lkmmSources) |= 1 << w
	m.happens(w, 1<<r)
	m.cumulate(w, m.cumul[r])
	if m.locks>>r&1 != 0 {
		for x := m.before[w]; x != 0; x &= x - 1 {
			m.cumulate(bits.TrailingZeros64(x), m.after[r])
		}
	}
}

func (m *lkmmByHand) Order(a, b int) {
	a, b = m.number[a], m.number[b]
	*m.word(lkmmFresh) = 1
	m.of(lkmmLater)[a] |= 1 << b
	over := m.of(lkmmOver)
	over[a] |= 1 << b &^ m.internal[a]
	for x := m.of(lkmmReaders)[a]; x != 0; x &= x - 1 {
		r := bits.TrailingZeros64(x)
		over[r] |= 1 << b &^ m.internal[r]
	}
}

// happens adds edges from a to each of set to G.
func (m *lkmmByHand) happens(a int, set uint64) {
	if grow(m.of(lkmmReach)[:m.n], a, set) {
		*m.word(lkmmFailed) = 1
	}
}

// cumulate adds edges from a to each of set to cumul-fence.
func (m *lkmmByHand) cumulate(a int, set uint64) {
	if set != 0 {
		m.of(lkmmCumul)[a] |= set
		grow(m.of(lkmmChain)[:m.n], a, set)
	}
}

func (m *lkmmByHand) Settle() bool {
	if failed := m.word(lkmmFailed); *failed != 0 || *m.word(lkmmFresh) == 0 {
		return *failed == 0
	}
	*m.word(lkmmFresh) = 0
	var prop [64]uint64
	m.propagate(&prop)
	if *m.word(lkmmFailed) != 0 {
		return false
	}
	return len(m.parts) < 2 || !m.overtaken(&prop)
}

// propagate computes prop, and its consequences for G.
func (m *lkmmByHand) propagate(prop *[64]uint64) {
	var strong [64]uint64 // prop ; strong-fence
	cumul, chain, rfe := m.of(lkmmCumul), m.of(lkmmChain), m.of(lkmmRFE)
	sources, sequels := *m.word(lkmmSources), *m.word(lkmmSequels) != 0
	for a := range m.n { // without the overwrite at the beginning
		p := chain[a]
		if sequels {
			p = cumul[a] | through(chain, cumul[a])
		}
		p |= 1 << a
		p |= through(rfe, p&sources)
		prop[a] = p
		strong[a] = through(m.strong[:], p&m.fenced)
	}
	reach := m.of(lkmmReach)
	var whole [64]uint64
	for a, over := range m.of(lkmmOver)[:m.n] {
		p, s := prop[a], strong[a]
		for ; over != 0; over &= over - 1 {
			b := bits.TrailingZeros64(over)
			p |= prop[b]
			s |= strong[b]
		}
		whole[a] = p
		if fresh := (p&m.internal[a] | s) &^ reach[a]; fresh != 0 {
			m.happens(a, fresh)
		}
	}
	*prop = whole
}

// overtaken reports whether there is a cycle of grace periods and critical
// sections in which there are at least as many grace periods as critical
// sections.
func (m *lkmmByHand) overtaken(prop *[64]uint64) bool {
	var ends, links, closed [64]uint64
	for a := range m.n {
		ends[a] = through(m.ends[:], prop[a])
	}
	reach := m.of(lkmmReach)
	n := len(m.parts)
	for k := range m.parts {
		p := &m.parts[k]
		links[k] = p.next | through(ends[:], p.after|through(reach, p.after))
		closed[k] = links[k]
	}
	for via := range n {
		for k := range n {
			if closed[k]>>via&1 != 0 {
				closed[k] |= closed[via]
			}
		}
	}
	for k := range m.parts {
		if m.parts[k].grace() && closed[k]>>k&1 != 0 {
			return m.outnumbered(links[:n])
		}
	}
	return false
}

func (p *rcuPart) grace() bool { return p.begin == p.end }

// outnumbered looks for the cycle by the longest paths, as Bellman and Ford do:
// a grace period counts a bit more than a critical section takes away.
func (m *lkmmByHand) outnumbered(links []uint64) bool {
	n := len(links)
	var length [64]int
	for range n + 1 {
		longer := false
		for k, next := range links {
			weight := 1 + (n + 1)
			if !m.parts[k].grace() {
				weight = 1 - (n + 1)
			}
			for ; next != 0; next &= next - 1 {
				if to := bits.TrailingZeros64(next); length[k]+weight > length[to] {
					length[to], longer = length[k]+weight, true
				}
			}
		}
		if !longer {
			return false
		}
	}
	return true
}

func (m *lkmmByHand) Complete() bool { return true }
