package callqueue

import "crosscall/internal/atomics"

// While a function waits, its CPU serves others, and those may wait in turn. This
// file bounds that.
//
// Claim: no CPU's stack grows with the number of requests that are sent to it;
// an endless stream of requests does not delay the outermost waiting function
// forever; and no two CPUs wait for each other.
//
// A CPU that has Config.Nesting functions on its stack, or has run
// Config.Overtaking functions during the wait of the outermost one, is limited.
// It then serves only control requests, urgent calls (those that some CPU waits
// for), and earlier requests of the urgent calls' sources.
//
// It ends. An urgent call is begun at any depth, so a CPU that waits for one
// waits for a function that runs, and the innermost of these functions waits for
// no other. For that, an urgent call must get into the ring. It needs only a free
// slot: functions that run do not count (Lane.makeRoom). If all slots are full,
// its source says so (Lane.pushed) and the target runs them. A post waits for
// room as long as its CPU is not limited. A limited CPU's post is refused,
// because both ends could be limited, and serve no posts.
//
// It is bounded. A function on a stack is a post, a completion, an external call, or an urgent
// call. All but urgent calls begin below the bound, or before an urgent call as posts of its
// source, which are no more than its ring has slots. Urgent calls are made by functions that are
// on a stack, and each of these waits for one call at a time. Calls that a function waits for
// only later take room as posts do (ArmCounted).
//
// The smallest execution that needs urgent calls at the bound: Nesting is 1, a
// post on CPU 0 calls CPU 1 while a post on CPU 1 calls CPU 0. Both are limited.
// The smallest that needs pushed: the same, with both rings full of posts. If
// only one ring is full, the CPU that waits for room serves the other's call.

// Doner is an object that can be waited for: a record, a mailbox.
type Doner interface{ Done() bool }

// Never is for a wait whose end only the waiter knows.
type Never struct{}

// Done is false.
func (Never) Done() bool { return false }

// BeginWait notes that the innermost function waits for d, until EndWait, which
// takes the result of BeginWait.
func (in *Inbox[C]) BeginWait(d Doner) (outer Doner) {
	outer = in.waiting
	if outer == nil {
		in.waitedFrom = in.received.Get()
	}
	in.waiting = d
	return outer
}

// EndWait ends what BeginWait has begun.
func (in *Inbox[C]) EndWait(outer Doner) { in.waiting = outer }

// Waiting reports whether a function on the stack waits.
func (in *Inbox[C]) Waiting() bool { return in.waiting != nil }

// Reset clears the waits of functions that runtime.Goexit has ended.
func (in *Inbox[C]) Reset() { in.waiting, in.quiet = nil, 0 }

// Limited reports whether the CPU serves only urgent calls.
func (in *Inbox[C]) Limited() bool { return in.limited() }

func (in *Inbox[C]) limited() bool {
	return in.depth >= in.q.cfg.Nesting || in.waiting != nil && in.overtaken()
}

// overtaken reports whether Config.Overtaking functions have run since the outermost function
// began to wait.
func (in *Inbox[C]) overtaken() bool {
	return in.received.Get()-in.waitedFrom >= uint64(in.q.cfg.Overtaking)
}

// waitOver reports whether a function that serves while it waits has to stop
// serving: its wait is over, or enough others have overtaken it.
func (in *Inbox[C]) waitOver() bool {
	return in.waiting != nil && (in.waiting.Done() || in.overtaken())
}

// pollNested is Poll within a function.
func (in *Inbox[C]) pollNested() int {
	if in.limited() {
		return in.serveUrgent()
	}
	for _, l := range *in.lanes.Load() {
		if l.requested() {
			return in.serveNestedCall(l)
		}
	}
	if in.skip > 0 {
		in.skip--
		return 0
	}
	if !in.found() {
		return 0
	}
	return in.serveNested()
}

// serveNestedCall is serveCall for one call: the waiting function then has to
// check for its own answer.
func (in *Inbox[C]) serveNestedCall(l *Lane[C]) int {
	if in.streak >= hotCalls || in.q.shared.head.Load() != nil || l.tail.Load() != l.next {
		return in.serveNested()
	}
	in.streak++
	l.runBox(l.box.Load())
	return 1
}

// serveNested is serve, up to the end of the wait.
func (in *Inbox[C]) serveNested() (n int) {
	in.serveControls()
	limit, posts := in.look()
	n = in.walk()
	for _, l := range *in.lanes.Load() {
		if in.waitOver() {
			return n
		}
		n += l.serveWaiting()
	}
	for !in.waitOver() && in.single.pendingUpTo(limit) {
		n += in.serveOne()
	}
	n += in.serveCompletionsWaiting()
	in.passFences()
	if posts {
		in.skip = skips
	}
	return n
}

// serveUrgent runs the urgent calls, each after the earlier requests of its source.
func (in *Inbox[C]) serveUrgent() (n int) {
	in.serveControls()
	if in.q.cfg.SingleQueue {
		return in.serveUrgentSingle()
	}
	for _, l := range *in.lanes.Load() {
		if in.waiting != nil && in.waiting.Done() {
			return n
		}
		if w := l.lookUrgent(); w.some {
			n += in.walkWhere(func(r *cfd[C]) bool { return l.follows(w, r) })
			n += l.serveUrgent(w)
		}
	}
	n += in.walkWhere((*cfd[C]).urgent)
	in.passFences()
	return n
}

// urgentPending reports whether serveUrgent would find something.
func (in *Inbox[C]) urgentPending() bool {
	if in.controls.pending() {
		return true
	}
	if in.q.cfg.SingleQueue {
		return in.single.lastUrgent() != 0 || in.owesAny((*cfd[C]).urgent) || in.fenced()
	}
	for _, l := range *in.lanes.Load() {
		if w := l.lookUrgent(); w.some {
			return true
		}
	}
	return in.owesAny((*cfd[C]).urgent) || in.fenced()
}

// urgentWork is the urgent requests of a lane, and those that precede them.
type urgentWork struct {
	some  bool
	limit uint64 // the end of these requests in the ring
	boxed bool   // the call in the mailbox, too
	order uint64 // how many records on the shared list precede that call
}

// lookUrgent finds urgent requests. It does not change what look has noted, because
// a function further down on the stack continues with that. It loads pushed, which
// never exceeds the tail, before the tail, and the mailbox last, as look does.
//
// A call in the mailbox of the external callers is urgent for no CPU, but may precede an urgent
// one.
func (l *Lane[C]) lookUrgent() (w urgentWork) {
	pushed, tail := l.pushed.Load(), l.tail.Load()
	l.scan(tail)
	w.limit = l.next
	for _, end := range [...]uint64{l.urgent, pushed} {
		if int64(end-w.limit) > 0 {
			w.limit = end
		}
	}
	w.boxed = l.requested() && (l.src != External || int64(w.limit-l.place()) > 0)
	if w.boxed {
		w.order = l.order()
	}
	w.some = w.boxed || w.limit != l.next
	return w
}

// serveUrgent is serve for the requests that lookUrgent has found. It leaves out the
// external callers' next call, which may be in the mailbox by then: the posts before that
// call would have to run too.
func (l *Lane[C]) serveUrgent(w urgentWork) (n int) {
	if w.boxed {
		last := l.next + anywhere
		if l.src == External {
			last = w.limit - 1
		}
		n = l.serveBox(w.order, last)
	}
	return n + l.serveRing(w.limit)
}

// scan searches the slots before tail for urgent calls, each slot once.
func (l *Lane[C]) scan(tail uint64) {
	if int64(l.next-l.scanned) > 0 {
		l.scanned = l.next
	}
	for ; l.scanned != tail; l.scanned++ {
		at := l.scanned & uint64(len(l.slots)-1)
		atomics.Read(&l.slots[at])
		if l.slots[at] == hasRecord && l.records[at].csd.urgent() {
			l.urgent = l.scanned + 1
		}
	}
}

// follows reports whether the lane's source sent some of w after r.
func (l *Lane[C]) follows(w urgentWork, r *cfd[C]) bool {
	cpu := l.target.cpu
	return r.src.id == l.src &&
		(w.boxed && int64(w.order-r.number(cpu)) >= 0 || int64(w.limit-r.place(cpu)) > 0)
}

// urgent reports whether a CPU waits for r. It may be called only while this target still has to
// run r.
func (r *cfd[C]) urgent() bool {
	atomics.Read(&r.csd)
	return r.csd.urgent()
}

// serveUrgentSingle is serveUrgent if all sources share a queue: all requests in the
// queue precede an urgent call.
func (in *Inbox[C]) serveUrgentSingle() (n int) {
	limit := in.single.lastUrgent()
	n = in.walkUpTo(limit, (*cfd[C]).urgent)
	n += in.serveSingle(limit)
	in.passFences()
	return n
}
