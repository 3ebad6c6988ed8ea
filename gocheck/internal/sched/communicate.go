package sched

import "unsafe"

// A result is what a step of a select has done.
type result struct {
	box     unsafe.Pointer // the value that was received
	closed  bool           // the channel is
	changed bool           // the channel has changed
}

// perform does the alternative a of t's select, whose step has been added to the execution.
func (cs *channels) perform(t *thread, a alternative) result {
	s := t.sel
	c := cs.at(s.chans[a.i])
	send := s.cases[a.i].Send
	switch {
	case send && c.closed:
		return result{closed: true}
	case a.with.t != nil:
		return result{box: cs.meet(t, a, send), changed: true}
	case send:
		c.send(t, s.cases[a.i].Box)
		return result{changed: true}
	case !c.empty():
		return result{box: c.receive(t), changed: true}
	}
	joinSome(t.clock, c.ended)
	return result{closed: true}
}

// send puts a value into the buffer. The value carries t's clock, and t's clock
// joins that of the receive that made room.
func (c *channel) send(t *thread, box unsafe.Pointer) {
	c.sent = extend(c.sent)
	v := &c.sent[len(c.sent)-1]
	v.box, v.event = box, t.last
	t.release(&v.clock)
	if k := len(c.sent) - 1 - c.cap; k >= 0 {
		joinSome(t.clock, c.freed[k].clock)
	}
}

func (c *channel) receive(t *thread) unsafe.Pointer {
	v := &c.sent[c.taken]
	c.taken++
	c.freed = extend(c.freed)
	f := &c.freed[len(c.freed)-1]
	f.event = t.last
	t.release(&f.clock)
	joinSome(t.clock, v.clock)
	return v.box
}

// meet passes a value at an unbuffered channel. The clocks of both threads are
// joined.
func (cs *channels) meet(t *thread, a alternative, send bool) unsafe.Pointer {
	q := a.with.t
	m := meeting{event: t.last, i: a.with.i}
	box := unsafe.Pointer(nil)
	if send {
		m.box = t.sel.cases[a.i].Box
	} else {
		box = q.sel.cases[m.i].Box
	}
	cs.part(q)
	q.sel.met = m
	join(t.clock, q.clock)
	join(q.clock, t.clock)
	t.clock[t.id]++
	q.clock[q.id]++
	return box
}
