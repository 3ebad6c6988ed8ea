package sched

import (
	"fmt"
	"unsafe"
)

// ChanState is read at a channel's first use in an execution, because the
// channel may be older than the execution.
type ChanState struct {
	Cap    int
	Closed bool
	Boxes  []unsafe.Pointer // buffered values, oldest first
}

// The sides of a channel. Operations on different sides commute.
//
// A send changes the tail, a receive the head: on a buffered channel that is
// neither full nor empty the two commute, and on one that is, only one of them
// can run. A receive comes after the send of its value, and send number k+Cap
// after receive number k. These orders are kept as such, and not as conflicts. An
// operation that finds nothing reads both sides.
//
// On an unbuffered channel senders queue at the tail, with their values. Only a
// send that does not wait itself can see whether a receiver waits. So the
// arrival and the departure of receivers are accumulations on a side of their
// own.
const (
	tail = iota
	head
	guestSide
	sides
)

// A channel is the explorer's state of a channel in this execution.
type channel struct {
	obj       int32 // its object, for messages and for Spin
	cap       int
	closed    bool
	sent      []transfer    // a buffered channel's values, from the first on
	taken     int           // how many of them have been received
	freed     []transfer    // the receives of these
	offers    []waitingCase // senders that wait at an unbuffered channel, first come first
	receivers []waitingCase // receivers that wait there
	hist      [sides][]past
	counts    []count  // before each event on it
	ended     []uint32 // the clock of its close
}

// A transfer is a send or a receive at a buffered channel.
type transfer struct {
	box   unsafe.Pointer
	clock []uint32
	event int32
}

// A waitingCase is a case of a select that waits.
type waitingCase struct {
	t *thread
	i int
}

// A count is the state of a channel just before an event.
type count struct {
	event               int32
	sent, taken, offers int
	closed              bool
}

func (c *channel) full() bool  { return len(c.sent)-c.taken >= c.cap }
func (c *channel) empty() bool { return c.taken == len(c.sent) }

// canSend and canReceive report whether the operation needs no partner.
func (c *channel) canSend() bool    { return c.closed || !c.full() }
func (c *channel) canReceive() bool { return c.closed || !c.empty() }

func (c *channel) remember(event int32) {
	if n := len(c.counts); n > 0 && c.counts[n-1].event == event {
		return
	}
	c.counts = append(c.counts, c.count(event))
}

func (c *channel) count(event int32) count {
	return count{event, len(c.sent), c.taken, len(c.offers), c.closed}
}

// add adds the change from a to b.
func (n *count) add(a, b count) {
	n.sent += b.sent - a.sent
	n.taken += b.taken - a.taken
	n.offers += b.offers - a.offers
	n.closed = n.closed || b.closed != a.closed
}

func (c *channel) reset(obj int32, s ChanState) {
	clearBoxes(c.sent)
	*c = channel{obj: obj, cap: s.Cap, closed: s.Closed, sent: c.sent[:0], freed: c.freed[:0],
		offers: c.offers[:0], receivers: c.receivers[:0], counts: c.counts[:0], ended: c.ended[:0],
		hist: [sides][]past{c.hist[0][:0], c.hist[1][:0], c.hist[2][:0]}}
	for _, b := range s.Boxes {
		c.sent = extend(c.sent)
		c.sent[len(c.sent)-1] = transfer{b, c.sent[len(c.sent)-1].clock[:0], noEvent}
	}
}

const noEvent = -1

func clearBoxes(list []transfer) {
	for i := range list {
		list[i].box = nil
	}
}

// extend makes list longer by one; the storage of the clock there stays.
func extend(list []transfer) []transfer {
	if len(list) < cap(list) {
		return list[:len(list)+1]
	}
	return append(list, transfer{})
}

// UseChan gives the channel at p a number. Otherwise the first operation does. A
// timer's channel must have one when the timer is started, or else equivalent
// executions would be explored.
func (x *Explorer) UseChan(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) {
	x.chans.number(p, state)
}

// NameChan gives the channel at p a name for messages.
func (x *Explorer) NameChan(p unsafe.Pointer, name string, state func(unsafe.Pointer) ChanState) {
	x.objs.at(x.chans.at(x.chans.number(p, state)).obj).name = name
}

// CloseChan is close(c). False: it is closed already.
func (x *Explorer) CloseChan(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) (ok bool) {
	x.alive()
	id := x.chans.number(p, state)
	t := x.cur
	if !x.announce(chanClose, x.chans.at(id).obj) {
		x.deviateNow(t)
	}
	c := x.chans.at(id)
	foot := t.foot()
	switch {
	case c.closed:
		foot = foot.with(id*sides+tail, Read)
	case c.cap == 0:
		foot = foot.with(id*sides+head, Write).with(id*sides+tail, Write)
	default:
		foot = foot.with(id*sides+tail, Write)
	}
	t.sel.foot = foot
	ok = !c.closed
	x.leaveMulti(t)
	x.note1("close")
	if ok {
		c.closed = true
		c.offers = c.offers[:0]
		t.release(&c.ended)
		x.changedChan(c.obj)
	}
	return ok
}

// LenChan is len(c).
func (x *Explorer) LenChan(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) int {
	x.alive()
	id := x.chans.number(p, state)
	if id < 0 || x.chans.at(id).cap == 0 {
		return 0
	}
	t := x.cur
	obj := x.chans.at(id).obj
	if !x.announce(chanLen, obj) {
		x.probeRead(t, obj)
		return len(x.chans.at(id).sent) - x.chans.at(id).taken
	}
	c := x.chans.at(id)
	foot := t.foot().with(id*sides+tail, Read).with(id*sides+head, Read)
	t.sel.foot = foot
	n := len(c.sent) - c.taken
	x.leaveMulti(t)
	x.note1(fmt.Sprintf("len = %d", n))
	x.readChan(t, obj)
	return n
}
