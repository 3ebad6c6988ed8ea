package sched

import (
	"runtime"
	"slices"
)

// seen is the version of an object that a thread has read last, or of a plain
// variable if obj is negative.
type seen struct {
	obj     int32
	version uint32
	section bool // the version is of the data that obj, a lock, protects
}

// Spin is called by a loop that waits for another goroutine: its round has had
// no effect, and it is about to read again.
//
// Reading again is useless before something has changed that the round has read.
// So the goroutine waits, and the rounds of a waiting loop are not unrolled. The
// reads of a round are found by running it once more on the present memory (a
// probe, which is no part of the execution). The probe may return to Spin without
// a write, after the same reads as the round. Then the round has no effect, and it
// will do the same again until one of these values changes. Otherwise this Spin did not wait for another goroutine, and
// the execution is run again with this Spin returning at once.
//
// A round in vain is not explored as a step among others (see leaveOut): it could as
// well come later, until something that it reads has changed. Awaiting for Godot
// (Jonsson, Lång, Sagonas, FMCAD 2022) does the same for loads that wait.
//
// A loop may call Spin at several places. A probe ends at the call where it began: a
// call at another place is within its round.
func (x *Explorer) Spin() { x.spin(false) }

// Idle is Spin for a goroutine that may wait forever.
func (x *Explorer) Idle() { x.spin(true) }

func (x *Explorer) spin(idle bool) {
	t := x.cur
	switch {
	case x.killing:
		x.leave()
	case x.solo:
		x.fail(Livelock, "a function that was given to Final, which runs when all has ended, spins")
	case x.probe.thread == t && x.probe.from.known:
		x.probe.end()
		x.wait(t, idle)
		return
	}
	at := spinsAt()
	if x.probe.thread == t {
		ended, ok := x.probe.spins(at)
		x.unlessWaiting(t, ok)
		if ended {
			x.probe.end()
			x.wait(t, idle)
		}
		return
	}
	x.spins++
	from := x.at
	x.at = round{}
	if x.stack.passed(x.exec.depth, x.spins) {
		if len(t.reads) == mostSeen {
			t.forgetReads() // further reads have not been noted
		}
		return
	}
	x.probe.begin(t, at, from)
}

// spinsAt is the program counter of the program's call of Spin.
func spinsAt() uintptr {
	var pcs [1]uintptr
	runtime.Callers(5, pcs[:])
	return pcs[0]
}

// A pass is a Spin that was found not to wait: the nth after so many events.
type pass struct{ depth, nth int }

// probeRead is a read of a probe.
func (x *Explorer) probeRead(t *thread, obj int32) { x.unlessWaiting(t, x.probe.read(obj)) }

// unlessWaiting ends the probe of t if its round does not wait.
func (x *Explorer) unlessWaiting(t *thread, waits bool) {
	if !waits {
		x.deviateNow(t)
	}
}

const mostSeen = 1 << 14

// saw notes a read, for the next Spin. If there are very many, as in a
// computation between two effects, the last ones are not noted: a round with so
// many reads counts as not waiting.
func (t *thread) saw(s seen) {
	if len(t.reads) < mostSeen {
		t.reads = append(t.reads, s)
	}
}

func contains(list []seen, s seen) bool {
	for _, o := range list {
		if o == s {
			return true
		}
	}
	return false
}

// deviate notes that the Spin before the probe did not wait.
func (x *Explorer) deviate() {
	x.stack.passes = append(x.stack.passes, pass{x.exec.depth, x.spins})
	x.deviated++
	x.stack.prefix, x.stack.fresh = x.exec.depth, -1
	x.ending = restarting
}

func (x *Explorer) deviateNow(t *thread) {
	x.probe.end()
	x.deviate()
	t.park()
}

// wait parks t until one of the versions in t.waits changes.
func (x *Explorer) wait(t *thread, idle bool) {
	x.leaveOut(t)
	t.waiting, t.idle, t.woken, t.ticked = true, idle, false, false
	x.waiters++
	t.op = op{wake, noObj, 0}
	if x.rec != nil {
		x.rec.wait(x, t)
	}
	x.turn(t)
	t.waiting, t.idle = false, false
	x.waiters--
	t.forgetReads()
	x.Leave(Read, false)
	t.ticked = false
}

// wakeWaiters is called when an object has got a new version.
func (x *Explorer) wakeWaiters(obj int32, version uint32) {
	if x.waiters > 0 {
		x.threads.wake(obj, version)
	}
}

// A vain is a step that ends a round in vain, with what the thread would then wait
// for.
type vain struct {
	depth  int
	thread int32
	waits  []seen
}

// watchesOnly reports whether t's round has read only the clock: it had no step.
func (x *Explorer) watchesOnly(t *thread) bool {
	return len(t.waits) == 1 && t.waits[0].obj == x.time.obj
}

// leaveOut ends the execution if t has just begun to wait and others could have
// run in place of its last step. The execution is then run again without that
// step, and t sleeps until an event conflicts with it, as if all that can
// follow had been explored. Nothing is lost:
//
//   - If something changes later that the round has read, the round might have
//     come after that. If the last step reads it, the change wakes t. If an
//     earlier step of the round has read it, the two race, and the reversal
//     starts the round again.
//   - If something changed before, the step might not have been in vain before
//     that change. That is a race like others, and is noted here.
//   - If nothing changes, then t is left at the end with its step (see pickVain), and
//     waits forever.
func (x *Explorer) leaveOut(t *thread) {
	d := x.exec.depth - 1
	if x.wakes || d < 0 || x.exec.events[d].thread != t.id || x.watchesOnly(t) {
		return
	}
	n := &x.stack.nodes[d]
	if len(n.left) > 0 {
		return // the step could be another one, which is not in vain
	}
	for _, u := range x.threads {
		if u == t || !x.enabled(u) || n.vain.has(u.id) {
			continue
		}
		x.reverseRaces()
		n.sleep.add(t.id)
		n.readonly.add(t.id)
		n.vain.add(t.id)
		n.sleepsOver(&x.exec, t.id, int32(d))
		x.stack.vains = append(x.stack.vains, vain{d, t.id, objectsOf(t.waits)})
		x.stack.racesUpTo = d
		x.stack.forget(d)
		x.stack.prefix, x.stack.fresh, x.stack.instead = d, -1, true
		x.stats.Blocked++
		x.end(restarting)
	}
}

// objectsOf leaves out plain variables: their values cannot change without a
// race, and their numbers may differ when the round is run again.
func objectsOf(waits []seen) (kept []seen) {
	for _, s := range waits {
		if s.obj >= 0 {
			kept = append(kept, s)
		}
	}
	return kept
}

// pickVain is a thread that sleeps only because its step would be in vain. It
// may take the step now, because no other thread is left. It is nil if a value
// has changed that the thread's round has read before: then the thread would go
// on, and another execution has that.
func (x *Explorer) pickVain(n *node) *thread {
	for i := len(x.stack.vains) - 1; i >= 0; i-- {
		v := &x.stack.vains[i]
		if !n.vain.has(v.thread) {
			continue
		}
		for _, s := range v.waits {
			if x.memory.version(s.obj) != s.version {
				return nil
			}
		}
		n.sleep.remove(v.thread)
		n.vain.remove(v.thread)
		n.asleep = slices.DeleteFunc(n.asleep, func(s sleeper) bool { return s.thread == v.thread })
		return x.threads[v.thread]
	}
	return nil
}
