package sched

// A reversal is two conflicting events of different threads that no event
// between them orders. The second could have come first, in an execution that
// is not equivalent.
//
// If the second event is a meeting, the step that could have come first may be the
// partner's.
type reversal struct {
	first, second int32
	until         int32 // the second would come after the events up to here that do not come after the first
	thread        int32 // of the step that should come first
	channel       int32 // of the case that the step should take; nothing: any step
}

// reversals are those of the present execution that were noted when their last event was
// added to it. Races that end in events which the last execution also had were noted then.
type reversals struct {
	exec  *execution
	objs  *objects
	chans *channels

	list   []reversal
	missed []passed // selects that might have taken another case

	none   []uint32 // a clock of zeros
	joined []uint32 // these are scratch
	able   []able
	could  []taken // the alternatives of able threads
	foot   footprint
	needs  []int32
}

// reset forgets them, for a run whose clocks have this length.
func (rs *reversals) reset(stride int) {
	rs.list, rs.missed = rs.list[:0], rs.missed[:0]
	if cap(rs.joined) < stride {
		rs.joined, rs.none = make([]uint32, stride), make([]uint32, stride)
	}
}

// find notes the races that end in e, which is event i. clock is the clock
// of the event before it in its thread.
//
// A waiting operation cannot be moved before the event that let it go: an Unlock
// does not race with the Lock after it. It can be moved before an event at which
// its guard was open; it races with the last such event. Reversing that one must
// come before reversing earlier ones. For an operation that waits to the end see
// noteBlocked.
func (rs *reversals) find(i int32, e *event, clock []uint32) {
	o := rs.objs.at(e.obj)
	hist := o.hist
	g := traits[e.code].guard
	copied := false
	for k := o.lastOther(e.kind); k >= 0; k-- {
		f := hist[k]
		fe := &rs.exec.events[f]
		if !conflict(fe.kind, e.kind) || !fe.open(g, e.arg) {
			continue
		}
		known := clock
		if copied {
			known = rs.joined
		}
		if fe.thread != e.thread && known[fe.thread] <= uint32(fe.n) {
			rs.list = append(rs.list, reversal{f, i, i, e.thread, nothing})
			if !copied {
				copy(rs.joined, clock)
				copied = true
			}
			join(rs.joined, rs.exec.clock(f))
		}
		if fe.kind == Write {
			return
		}
	}
}

// findMulti notes the races of event i, t's step. clock has all that certainly
// precedes it. If the step takes one case, it would have been another step if another
// case had been ready: such a step races by the accesses of its own case.
func (rs *reversals) findMulti(i int32, t *thread, clock []uint32) {
	s := t.sel
	if !s.part {
		rs.findAt(i, t, anyCase, clock)
		return
	}
	rs.findAt(i, t, int(s.taken.i), clock)
	rs.findCases(i, t, clock)
}

// findAt notes the races of event i with a step of t by one case, or by any if
// only is anyCase. The event is a step of t, or meets t; in the latter case t might
// have gone on by itself before.
//
// Unlike find, it also notes a race whose first event precedes that of
// another race in happens-before, if it is not certain that the other race can
// be reversed.
func (rs *reversals) findAt(i int32, t *thread, only int, clock []uint32) {
	s := t.sel
	r := reversal{second: i, until: i, thread: t.id, channel: nothing}
	if only != anyCase {
		r.channel = s.chans[only]
	}
	for _, a := range s.foot {
		hist := rs.chans.at(a.side / sides).hist[a.side%sides]
		for k := len(hist) - 1; k >= 0; k-- {
			p := hist[k]
			if !conflict(p.kind, a.kind) {
				continue
			}
			certain := rs.exec.ordered(p.event, t, clock)
			if !certain {
				var could bool
				if could, certain = rs.chans.couldRun(s, only, p.event); could {
					r.first = p.event
					rs.note(r)
				}
			}
			if certain && p.kind == Write {
				break
			}
		}
	}
	for _, f := range s.needs {
		if rs.exec.ordered(f, t, clock) {
			continue
		}
		if could, _ := rs.chans.couldRun(s, only, f); could {
			r.first = f
			rs.note(r)
		}
	}
}

// findOfMet notes the races of q, the thread that event i meets.
func (rs *reversals) findOfMet(i int32, q *thread) {
	s := q.sel
	kept := s.foot
	s.foot, s.needs = nil, s.needs[:0]
	for j := range s.cases {
		rs.chans.addCase(s, s, j)
	}
	rs.findAt(i, q, anyCase, rs.exec.clock(q.last))
	s.foot = kept[:0]
}

// note notes r.
func (rs *reversals) note(r reversal) {
	for k := len(rs.list) - 1; k >= 0 && rs.list[k].second == r.second; k-- {
		if rs.list[k] == r {
			return
		}
	}
	rs.list = append(rs.list, r)
}

// dependsAtWorst reports whether a step like event i, if it came earlier, might
// have to come after event f. It is not known which thread it would then meet at
// an unbuffered channel, nor in which cases that thread waits. If channel is not
// nothing, the step takes a case with that channel.
func (rs *reversals) dependsAtWorst(i, channel, f int32) bool {
	if !rs.exec.events[f].code.multi() {
		return false
	}
	if channel != nothing {
		return rs.chans.at(channel).cap == 0 || rs.exec.feet[f].accesses(channel)
	}
	if rs.exec.events[i].code == timerFire {
		return true
	}
	for _, a := range rs.exec.feet[i] {
		if rs.chans.at(a.side/sides).cap == 0 {
			return true
		}
	}
	return len(rs.exec.feet[i]) == 0 || rs.exec.feet[i].sharesChannel(rs.exec.feet[f])
}
