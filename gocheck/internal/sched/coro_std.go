//go:build crosscall_std

package sched

import "unsafe"

// A coro is the coroutine in which a thread runs, by the runtime's own switch.
//
// A goroutine that is in the middle of its function when its execution ends is
// destroyed there: nothing is unwound and no deferred function runs. Unwinding it by
// a panic would run the program's deferred functions on inconsistent state. They
// might block, recover the panic or throw ("unlock of unlocked mutex"); a panic below
// a lock of the runtime throws as well. Leaving it parked would be correct, but would
// keep its stack forever, because a parked goroutine is a root of the garbage
// collector.
//
// A switch of the runtime swaps the caller with the goroutine that waits in a place.
// So a thread can switch to another one directly: it then waits in the place where the
// other one did.
type coro struct {
	c       unsafe.Pointer // the place where the goroutine waits
	starter *coro          // of a thread that has just been started
}

// One explorer runs at a time.
var (
	home coro          // the place where its own goroutine waits
	self *coro = &home // the coroutine that runs
)

// killed is not used as a panic value here.
type killed struct{}

//go:linkname newCoro
func newCoro(f func(unsafe.Pointer)) unsafe.Pointer

//go:linkname switchCoro
func switchCoro(c unsafe.Pointer)

//go:linkname exitCoro
func exitCoro(c unsafe.Pointer)

// resume runs t, and the threads that it switches to, until one switches back to the
// caller.
func (t *thread) resume() {
	if t.c == nil {
		t.c = newCoro(t.loop)
	}
	t.starter = self
	t.x.cur = t
	switchTo(&t.coro)
}

func switchTo(to *coro) {
	place := to.c
	self.c, self = place, to
	switchCoro(place)
}

// heir is the thread whose turn it is when t parks.
func (t *thread) heir() *coro {
	x := t.x
	if t.starting {
		return t.starter
	}
	n := x.next
	if n == nil || x.ending != running || x.killing || x.solo {
		return &home
	}
	x.next, x.cur = nil, n
	return &n.coro
}

// park switches to the next thread, and returns when it is t's turn.
func (t *thread) park() {
	switchTo(t.heir())
	if t.x.killing {
		t.destroy()
	}
}

// destroy ends the calling goroutine, and switches to the next one.
func (t *thread) destroy() {
	t.live = false
	t.exit()
}

// exit is destroy for a thread that has finished.
func (t *thread) exit() {
	to := t.heir()
	t.c, self = nil, to
	exitCoro(to.c)
}

// loop is the coroutine: one job in each execution that has the thread. It ends
// by a job that calls runtime.Goexit.
func (t *thread) loop(unsafe.Pointer) {
	defer func() {
		if t.fn != nil {
			t.finish()
		}
		t.exit()
	}()
	for {
		t.runJob()
		t.finish()
		switchTo(t.heir())
		if t.fn == nil {
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

// Abandon gives up the execution, because its running goroutine is really blocked:
// for input, a process, or a goroutine that is not explored. Another goroutine
// calls it and takes the place of the blocked one. It returns when the blocked one
// ends, if ever.
func (x *Explorer) Abandon(text string) {
	t := x.cur
	t.live = false
	x.note(Unexplored, text, "")
	x.next = nil
	to := t.heir()
	t.c, self = nil, to
	switchCoro(to.c)
}
