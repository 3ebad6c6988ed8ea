package sched

import "slices"

// survey returns the first channel's object, and whether one of the channels is
// unbuffered.
func (cs *channels) survey(s *selection) (first int32, unbuffered bool) {
	first = noObj
	for _, id := range s.chans {
		if id < 0 {
			continue
		}
		if first == noObj {
			first = cs.at(id).obj
		}
		unbuffered = unbuffered || cs.at(id).cap == 0
	}
	return first, unbuffered
}

// comes reports whether the next step of s is its arrival.
func (cs *channels) comes(s *selection) bool {
	_, unbuffered := cs.survey(s)
	return unbuffered
}

// sure reports whether some case of s needs no partner.
func (cs *channels) sure(s *selection) bool {
	for i := range s.cases {
		if cs.sureCase(s, i) {
			return true
		}
	}
	return false
}

func (cs *channels) sureCase(s *selection, i int) bool {
	id := s.chans[i]
	if id < 0 {
		return false
	}
	if s.cases[i].Send {
		return cs.at(id).canSend()
	}
	return cs.at(id).canReceive()
}

// mayMeet reports whether t's step may be to meet q, which waits. One of the
// two must have been waiting when the other arrived. It was not waiting if
// another case of its own was ready. A case that needs a partner does not
// count, because that partner can have arrived later.
func (cs *channels) mayMeet(s *selection, q *thread) bool {
	return s.block && !cs.sure(s) || !cs.sure(q.sel)
}

// canProceed reports whether t's select can run.
func (cs *channels) canProceed(t *thread) bool {
	return t.sel.met.event != noEvent || len(cs.alternatives(t)) > 0
}

// alternatives are the alternatives of t's select, in an order that is the same
// in equivalent executions.
func (cs *channels) alternatives(t *thread) []alternative {
	s := t.sel
	s.alts = s.alts[:0]
	for i, c := range s.cases {
		switch {
		case s.chans[i] < 0:
		case cs.sureCase(s, i):
			s.alts = append(s.alts, alternative{i: i})
		case cs.at(s.chans[i]).cap > 0:
		case !c.Send:
			cs.addOffer(t, i)
		case !s.block:
			cs.addReceivers(t, i)
		}
	}
	return s.alts
}

// addOffer adds the first sender that waits at case i's channel. A sender that
// waits there with several cases may meet with any of them.
func (cs *channels) addOffer(t *thread, i int) {
	s := t.sel
	var q *thread
	for _, p := range cs.at(s.chans[i]).offers {
		if q == nil && p.t != t && cs.mayMeet(s, p.t) {
			q = p.t
		}
		if q != nil && p.t == q {
			s.alts = append(s.alts, alternative{i, p})
		}
	}
}

// addReceivers adds all receivers that wait there.
func (cs *channels) addReceivers(t *thread, i int) {
	s := t.sel
	n := len(s.alts)
	for _, p := range cs.at(s.chans[i]).receivers {
		if p.t != t && cs.mayMeet(s, p.t) {
			s.alts = append(s.alts, alternative{i, p})
		}
	}
	if len(s.alts) > n+1 {
		slices.SortStableFunc(s.alts[n:], func(a, b alternative) int { return slices.Compare(a.with.t.lineage(), b.with.t.lineage()) })
	}
}

// couldRun reports whether the step of s, or the one that takes a case, could run
// without event f and the events after it. A select that does not block always can. The
// result is certain unless s would have to meet a partner that may have another ready
// case.
func (cs *channels) couldRun(s *selection, only int, f int32) (could, certain bool) {
	switch {
	case s.since != noEvent:
		return s.since != f && !cs.exec.after(s.since, f), true
	case !s.block || s.came == noEvent && cs.comes(s):
		return true, true
	case s.met.event != noEvent:
		return false, false // see noteDisabled
	case only != anyCase:
		return cs.readyWithout(f, s, only, s.cases[only].Send)
	}
	for i, c := range s.cases {
		if s.chans[i] < 0 {
			continue
		}
		ready, sure := cs.readyWithout(f, s, i, c.Send)
		could, certain = could || ready, certain || ready && sure
	}
	return could, certain
}

func (cs *channels) readyWithout(f int32, s *selection, i int, send bool) (ready, sure bool) {
	c := cs.at(s.chans[i])
	n := cs.without(f, c)
	switch {
	case n.closed, send && n.sent-n.taken < c.cap, !send && n.sent > n.taken:
		return true, true
	case send:
		return false, false
	}
	own := 0
	if s.came < f && c.cap == 0 {
		own = s.offersAt(s.chans[i])
	}
	return n.offers > own, len(s.cases) == 1
}
