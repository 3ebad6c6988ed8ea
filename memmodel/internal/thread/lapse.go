package thread

import (
	"slices"

	"crosscall/memmodel/graph"
)

// A weak compare-and-swap may fail without a reason, and most loops around one write to memory
// in each round:
//
//	do { n->next = old; } while (!atomic_compare_exchange_weak(&top, &old, n));
//
// If a round fails so and leaves all as it was, it is left out, as a round that writes nothing
// is (see wait). Two events are said to be next to each other if only accesses to the thread's own
// memory are between them.
//
// Claim: let a round of a loop fail without a reason, and the registers be as before, with no
// dependency less. Let it perform nothing else but fences, accesses to the thread's own memory,
// and the read that failed. Let each write w of it put back what the thread's last write w0 to
// the location, before the round, had written. And let one of these hold:
//
//  1. w is next to where the round begins, or
//  2. w0 is, and w depends on all that w0 depends on.
//
// Then the executions with the round end as others do.
//
// Proof: the thread goes on from where the round began, in the same state, and performs the
// same events up to the last w of the first kind, w' for each w. Leave out the round, but keep
// each such w instead of w'. A read from w or w' reads from w. A read from a write of the
// second kind reads from its w0. The values are the same, and no other thread has accessed the
// location in between. The write that is read from now comes earlier in its thread, so what is
// ordered before it was ordered before the other one, too: of the dependencies, 2 says so, and w is
// kept with its own. An event that is ordered after it comes after all that is next to it, and so
// came after the other one as well. So no order is added, and the model allows the execution. A race
// stays one, since the accesses that are left have less order. The read that failed may be the one that
// races: then so does the read of the attempt that did not fail there, which is another way to go on.
//
// Smallest execution that would go wrong without 1 and 2: the write after the release fence is
// seen too early, but only if the exchange, which is relaxed, fails without a reason.
//
//	n->v = 1; atomic_thread_fence(release); while (!weak(&top, &old, n)) n->v = 1;   |   acquire top; read top->v
//
// Memory of which the model flags every access of another thread that is not ordered with this one's
// writes counts as the thread's own there, if the round does not read it. Proof: for another thread's access
// to be ordered after w0 and before w, or after w and before w', the thread had to release something in
// between, and it only reads. So there is no such access, or there is a race, which stays.
func (r *Runner) lapsesInVain(x *round) bool {
	if r.flow.exclusive == nil || r.lapsed <= x.events || x.asserts != len(r.path.Asserts) || !r.remembersTheSame(x) || !r.readsOnce(x) {
		return false
	}
	for e := x.events; e < len(r.path.Events); e++ {
		if r.path.Events[e].Kind == graph.Write && !r.putsBack(x, e) {
			return false
		}
	}
	r.status = Dead // it does not fail forever, and the execution without the round is explored
	return true
}

// remembersTheSame reports whether the thread has the very values, known or not, that it had
// when round x began, and no dependency less.
func (r *Runner) remembersTheSame(x *round) bool {
	same := true
	r.eachPair(x, func(was, is Sym) { same = same && was == is })
	return same && r.dependsOnAll(x, func(was, is Set) bool {
		ok := true
		was.Each(func(e int) { ok = ok && is.has(e) })
		return ok
	})
}

// readsOnce reports whether the round performs, beside fences and accesses to the thread's own
// memory, one read only: the one that failed without a reason.
func (r *Runner) readsOnce(x *round) bool {
	failed := r.lapsed - 1
	for r.path.Events[failed].Kind != graph.Read {
		failed--
	}
	for e := x.events; e < len(r.path.Events); e++ {
		switch {
		case e == failed:
			if r.isOwn(e) || !r.isPlainRead(e) {
				return false
			}
		case !r.isOwn(e) && !r.isExclusive(e) && (r.path.Events[e].Kind != graph.Fence || r.ofSection(e)):
			return false
		}
	}
	return true
}

// putsBack reports whether w, a write of round x to the thread's own memory, puts back what
// was there, in one of the two ways of the claim.
func (r *Runner) putsBack(x *round, w int) bool {
	events := r.path.Events
	w0 := x.events - 1
	for w0 >= 0 && (events[w0].Kind != graph.Write || events[w0].Loc != events[w].Loc) {
		w0--
	}
	if w0 < 0 || !r.isOwn(w0) && !r.isExclusive(w0) || !slices.Equal(events[w0].Tags, events[w].Tags) || !r.writesTheSame(w0, w) {
		return false
	}
	return r.areNext(x.events, w) || r.areNext(w0+1, x.events) && r.dependsAlike(w0, w)
}

// areNext reports whether all events from the first to before the last are accesses to the
// thread's own memory.
func (r *Runner) areNext(first, last int) bool {
	for e := first; e < last; e++ {
		if !r.isOwn(e) && !r.isExclusive(e) {
			return false
		}
	}
	return true
}

// isExclusive reports whether event e is a plain write to memory of which the model flags every
// access of another thread that is not ordered with it.
func (r *Runner) isExclusive(e int) bool {
	return r.path.Events[e].Kind == graph.Write && r.readHalf(e) < 0 && r.flow.exclusive(&r.path.Events[e])
}

// writesTheSame reports whether two writes are known to write the same value.
func (r *Runner) writesTheSame(a, b int) bool {
	x, y := r.path.Write[a], r.path.Write[b]
	if x == y {
		return true
	}
	v, ok := r.path.Eval(x, r.value)
	w, ok2 := r.path.Eval(y, r.value)
	return ok && ok2 && v == w
}

// dependsAlike reports whether event b depends on all events that a depends on, in the same way.
func (r *Runner) dependsAlike(a, b int) bool {
	for _, edges := range [][]graph.Edge{r.path.Addr, r.path.Data, r.path.Ctrl} {
		for _, x := range edges {
			if x.To == a && !slices.Contains(edges, graph.Edge{From: x.From, To: b}) {
				return false
			}
		}
	}
	return true
}
