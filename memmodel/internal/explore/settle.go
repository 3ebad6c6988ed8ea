package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// settle explores the executions in which threads that have not ended wait forever:
// all of them, for nothing else can happen, unless several need the same read. What
// is waiting for one of these may let another go on, as here if r1 is 0:
//
//	r1 = READ_ONCE(*x); WRITE_ONCE(*y, r1);  |  while (!READ_ONCE(*y)) { }  |  if (!READ_ONCE(*y)) WRITE_ONCE(*z, 1);
//
// So such reads come first. Where there are several, what one of them lets happen may
// be what another reads from.
func (g *grower) settle() {
	if !g.prog.Waits {
		return
	}
	later := len(g.later)
	reads := g.common()
	for _, r := range reads {
		g.settleRead(r)
		g.later = append(g.later, postponed{read: r, events: g.counts(), tries: g.tries(r)})
	}
	if len(reads) == 0 {
		g.settleThread(g.waiting())
	}
	g.later = g.later[:later]
	g.waited = false
}

// common lists the reads that several threads need, and at which one can wait.
func (g *grower) common() (list []ref) {
	var roots []ref
	for t, r := range g.runners {
		if !needs(r) {
			continue
		}
		root, ok := g.root(ref{t, r.Need()})
		if ok && slices.Contains(roots, root) && !slices.Contains(list, root) && g.waitsAt(root) {
			list = append(list, root)
		}
		roots = append(roots, root)
	}
	return list
}

// waitsAt reports whether a thread waits if r reads from a write that it has passed
// over.
func (g *grower) waitsAt(r ref) bool {
	p := g.last(r)
	return p.events == nil || len(p.fails) > 0
}

func (g *grower) settleThread(t int) {
	r := g.runners[t]
	if r.Guessed() {
		return
	}
	if lock := r.Clone(); r.Status() == thread.Needs && lock.WaitForLock() {
		g.settleLock(t, lock)
		return
	}
	if root, ok := g.root(ref{t, r.Need()}); ok && g.waitsAt(root) {
		g.settleRead(root)
	}
}

func (g *grower) settleRead(r ref) {
	g.settling = true
	for _, w := range g.sources(r, nil) {
		g.try(decision{w, r, false})
	}
	g.settling = false
}

// settleLock has thread t wait for a lock that is never given back.
func (g *grower) settleLock(t int, r *thread.Runner) {
	for _, d := range g.decided {
		if d.write.thread == t && d.write.event == r.Need()+1 {
			return // another thread has seen it take the lock
		}
	}
	was := g.runners[t]
	g.runners[t] = r
	read := ref{t, r.Need()}
	ended := func(w ref) bool { return !g.lasts(w, read) } // as far as can be told now
	for _, w := range slices.DeleteFunc(g.sources(read, nil), ended) {
		g.stats.Tried++
		g.rf[t][read.event] = w
		g.decided = append(g.decided, decision{w, read, false})
		g.decide(g.runners)
		g.decided = g.decided[:len(g.decided)-1]
		g.rf[t][read.event] = undecided
	}
	g.runners[t] = was
}

// waitsForGood demands that nothing comes after the writes that threads see
// which wait forever. It returns false if something does.
func (g *grower) waitsForGood() bool {
	for t, p := range g.paths {
		for _, e := range p.Wait {
			r := g.st.base[t] + e
			w := g.order.rf[r]
			if w < 0 {
				continue
			}
			for _, x := range g.st.writes[g.st.events[r].Loc] {
				if x != w && !g.tentative(x) && !g.order.before(x, w) {
					return false
				}
			}
		}
	}
	return true
}

// tentative reports whether x may turn out not to be a write: it is of an atomic
// operation, and its thread may be about to wait, which puts back what was found. In
//
//	while (READ_ONCE(*x) == 1) { }   |   WRITE_ONCE(*x, 1); while (xchg(x, 1) == 1) { }
//
// both wait forever, whichever is settled first.
func (g *grower) tentative(x int) bool {
	t, half := g.st.events[x].Thread, g.st.half[x]
	if !g.prog.Waits || t == graph.InitThread || half < 0 || !needs(g.runners[t]) {
		return false
	}
	if g.st.events[x].Kind == graph.LockWrite {
		return g.order.rf[half] < 0
	}
	if !g.runners[t].MayPutBack(x - g.st.base[t]) {
		return false
	}
	old, ok := g.valueOf(half)
	v, ok2 := g.valueOf(x)
	return !ok || !ok2 || old == v
}
