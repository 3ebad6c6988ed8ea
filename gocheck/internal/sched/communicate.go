package sched

import (
	"slices"
	"unsafe"
)

// part removes all entries of t from the queues of channels.
func (x *Explorer) part(t *thread) {
	isMine := func(p party) bool { return p.t == t }
	for _, id := range t.sel.chans {
		if id >= 0 && x.chans[id].cap == 0 {
			c := &x.chans[id]
			c.offers = slices.DeleteFunc(c.offers, isMine)
			c.guests = slices.DeleteFunc(c.guests, isMine)
		}
	}
}

// perform does the alternative a, after the step has been added to the execution.
func (x *Explorer) perform(t *thread, a alternative) (box unsafe.Pointer, closed bool) {
	s := t.sel
	c := &x.chans[s.chans[a.i]]
	send := s.cases[a.i].Send
	switch {
	case send && c.closed:
		return nil, true
	case a.with.t != nil:
		return x.meet(t, a, send), false
	case send:
		x.send(t, c, s.cases[a.i].Box)
		return nil, false
	case !c.empty():
		return x.receive(t, c), false
	}
	if !x.solo {
		joinSome(t.clock, c.ended)
	}
	x.readChan(t, c.obj)
	return nil, true
}

// send puts a value into the buffer. The value carries t's clock, and t's clock
// joins that of the receive that made room.
func (x *Explorer) send(t *thread, c *channel, box unsafe.Pointer) {
	c.sent = extend(c.sent)
	v := &c.sent[len(c.sent)-1]
	v.box, v.event = box, t.last
	x.release(t, &v.clock)
	if k := len(c.sent) - 1 - c.cap; k >= 0 && !x.solo {
		joinSome(t.clock, c.freed[k].clock)
	}
	x.changedChan(c.obj)
}

func (x *Explorer) receive(t *thread, c *channel) unsafe.Pointer {
	v := &c.sent[c.taken]
	c.taken++
	c.freed = extend(c.freed)
	f := &c.freed[len(c.freed)-1]
	f.event = t.last
	x.release(t, &f.clock)
	if !x.solo {
		joinSome(t.clock, v.clock)
	}
	x.changedChan(c.obj)
	return v.box
}

// meet passes a value at an unbuffered channel. The clocks of both threads are
// joined.
func (x *Explorer) meet(t *thread, a alternative, send bool) unsafe.Pointer {
	q := a.with.t
	m := meeting{event: t.last, i: a.with.i}
	box := unsafe.Pointer(nil)
	if send {
		m.box = t.sel.cases[a.i].Box
	} else {
		box = q.sel.cases[m.i].Box
	}
	x.part(q)
	q.sel.met = m
	if !x.solo {
		join(t.clock, q.clock)
		join(q.clock, t.clock)
		t.clock[t.id]++
		q.clock[q.id]++
	}
	x.changedChan(x.chans[t.sel.chans[a.i]].obj)
	return box
}
