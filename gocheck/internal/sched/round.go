package sched

import "unsafe"

// forgetReads is called when t has had an effect: a new round begins.
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

// If a thread writes more memory than this between two effects, its rounds are not recognized.
const (
	mostWords     = 16
	mostWordBytes = 64
)

// mostStates is how many states of rounds that write are kept.
const mostStates = 64

// writes notes a plain write. Usually it is an effect, and a new round begins. But a
// waiting loop may write private memory, such as a count of its checks until it sleeps.
// So the memory written since the last effect belongs to the state of a round.
//
// Claim: let state and memory be the same as at an earlier read, with only reads and plain writes in
// between, and no atomic store, not even of the value that is there already. Then the thread repeats the same
// steps until a variable changes that it has read, and no other thread can observe the rounds that are
// left out.
//
// Proof: its steps depend on its stack, on the values that it reads, and on the memory that it has written, which
// are all unchanged. Another goroutine that accesses this memory is ordered before all of the rounds or after the
// ones that stay in the execution, or it races with one of the latter: a round publishes nothing, so no goroutine
// can be ordered between two rounds. At the end of a round its memory is as before, so memory is the same without
// the round.
//
// Smallest execution: a loop that reads a flag and, if that is not set, writes 1 to a
// variable; beside a goroutine that sets the flag. If races are no failures, others may read the
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

// memory is a hash of the memory that t has written since its last effect.
func (t *thread) memory() (h uint64) {
	for _, w := range t.wrote {
		h = (h ^ uint64(uintptr(w.p))) * 1099511628211
		for _, b := range unsafe.Slice((*byte)(w.p), w.size) {
			h = (h ^ uint64(b)) * 1099511628211
		}
	}
	return h
}

// Repeats reports whether the calling thread, which has just read a value that is unchanged since its last read, is in a waiting
// loop. It is if its position and its local variables are the same as then: state returns a hash of them, up to a depth of the
// stack (see Reaches). It has had no effect since, so it will do the same again until something changes that it has read. The
// caller then calls Spin.
//
// In this way code without Spin is explored to its end. state is called only
// for threads that have read one version of an object twice.
func (x *Explorer) Repeats(state func(depth uintptr) uint64) bool {
	t := x.cur
	if x.cfg.NoRounds || x.killing || x.solo || x.ending != running || !t.rereads() {
		return false
	}
	x.asked = true
	s := state(t.depth) ^ t.memory()
	if x.probe.thread == t {
		ended, ok := x.probe.repeats(s)
		x.unlessWaiting(t, ok)
		return ended
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

// Reaches notes the depth of the calling thread's stack at an operation. Others
// may run before Repeats is called.
func (x *Explorer) Reaches(depth uintptr) { x.cur.depth = depth }

// A round is the state in which a round begins, if that is known.
type round struct {
	state uint64
	known bool
}

// rereads reports whether t had read its last read's object and version before.
func (t *thread) rereads() bool {
	n := len(t.reads)
	return n > 1 && contains(t.reads[:n-1], t.reads[n-1])
}
