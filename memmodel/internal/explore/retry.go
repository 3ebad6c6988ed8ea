package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// A thread that tries again and again need not fail more often than what it remembers demands:
// package thread has the claim, the proof and the smallest execution (thread/retry.go). An
// execution with a round in vain is cut once the values are known that say so.
//
// A branch that is cut here might have enabled writes (postpone.go), so it reports that it was
// cut.
//
// Claim: no data race is missed, if no read that is left out is one that the model flags
// beside a write of another thread to its cell, with nothing to order the two. Proof: a race is
// a pair of accesses that are not ordered. A pair without such a read stays, with less order, and
// so does one with f, in the place of e. Smallest execution that would go wrong:
//
//	r0 = smp_load_acquire(x); while (r0 != 2) { r0 = smp_load_acquire(x); }   |   *x = 1; smp_store_release(x, 2);
//
// If the first read returns 0, it races with the plain write. If it returns 2, it does not.

// triesInVain reports whether a thread has gone round a loop in vain.
func (px *partial) triesInVain() bool {
	return px.spares && slices.ContainsFunc(px.th.runners, func(r *thread.Runner) bool {
		return len(r.Path().Retries) > 0 && px.inVainBy(r.Thread(), r.Path(), px.th.value[r.Thread()])
	})
}

// hasTriedInVain is triesInVain of an execution in which all is decided.
func (px *partial) hasTriedInVain() bool {
	if !px.spares {
		return false
	}
	for t, p := range px.paths {
		if len(p.Retries) > 0 && px.inVainBy(t, p, func(e int) (int64, bool) { return px.st.ValueOf(px.st.Base[t] + e) }) {
			return true
		}
	}
	return false
}

// inVainBy is triesInVain of one thread, by the values of its reads.
func (px *partial) inVainBy(t int, p *thread.Path, value func(int) (int64, bool)) bool {
	for i := range p.Retries {
		if x := &p.Retries[i]; p.InVain(x, value) && px.team.mayLeaveOut(t, p, x) {
			return true
		}
	}
	return false
}

// mayLeaveOut reports whether no read that x leaves out may race, and one may stand for the other.
func (m *team) mayLeaveOut(t int, p *thread.Path, x *thread.Retry) bool {
	if !m.isNoStronger(p.Events[x.Read].Tags, p.Events[x.Again].Tags) {
		return false
	}
	for e := x.Read; e < x.End; e++ {
		if ev := &p.Events[e]; ev.Kind == graph.Read && m.mayRace(t, ev) {
			return false
		}
	}
	return true
}

// isNoStronger reports whether a read with the tags a may take the place of one with the tags b:
// of those that the model knows, b has these and others that only forbid.
func (m *team) isNoStronger(a, b []string) bool {
	k := m.task.kit
	return !slices.ContainsFunc(a, func(tag string) bool { return k.Tells(tag) && !slices.Contains(b, tag) }) &&
		!slices.ContainsFunc(b, func(tag string) bool { return !slices.Contains(a, tag) && !k.Restrains(tag) })
}
