package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// To postpone a read in the hope of a write that never comes is what costs an
// explorer of this kind most. So a frame watches what comes of the other ways to
// decide the read. Say that in some execution read r reads from a write w that is
// not there yet, the first of those of its cell. Leave out of it all that w does not
// depend on; r is not among the rest. To this add r, reading from the last of the
// writes to its cell that are there: no event comes after r in its thread, and a read
// of the last write is ordered before nothing, so that no check is violated by it.
// Hence what comes of deciding r in that way includes that w, which does not depend
// on r, is about to be performed: if that is never seen, there is no such execution.
//
// It need not be seen to be allowed: once w is there, r no longer reads the last write
// (see wasAllowed). And the argument does not hold where r could not read from the
// last write, as when a lock is taken; where the last may be one that r has passed
// over, since what comes of that was seen before (mayFollow); where an atomic
// operation stands in the place of another (displaced); or where a thread that
// could write w without a value it never gets is stuck (unseen).
type frame struct {
	read ref
	cell int
	// worth: postponing the read is worth trying. A new write to its cell was
	// seen; or one stands where another atomic operation would; or the argument does
	// not hold, for something comes after r in its thread, or some way ended because
	// an assumption failed.
	worth     bool
	overtakes bool  // as in decision
	since     []int // by thread: the events that were there
}

// notice looks at what the threads have written since before. They need not be
// allowed to have done so beside what reads have been decided to see, only to have
// come that far: a read that is to see such a write sees an older one here, and
// both of these may be forbidden.
func (g *grower) notice(before []*thread.Runner) {
	for i := range g.frames {
		f := &g.frames[i]
		f.worth = f.worth || g.shows(f, before)
	}
}

// tells reports whether notice would find something.
func (g *grower) tells(before []*thread.Runner) bool {
	return slices.ContainsFunc(g.frames, func(f frame) bool { return !f.worth && g.shows(&f, before) })
}

// shows reports whether one of the writes that have come since before is a new one
// for f.
func (g *grower) shows(f *frame, before []*thread.Runner) bool {
	for t, r := range g.runners {
		events := r.Path().Events
		for e := len(before[t].Path().Events); e < len(events); e++ {
			if events[e].Loc == f.cell && events[e].Kind.Writes() && t != f.read.thread &&
				(f.overtakes || !g.depends(ref{t, e}, f.read)) {
				return true
			}
		}
	}
	return false
}

// wasAllowed reports whether the last decision was allowed before the threads went on.
func (g *grower) wasAllowed(before []*thread.Runner) bool {
	runners, decided := g.runners, g.decided
	g.runners, g.decided = before, g.decided[:g.firm]
	ok := g.consistent()
	g.runners, g.decided = runners, decided
	return ok
}

// died notes whether a way ended without saying what would have come of it.
func (g *grower) died(dead bool) {
	g.dead = false
	for i := range g.frames {
		g.frames[i].worth = g.frames[i].worth || dead
	}
}

// atEnd reports whether nothing comes after r in its thread but the write half of
// its own operation, and fences.
func (g *grower) atEnd(r ref) bool {
	runner := g.runners[r.thread]
	if g.tries(r) {
		return true
	}
	p := runner.Path()
	for e := r.event + 1; e < len(p.Events); e++ {
		if k := p.Events[e].Kind; k != graph.Fence && !(k.Writes() && (e == r.event+1)) {
			return false
		}
	}
	return needs(runner)
}

// mayFollow reports whether the last write that is there may be one that the read
// has passed over before. What comes of reading that has been seen elsewhere.
func (g *grower) mayFollow(c choice) bool {
	before := g.last(c.read).events
	if before == nil {
		return false
	}
	return slices.ContainsFunc(g.sources(c.read, nil), func(u ref) bool {
		passed := u.thread == graph.InitThread || u.event < before[u.thread]
		return passed && !slices.ContainsFunc(c.writes, func(w ref) bool { return g.order.has(g.index(u), g.index(w)) })
	})
}

// clash notes which atomic operations stand where others would.
//
// An atomic operation that reads the last write is followed by its own, and then
// no other can read what it has read: this is what the argument above passes over.
// But who would do so tries, and finds it there.
func (g *grower) clash() {
	for _, pair := range g.order.clashes {
		g.displaced(pair[0], pair[1])
		g.displaced(pair[1], pair[0])
	}
	g.order.clashes = g.order.clashes[:0]
}

// displaced notes that write w stands where by would, whose operation may be what a
// frame is for. If w was there before that, to read from w, which was the last, was
// one of the choices; a lock that is taken cannot be.
func (g *grower) displaced(w, by int) {
	half := g.st.half[by]
	if half < 0 { // it ends a critical section
		g.died(true)
		return
	}
	read := g.refOf(half)
	other := g.refOf(w)
	for i := range g.frames {
		f := &g.frames[i]
		if f.read == read && (g.st.events[half].Kind == graph.LockRead || f.since[other.thread] <= other.event) {
			f.worth = true
		}
	}
}

// refOf names event e, which is no initial write.
func (g *grower) refOf(e int) ref {
	t := g.st.events[e].Thread
	return ref{t, e - g.st.base[t]}
}

// overtakes reports whether the thread of r may write something without it that
// another thread may read.
func (g *grower) overtakes(r ref) bool {
	return g.weak.any && !g.weak.ordered(g.event(r)) && g.runners[r.thread].MayOvertake(r.event, g.foreign[r.thread], &g.weak)
}

// findForeign lists, for each thread, the cells that others may read.
func (g *grower) findForeign() {
	g.foreign = make([][]int, len(g.flows))
	for t := range g.flows {
		for c := range g.prog.Cells {
			for u, f := range g.flows {
				if u != t && f.MayRead(c) || !g.coherent {
					g.foreign[t] = append(g.foreign[t], c)
					break
				}
			}
		}
	}
}

// depends reports whether w would not be there if r had no value.
func (g *grower) depends(w, r ref) bool {
	reached := make([]int, len(g.runners)) // by thread: the events before this
	reached[w.thread] = w.event
	for changed := true; changed; {
		changed = false
		for _, d := range g.decided {
			if d.overtakes || d.read.event >= reached[d.read.thread] {
				continue
			}
			if d.read == r {
				return true
			}
			if t := d.write.thread; t != graph.InitThread && reached[t] <= d.write.event {
				reached[t], changed = d.write.event+1, true
			}
		}
	}
	return false
}

// inVain reports whether a thread needs a write that cannot come any more.
func (g *grower) inVain() bool {
	for t, r := range g.runners {
		if !needs(r) || g.doomed[t] {
			continue
		}
		root, ok := g.root(ref{t, r.Need()})
		if !ok || g.event(root).Kind == graph.LockRead {
			continue
		}
		p := g.last(root)
		if passed := p.events != nil || len(g.sources(root, nil)) == 0; passed && len(p.fails) == 0 && !g.mayCome(root) {
			g.unseen()
			return true
		}
	}
	return false
}

// unseen notes the writes that threads could have performed without the values they
// need, which nobody will see if this is given up.
func (g *grower) unseen() {
	for i := range g.frames {
		f := &g.frames[i]
		for t, r := range g.runners {
			if f.worth {
				break
			}
			f.worth = g.weak.any && t != f.read.thread && needs(r) && r.MayOvertake(r.Need(), []int{f.cell}, &g.weak)
		}
	}
}

// counts is how many events each thread has performed.
func (g *grower) counts() (events []int) {
	for _, r := range g.runners {
		events = append(events, len(r.Path().Events))
	}
	return events
}

func (g *grower) postpone(p postponed) {
	p.events = g.counts()
	g.later = append(g.later, p)
	g.advance()
	g.later = g.later[:len(g.later)-1]
	g.waited = false
}

// lasting lists the writes that c.read has passed over at which its thread would
// wait, and that may still turn out to be the last of their cell.
func (g *grower) lasting(c choice) (list []ref) {
	read := g.event(c.read)
	passed := g.last(c.read).fails
	if read.Kind == graph.LockRead {
		passed = g.taken(read.Loc, c.read)
	}
	for _, w := range passed {
		if g.last(c.read).away || g.lasts(w, c.read) && !g.outdated(w, c.read) {
			list = append(list, w)
		}
	}
	return list
}

// lasts reports whether nothing is known to come after w, but for what read's own
// thread will not write if it waits.
func (g *grower) lasts(w, read ref) bool {
	if w.thread == graph.InitThread && g.index(w) < 0 {
		return true // no thread has come near the cell
	}
	if !g.st.events[g.index(w)].Kind.Writes() {
		return false // it was put back, and r might as well read what was there before
	}
	for _, x := range g.st.writes[g.st.events[g.index(w)].Loc] {
		if g.order.has(g.index(w), x) && !g.tentative(x) && !(read.thread == g.st.events[x].Thread && x > g.st.base[read.thread]+read.event) {
			return false
		}
	}
	return true
}

// outdated reports whether the model has another write come after w, in what it has
// been told by judge. In a lock as that of Mellor-Crummey and Scott
//
//	called = 0; xchg(tail), acquire and release; next = self, release; while (!called);
//
// the one before in the queue sets called after that, and nobody can wait forever.
func (g *grower) outdated(w, read ref) bool {
	return slices.ContainsFunc(g.rivals(w, read), func(x int) bool { return !g.allowsOrder(x, g.index(w)) })
}

// contested reports whether outdated has something to ask.
func (g *grower) contested(w, read ref) bool { return len(g.rivals(w, read)) > 0 }

// rivals lists the writes to the cell of w that are not known to come before it, but
// for what the operation of read writes.
func (g *grower) rivals(w, read ref) (list []int) {
	at := g.index(w)
	if at < 0 || g.tries(read) {
		return nil
	}
	for _, x := range g.st.writes[g.st.events[at].Loc] {
		if x != at && !g.order.has(x, at) && !g.tentative(x) && x != g.st.half[g.index(read)] {
			list = append(list, x)
		}
	}
	return list
}

// allowsOrder reports whether the model lets a come before b.
func (g *grower) allowsOrder(a, b int) bool {
	mark, clashes := len(g.order.undone), len(g.order.clashes)
	ok := g.order.before(a, b)
	if ok {
		g.growing.Push()
		g.tellTo(g.growing)
		ok = g.growing.Settle()
		g.growing.Pop()
	}
	g.order.fresh, g.order.clashes = g.order.fresh[:0], g.order.clashes[:clashes]
	g.order.undo(mark)
	return ok
}

// taken lists the writes by which a lock is taken, but for the attempt that read
// is of.
func (g *grower) taken(cell int, read ref) (list []ref) {
	for t, r := range g.runners {
		for e := range r.Path().Events {
			if ev := &r.Path().Events[e]; (t != read.thread || e < read.event) && ev.Kind == graph.LockWrite && ev.Loc == cell {
				list = append(list, ref{t, e})
			}
		}
	}
	return list
}
