package sched

// addFootprint is what the step of t's select touches: the same whichever
// alternative is taken. Whoever is met leaves other channels, and does not look
// at them again, so what it sees there belongs to the step as well.
func (x *Explorer) addFootprint(t *thread) {
	s := t.sel
	for i := range s.cases {
		x.addCase(s, s, i)
	}
	for _, a := range s.alts {
		if a.with.t != nil {
			x.addOther(s, a.with.t)
		}
	}
}

// addOther adds what q's select touches, if it has more than the case at which it
// is met.
func (x *Explorer) addOther(s *selection, q *thread) {
	if len(q.sel.cases) > 1 {
		for j := range q.sel.cases {
			x.addCase(s, q.sel, j)
		}
	}
}

// addStatus adds what says whether q may be met.
func (x *Explorer) addStatus(s *selection, q *thread) {
	if len(q.sel.cases) > 1 {
		for _, id := range q.sel.chans {
			if id >= 0 {
				s.sees(id)
			}
		}
	}
}

// addCase adds to s what case i of of touches.
func (x *Explorer) addCase(s, of *selection, i int) {
	id := of.chans[i]
	if id < 0 {
		return
	}
	switch c := &x.chans[id]; {
	case of.cases[i].Send && c.cap > 0:
		x.addSend(s, id, c)
	case of.cases[i].Send:
		x.addMeetingSend(s, of, id, c)
	case c.cap > 0:
		x.addReceive(s, id, c)
	default:
		x.addMeetingReceive(s, of, id, c)
	}
}

func (s *selection) add(id int32, side int32, k Kind) { s.foot = s.foot.with(id*sides+side, k) }

// sees is to find nothing there, or that the channel is closed.
func (s *selection) sees(id int32) {
	s.add(id, tail, Read)
	s.add(id, head, Read)
}

func (s *selection) need(event int32) {
	if event != noEvent {
		s.needs = append(s.needs, event)
	}
}

// addSend: that the channel is closed is all that a send sees of it, unless it
// would have waited for a receive before.
func (x *Explorer) addSend(s *selection, id int32, c *channel) {
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

func (x *Explorer) addReceive(s *selection, id int32, c *channel) {
	if c.empty() {
		s.sees(id)
		return
	}
	s.add(id, head, Write)
	s.need(c.sent[c.taken].event)
}

// addMeetingSend: a select that waits withdraws its offer, or has it taken; one
// that does not looks for guests.
func (x *Explorer) addMeetingSend(s, of *selection, id int32, c *channel) {
	switch {
	case c.closed:
		s.add(id, tail, Read)
	case of.block:
		s.add(id, tail, Write)
		s.add(id, head, Write)
	default:
		s.add(id, tail, Read)
		s.add(id, guestSide, Read)
		for _, p := range c.guests {
			if p.t.sel == of {
				continue
			}
			if x.mayMeet(of, p.t) {
				s.add(id, guestSide, Write)
			}
			x.addStatus(s, p.t)
		}
	}
}

func (x *Explorer) addMeetingReceive(s, of *selection, id int32, c *channel) {
	if of.block {
		s.add(id, guestSide, Accum)
	}
	sure := x.sure(of)
	for _, p := range c.offers {
		if p.t.sel == of {
			continue
		}
		if x.mayMeet(of, p.t) {
			s.add(id, head, Write)
			s.need(p.t.sel.came)
			return
		}
		if sure || !of.block {
			x.addStatus(s, p.t)
		}
	}
	s.sees(id)
}
