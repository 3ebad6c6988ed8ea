package sched

import (
	"testing"
	"unsafe"
)

// newTable is an empty table of channels, of an execution without events.
func newTable() *channels {
	exec := newExecution()
	exec.reset(0)
	return &channels{objs: &objects{}, exec: &exec}
}

// selecting is a thread whose select has these cases.
func selecting(cs *channels, id int32, block bool, cases ...Case) *thread {
	t := &thread{id: id, clock: make([]uint32, firstStride), sel: &selection{cases: cases, block: block, came: noEvent, since: noEvent, met: meeting{event: noEvent}}}
	for _, c := range cases {
		t.sel.chans = append(t.sel.chans, cs.number(c.Chan, nil))
	}
	return t
}

func TestChannelsAreNumbered(t *testing.T) {
	cs := newTable()
	p, q := unsafe.Pointer(new(int)), unsafe.Pointer(new(int))
	state := func(p unsafe.Pointer) ChanState { return ChanState{Cap: 1} }
	if cs.number(nil, state) != -1 || cs.number(p, state) != 0 || cs.number(q, state) != 1 || cs.number(p, nil) != 0 {
		t.Error("a channel gets its number at its first use")
	}
	if cs.reset(); cs.number(q, state) != 0 || cs.at(0).cap != 1 {
		t.Error("numbers begin anew in each run")
	}
}

// At an unbuffered channel a receiver meets the sender that came first; two selects that
// both have another ready case never meet.
func TestAlternativesAtAnUnbufferedChannel(t *testing.T) {
	cs := newTable()
	p, full := unsafe.Pointer(new(int)), unsafe.Pointer(new(int))
	cs.number(p, func(unsafe.Pointer) ChanState { return ChanState{} })
	cs.number(full, func(unsafe.Pointer) ChanState {
		return ChanState{Cap: 2, Boxes: []unsafe.Pointer{unsafe.Pointer(new(int))}}
	})
	first := selecting(cs, 1, true, Case{Chan: p, Send: true, Box: p})
	second := selecting(cs, 2, true, Case{Chan: p, Send: true, Box: full})
	r := selecting(cs, 3, true, Case{Chan: p})
	if cs.canProceed(r) {
		t.Error("nobody sends")
	}
	cs.at(0).join(waitingCase{first, 0}, true)
	cs.at(0).join(waitingCase{second, 0}, true)
	if alts := cs.alternatives(r); len(alts) != 1 || alts[0].with.t != first {
		t.Errorf("%d alternatives", len(alts))
	}
	if got := cs.perform(r, cs.alternatives(r)[0]); got.box != p || !got.changed || got.closed {
		t.Errorf("%+v", got)
	}
	if len(cs.at(0).offers) != 1 {
		t.Error("the first sender still waits")
	}
	busy := selecting(cs, 4, true, Case{Chan: p}, Case{Chan: full})
	offering := selecting(cs, 5, true, Case{Chan: p, Send: true}, Case{Chan: full})
	if cs.mayMeet(busy.sel, offering) || !cs.mayMeet(r.sel, offering) {
		t.Error("two selects with another ready case each do not meet")
	}
}

func TestBufferedChannel(t *testing.T) {
	cs := newTable()
	p := unsafe.Pointer(new(int))
	cs.number(p, func(unsafe.Pointer) ChanState { return ChanState{Cap: 1} })
	s, r := selecting(cs, 1, true, Case{Chan: p, Send: true, Box: p}), selecting(cs, 2, true, Case{Chan: p})
	s.clock[1] = 3
	if got := cs.perform(s, cs.alternatives(s)[0]); !got.changed || cs.canProceed(s) || s.clock[1] != 4 {
		t.Error("the buffer has room for one value; a send begins an epoch")
	}
	if got := cs.perform(r, cs.alternatives(r)[0]); got.box != p || r.clock[1] != 3 {
		t.Error("a receive comes after the send of its value")
	}
	cs.at(0).closed = true
	if got := cs.perform(r, cs.alternatives(r)[0]); !got.closed || got.box != nil || got.changed {
		t.Errorf("a closed channel: %+v", got)
	}
	if got := cs.perform(s, cs.alternatives(s)[0]); !got.closed {
		t.Errorf("a send on a closed channel: %+v", got)
	}
}
