package sched

// A loop may wait for something that a lock protects:
//
//	for { mu.Lock(); d := done; mu.Unlock(); if d { break } }
//
// Its rounds have steps that change the lock, so they are not those of Repeats. Such
// a round is found at an Unlock, by the state of its goroutine: if that is what it
// was at an earlier Unlock, and there were but locks, which are free again, and looks
// in between, then the round had no effect but to look, and the next will be the same
// until something changes that it has looked at: a value, or what the lock protects.
//
// Claim: nothing is lost if the goroutine's next step waits until that has changed,
// which is when a value has, or when another goroutine has given back the lock after a
// section that was not such a round.
//
// Proof: take an execution in which the goroutine goes through another such round R
// before that. Without R it is an execution too, which ends in the same state: who
// else takes the lock may do so in either, and nobody else sees R. Only TryLock would:
// so where it is used, no goroutine is held back. A race of R with an access W by another
// goroutine u is one of the round before R with W: only a section of u before W could
// put that round before W, and it is a change after which R is not held back.
//
// Smallest execution: the loop above beside a goroutine that sets done under the lock
// has two rounds that are looked at for their state, one that is found to wait, and
// one that leaves; beside nobody it is a livelock.

// A section is the state in which a goroutine gave back a lock, if it is known.
type section struct {
	state uint64
	known bool
	looks int // how much it had looked at
}

// mostSections is how many sections without an effect are remembered.
const mostSections = 64

// forgetSections is called when t has had an effect.
func (t *thread) forgetSections() { t.sections, t.looks = t.sections[:0], t.looks[:0] }

// harmless says whether a step may be in a round that waits.
func harmless(c Code, k Kind) bool {
	switch c {
	case Load, lock, unlock, rLock, rUnlock, announce, drain:
		return true
	case CompareAndSwap:
		return k == Read
	}
	return false
}

// Unlocked comes after each Unlock and RUnlock. State is a hash of the goroutine's own
// variables, which is asked for if it has had no effect since an earlier one.
func (x *Explorer) Unlocked(state func(depth uintptr) uint64) {
	t := x.cur
	if x.killing || x.solo || x.ending != running || x.probing == t || t.last < 0 {
		return
	}
	id := x.events[t.last].obj
	t.looks = append(t.looks, seen{id, x.objs[id].content, true})
	if !x.cfg.NoRounds && !x.tried && x.comesBack(t, state) {
		x.heldBack = true
		return
	}
	x.endSection(t, id)
}

// needsRounds is why an exploration ends that is to be made again without rounds.
const needsRounds = "TryLock"

// tries comes before each TryLock.
func (x *Explorer) tries() {
	if x.killing || x.solo {
		return
	}
	if x.tried = true; x.heldBack && !x.cfg.NoRounds {
		x.why = needsRounds
		x.end(cutShort)
	}
}

// endSection notes that what the lock protects may have changed, for others than t.
func (x *Explorer) endSection(t *thread, id int32) {
	o := &x.objs[id]
	for i := range t.looks {
		if t.looks[i] == (seen{id, o.content, true}) {
			t.looks[i].version++
		}
	}
	o.content++
}

// comesBack says whether t has come back to where it was, and holds it back then.
func (x *Explorer) comesBack(t *thread, state func(depth uintptr) uint64) bool {
	if len(t.sections) == mostSections {
		t.forgetSections()
	}
	now := section{looks: len(t.looks)}
	if len(t.sections) > 0 {
		now.state, now.known = state(t.depth), true
		for i, s := range t.sections {
			if s.known && s.state == now.state {
				t.sections = t.sections[:i+1]
				t.futile = append(t.futile[:0], t.looks[s.looks:]...)
				t.looks = t.looks[:s.looks]
				return true
			}
		}
	}
	t.sections = append(t.sections, now)
	return false
}

// letGo has t held back no longer, where it is known to go on: in an earlier run its
// state was not found to be the same. The state has words that no variable is in any
// more, so that this may differ.
func (t *thread) letGo() { t.futile = t.futile[:0] }

// isFutile says whether t's next step begins a round that is known to be in vain.
func (x *Explorer) isFutile(t *thread) bool {
	for _, s := range t.futile {
		if x.current(s) != s.version {
			return false
		}
	}
	return len(t.futile) > 0
}
