package sched

import (
	"fmt"
	"runtime/debug"
)

// A thread is a goroutine of the program under test. It runs as a coroutine, which
// outlives the execution and runs the same thread in the next.
type thread struct {
	x      *Explorer
	id     int32
	parent *thread
	nth    int // which child of its parent

	coro

	fn       func()
	live     bool // started in this execution, and not ended
	started  bool
	starting bool // it runs to its first operation, in its parent's step
	lasting  bool // an init function has started it: it may wait when the body has returned

	op     op
	sel    *selection // of an operation on channels
	last   int32      // its last event; until there is one, its parent's at the start
	n      int32      // number of its events
	events []int32    // its events
	clock  []uint32

	reads  []seen   // reads since its last Spin and its last effect
	depth  uintptr  // the depth of its stack at its last operation
	rounds []uint64 // states in which it has repeated a read since then
	waits  []seen   // what it waits for
	wrote  []word   // plain memory that it has written since its last effect

	pins int    // how often it is pinned to the processor
	sunk string // why it panics, or has: it has lowered a WaitGroup's counter below zero

	sections []section // since its last effect
	looks    []seen    // its reads since the first of them
	futile   []seen    // its next step is in vain before one of these changes

	waiting bool
	idle    bool   // it may wait forever
	timer   *timer // it fires this one
	firing  bool   // it has begun to fire it, and the step is not taken
	wake    int64  // when its Sleep ends
	woken   bool
	ticked  bool // the clock has moved while it waits
	stamped stamped

	kids  []*thread
	nkids int // how many of them this execution has
}

func (t *thread) runJob() {
	defer func() {
		t.live = false
		r := recover()
		if _, ok := r.(killed); ok || r == nil || t.x.killing {
			return
		}
		if t.sunk != "" && r == NegativeCounter {
			t.x.note(Misuse, t.sunk, "")
			return
		}
		t.x.note(Panic, fmt.Sprint(r), string(debug.Stack()))
	}()
	t.fn()
}

// finish switches to the next thread, after this one has ended.
func (t *thread) finish() {
	x := t.x
	t.fn = nil
	if x.probe.thread == t {
		x.probe.end()
		if !x.killing && x.ending == running {
			x.deviate()
		}
	}
	if t.starting || x.killing || x.ending != running {
		return
	}
	x.next = x.pick()
}

// Go starts fn as a goroutine of the program.
//
// It runs up to its first operation at once. Until then it does nothing that
// others can observe, except plain accesses, whose order does not matter (see
// Access): so the start is no step of its own.
func (x *Explorer) Go(fn func()) {
	if x.killing {
		x.leave()
	}
	parent := x.cur
	x.fires(parent)
	switch {
	case x.solo:
		x.fail(Misuse, "Go in a function that was given to Final, which runs when all has ended")
	case x.probe.thread == parent:
		x.deviateNow(parent)
	}
	if parent.nkids == len(parent.kids) {
		if len(x.threads) == maxThreads {
			x.why = fmt.Sprintf("more than %d goroutines", maxThreads)
			x.end(cutShort)
		}
		if len(x.threads) == x.exec.stride {
			x.exec.stride *= 2 // and all clocks grow
			x.restart()
		}
		k := x.threads.add(x, parent)
		k.nth = parent.nkids
		parent.kids = append(parent.kids, k)
	}
	k := parent.kids[parent.nkids]
	parent.nkids++
	parent.forgetReads()
	parent.forgetSections()
	parent.stamped.acts()
	if x.rec != nil {
		x.rec.start(k, parent)
	}
	x.begin(k, parent, fn)
	x.cur = parent
	if x.ending != running {
		parent.park()
	}
}

// Initialize says whether init functions run. The goroutines that they start themselves belong
// to the program, and not to the body: they have not leaked if they wait when it has returned.
func (x *Explorer) Initialize(on bool) { x.initializing = on }

// Initializing reports whether init functions run in this execution.
func (x *Explorer) Initializing() bool { return x.initializing }

// begin makes t a live thread and runs it to its first operation.
func (x *Explorer) begin(t, parent *thread, fn func()) {
	t.reset()
	x.begun = append(x.begun, t.id)
	t.fn, t.live, t.started, t.starting = fn, true, true, true
	t.clock = x.exec.zeroClock(t.clock)
	t.lasting = x.initializing && parent == x.threads[0]
	if parent != nil {
		t.stamped.began = x.stampBefore(parent)
		t.last = parent.last
		copy(t.clock, parent.clock)
		parent.clock[parent.id]++
	}
	t.clock[t.id]++
	t.resume()
	t.starting = false
}

func (t *thread) reset() {
	t.last, t.n, t.nkids = -1, 0, 0
	t.events, t.waits, t.futile = t.events[:0], t.waits[:0], t.futile[:0]
	t.forgetReads()
	t.forgetSections()
	t.live, t.started, t.waiting, t.idle, t.woken, t.ticked = false, false, false, false, false, false
	t.op, t.timer, t.firing = op{}, nil, false
	t.pins, t.sunk = 0, ""
	t.stamped.reset(0)
}

// Alone reports whether no other goroutine is left that can run in this execution, and no
// timer.
func (x *Explorer) Alone() bool { return x.threads.alone(x.cur) && len(x.time.list) == 0 }

// Thread is the number of the thread that runs.
func (x *Explorer) Thread() int32 { return x.cur.id }

// Unwinding reports whether threads are being killed.
func (x *Explorer) Unwinding() bool { return x.killing }

// release puts t's clock into at, and begins a new epoch of t.
func (t *thread) release(at *[]uint32) {
	*at = append((*at)[:0], t.clock...)
	t.clock[t.id]++
}
