package sched

import (
	"runtime"
	"slices"
	"sort"
)

// With Config.Late, Now is the virtual clock and a few nanoseconds more, the stamp of
// that call. Otherwise time would stand still between two ticks, and programs would fail
// that expect, as on a real machine, that a later time is later.
//
// A stamp is at least the stamps of all calls that come before it in the order that
// defines equivalence: those of its thread, those that precede its thread's last event,
// and all before the last tick. It is one more, if the thread has acted since it called
// Now at this place, or calls it at another place.
//
// Claim: equivalent executions have equal stamps. Proof: a stamp depends on the events
// of its thread, and on the calls that precede the last one of them. Both are the same
// in equivalent executions. So a call of Now is no step: it conflicts with none.
//
// Claim: a loop that waits is still recognized, because after its first round its calls
// of Now have no new place, and return the same. Smallest execution:
//
//	for !ready.Load() { if time.Since(start) > limit { return } }
//
// beside a goroutine that sets ready. If each call of Now returned more, no two
// rounds would have the same state.
//
// Two calls that nothing orders may have the same stamp, in each execution.
type stamps struct {
	top     int64     // the highest so far
	floor   int64     // the highest before the last tick
	readers []*thread // that have called Now
}

// stamped is what a thread knows of its calls of Now.
type stamped struct {
	began  int64 // the stamp of its parent when it was started
	calls  []stampedCall
	places []uint64 // of its calls since it has acted
	again  int      // how many calls have got a stamp of their own though their place was not new
}

// A stampedCall is the last call of Now before event n of its thread.
type stampedCall struct {
	n     int32
	stamp int64
}

// mostAgain is how many calls of Now at the same places get stamps of their own although
// the thread takes no step in between: a program may number things by their times.
const mostAgain = 100

// mostPlaces is how many places of calls are kept.
const mostPlaces = 64

func (s *stamps) reset() { s.top, s.floor, s.readers = 0, 0, s.readers[:0] }

func (s *stamped) reset(began int64) {
	*s = stamped{began: began, calls: s.calls[:0], places: s.places[:0]}
}

// acts is called when the thread has changed something that others may see.
func (s *stamped) acts() { s.places = s.places[:0] }

// last is the stamp of the thread's last call.
func (s *stamped) last() int64 {
	if n := len(s.calls); n > 0 {
		return s.calls[n-1].stamp
	}
	return s.began
}

// before is the stamp of the last call that precedes the thread's event n.
func (s *stamped) before(n uint32) int64 {
	i := sort.Search(len(s.calls), func(i int) bool { return uint32(s.calls[i].n) >= n })
	if i == 0 {
		return s.began
	}
	return s.calls[i-1].stamp
}

// isNew reports whether a call of Now by t, at a place, gets a stamp of its own.
func (t *thread) isNew(place uint64) bool {
	s := &t.stamped
	if !slices.Contains(s.places, place) {
		if len(s.places) == mostPlaces {
			return false
		}
		s.places = append(s.places, place)
		return true
	}
	if s.again < mostAgain && s.calls[len(s.calls)-1].n == t.n {
		s.again++
		return true
	}
	return false
}

// stamp is the stamp of t's call of Now.
func (x *Explorer) stamp(t *thread) int64 {
	v := &x.time.stamps
	switch {
	case !x.cfg.Late:
		return 0
	case x.solo:
		v.top++
		return v.top
	}
	stamp := x.stampBefore(t)
	if x.probe.thread == t {
		return stamp
	}
	if t.isNew(callPlace()) {
		stamp++
	}
	s := &t.stamped
	switch n := len(s.calls); {
	case n == 0:
		v.readers = append(v.readers, t)
		s.calls = append(s.calls, stampedCall{t.n, stamp})
	case s.calls[n-1].n == t.n:
		s.calls[n-1].stamp = stamp
	default:
		s.calls = append(s.calls, stampedCall{t.n, stamp})
	}
	v.top = max(v.top, stamp)
	return stamp
}

// stampBefore is the highest of the stamps that precede t's next step.
func (x *Explorer) stampBefore(t *thread) int64 {
	v := &x.time.stamps
	stamp := max(v.floor, t.stamped.last())
	if t.firing {
		stamp = max(stamp, t.timer.stamp)
	}
	if t.last < 0 {
		return stamp
	}
	clock := x.exec.clock(t.last)
	for _, q := range v.readers {
		if q != t && clock[q.id] > 0 {
			stamp = max(stamp, q.stamped.before(clock[q.id]))
		}
	}
	return stamp
}

// callPlace identifies the place of a call by its stack.
func callPlace() (h uint64) {
	var pcs [16]uintptr
	for _, pc := range pcs[:runtime.Callers(4, pcs[:])] {
		h = (h ^ uint64(pc)) * 1099511628211
	}
	return h
}

// Due is the time of the virtual clock at which a timer fires that is set to when. The running
// thread has computed when from the last result of Now. A context's deadline may have been computed
// from an earlier call: its timer would be due a few nanoseconds before others with the same
// duration. It is due with them, if the durations are whole microseconds.
func (x *Explorer) Due(when int64) int64 {
	if !x.cfg.Late {
		return when
	}
	stamp := x.cur.stamped.last()
	when -= stamp
	if up := (when + together - 1) / together * together; up-when <= stamp {
		return up
	}
	return when
}

// Stamp is the highest stamp so far.
func (x *Explorer) Stamp() int64 { return x.time.stamps.top }

// ContinueFrom makes the stamps of the first thread, which is alone, go on from one.
func (x *Explorer) ContinueFrom(stamp int64) {
	x.time.stamps = stamps{top: stamp, floor: stamp, readers: x.time.stamps.readers[:0]}
	x.cur.stamped.reset(stamp)
}
