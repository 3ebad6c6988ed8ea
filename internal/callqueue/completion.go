package callqueue

import "crosscall/internal/atomics"

// Completion is a function that a CPU runs once for each Push. It notifies the
// CPU that a request of its own is done. The node is memory of that CPU, so a
// push needs no room and never waits.
type Completion[C any] struct {
	fn   func(C)
	next *Completion[C] // the one pushed before this; after take, the next one to run
}

// Init sets the function that the CPU runs.
func (n *Completion[C]) Init(fn func(C)) { n.fn = fn }

// completions is the list of a CPU's completions: a stack that any goroutine pushes
// to, which the CPU takes whole and runs in the order of the pushes.
//
// A push is a compare-and-swap of the head, and only Swap takes nodes out, all of
// them. There is no ABA problem: if the head that a push has loaded is the head again at
// the compare-and-swap, the push links to the present list, whatever happened meanwhile.
// The node at the head determines all nodes below it, because next of a pushed node does
// not change until it is taken.
type completions[C any] struct {
	_    [64]byte
	head atomics.Pointer[Completion[C]]
	_    [64]byte

	// Only the CPU uses these. A function that serves while it waits continues
	// with the completions that were taken before, so the list is no local
	// variable of the loop that runs it.
	first, last *Completion[C]
	taken, ran  uint64
}

// Push makes the CPU run n, which must not be pushed again before its function
// begins. Any goroutine may call it, and must ring the CPU's doorbell after it.
func (in *Inbox[C]) Push(n *Completion[C]) {
	q := &in.completions
	for {
		head := q.head.Load()
		atomics.Write(&n.next)
		n.next = head
		if q.head.CompareAndSwap(head, n) {
			return
		}
	}
}

func (q *completions[C]) pending() bool { return q.first != nil || q.head.Load() != nil }

// take takes all that was pushed and returns the number of the last completion in the
// list.
func (q *completions[C]) take() (limit uint64) {
	if q.head.Load() == nil {
		return q.taken
	}
	last := q.head.Swap(nil)
	var first *Completion[C]
	for n := last; n != nil; q.taken++ { // the newest is first: reverse the list
		atomics.Write(&n.next)
		older := n.next
		n.next = first
		first, n = n, older
	}
	if q.first == nil {
		q.first = first
	} else {
		q.last.next = first
	}
	q.last = last
	return q.taken
}

// serveCompletions runs all that has been pushed so far. Completions pushed by
// these functions are for the next serve.
func (in *Inbox[C]) serveCompletions() (n int) {
	q := &in.completions
	for limit := q.take(); int64(limit-q.ran) > 0; n++ {
		in.runCompletion()
	}
	return n
}

// serveCompletionsWaiting is serveCompletions within a function's wait: it ends
// when the wait does.
func (in *Inbox[C]) serveCompletionsWaiting() (n int) {
	q := &in.completions
	for limit := q.take(); int64(limit-q.ran) > 0 && !in.waitOver(); n++ {
		in.runCompletion()
	}
	return n
}

// runCompletion runs the oldest completion.
func (in *Inbox[C]) runCompletion() {
	q := &in.completions
	n := q.first
	fn := n.fn
	q.first = n.next
	n.next = nil
	q.ran++
	in.runAlone(fn)
}

// runAlone runs a function for which no caller waits.
func (in *Inbox[C]) runAlone(fn func(C)) {
	returned := false
	in.depth++
	defer func() {
		in.depth--
		in.count()
		in.last = fn
		if !returned {
			_ = in.q.host.Failed(in.cpu, recover(), false)
		}
	}()
	in.invoke(fn)
	returned = true
}
