package sched

import "testing"

// An Add that finds the counter zero must not be beside a Wait; nor may a Done come before
// the Add that it needs.
func TestCounters(t *testing.T) {
	r := newReplayed()
	cs := counters{exec: &r.exec, objs: &r.objs}
	adds := func(thread int32, c Code, n int32, before ...int32) int32 {
		i := int32(r.exec.depth)
		r.does(thread, c, Accum, true, before...)
		r.exec.events[i].arg, r.exec.events[i].epoch = n, 1
		cs.lowers = cs.lowers || n < 0
		return i
	}
	first := adds(0, wgAdd, 1)
	if cs.lowersTooMuch() != nothing {
		t.Error("nobody lowers it")
	}
	adds(1, wgDone, -1, first)
	if cs.lowersTooMuch() != nothing {
		t.Error("the Done comes after the Add")
	}
	second := adds(2, wgAdd, 1, first)
	if !cs.mayBeZero(second) {
		t.Error("the Done may come before the second Add")
	}
	if _, misused := cs.misused(); misused {
		t.Error("nobody waits")
	}
	waiter := &thread{id: 3, clock: make([]uint32, firstStride), op: op{wgWait, 0, 0}}
	waiter.clock[0] = 1 // after the first Add
	cs.suspectWait(waiter)
	if s, misused := cs.misused(); !misused || s.add != second || s.wait != 3 {
		t.Errorf("%+v, %v: the second Add is beside the Wait", s, misused)
	}
	if tooEarly := adds(4, wgDone, -1); cs.lowersTooMuch() != tooEarly {
		t.Error("the last Done comes after no Add")
	}
	if cs.reset(); cs.lowersTooMuch() != nothing || len(cs.unsure) > 0 {
		t.Error("a new run")
	}
}
