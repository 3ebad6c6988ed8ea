//go:build !crosscall_std

package sched

import "iter"

// A coro is the coroutine in which a thread runs. A switch is direct, and costs
// a quarter of one by a channel.
type coro struct {
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool
}

// killed is the panic value that unwinds a goroutine whose execution has ended.
type killed struct{}

// resume runs t until it parks.
func (t *thread) resume() {
	if t.next == nil {
		t.next, t.stop = iter.Pull(t.loop)
	}
	t.x.cur = t
	t.next()
}

// park switches to the explorer, and returns when it is t's turn.
func (t *thread) park() {
	if !t.yield(struct{}{}) || t.x.killing {
		panic(killed{})
	}
}

// loop is the coroutine: it runs one job in each execution that has the thread.
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

// leave ends the calling goroutine, whose execution has ended.
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
