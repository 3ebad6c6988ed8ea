package sched

import "unsafe"

// forgetReads is called when t has had an effect: a round begins anew.
func (t *thread) forgetReads() {
	t.reads, t.rounds = t.reads[:0], t.rounds[:0]
	clear(t.wrote)
	t.wrote = t.wrote[:0]
}

// A word is plain memory that a thread has written.
type word struct {
	p    unsafe.Pointer
	size uintptr
}

// Of a thread that writes to more memory between two effects no rounds are looked for.
const (
	mostWords     = 16
	mostWordBytes = 64
)

// mostStates is how many rounds that write are remembered.
const mostStates = 64

// writes notes a plain write. Usually it is an effect, and a new round begins. But a
// loop that waits may write to memory of its own, such as a count of the looks until it
// sleeps. So what was written since the last effect belongs to the state of a round.
//
// Claim: if state and memory are what they were at an earlier look, with nothing in between
// but reads and plain writes (no store of a value that is there already), then the thread will do the same until something changes that it
// has read, and the rounds that it leaves out are seen by nobody.
//
// Proof: what it does depends on its stack, on what it reads, and on the memory that
// it has written, which are all as they were. Another goroutine that reads or writes this
// memory is ordered after the rounds that come before, or before all that were; or it races with one of these, which
// stay in the execution: a round hands nothing over to others, so that nobody can be ordered
// between two of them. What a round has written is in the end what was there before, so
// memory is the same without it.
//
// Smallest execution: a loop that reads a flag and, if that is not set, writes 1 to a
// variable; beside a goroutine that sets the flag. Where races are no failures others may read the
// memory, and a write is an effect.
func (x *Explorer) writes(t *thread, p unsafe.Pointer, size uintptr) {
	t.forgetSections()
	if len(t.reads) == 0 && len(t.rounds) == 0 || x.cfg.NoRaces || x.cfg.NoRounds {
		t.forgetReads()
		return
	}
	w := word{p, size}
	for i := len(t.wrote) - 1; i >= 0; i-- {
		if t.wrote[i] == w {
			return
		}
	}
	if size > mostWordBytes || len(t.wrote) == mostWords {
		t.forgetReads()
		return
	}
	t.wrote = append(t.wrote, w)
}

// memory is a hash of what t has written since its last effect.
func (t *thread) memory() (h uint64) {
	for _, w := range t.wrote {
		h = (h ^ uint64(uintptr(w.p))) * 1099511628211
		for _, b := range unsafe.Slice((*byte)(w.p), w.size) {
			h = (h ^ uint64(b)) * 1099511628211
		}
	}
	return h
}

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
	s := state(t.depth) ^ t.memory()
	if x.probing == t {
		return x.closes(t, s)
	}
	for _, r := range t.rounds {
		if r == s {
			x.at = round{s, true}
			return true
		}
	}
	if len(t.wrote) > 0 && len(t.rounds) == mostStates {
		t.forgetReads()
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
