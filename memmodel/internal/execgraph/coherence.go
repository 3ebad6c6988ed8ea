package execgraph

import (
	"math/bits"

	"crosscall/memmodel/graph"
)

// coherence is co, as far as it is decided, always transitively closed.
//
// With coherent set it draws the conclusions of SC per location as rf is
// chosen: with co total on each cell,
//
//	w1 po w2                         w1 co w2      (CoWW)
//	w rf r, r po w'                  w co w'       (CoRW)
//	w' po r, w rf r                  w' co w       (CoWR)
//	w1 rf r1, w2 rf r2, r1 po r2     w1 co w2      (CoRR)
//
// are all that acyclic(po-loc | rf | co | fr) demands (Alglave, "A formal
// hierarchy of weak memory models", FMSD 2012). The order of lock operations
// follows the same way, whatever the model.
type coherence struct {
	st       *Structure
	coherent bool
	atomic   bool // the same for atomic operations: nothing comes between their halves
	rf       []int
	w        int      // words of a row
	succ     []uint64 // by event: what comes after it in co
	mask     []uint64 // scratch memory of chain
	// next and prev hold adjacent writes together: nothing may come between. That is
	// so for the write that an atomic operation reads from and the one it
	// makes, and for the two ends of a critical section.
	next, prev []int
	// conflicts are pairs of writes, of atomic operations or locks, that were to go to
	// one place, next to what they read.
	conflicts [][2]int
	// tentative reports whether a write may turn out to be none, if it is not nil.
	tentative func(w int) bool
	undone    []later // pairs of co, and adjacent writes, as they were added
	pairs     []later // pairs of co, as they were added
	held      int     // how many writes have a next
	queue     [][2]int32
	replay
}

// A later is that write s comes before those that are the bits of word k: what is said at once of
// long threads is many pairs. Without bits, it is that s has a next.
type later struct {
	s, k int32
	bits uint64
}

// load begins with nothing decided.
func (o *coherence) load(s *Structure, coherent, atomic, growing bool) {
	o.st, o.coherent, o.atomic = s, coherent, atomic
	n := len(s.Events)
	o.w = (n + 63) / 64
	o.rf, o.next, o.prev = o.rf[:0], o.next[:0], o.prev[:0]
	for range n {
		o.rf, o.next, o.prev = append(o.rf, -1), append(o.next, -1), append(o.prev, -1)
	}
	o.succ = resize(o.succ, n*o.w)
	clear(o.succ)
	o.undone, o.pairs, o.conflicts, o.held = o.undone[:0], o.pairs[:0], o.conflicts[:0], 0
	for _, list := range s.Writes {
		o.begin(list)
	}
	o.undone = o.undone[:0] // this much stays
	o.possible = o.sections(growing)
	o.restart()
}

// begin adds what is certain of the writes to a cell, which are listed in program
// order: the initial one is first, and CoWW. These are all that follows.
func (o *coherence) begin(list []int) {
	for i := 0; i < len(list); {
		n := 1 // that many of one thread follow
		for i+n < len(list) && (i == 0 || o.st.Events[list[i+n]].Thread == o.st.Events[list[i]].Thread) {
			n++
		}
		if i == 0 {
			o.chain(list[:n], 1)
			i++
			continue
		}
		if o.coherent {
			o.chain(list[i:i+n], n)
		}
		i += n
	}
}

// chain adds that each of the first n of a list of writes comes before those that it precedes there.
func (o *coherence) chain(list []int, n int) {
	after := resize(o.mask, o.w)
	o.mask = after
	clear(after)
	for _, x := range list {
		after[x>>6] |= 1 << (x & 63)
	}
	for _, a := range list[:n] {
		after[a>>6] &^= 1 << (a & 63)
		for k := a >> 6; k < o.w; k++ {
			if after[k] != 0 {
				o.pair(a, k, after[k])
			}
		}
	}
}

// sections puts next to each other each spin_unlock to the lock operation that it ends. It
// returns false for a thread that takes a lock which it holds: it would wait
// for itself (lock-nest in the kernel's lock.cat). One that is still growing may do
// that with its last event: it has not got the lock yet.
func (o *coherence) sections(growing bool) bool {
	if !o.st.locks {
		return true
	}
	for _, list := range o.st.Writes {
		for i := 1; i < len(list); i++ {
			a, b := o.st.Events[list[i-1]], o.st.Events[list[i]]
			if a.Kind != graph.LockWrite || a.Thread != b.Thread {
				continue
			}
			if growing && b.Kind == graph.LockWrite && o.last(list[i]) {
				continue
			}
			if b.Kind == graph.LockWrite || b.Kind == graph.Unlock && !o.adjacent(list[i-1], list[i]) {
				return false
			}
		}
	}
	return true
}

// last reports whether e is its thread's last event.
func (o *coherence) last(e int) bool {
	return e+1 == len(o.st.Events) || o.st.Events[e+1].Thread != o.st.Events[e].Thread
}

func (o *coherence) has(a, b int) bool { return o.succ[a*o.w+b>>6]>>(b&63)&1 != 0 }

// before adds a co b and what follows. It returns false if that is impossible.
func (o *coherence) before(a, b int) bool {
	if o.has(a, b) {
		return true
	}
	o.queue = append(o.queue[:0], [2]int32{int32(a), int32(b)})
	for len(o.queue) > 0 {
		p := o.queue[len(o.queue)-1]
		o.queue = o.queue[:len(o.queue)-1]
		if !o.close(int(p[0]), int(p[1])) {
			return false
		}
	}
	return true
}

// close adds a co b and its transitive consequences, and queues those that
// come from adjacent writes.
func (o *coherence) close(a, b int) bool {
	switch {
	case o.has(a, b):
		return true
	case a == b || o.has(b, a):
		return false
	}
	for _, s := range o.st.Writes[o.st.Events[a].Loc] {
		if s != a && !o.has(s, a) {
			continue
		}
		for k, after := range o.row(b) {
			if k == b>>6 {
				after |= 1 << (b & 63)
			}
			if x := after &^ o.row(s)[k]; x != 0 {
				o.pair(s, k, x)
			}
		}
	}
	return true
}

// row is what comes after a.
func (o *coherence) row(a int) []uint64 { return o.succ[a*o.w : (a+1)*o.w] }

// pair adds that s comes before the writes that are bits of word k.
func (o *coherence) pair(s, k int, after uint64) {
	o.succ[s*o.w+k] |= after
	p := later{int32(s), int32(k), after}
	o.undone = append(o.undone, p)
	o.pairs = append(o.pairs, p)
	if o.held == 0 {
		return
	}
	n := o.next[s]
	for ; after != 0; after &= after - 1 {
		t := k<<6 + bits.TrailingZeros64(after)
		if n >= 0 && n != t {
			o.queue = append(o.queue, [2]int32{int32(n), int32(t)})
		}
		if q := o.prev[t]; q >= 0 && q != s {
			o.queue = append(o.queue, [2]int32{int32(s), int32(q)})
		}
	}
}

// adjacent adds that b comes directly after a.
func (o *coherence) adjacent(a, b int) bool {
	if o.next[a] == b {
		return true
	}
	if o.next[a] >= 0 || o.prev[b] >= 0 {
		if o.next[a] < 0 {
			return false
		}
		o.conflicts = append(o.conflicts, [2]int{o.next[a], b})
		return o.tentative != nil && (o.tentative(o.next[a]) || o.tentative(b))
	}
	if !o.before(a, b) {
		return false
	}
	o.next[a], o.prev[b], o.held = b, a, o.held+1
	o.undone = append(o.undone, later{s: int32(a)})
	for _, x := range o.st.Writes[o.st.Events[a].Loc] {
		if x != b && o.has(a, x) && !o.before(b, x) || x != a && o.has(x, b) && !o.before(x, a) {
			return false
		}
	}
	return true
}

// readFrom adds rf(w, r) and what follows for co.
func (o *coherence) readFrom(w, r int) bool {
	o.rf[r] = w
	kind := o.st.Events[r].Kind
	if h := o.st.Half[r]; h >= 0 && o.st.Events[h].Loc == o.st.Events[r].Loc &&
		(o.atomic || kind == graph.LockRead) && !o.together(w, r, h) {
		return false
	}
	if !o.coherent {
		return true
	}
	before, after := o.around(r)
	if before >= 0 && before != w && !o.before(before, w) {
		return false
	}
	// Where after is w by a write, r would read from its own future.
	return after < 0 || after == w && !o.ownFuture(w, r) || o.before(w, after)
}

// together puts the write of an atomic operation next to what its read reads from. Between
// a load-exclusive and its store-exclusive the thread itself may write to the cell: then
// its writes, in their order, are all that comes between (empty rmw & (fre ; coe)).
func (o *coherence) together(w, r, h int) bool {
	for x := o.st.later[r]; x >= 0 && x != h && o.coherent; x = o.st.later[x] {
		if !o.st.Events[x].Kind.Writes() {
			continue
		}
		if !o.adjacent(w, x) {
			return false
		}
		w = x
	}
	return o.adjacent(w, h)
}

// ownFuture reports whether w comes after r in its thread.
func (o *coherence) ownFuture(w, r int) bool {
	return w > r && o.st.Events[w].Thread == o.st.Events[r].Thread
}

// around returns the writes that r's thread has shown last before r and shows first
// after it, of r's cell, as far as that is decided: its own, or what other reads of it
// read from. -1 is none.
//
// Claim: the rules of coherence for r and any other event of its thread and cell follow,
// because co is transitive, from those for r and the nearest that is decided on either
// side. Proof: let x and y be decided, x before y before r. The rules for x and y say that
// what x shows is not after what y shows, and they were applied when the second of the two
// was decided. So what is not before y's write is not before x's. Smallest execution: of
//
//	WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2); r = READ_ONCE(*x);
//
// the first write is before the second in co, and so before what r reads from.
func (o *coherence) around(r int) (before, after int) {
	before, after = -1, -1
	for x := o.st.earlier[r]; x >= 0 && before < 0; x = o.st.earlier[x] {
		before = o.shown(x)
	}
	for x := o.st.later[r]; x >= 0 && after < 0; x = o.st.later[x] {
		after = o.shown(x)
	}
	return before, after
}

// shown is the write that event x shows: itself, or what it reads from if that is
// decided, or -1.
func (o *coherence) shown(x int) int {
	switch k := o.st.Events[x].Kind; {
	case k.Writes():
		return x
	case k.Reads():
		return o.rf[x]
	}
	return -1
}

// undo takes back all that was added since undone had length mark.
func (o *coherence) undo(mark int) {
	for k := len(o.undone) - 1; k >= mark; k-- {
		p := o.undone[k]
		if p.bits == 0 {
			o.prev[o.next[p.s]], o.next[p.s], o.held = -1, -1, o.held-1
			continue
		}
		o.succ[int(p.s)*o.w+int(p.k)] &^= p.bits
		o.pairs = o.pairs[:len(o.pairs)-1]
	}
	o.undone = o.undone[:mark]
}

// open returns two writes of one cell whose order is not decided.
func (o *coherence) open() (a, b int, ok bool) {
	for _, list := range o.st.Writes {
		for i, a := range list {
			for _, b := range list[i+1:] {
				if !o.has(a, b) && !o.has(b, a) {
					return a, b, true
				}
			}
		}
	}
	return 0, 0, false
}

// final reports whether nothing is known to come after w.
func (o *coherence) final(w int) bool {
	for _, x := range o.row(w) {
		if x != 0 {
			return false
		}
	}
	return true
}
