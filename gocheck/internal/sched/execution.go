package sched

import "math"

// An execution is the sequence of events of the present run, with their order.
//
// Two executions are equivalent if they differ only in the order of events that
// commute. The clock of an event says which events precede it in each equivalent
// execution: those of its thread, and those on its object that conflict with it.
type execution struct {
	depth   int // events so far
	events  []event
	feet    []footprint // of events that have one
	takes   []taken     // of these
	clocks  []uint32    // of all events, width numbers each
	stride  int         // length of a clock
	width   int         // the stride when clocks was made
	known   int         // so many events are the same as in the last run, with their clocks
	clocked int         // no more than these have clocks, because the last run was another explorer's
}

const firstStride = 8

// newExecution is an execution of a program with one thread.
func newExecution() execution { return execution{stride: firstStride, clocked: math.MaxInt} }

// reset begins a run whose first events are the same as those of the last run.
func (e *execution) reset(same int) {
	e.depth, e.known, e.clocked = 0, min(same, e.clocked), math.MaxInt
	if e.width != e.stride {
		e.clocks, e.width = make([]uint32, (cap(e.events)+1)*e.stride), e.stride
		e.known = 0
	}
}

// clock is the number of events of each thread that precede or are event i, in
// the order that defines equivalence: the order of each thread and of each
// object's conflicting operations.
func (e *execution) clock(i int32) []uint32 {
	return e.clocks[int(i)*e.stride:][:e.stride:e.stride]
}

// after reports whether event i comes after event f in that order.
func (e *execution) after(i, f int32) bool {
	ev := &e.events[f]
	return e.clocks[int(i)*e.stride+int(ev.thread)] > uint32(ev.n)
}

// ordered reports whether event f precedes the step of t that comes after clock. If
// a write does, all earlier events on its side that conflict with it do too, and
// race no more than it does.
func (e *execution) ordered(f int32, t *thread, clock []uint32) bool {
	ev := &e.events[f]
	return ev.thread == t.id || clock[ev.thread] > uint32(ev.n)
}

// recurs reports whether t's step, with this kind and this choice, equals event i of the
// last run.
func (e *execution) recurs(i int, t *thread, k Kind, choice int32) bool {
	ev := &e.events[i]
	return ev.thread == t.id && ev.code == t.op.code && ev.obj == t.op.obj && ev.arg == t.op.arg && ev.kind == k &&
		ev.choice == choice && ev.epoch == t.clock[t.id]
}

// makeRoom makes room for the last event and its clock.
func (e *execution) makeRoom() {
	if e.depth > len(e.events) {
		e.events = append(e.events, event{})
	}
	if need := (e.depth + 1) * e.stride; need > len(e.clocks) {
		e.clocks = append(e.clocks, make([]uint32, max(need, len(e.clocks)))...)
	}
}

// zeroClock is a clock of zeros, in the memory of c if that is large enough.
func (e *execution) zeroClock(c []uint32) []uint32 {
	if cap(c) < e.stride {
		return make([]uint32, e.stride)
	}
	c = c[:e.stride]
	clear(c)
	return c
}
