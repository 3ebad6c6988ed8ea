package callqueue

import "crosscall/internal/atomics"

// Completion is a function that a CPU runs once for each Push. It tells that CPU
// that a request is done, so a push needs no room and never waits: the node is
// memory of the CPU that is told.
type Completion[C any] struct {
	fn   func(C)
	next *Completion[C] // of who pushed last but one; in taken: the next one to run
}

// Init says what the CPU runs.
func (n *Completion[C]) Init(fn func(C)) { n.fn = fn }

// completions is the list of a CPU's completions: a stack that any goroutine pushes
// to, which the CPU takes whole and runs in the order of the pushes.
//
// A push is a compare-and-swap of the head, and only Swap takes nodes out, all of
// them. So a head that a push has loaded, and that is the head again, is the list
// that the push has linked to, whatever happened meanwhile (no ABA): the node at the head
// decides all below it, because next of a pushed node does not change until it is taken.
type completions[C any] struct {
	_    [64]byte
	head atomics.Pointer[Completion[C]]
	_    [64]byte

	// The CPU's own. A function that serves while it waits goes on with what was
	// taken before, so the list is no local of the loop that runs it.
	first, last *Completion[C]
	taken, ran  uint64
}

// Push has the CPU run n, which must not be pushed again before its function
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

// take takes what was pushed and returns how far the list goes now.
func (q *completions[C]) take() (limit uint64) {
	if q.head.Load() == nil {
		return q.taken
	}
	last := q.head.Swap(nil)
	var first *Completion[C]
	for n := last; n != nil; q.taken++ { // newest first: turned round
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

// serveCompletions runs what has been pushed so far. What those functions bring
// about is for the next serve.
func (in *Inbox[C]) serveCompletions() (n int) {
	q := &in.completions
	for limit := q.take(); int64(limit-q.ran) > 0; n++ {
		in.runCompletion()
	}
	return n
}

// serveCompletionsWaiting is serveCompletions within a function's wait: it ends
// when that is over.
func (in *Inbox[C]) serveCompletionsWaiting() (n int) {
	q := &in.completions
	for limit := q.take(); int64(limit-q.ran) > 0 && !in.waitOver(); n++ {
		in.runCompletion()
	}
	return n
}

// runCompletion runs the oldest one. Nobody waits for it.
func (in *Inbox[C]) runCompletion() {
	q := &in.completions
	n := q.first
	fn := n.fn
	q.first = n.next
	n.next = nil
	q.ran++
	in.runAlone(fn)
}

// runAlone runs a function that nobody waits for.
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
