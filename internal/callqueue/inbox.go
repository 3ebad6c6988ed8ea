package callqueue

import (
	"crosscall/internal/atomics"
	"crosscall/internal/cacheline"
	"crosscall/internal/cpurelax"
)

// Inbox is the target's side of one CPU. Only the goroutine that is the CPU
// uses it, unless a method's comment says otherwise.
type Inbox[C any] struct {
	q      *Queue[C]
	cpu    int
	handle C

	lanes  atomics.Pointer[[]*Lane[C]] // all that lead here; copied to add one
	single singleQueue[C]

	// skip counts Polls that check only the mailboxes, after a serve that found
	// posts. A target that reads the tail of a lane after each post takes that
	// cache line from the source each time, so that both run at the speed of the
	// line's transfers: 80 to 90 ns a post. A target that waits for a moment
	// finds a batch.
	skip int

	// streak counts calls by mailbox since the last serve. At hotCalls all
	// transports are served. Otherwise a source that calls without pause would
	// make the others' calls and posts wait forever, because mailboxes are
	// checked first.
	streak int

	current    *Lane[C] // the lane of the last function by mailbox that was begun
	depth      int
	waiting    Doner  // the object that the innermost waiting function waits for; nil: none waits
	waitedFrom uint64 // received, when the outermost function began to wait
	quiet      int    // functions on the stack that have declared to hold nothing
	deferred   []*CSD // fences that arrived while this CPU held something
	received   atomics.Counter
	last       func(C) // the function that returned last; of a batch of posts, the first
	traced     func(C, func(C))

	completions completions[C]
	controls    controls[C]

	mu atomics.Mutex // guards additions to lanes
}

func newInbox[C any](q *Queue[C], cpu int, handle C) *Inbox[C] {
	in := &Inbox[C]{q: q, cpu: cpu, handle: handle}
	in.lanes.Store(new([]*Lane[C]))
	return in
}

func (in *Inbox[C]) addLane(src int) *Lane[C] {
	in.mu.Lock()
	defer in.mu.Unlock()
	l := newLane(src, in, in.q.cfg.Ring)
	old := *in.lanes.Load()
	all := cacheline.Slice[*Lane[C]](len(old) + 1)
	all[0] = l // so the external callers', which is the first made, stays last
	copy(all[1:], old)
	in.lanes.Store(&all)
	return l
}

// Poll runs the requests that wait for this CPU and returns the number of
// functions run. Within a function it keeps the bounds of nesting: see nested.go.
func (in *Inbox[C]) Poll() int {
	if in.depth > 0 {
		return in.pollNested()
	}
	for _, l := range *in.lanes.Load() {
		// Only one load: a second could see the next call after the first saw an answer.
		if f := l.box.Load(); f != nil && f != failed {
			if in.streak >= hotCalls {
				return in.serve()
			}
			n := in.serveCall(l, f)
			in.streak += n
			return n
		}
	}
	if in.skip > 0 {
		in.skip--
		return 0
	}
	if !in.found() {
		return 0
	}
	return in.serve()
}

// serveCall is the fast path for a call in a mailbox: with nothing on the
// shared list and nothing new in its lane, no request precedes it. A source
// that has called once is likely to call again, so serveCall then polls this
// mailbox for a moment, at the cost of one load each time.
func (in *Inbox[C]) serveCall(l *Lane[C], f *function) (n int) {
	for n < hotCalls {
		if in.q.shared.head.Load() != nil || l.tail.Load() != l.next {
			return n + in.serve()
		}
		l.runBox(f)
		n++
		if f = l.await(); f == nil {
			break
		}
	}
	return n
}

// await polls the mailbox for a moment. The pause comes before the first load:
// the next call cannot be there before the source has read the answer and called
// again, and if the two are hyperthreads of one core, polling slows the source
// down.
func (l *Lane[C]) await() *function {
	for range hotLooks {
		cpurelax.Relax()
		l.Own()
		if f := l.box.Load(); f != nil {
			if f == failed {
				return nil
			}
			return f
		}
	}
	return nil
}

func (in *Inbox[C]) found() bool {
	for _, l := range *in.lanes.Load() {
		if l.tail.Load() != l.next {
			return true
		}
	}
	return in.controls.pending() || in.single.pending() || in.completions.pending() || in.q.shared.head.Load() != nil || in.fenced()
}

// serve notes the end of each stream, walks the shared list, and then runs the
// streams up to these ends. The order matters because a record on the list
// precedes the later requests of its source in a stream: a request below the
// noted end was sent before the walk began, and so was every record that
// precedes it.
func (in *Inbox[C]) serve() (n int) {
	in.serveControls()
	limit, posts := in.look()
	n = in.walk()
	for _, l := range *in.lanes.Load() {
		n += l.serve()
	}
	n += in.serveSingle(limit)
	n += in.serveCompletions()
	in.passFences()
	if posts {
		in.skip = skips
	}
	return n
}

// look notes the end of each lane, and returns the end of the single queue and
// whether a lane has posts.
func (in *Inbox[C]) look() (limit uint64, posts bool) {
	in.streak = 0
	for _, l := range *in.lanes.Load() {
		l.look()
		posts = posts || l.limit != l.next
	}
	return in.single.appended.Load(), posts
}

// serveBefore runs the requests that r's source sent to this CPU before r.
func (in *Inbox[C]) serveBefore(r *cfd[C]) int {
	limit := r.place(in.cpu)
	if in.q.cfg.SingleQueue {
		return in.serveSingle(limit)
	}
	n := 0
	for _, l := range *in.lanes.Load() {
		if l.src != r.src.id {
			continue
		}
		// A call in the mailbox precedes r if r was sent by a function that was
		// served during the call's wait. Otherwise it was sent after r.
		if l.requested() && int64(r.number(in.cpu)-l.order()) > 0 {
			n += l.serveBox(l.order(), limit)
		}
		n += l.serveRing(limit)
	}
	return n
}

// TryExternal posts for a goroutine that is no CPU: it is Lane.TryPost under the lock
// of the external callers' lane. False: room is not certain, or there is no lane, or
// the CPU is offline.
func (in *Inbox[C]) TryExternal(fn func(C)) bool {
	l := in.q.external.Opened(in.cpu)
	if l == nil {
		return false
	}
	l.lock.Lock()
	posted := in.q.Online(in.cpu) && l.TryPost(fn)
	l.lock.Unlock()
	return posted
}

// TryExternalCall puts fn into the mailbox of the external callers' lane for a goroutine that
// is no CPU, which must Release the lane when it is done. Nil: another goroutine
// has the mailbox, or there is none, or the CPU is offline.
func (in *Inbox[C]) TryExternalCall(fn func(C)) *Lane[C] {
	return in.tryExternalCall(fn, nil)
}

// TryExternalCallWith is TryExternalCall with a payload, which the goroutine must Take
// before it Releases the lane.
func (in *Inbox[C]) TryExternalCallWith(fn func(C), p *Payload) *Lane[C] {
	return in.tryExternalCall(fn, p)
}

func (in *Inbox[C]) tryExternalCall(fn func(C), p *Payload) *Lane[C] {
	l := in.q.external.Opened(in.cpu)
	if l == nil || l.claim.Load() == claimed {
		return nil
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.claim.Load() == claimed || !in.q.Online(in.cpu) {
		return nil
	}
	l.left = l.claim.Load() == abandoned
	if p == nil && !l.TryCall(fn) || p != nil && !l.TryCallWith(fn, p) {
		return nil
	}
	l.claim.Store(claimed)
	return l
}

// Pending reports whether there is anything to run. It is the last check before sleep.
func (in *Inbox[C]) Pending() bool {
	if in.limited() {
		return in.urgentPending()
	}
	in.skip = 0
	for _, l := range *in.lanes.Load() {
		if l.requested() || l.tail.Load() != l.next {
			return true
		}
	}
	return in.controls.pending() || in.single.pending() || in.completions.pending() || in.shares() || in.fenced()
}

// Ready reports whether Poll would find something, at little cost.
func (in *Inbox[C]) Ready() bool {
	for _, l := range *in.lanes.Load() {
		if l.requested() {
			return true
		}
	}
	if in.skip > 0 {
		in.skip--
		return false
	}
	return in.found()
}

// Depth is the number of requests that have not begun. Any goroutine may call it.
func (in *Inbox[C]) Depth() (n int) {
	for _, l := range *in.lanes.Load() {
		n += l.depth()
	}
	n += in.single.depth()
	if in.shares() {
		n++
	}
	return n
}

// Received is the number of functions run. Any goroutine may call it. When a waiter
// has the answer, its function is counted.
func (in *Inbox[C]) Received() uint64 { return in.received.Peek() }

func (in *Inbox[C]) count() { in.received.Set(in.received.Get() + 1) }

// Last is the function that returned last; of a batch of posts, the first.
func (in *Inbox[C]) Last() func(C) { return in.last }

// Trace makes the CPU run each function through run; nil for none.
func (in *Inbox[C]) Trace(run func(C, func(C))) { in.traced = run }

func (in *Inbox[C]) invoke(fn func(C)) {
	if in.traced != nil {
		in.traced(in.handle, fn)
		return
	}
	fn(in.handle)
}

// runSlot runs one request of the single queue.
func (in *Inbox[C]) runSlot(s slot[C]) {
	in.depth++
	running := in.begin(s.csd)
	defer func() {
		in.depth--
		in.single.ended.Add(1)
		in.last = s.fn
		if running {
			in.count()
			in.complete(s.csd, in.q.host.Failed(in.cpu, recover(), waited(s.csd)))
		}
	}()
	if !running {
		return
	}
	in.invoke(s.fn)
	running = false
	in.count()
	in.complete(s.csd, nil)
}

func waited(csd *CSD) bool { return csd != nil && !csd.async }

// begin prepares a request to run. It returns false for a fence, which is kept for later.
func (in *Inbox[C]) begin(csd *CSD) bool {
	switch {
	case csd == nil:
	case csd.async:
		csd.flags.Swap(0) // a swap, to see the writes of callers that coalesced with it
	case csd.fenced():
		in.deferred = append(in.deferred, csd)
		return false
	}
	return true
}

func (in *Inbox[C]) complete(csd *CSD, err error) {
	if waited(csd) && csd.Put(err) {
		in.q.host.Warn(in.cpu, "refs of a record below zero")
	}
}

// BeginQuiet declares that the innermost function holds nothing until EndQuiet,
// which takes the result of BeginQuiet. Fences pass while all functions on the
// stack hold nothing. ok is false if a function further down may hold something.
func (in *Inbox[C]) BeginQuiet() (outer int, ok bool) {
	outer = in.quiet
	if outer < in.depth-1 {
		return outer, false
	}
	in.quiet = in.depth
	return outer, true
}

// Nested reports whether the innermost function was served within another one.
func (in *Inbox[C]) Nested() bool { return in.depth > 1 }

// EndQuiet ends what BeginQuiet has begun.
func (in *Inbox[C]) EndQuiet(outer int) { in.quiet = outer }

// fenced reports whether a fence is kept that can pass now.
func (in *Inbox[C]) fenced() bool { return len(in.deferred) > 0 && in.quiet == in.depth }

func (in *Inbox[C]) passFences() {
	if !in.fenced() {
		return
	}
	passed := in.deferred
	in.deferred = nil
	for _, csd := range passed {
		in.complete(csd, nil)
	}
}

// Run runs fn on this CPU at once, as a call of the CPU to itself: after all
// that it sent to itself before, by any transport.
func (in *Inbox[C]) Run(src *Source[C], fn func(C)) error {
	in.runOwn(src)
	in.count()
	return in.Guard(fn)
}

// runOwn runs the requests that this CPU, whose source is src, has sent to itself.
func (in *Inbox[C]) runOwn(src *Source[C]) {
	limit := src.streamed(in.cpu)
	own := func(r *cfd[C]) bool { return r.src == src }
	if in.q.cfg.SingleQueue {
		in.walkUpTo(limit, own)
		in.serveSingle(limit)
		return
	}
	if in.q.shared.head.Load() != nil {
		in.walkWhere(own)
	}
	if l := src.lanes[in.cpu]; l != nil {
		l.serveRing(limit)
	}
}

// Guard runs fn as Run does, but does not count it as a request.
func (in *Inbox[C]) Guard(fn func(C)) (err error) {
	returned := false
	in.depth++
	defer func() {
		in.depth--
		if !returned {
			err = in.q.host.Failed(in.cpu, recover(), true)
		}
	}()
	in.invoke(fn)
	returned = true
	in.last = fn
	return nil
}

// Posts returns the number of posts that wait, and the number taken out so far.
// Any goroutine may call it.
func (in *Inbox[C]) Posts() (waiting int, taken uint64) {
	for _, l := range *in.lanes.Load() {
		begun := l.begun.Peek()
		waiting += max(int(l.tail.Load()-begun), 0)
		taken += begun
	}
	return waiting + in.single.depth(), taken + in.single.begun.Load()
}
