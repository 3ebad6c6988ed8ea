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
//
// A switch of the runtime swaps the caller with the goroutine that waits in a place,
// so a thread can hand over to another one directly: it then waits where that one did.
type coro struct {
	c       unsafe.Pointer // the place where the goroutine waits
	starter *coro          // of a thread that has just been started
}

// One explorer runs at a time.
var (
	home coro          // where its own goroutine waits
	self *coro = &home // who runs
)

// killed is the type of no panic here.
type killed struct{}

//go:linkname newCoro
func newCoro(f func(unsafe.Pointer)) unsafe.Pointer

//go:linkname switchCoro
func switchCoro(c unsafe.Pointer)

//go:linkname exitCoro
func exitCoro(c unsafe.Pointer)

// resume runs t, and those that it hands over to, until one hands over to the caller.
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

// heir is whose turn it is when t hands over.
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

// park hands over, and comes back when it is t's turn.
func (t *thread) park() {
	switchTo(t.heir())
	if t.x.killing {
		t.destroy()
	}
}

// destroy ends the calling goroutine, and hands over for good.
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
// with a job that calls runtime.Goexit.
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

// Abandon gives up the execution, whose running goroutine really waits: for input,
// a process, or a goroutine that is not explored. It is called by another one,
// which takes its place, and returns when that ends, if ever.
func (x *Explorer) Abandon(text string) {
	t := x.cur
	t.live = false
	x.note(Unexplored, text, "")
	x.next = nil
	to := t.heir()
	t.c, self = nil, to
	switchCoro(to.c)
}
