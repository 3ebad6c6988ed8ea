package sched

import "slices"

// An access is the effect of an operation on one side of a channel. A select
// has several: its footprint. Two such operations commute unless their
// footprints have a side in common on which they conflict. No other operations
// access these sides, so operations on objects need no footprints.
type access struct {
	side int32
	kind Kind
}

type footprint []access

// with is f with one more access. A side that is both read and accumulated
// counts as written.
func (f footprint) with(side int32, k Kind) footprint {
	for i := range f {
		if f[i].side == side {
			if f[i].kind != k {
				f[i].kind = Write
			}
			return f
		}
	}
	return append(f, access{side, k})
}

func (f footprint) conflicts(g footprint) bool {
	for _, a := range f {
		for _, b := range g {
			if a.side == b.side && conflict(a.kind, b.kind) {
				return true
			}
		}
	}
	return false
}

// sharesChannel reports whether both access the same channel, on any side.
func (f footprint) sharesChannel(g footprint) bool {
	for _, a := range f {
		for _, b := range g {
			if a.side/sides == b.side/sides {
				return true
			}
		}
	}
	return false
}

// writes reports whether f changes anything.
func (f footprint) writes() bool {
	for _, a := range f {
		if a.kind != Read {
			return true
		}
	}
	return false
}

func (f footprint) writesSide(side int32) bool {
	for _, a := range f {
		if a.side == side && a.kind == Write {
			return true
		}
	}
	return false
}

// multi reports whether operations with this code have footprints.
func (c Code) multi() bool { return c >= chanArrive && c <= timerReset }

// chooses reports whether they choose among alternatives, whose number is the
// event's arg.
func (c Code) chooses() bool { return c == choose || c == chanSelect || c == chanTry || c == timerFire }

// A past is a side's access in this execution.
type past struct {
	event int32
	kind  Kind
}

// A taken is what a step on channels does: the case that a select takes, and
// its partner with the partner's case.
type taken struct{ i, with, at int32 }

var (
	anyStep = taken{i: -2, with: nothing} // the thread's only step
	noCase  = taken{i: -1, with: nothing} // no case is ready
)

// A sleeper is the footprint of a step that a sleeping thread could take.
// Channels that the step itself would be the first to use have numbers from known
// on. These numbers are meaningless in another execution: there any new channel may
// be one of them.
type sleeper struct {
	thread int32
	known  int32
	as     taken
	foot   footprint
}

// sleepsOver keeps q asleep with the footprint of event e.
func (n *node) sleepsOver(x *Explorer, q, e int32) {
	if x.exec.events[e].code.multi() {
		n.asleep = append(n.asleep, sleeper{q, n.channels, x.takes[e], append(footprint(nil), x.feet[e]...)})
	}
}

// sleepsAs reports whether the step of q that takes as sleeps at n.
func (n *node) sleepsAs(q int32, as taken) bool {
	for i := range n.asleep {
		if s := &n.asleep[i]; s.thread == q && (s.as == as || s.as == anyStep) {
			return true
		}
	}
	return false
}

// inheritMulti keeps those steps asleep at n, which comes after above by event e,
// that commute with e.
func (n *node) inheritMulti(x *Explorer, above *node, e int32) {
	for i := range above.asleep {
		s := &above.asleep[i]
		if s.thread != above.thread && !(x.exec.events[e].code.multi() && s.wokenBy(x.feet[e])) {
			n.asleep = append(n.asleep, *s)
		}
	}
	for i := range n.asleep {
		q := n.asleep[i].thread
		if !n.sleep.has(q) && n.sleepsWhole(x, x.threads[q]) {
			n.sleepLike(above, q)
		}
	}
}

// sleepsWhole reports whether all steps that t could take now sleep at n.
func (n *node) sleepsWhole(x *Explorer, t *thread) bool {
	if t.op.code != chanSelect && t.op.code != chanTry || t.sel.met.event != noEvent {
		return n.sleepsAs(t.id, anyStep)
	}
	alts := x.chans.alternatives(t)
	for i := range alts {
		if !n.sleepsAs(t.id, alts[i].taken()) {
			return false
		}
	}
	return len(alts) > 0 || n.sleepsAs(t.id, noCase)
}

func (s *sleeper) wokenBy(foot footprint) bool {
	return s.foot.conflicts(foot) || s.foot.reaches(s.known) && foot.reaches(s.known)
}

// reaches reports whether f accesses a channel with that number or a higher one.
func (f footprint) reaches(known int32) bool {
	for _, a := range f {
		if a.side/sides >= known {
			return true
		}
	}
	return false
}

// orderMulti is order for an event with a footprint.
func (x *Explorer) orderMulti(i int32, clock []uint32) {
	for int(i) >= len(x.feet) {
		x.feet = append(x.feet, nil)
		x.takes = append(x.takes, taken{})
	}
	t := x.threads[x.exec.events[i].thread]
	s := t.sel
	x.feet[i], x.takes[i] = append(x.feet[i][:0], s.foot...), s.taken
	if !x.wakes && int(i) >= x.exec.known {
		x.findRacesMulti(i, t, clock)
	}
	if !x.wakes && s.meets != nil {
		x.findRacesOfMet(i, s.meets)
	}
	for _, a := range s.foot {
		x.chans.orderSide(i, a, clock)
	}
	for _, f := range s.needs {
		join(clock, x.exec.clock(f))
	}
	for _, a := range s.foot {
		x.chans.at(a.side / sides).remember(i)
	}
}

// findRacesMulti notes the races of event i, t's step. clock has all that certainly
// precedes it. If the step takes one case, it would have been another step if another
// case had been ready: such a step races by the accesses of its own case.
func (x *Explorer) findRacesMulti(i int32, t *thread, clock []uint32) {
	s := t.sel
	if !s.part {
		x.findRacesAt(i, t, anyCase, clock)
		return
	}
	x.findRacesAt(i, t, int(s.taken.i), clock)
	foot, needs := s.foot, s.needs
	for j := range s.cases {
		if s.chans[j] < 0 || s.hasReady(j) {
			continue // not a case, or another choice here
		}
		s.foot, s.needs = x.spareFoot[:0], x.spareNeeds[:0]
		x.chans.addCase(s, s, j)
		x.findRacesAt(i, t, j, clock)
		x.spareFoot, x.spareNeeds = s.foot, s.needs
	}
	s.foot, s.needs = foot, needs
}

// hasReady reports whether case j is one of the alternatives of s.
func (s *selection) hasReady(j int) bool {
	return slices.ContainsFunc(s.alts, func(a alternative) bool { return a.i == j })
}

// findRacesAt notes the races of event i with a step of t by one case, or by any if
// only is anyCase. The event is a step of t, or meets t; in the latter case t might
// have gone on by itself before.
//
// Unlike findRaces, it also notes a race whose first event precedes that of
// another race in happens-before, if it is not certain that the other race can
// be reversed.
func (x *Explorer) findRacesAt(i int32, t *thread, only int, clock []uint32) {
	s := t.sel
	r := reversal{second: i, until: i, thread: t.id, channel: nothing}
	if only != anyCase {
		r.channel = s.chans[only]
	}
	for _, a := range s.foot {
		hist := x.chans.at(a.side / sides).hist[a.side%sides]
		for k := len(hist) - 1; k >= 0; k-- {
			p := hist[k]
			if !conflict(p.kind, a.kind) {
				continue
			}
			certain := x.exec.ordered(p.event, t, clock)
			if !certain {
				var could bool
				if could, certain = x.chans.couldRun(s, only, p.event); could {
					r.first = p.event
					x.noteRace(r)
				}
			}
			if certain && p.kind == Write {
				break
			}
		}
	}
	for _, f := range s.needs {
		if x.exec.ordered(f, t, clock) {
			continue
		}
		if could, _ := x.chans.couldRun(s, only, f); could {
			r.first = f
			x.noteRace(r)
		}
	}
}

// noteRace notes r.
func (x *Explorer) noteRace(r reversal) {
	for k := len(x.races) - 1; k >= 0 && x.races[k].second == r.second; k-- {
		if x.races[k] == r {
			return
		}
	}
	x.races = append(x.races, r)
}

// findRacesOfMet notes the races of q, the thread that event i meets.
func (x *Explorer) findRacesOfMet(i int32, q *thread) {
	s := q.sel
	kept := s.foot
	s.foot, s.needs = nil, s.needs[:0]
	for j := range s.cases {
		x.chans.addCase(s, s, j)
	}
	x.findRacesAt(i, q, anyCase, x.exec.clock(q.last))
	s.foot = kept[:0]
}

// dependsAtWorst reports whether a step like event i, if it came earlier, might
// have to come after event f. It is not known with which thread it would then
// meet at an unbuffered channel, and what else that thread waits for. If channel is
// not nothing, the step takes a case with that channel.
func (x *Explorer) dependsAtWorst(i, channel, f int32) bool {
	if !x.exec.events[f].code.multi() {
		return false
	}
	if channel != nothing {
		return x.chans.at(channel).cap == 0 || x.feet[f].accesses(channel)
	}
	if x.exec.events[i].code == timerFire {
		return true
	}
	for _, a := range x.feet[i] {
		if x.chans.at(a.side/sides).cap == 0 {
			return true
		}
	}
	return len(x.feet[i]) == 0 || x.feet[i].sharesChannel(x.feet[f])
}

func (f footprint) accesses(channel int32) bool {
	for _, a := range f {
		if a.side/sides == channel {
			return true
		}
	}
	return false
}
