package sched

// A loop may wait for data that a lock protects:
//
//	for { mu.Lock(); d := done; mu.Unlock(); if d { break } }
//
// Its rounds have steps that change the lock, so Repeats does not find them. Such a
// round is found at an Unlock, by the state of its goroutine. Let the state be that
// of an earlier Unlock, with only reads in between, and locks that are free again.
// Then the round had no effect, and the next will be the same until something changes
// that it has read: a value, or data that the lock protects.
//
// Claim: no behaviour is lost if the goroutine's next step waits for such a change: of
// a value, or a release of the lock by another goroutine after a section that was no
// such round.
//
// Proof: take an execution in which the goroutine makes another such round R before the
// change. Without R it is an execution too, and ends in the same state: other goroutines
// can take the lock in both, and none can observe R. Only TryLock could, so if it is
// used, no goroutine is held back. If R races with an access W by another goroutine u,
// the round before R races with W too: only a section of u before W could order that
// round before W, and such a section is a change after which R is not held back.
//
// Smallest execution: the loop above, beside a goroutine that sets done under the lock.
// The states of its first two rounds are compared, the second round is found to wait, and
// the third leaves. Without such a goroutine it is a livelock.

// A section is the state in which a goroutine released a lock, if it is known.
type section struct {
	state uint64
	known bool
	looks int // how many reads it had made
}

// mostSections is how many sections without an effect are remembered.
const mostSections = 64

// forgetSections is called when t has had an effect.
func (t *thread) forgetSections() { t.sections, t.looks = t.sections[:0], t.looks[:0] }

// harmless reports whether a step may be in a waiting round.
func harmless(c Code, k Kind) bool {
	switch c {
	case Load, lock, unlock, rLock, rUnlock, announce, drain:
		return true
	case CompareAndSwap:
		return k == Read
	}
	return false
}

// Unlocked is called after each Unlock and RUnlock. state returns a hash of the
// goroutine's local variables. It is called if the goroutine has had no effect since
// an earlier Unlock.
func (x *Explorer) Unlocked(state func(depth uintptr) uint64) {
	t := x.cur
	if x.killing || x.solo || x.ending != running || x.probe.thread == t || t.last < 0 {
		return
	}
	id := x.exec.events[t.last].obj
	t.looks = append(t.looks, seen{id, x.objs.at(id).content, true})
	if !x.cfg.NoRounds && !x.tried && x.comesBack(t, state) {
		x.heldBack = true
		return
	}
	x.endSection(t, id)
}

// needsRounds is the reason with which an exploration ends that must be made again
// without rounds.
const needsRounds = "TryLock"

// tries is called before each TryLock.
func (x *Explorer) tries() {
	if x.killing || x.solo {
		return
	}
	if x.tried = true; x.heldBack && !x.cfg.NoRounds {
		x.why = needsRounds
		x.end(cutShort)
	}
}

// endSection notes that data which the lock protects may have changed, for threads other
// than t.
func (x *Explorer) endSection(t *thread, id int32) {
	o := x.objs.at(id)
	for i := range t.looks {
		if t.looks[i] == (seen{id, o.content, true}) {
			t.looks[i].version++
		}
	}
	o.content++
}

// comesBack reports whether t has returned to an earlier state. It then holds t back.
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

// letGo ends holding t back, if it is known to go on: in an earlier run its state
// was found to differ. The state includes stack words that no variable uses any
// more, so the comparison may differ from run to run.
func (t *thread) letGo() { t.futile = t.futile[:0] }
