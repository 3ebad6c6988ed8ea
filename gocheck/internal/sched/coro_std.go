//go:build crosscall_std

package sched

import "unsafe"

// A coro is the coroutine that a thread runs in, by the runtime's own switch.
//
// A goroutine that is in the middle of its function when its execution ends is
// destroyed where it stands: nothing is unwound and no deferred function runs.
// To unwind it by a panic runs the program's deferred functions, which then act
// on state that is half way through something, block, recover the panic or throw
// ("unlock of unlocked mutex"); a panic below a lock of the runtime throws as well.
// To leave it parked is right too but keeps its stack forever, for a parked goroutine
// is a root of the garbage collector.
type coro struct{ c unsafe.Pointer }

// killed is the type of no panic here.
type killed struct{}

//go:linkname newCoro
func newCoro(f func(unsafe.Pointer)) unsafe.Pointer

//go:linkname switchCoro
func switchCoro(c unsafe.Pointer)

//go:linkname exitCoro
func exitCoro(c unsafe.Pointer)

// resume runs t until it hands over.
func (t *thread) resume() {
	if t.c == nil {
		t.c = newCoro(t.loop)
	}
	t.x.cur = t
	switchCoro(t.c)
}

// park hands over, and comes back when it is t's turn.
func (t *thread) park() {
	switchCoro(t.c)
	if t.x.killing {
		t.destroy()
	}
}

// destroy ends the calling goroutine, and hands over for good.
func (t *thread) destroy() {
	c := t.c
	t.c, t.live = nil, false
	exitCoro(c)
}

// loop is the coroutine: one job in each execution that has the thread. It ends
// with a job that calls runtime.Goexit.
func (t *thread) loop(unsafe.Pointer) {
	defer func() {
		if t.c != nil {
			t.finish()
			t.c = nil
		}
	}()
	for {
		t.runJob()
		t.finish()
		switchCoro(t.c)
		if t.fn == nil {
			t.c = nil
			return
		}
	}
}

// leave ends the caller, whose execution has ended.
func (x *Explorer) leave() { x.cur.destroy() }

// closeCoro ends the coroutine.
func (t *thread) closeCoro() {
	if t.c != nil {
		t.fn = nil
		t.resume()
	}
}

// kill destroys t if it is in the middle of its function.
func (t *thread) kill() {
	if t.live {
		t.resume()
	}
}

// Abandon gives up the execution, whose running goroutine really waits: for input,
// a process, or a goroutine that is not explored. It is called by another one,
// which takes its place, and returns when that ends, if ever.
func (x *Explorer) Abandon(text string) {
	t := x.cur
	c := t.c
	t.c, t.live = nil, false
	x.note(Unexplored, text, "")
	x.next = nil
	switchCoro(c)
}
