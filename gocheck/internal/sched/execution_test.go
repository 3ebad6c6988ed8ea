package sched

import "testing"

// add adds an event of thread t to e, which comes after the events in before.
func (e *execution) add(t int32, before ...int32) int32 {
	i := int32(e.depth)
	e.depth++
	e.makeRoom()
	clock := e.zeroClock(e.clock(i))
	n := uint32(0)
	for f := range i {
		if e.events[f].thread == t {
			before = append(before, f)
			n++
		}
	}
	for _, f := range before {
		join(clock, e.clock(f))
	}
	clock[t] = n + 1
	e.events[i] = event{thread: t, n: int32(n)}
	return i
}

func TestExecutionOrder(t *testing.T) {
	e := newExecution()
	e.reset(0)
	a := e.add(0)
	b := e.add(1)
	c := e.add(1, a)
	d := e.add(2, c)
	for _, p := range []struct {
		i, f  int32
		after bool
	}{{b, a, false}, {c, a, true}, {c, b, true}, {d, a, true}, {d, b, true}, {a, d, false}, {a, a, true}} {
		if e.after(p.i, p.f) != p.after {
			t.Errorf("after(%d, %d) = %v", p.i, p.f, !p.after)
		}
	}
	if th := (&thread{id: 1}); e.ordered(a, th, e.clock(b)) || !e.ordered(b, th, e.clock(a)) || !e.ordered(a, th, e.clock(c)) {
		t.Error("ordered: a precedes what comes after c, b is of the same thread, a does not precede what comes after b")
	}
}

// A run with longer clocks knows no event of the run before it.
func TestExecutionGrows(t *testing.T) {
	e := newExecution()
	e.reset(0)
	for range 100 {
		e.add(1)
	}
	if e.reset(70); e.known != 70 || e.depth != 0 || !e.after(60, 59) {
		t.Errorf("known %d, depth %d", e.known, e.depth)
	}
	e.clocked = 50
	if e.reset(70); e.known != 50 {
		t.Errorf("known %d, and 50 events have clocks", e.known)
	}
	e.stride *= 2
	if e.reset(70); e.known != 0 || len(e.clock(99)) != 2*firstStride {
		t.Errorf("known %d, a clock of %d", e.known, len(e.clock(99)))
	}
}

func TestRecurs(t *testing.T) {
	e := newExecution()
	e.reset(0)
	e.add(1)
	e.events[0] = event{thread: 1, code: Load, obj: 3, kind: Read, choice: 2, epoch: 5}
	th := &thread{id: 1, op: op{Load, 3, 0}, clock: []uint32{0, 5}}
	if !e.recurs(0, th, Read, 2) || e.recurs(0, th, Read, 1) || e.recurs(0, th, Write, 2) {
		t.Error("the kind and the choice decide")
	}
	if th.clock[1]++; e.recurs(0, th, Read, 2) {
		t.Error("another epoch")
	}
}
