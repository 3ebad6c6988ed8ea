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
func (n *node) sleepsOver(exec *execution, q, e int32) {
	if exec.events[e].code.multi() {
		n.asleep = append(n.asleep, sleeper{q, n.channels, exec.takes[e], append(footprint(nil), exec.feet[e]...)})
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
		if s.thread != above.thread && !(x.exec.events[e].code.multi() && s.wokenBy(x.exec.feet[e])) {
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
	for int(i) >= len(x.exec.feet) {
		x.exec.feet = append(x.exec.feet, nil)
		x.exec.takes = append(x.exec.takes, taken{})
	}
	t := x.threads[x.exec.events[i].thread]
	s := t.sel
	x.exec.feet[i], x.exec.takes[i] = append(x.exec.feet[i][:0], s.foot...), s.taken
	if !x.wakes && int(i) >= x.exec.known {
		x.reversals.findMulti(i, t, clock)
	}
	if !x.wakes && s.meets != nil {
		x.reversals.findOfMet(i, s.meets)
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

// hasReady reports whether case j is one of the alternatives of s.
func (s *selection) hasReady(j int) bool {
	return slices.ContainsFunc(s.alts, func(a alternative) bool { return a.i == j })
}

func (f footprint) accesses(channel int32) bool {
	for _, a := range f {
		if a.side/sides == channel {
			return true
		}
	}
	return false
}
