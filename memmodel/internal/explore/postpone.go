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
//     lock is taken (mayPayAnyway);
//
//   - the co-last write may be one that r was postponed past: the branch that reads from it
//     was explored before, with another frame (lastMayBePassed);
//
//   - the thread of r may perform a later write before r has a value: what r reads may decide
//     that this write is never performed, and w may depend on it. Here the last value of y may
//     be 1, though the first thread tries again after a 2 (mayPayAnyway):
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

// A postponed says that read reads from no write that was there when the threads
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
	d.partial.postponed = append(d.partial.postponed, p)
	d.walk.depends()
	o := d.advance(mode{})
	d.partial.postponed = d.partial.postponed[:len(d.partial.postponed)-1]
	return o
}

// lastPostponed is how r was postponed last; without events, if it was not.
func (px *partial) lastPostponed(r ref) postponed {
	rmw := px.th.isRMW(r)
	for i := len(px.postponed) - 1; i >= 0; i-- {
		if px.postponed[i].read == r && px.postponed[i].rmw == rmw {
			return px.postponed[i]
		}
	}
	return postponed{}
}

// excludePassed is the last step before the reads that were postponed and never decided are
// completed: they must not read from the writes that they were postponed past.
func (px *partial) excludePassed() {
	for i, p := range px.postponed {
		if p.rmw {
			continue // its way was taken, and so it is decided
		}
		r := px.index(p.read)
		if !px.st.Events[r].Kind.Reads() || px.st.RF(r) >= 0 || slices.ContainsFunc(px.postponed[i+1:], func(q postponed) bool { return q.read == p.read }) {
			continue
		}
		var writes []int
		for _, w := range px.st.Writes[px.st.Events[r].Loc] {
			if t := px.st.Events[w].Thread; t == graph.InitThread || w-px.st.Base[t] < p.events[t] {
				writes = append(writes, w)
			}
		}
		px.st.Exclude(r, writes)
	}
}

// depends reports whether w would not be there if r had no value. A decision that its thread
// may overtake does not count: the thread could have performed the write before.
func (px *partial) depends(w, r ref) bool {
	reached := make([]int, len(px.th.runners)) // by thread: the events before this
	reached[w.thread] = w.event
	for changed := true; changed; {
		changed = false
		for _, x := range px.decided {
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
func (th *threads) atEnd(r ref) bool {
	if th.isRMW(r) {
		return true
	}
	runner := th.runners[r.thread]
	p := runner.Path()
	for e := r.event + 1; e < len(p.Events); e++ {
		half := graph.Edge{From: r.event, To: e}
		if p.Events[e].Kind != graph.Fence && !slices.Contains(p.RMW, half) && !slices.Contains(p.LockRM, half) {
			return false
		}
	}
	return needs(runner)
}

// mayPayAnyway reports whether postponing c.read may pay, whatever the branches show.
func (s *scheduler) mayPayAnyway(c choice, overtakes bool) bool {
	return s.task.cfg.plain.postponeAll || !s.st.Coherent || !s.th.atEnd(c.read) || s.lastMayBePassed(c) || overtakes
}

// lastMayBePassed reports whether the last write that is there may be one that the read
// was postponed past. The branch that reads it was seen elsewhere.
func (s *scheduler) lastMayBePassed(c choice) bool {
	before := s.partial.lastPostponed(c.read)
	return slices.ContainsFunc(s.sources(c.read, nil), func(u ref) bool {
		return before.passed(u) && !slices.ContainsFunc(c.writes, func(w ref) bool { return s.st.Before(s.partial.index(u), s.partial.index(w)) })
	})
}

// overtakes reports whether the thread of r may perform a later write, which another thread
// may read, before r has a value.
func (px *partial) overtakes(r ref) bool {
	return px.weak().Any && !px.weak().Ordered(px.th.event(r)) &&
		px.th.runners[r.thread].MayOvertake(r.event, px.team.foreign[r.thread], px.weak())
}

func (px *partial) weak() *modelprobe.Weakness { return px.team.weak }
