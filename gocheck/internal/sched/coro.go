//go:build !crosscall_std

package sched

import "iter"

// A coro is the coroutine that a thread runs in. A hand-over is a direct
// switch, which costs a quarter of one by channel.
type coro struct {
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// killed is what unwinds a goroutine whose execution has ended.
type killed struct{}

// resume runs t until it hands over.
func (t *thread) resume() {
	if t.next == nil {
		t.next, t.stop = iter.Pull(t.loop)
	}
	t.x.cur = t
	t.next()
}

// park hands over, and comes back when it is t's turn.
func (t *thread) park() {
	if !t.yield(struct{}{}) || t.x.killing {
		panic(killed{})
	}
}

// loop is the coroutine: one job in each execution that has the thread.
func (t *thread) loop(yield func(struct{}) bool) {
	t.yield = yield
	for {
		t.runJob()
		t.finish()
		if !yield(struct{}{}) {
			return
		}
	}
}

// leave ends what the caller does in an execution that has ended.
func (x *Explorer) leave() { panic(killed{}) }

// closeCoro ends the coroutine.
func (t *thread) closeCoro() {
	if t.stop != nil {
		t.stop()
	}
}

// kill unwinds t if it is in the middle of its function.
func (t *thread) kill() {
	if t.live {
		t.resume()
	}
}

// Abandon is for threads that run on the runtime's own switch.
func (x *Explorer) Abandon(string) {}
