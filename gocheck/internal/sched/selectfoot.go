package sched

// addFootprint adds the accesses of the step of t's select, which takes a, or
// finds nothing if ok is false.
//
// A partner that is met leaves its other channels, and does not read them again,
// so its reads of them belong to the step as well. Whether two selects with
// several cases may meet depends on all of them (see mayMeet).
func (x *Explorer) addFootprint(t *thread, a alternative, ok bool) {
	s := t.sel
	if !t.firing {
		s.taken = a.taken()
	}
	if s.part = ok && !t.firing && !x.cfg.TimersAnyTime && x.chans.isApart(s, a, x.cfg.offers); !s.part {
		x.chans.addAll(s)
		return
	}
	x.chans.addCase(s, s, a.i)
	for j := range s.cases {
		if j != a.i {
			x.chans.addLeaving(s, j)
		}
	}
}

// isApart reports whether each case of s that might be ready depends on no more than its
// own channel, and a as well. That is so for a case with a buffer, and for one
// that is closed. At an unbuffered channel two selects with several cases meet only
// if one of them has no other ready case. So such a case depends on more, unless
// no select with several cases offers (offers), or s has no ready case that needs no
// partner. If s does not wait, its default depends on all cases.
//
// With timers at any time no case is apart: Now tells whether the timer of another case
// has fired.
func (cs *channels) isApart(s *selection, a alternative, offers bool) bool {
	if q := a.with.t; !s.block || len(s.cases) == 1 || q != nil && len(q.sel.cases) > 1 {
		return false
	}
	if !offers || !cs.sure(s) {
		return true
	}
	for j, c := range s.cases {
		if id := s.chans[j]; j != a.i && id >= 0 && cs.at(id).cap == 0 && !c.Send {
			return false
		}
	}
	return true
}

// noteOffer is called when s comes to wait. If s has several cases and offers, the
// executions have to be explored again, see isApart.
func (x *Explorer) noteOffer(s *selection) {
	if x.cfg.offers || x.wakes || len(s.cases) == 1 {
		return
	}
	for i, id := range s.chans {
		if id >= 0 && x.chans.at(id).cap == 0 && s.cases[i].Send {
			x.why = needsOffers
			x.end(cutShort)
		}
	}
}

// needsOffers is the reason with which an exploration ends that must be made again with
// Config.offers.
const needsOffers = "offers"

func (s *selection) add(id int32, side int32, k Kind) { s.foot = s.foot.with(id*sides+side, k) }

// sees adds the reads of an operation that finds nothing, or a closed channel.
func (s *selection) sees(id int32) {
	s.add(id, tail, Read)
	s.add(id, head, Read)
}

func (s *selection) need(event int32) {
	if event != noEvent {
		s.needs = append(s.needs, event)
	}
}

// addLeaving adds the accesses of a step by which s no longer waits at case i's
// channel.
func (cs *channels) addLeaving(s *selection, i int) {
	id := s.chans[i]
	switch {
	case s.came == noEvent || id < 0 || cs.at(id).cap > 0 || cs.at(id).closed:
	case s.cases[i].Send:
		s.add(id, tail, Write)
		s.add(id, head, Write)
	default:
		s.add(id, guestSide, Accum)
	}
}

// addAll adds the accesses of all cases.
func (cs *channels) addAll(s *selection) {
	for i := range s.cases {
		cs.addCase(s, s, i)
	}
	for _, a := range s.alts {
		if a.with.t != nil {
			cs.addOther(s, a.with.t)
		}
	}
}

// addOther adds the accesses of q's select, if it has more cases than the one at
// which it is met.
func (cs *channels) addOther(s *selection, q *thread) {
	if len(q.sel.cases) > 1 {
		for j := range q.sel.cases {
			cs.addCase(s, q.sel, j)
		}
	}
}

// addStatus adds the reads that decide whether q may be met.
func (cs *channels) addStatus(s *selection, q *thread) {
	if len(q.sel.cases) > 1 {
		for _, id := range q.sel.chans {
			if id >= 0 {
				s.sees(id)
			}
		}
	}
}

// addCase adds to s the accesses of case i of of.
func (cs *channels) addCase(s, of *selection, i int) {
	id := of.chans[i]
	if id < 0 {
		return
	}
	switch c := cs.at(id); {
	case of.cases[i].Send && c.cap > 0:
		cs.addSend(s, id, c)
	case of.cases[i].Send:
		cs.addMeetingSend(s, of, id, c)
	case c.cap > 0:
		cs.addReceive(s, id, c)
	default:
		cs.addMeetingReceive(s, of, id, c)
	}
}

// addSend: a send reads only whether the channel is closed, unless it would
// have waited for a receive.
func (cs *channels) addSend(s *selection, id int32, c *channel) {
	switch {
	case c.closed && !c.full():
		s.add(id, tail, Read)
	case c.full():
		s.sees(id)
	default:
		s.add(id, tail, Write)
		if k := len(c.sent) - c.cap; k >= 0 {
			s.need(c.freed[k].event)
		}
	}
}

func (cs *channels) addReceive(s *selection, id int32, c *channel) {
	if c.empty() {
		s.sees(id)
		return
	}
	s.add(id, head, Write)
	s.need(c.sent[c.taken].event)
}

// addMeetingSend: the offer of a waiting select is withdrawn or taken. A select
// that does not wait reads whether receivers wait.
func (cs *channels) addMeetingSend(s, of *selection, id int32, c *channel) {
	switch {
	case c.closed:
		s.add(id, tail, Read)
	case of.block:
		s.add(id, tail, Write)
		s.add(id, head, Write)
	default:
		s.add(id, tail, Read)
		s.add(id, guestSide, Read)
		for _, p := range c.receivers {
			if p.t.sel == of {
				continue
			}
			if cs.mayMeet(of, p.t) {
				s.add(id, guestSide, Write)
			}
			cs.addStatus(s, p.t)
		}
	}
}

func (cs *channels) addMeetingReceive(s, of *selection, id int32, c *channel) {
	if of.block {
		s.add(id, guestSide, Accum)
	}
	sure := cs.sure(of)
	for _, p := range c.offers {
		if p.t.sel == of {
			continue
		}
		if cs.mayMeet(of, p.t) {
			s.add(id, head, Write)
			s.need(p.t.sel.came)
			return
		}
		if sure || !of.block {
			cs.addStatus(s, p.t)
		}
	}
	s.sees(id)
}
