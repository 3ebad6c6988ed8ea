package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/modelprobe"
)

// To postpone a read is to decide that it reads from none of the writes that exist now, but
// from one that is performed later. Reads that are postponed without such a write cost an
// explorer of this kind most of its time. So a read is tried with the existing writes first
// (decideRead), and a frame watches these branches. The read is postponed afterwards if a
// branch has shown that this may pay.
//
// Claim: if some execution has read r reading from a write that is not in the graph yet,
// then a branch where r reads the co-last existing write reaches a state in which a write
// to that cell, independent of r, is about to be performed.
//
// Proof: let w be the first such write of its cell. Leave out of the execution all events
// that w does not depend on, r among them. Add r again, reading from the co-last existing
// write. No event comes after r in its thread, and a read of the co-last write is
// ordered before nothing, so no check is violated by it. Hence this is a state of the
// branch in which r reads from that write, and w is about to be performed in it. So if no
// branch ever has such a write, postponing r is useless.
//
// The smallest execution:
//
//	r = READ_ONCE(*x)   |   WRITE_ONCE(*x, 1)
//
// With r read from the initial write, the second thread performs its write, which does not
// depend on r. Where the second thread is "if (READ_ONCE(*y)) WRITE_ONCE(*x, 1)" and no
// thread writes to y, it never does, and r need not be postponed.
//
// The branch need not be consistent with w in it: there r reads an older write than w, and
// the model may forbid that (see wasConsistent). It is enough that w is about to be performed.
//
// The proof does not hold in these cases. There postponing may pay, whatever the branches show:
//
//   - r is not the end of its thread, or could not read from the co-last write, as when a
//     lock is taken (watch);
//
//   - the co-last write may be one that r was postponed past: the branch that reads from it
//     was explored before, with another frame (lastMayBePassed);
//
//   - the thread of r may perform a later write before r has a value: what r reads may decide
//     that this write is never performed, and w may depend on it. Here the last value of y may
//     be 1, though the first thread tries again after a 2 (watch):
//
//     r0 = READ_ONCE(*y); while (cmpxchg_relaxed(y, r0, 1) != r0) r0 = ...; if (!r0) WRITE_ONCE(*x, 2);  |
//     if (READ_ONCE(*x)) WRITE_ONCE(*y, 0);  |  cmpxchg_relaxed(y, 0, 2);
//
//   - the write of another atomic operation follows, in co, the write that r's operation
//     would have to follow (displacedRMW);
//
//   - a thread is stuck at a read, but could perform w before that read has a value
//     (noteUnseen);
//
//   - a branch ended before it was known which writes it would have enabled
//     (outcome.prunedUnknown).
type frame struct {
	read ref
	cell int
	// mayPay: postponing the read may pay.
	mayPay    bool
	overtakes bool  // a later write of read's thread may be performed before read has a value
	since     []int // by thread: the events that were there
}

// postponed says that read reads from no write that was there when the threads
// had performed so many events, unless its thread waits forever, at one of fails.
type postponed struct {
	read   ref
	events []int
	fails  []ref
	// notAwaited: the thread may wait at other reads than this one, so that this one need not
	// read the last write when the thread waits forever:
	//
	//	r1 = xchg(x, 0); do { if (!READ_ONCE(*y)) r1 = READ_ONCE(*z); } while (r1 == 0);
	notAwaited bool
	// rmw: the read is of an atomic operation that may succeed or fail, and neither way has
	// been taken. Once one is, the event with this number may be another one.
	rmw bool
}

// passed reports whether the read was postponed past w.
func (p postponed) passed(w ref) bool {
	return p.events != nil && (w.initial() || w.event < p.events[w.thread])
}

// postpone explores what is left if a read reads from a write to come.
func (d *dynamic) postpone(p postponed) outcome {
	p.events = d.th.counts()
	d.postponed = append(d.postponed, p)
	d.walk.depends()
	o := d.advance(mode{})
	d.postponed = d.postponed[:len(d.postponed)-1]
	return o
}

// lastPostponed is how r was postponed last; without events, if it was not.
func (d *dynamic) lastPostponed(r ref) postponed {
	rmw := d.th.isRMW(r)
	for i := len(d.postponed) - 1; i >= 0; i-- {
		if d.postponed[i].read == r && d.postponed[i].rmw == rmw {
			return d.postponed[i]
		}
	}
	return postponed{}
}

// excludePassed is the last step before the reads that were postponed and never decided are
// completed: they must not read from the writes that they were postponed past.
func (d *dynamic) excludePassed() {
	for i, p := range d.postponed {
		if p.rmw {
			continue // its way was taken, and so it is decided
		}
		r := d.index(p.read)
		if !d.st.Events[r].Kind.Reads() || d.st.RF(r) >= 0 || slices.ContainsFunc(d.postponed[i+1:], func(q postponed) bool { return q.read == p.read }) {
			continue
		}
		var writes []int
		for _, w := range d.st.Writes[d.st.Events[r].Loc] {
			if t := d.st.Events[w].Thread; t == graph.InitThread || w-d.st.Base[t] < p.events[t] {
				writes = append(writes, w)
			}
		}
		d.st.Exclude(r, writes)
	}
}

// watch begins a frame for a read, and returns its number.
func (d *dynamic) watch(c choice, overtakes bool) int {
	d.frames = append(d.frames, frame{
		read: c.read, cell: d.th.event(c.read).Loc, overtakes: overtakes, since: d.th.counts(),
		mayPay: d.task.cfg.plain.postponeAll || !d.st.Coherent || !d.atEnd(c.read) || d.lastMayBePassed(c) || overtakes,
	})
	return len(d.frames) - 1
}

// unwatch ends the last frame, and returns whether postponing its read may pay.
func (d *dynamic) unwatch() bool {
	f := d.frames[len(d.frames)-1]
	d.frames = d.frames[:len(d.frames)-1]
	return f.mayPay
}

// notice looks for writes that pay among those that threads have performed since before.
// The model may forbid such a write together with the decided reads; it counts all the same.
// For the read of a frame sees an older write here, and would see this one if it were postponed.
func (d *dynamic) notice(before position) {
	for i := range d.frames {
		f := &d.frames[i]
		f.mayPay = f.mayPay || d.shows(f, before)
	}
}

// wouldNotice reports whether notice would find something.
func (d *dynamic) wouldNotice(before position) bool {
	return slices.ContainsFunc(d.frames, func(f frame) bool { return !f.mayPay && d.shows(&f, before) })
}

// shows reports whether one of the writes that have come since before is a new one
// for f.
func (d *dynamic) shows(f *frame, before position) bool {
	for t, r := range d.th.runners {
		events := r.Path().Events
		for e := len(before.runners[t].Path().Events); e < len(events); e++ {
			if events[e].Loc == f.cell && events[e].Kind.Writes() && t != f.read.thread &&
				(f.overtakes || !d.depends(ref{t, e}, f.read)) {
				return true
			}
		}
	}
	return false
}

// depends reports whether w would not be there if r had no value. A decision that its thread
// may overtake does not count: the thread could have performed the write before.
func (d *dynamic) depends(w, r ref) bool {
	reached := make([]int, len(d.th.runners)) // by thread: the events before this
	reached[w.thread] = w.event
	for changed := true; changed; {
		changed = false
		for _, x := range d.decided {
			if x.overtakes || x.read.event >= reached[x.read.thread] {
				continue
			}
			if x.read == r {
				return true
			}
			if t := x.write.thread; !x.write.initial() && reached[t] <= x.write.event {
				reached[t], changed = x.write.event+1, true
			}
		}
	}
	return false
}

// atEnd reports whether nothing comes after r in its thread but the write half of
// its own operation, and fences.
func (d *dynamic) atEnd(r ref) bool {
	if d.th.isRMW(r) {
		return true
	}
	runner := d.th.runners[r.thread]
	p := runner.Path()
	for e := r.event + 1; e < len(p.Events); e++ {
		half := graph.Edge{From: r.event, To: e}
		if p.Events[e].Kind != graph.Fence && !slices.Contains(p.RMW, half) && !slices.Contains(p.LockRM, half) {
			return false
		}
	}
	return needs(runner)
}

// lastMayBePassed reports whether the last write that is there may be one that the read
// was postponed past. The branch that reads it was seen elsewhere.
func (d *dynamic) lastMayBePassed(c choice) bool {
	before := d.lastPostponed(c.read)
	return slices.ContainsFunc(d.sources(c.read, nil), func(u ref) bool {
		return before.passed(u) && !slices.ContainsFunc(c.writes, func(w ref) bool { return d.st.Before(d.index(u), d.index(w)) })
	})
}

// noteConflicts notes which atomic operations stand where others would.
//
// The write of an atomic operation directly follows, in co, the write that the operation has
// read from, so no other operation can read from that write too: the proof above leaves this
// out. But the thread of the other operation tries, and finds the place taken.
func (d *dynamic) noteConflicts() {
	for _, pair := range d.st.Conflicts() {
		d.displacedRMW(pair[0], pair[1])
		d.displacedRMW(pair[1], pair[0])
	}
	d.st.DropConflicts(0)
}

// displacedRMW notes that write w has the place in co of write by, whose operation may be the
// one whose read a frame watches. If w existed when the frame began, that read had the choice
// to read from w, the last one, and need not be postponed; a taken lock gives no such choice.
func (d *dynamic) displacedRMW(w, by int) {
	half := d.st.Half[by]
	if half < 0 { // it ends a critical section
		for i := range d.frames {
			d.frames[i].mayPay = true
		}
		return
	}
	read, other := d.refOf(half), d.refOf(w)
	for i := range d.frames {
		f := &d.frames[i]
		if f.read == read && (d.st.Events[half].Kind == graph.LockRead || f.since[other.thread] <= other.event) {
			f.mayPay = true
		}
	}
}

// inVain reports whether a thread needs a write that cannot come any more.
func (d *dynamic) inVain() bool {
	for t, r := range d.th.runners {
		if !needs(r) || d.blocked[t] {
			continue
		}
		read, ok := d.th.needed(t)
		if !ok || d.th.event(read).Kind == graph.LockRead {
			continue
		}
		p := d.lastPostponed(read)
		passed := p.events != nil || len(d.sources(read, nil)) == 0
		if passed && len(p.fails) == 0 && !d.mayBeWritten(read) {
			d.noteUnseen()
			return true
		}
	}
	return false
}

// noteUnseen notes the writes that threads could have performed without the values they
// need. No branch shows them if this one is given up.
func (d *dynamic) noteUnseen() {
	if !d.weak().Any {
		return
	}
	for i := range d.frames {
		f := &d.frames[i]
		for t, r := range d.th.runners {
			f.mayPay = f.mayPay || t != f.read.thread && needs(r) && r.MayOvertake(r.Need(), []int{f.cell}, d.weak())
		}
	}
}

// overtakes reports whether the thread of r may perform a later write, which another thread
// may read, before r has a value.
func (d *dynamic) overtakes(r ref) bool {
	return d.weak().Any && !d.weak().Ordered(d.th.event(r)) &&
		d.th.runners[r.thread].MayOvertake(r.event, d.team.foreign[r.thread], d.weak())
}

func (d *dynamic) weak() *modelprobe.Weakness { return d.team.weak }
