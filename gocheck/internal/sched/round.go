package sched

// forgetReads is called when t has had an effect: a round begins anew.
func (t *thread) forgetReads() { t.reads, t.rounds = t.reads[:0], t.rounds[:0] }

// Repeats reports whether the calling thread, which has just looked at something
// and found it as it had found it before, is in a loop that waits. It is if it
// is where it was then and all its own variables are as they were: state is a hash
// of them, which are that deep in its stack (see Reaches). It has had no effect since, so it will do the same again until something
// changes that it has read. The caller then calls Spin.
//
// Code that does not know of Spin is explored to its end this way. Only threads
// that have read one version of an object twice are asked for their state.
func (x *Explorer) Repeats(state func(depth uintptr) uint64) bool {
	t := x.cur
	if x.cfg.NoRounds || x.killing || x.solo || x.ending != running || !t.rereads() {
		return false
	}
	x.asked = true
	s := state(t.depth)
	if x.probing == t {
		return x.closes(t, s)
	}
	for _, r := range t.rounds {
		if r == s {
			x.at = round{s, true}
			return true
		}
	}
	t.rounds = append(t.rounds, s)
	return false
}

// Reaches notes how much of its stack the calling thread has where it calls an
// operation. Others may run before Repeats is asked.
func (x *Explorer) Reaches(depth uintptr) { x.cur.depth = depth }

// A round is the state in which one begins, if that is known.
type round struct {
	state uint64
	known bool
}

// closes reports whether a probe has come back to where its round began: several
// places of a loop may look at something, and from one to the next is no round. A
// round that reads nothing does not wait.
func (x *Explorer) closes(t *thread, state uint64) bool {
	x.probed++
	done := !x.probes.known || x.probes.state == state
	if x.probed > longProbe || done && len(t.waits) == 0 {
		x.deviateNow(t)
	}
	return done
}

// rereads reports whether the last thing that t has read it had read before.
func (t *thread) rereads() bool {
	n := len(t.reads)
	return n > 1 && contains(t.reads[:n-1], t.reads[n-1])
}
