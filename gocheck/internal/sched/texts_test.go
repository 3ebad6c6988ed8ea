package sched

import (
	"testing"
	"unsafe"
)

func TestTexts(t *testing.T) {
	cs := newTable()
	var all threads
	tx := texts{exec: cs.exec, objs: cs.objs, chans: cs, threads: &all, memory: &memory{objs: cs.objs}}
	a, b := unsafe.Pointer(new(int)), unsafe.Pointer(new(int))
	state := func(unsafe.Pointer) ChanState { return ChanState{} }
	cs.number(a, state)
	cs.number(b, state)
	cs.objs.at(1).name = "done"
	mutex := cs.objs.add("Mutex")
	for _, c := range []struct {
		want string
		t    *thread
	}{
		{"waits to send to channel#0", selecting(cs, 0, true, Case{Chan: a, Send: true})},
		{"waits to receive from done", selecting(cs, 0, true, Case{Chan: b})},
		{"waits to receive from a nil channel", selecting(cs, 0, true, Case{})},
		{"waits in a select without cases", selecting(cs, 0, true)},
		{"waits in a select for channel#0 <- or <-done or <-channel#0", selecting(cs, 0, true, Case{Chan: a, Send: true}, Case{Chan: a}, Case{Chan: b})},
	} {
		c.t.op.code = chanSelect
		if got := tx.waitsFor(c.t); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	for _, c := range []struct {
		want string
		t    thread
	}{
		{"waits in Lock of Mutex#2", thread{op: op{announce, mutex, 0}}},
		{"waits in Wait (for Signal or Broadcast) of Mutex#2", thread{op: op{condWake, mutex, 0}}},
		{"sleeps again and again", thread{op: op{sleep, noObj, 0}}},
		{"spins on done, Mutex#2", thread{waiting: true, waits: []seen{{obj: 1}, {obj: mutex}, {obj: 1}}}},
		{"spins, and reads nothing", thread{waiting: true}},
	} {
		if got := tx.waitsFor(&c.t); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got := tx.object(9); got != "nothing" {
		t.Error(got)
	}
}
