package callqueue

import "crosscall/internal/atomics"

// singleQueue is the call_single_queue of one CPU: requests of all sources in
// one list. A source appends under the lock; the target takes the whole list at
// once and runs it in order.
type singleQueue[C any] struct {
	mu         atomics.Mutex
	head, tail *single[C]                 // under mu
	appended   atomics.Uint64             // number of the last request
	first      atomics.Pointer[single[C]] // head, for the target to read without the lock
	_          [64]byte

	// taken is the list of requests that the target has taken and not yet run.
	// It is no local variable of the loop that runs it: a function that waits
	// serves this queue, and must first continue with the requests that were
	// taken before. Otherwise a later request of a source would run before an
	// earlier one.
	taken, last *single[C]
	urgent      uint64         // number of the last urgent call that was ever in taken
	ran         uint64         // number of the last request taken out to run
	begun       atomics.Uint64 // requests that were taken out to run
	ended       atomics.Uint64 // and those that have returned

	pool atomics.Pool
}

// single is a request on the list, the kernel's call_single_data.
type single[C any] struct {
	next *single[C]
	pos  uint64
	slot slot[C]
}

func (r *single[C]) number() uint64 {
	atomics.Read(&r.pos)
	return r.pos
}

// push appends a request. The doorbell must be rung only if the list was empty:
// otherwise the sender that found it empty has rung or will, and the target has not
// taken the list yet.
func (q *singleQueue[C]) push(in *Inbox[C], fn func(C), csd *CSD, force bool) Sent {
	r, _ := q.pool.Get().(*single[C])
	if r == nil {
		r = new(single[C])
	}
	atomics.Write(&r.next)
	atomics.Write(&r.slot)
	r.next, r.slot = nil, slot[C]{fn, csd}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !force && !in.q.Online(in.cpu) {
		return Offline
	}
	if !csd.Overbooks() && q.appended.Load()-q.ended.Load() >= in.q.singleRoom() {
		return Full
	}
	atomics.Write(&r.pos)
	r.pos = q.appended.Load() + 1
	sent := Posted
	atomics.Write(&q.head)
	if q.head == nil {
		q.head = r
		q.first.Store(r)
		sent = Rung
	} else {
		atomics.Write(&q.tail.next)
		q.tail.next = r
	}
	q.tail = r
	q.appended.Store(r.pos)
	return sent
}

func (q *singleQueue[C]) pending() bool { return q.taken != nil || q.first.Load() != nil }

// singleRoom is how many requests may be in a single queue, including those that
// run: as many as in the rings of all sources of a CPU together.
func (q *Queue[C]) singleRoom() uint64 { return uint64(q.cfg.Ring * (len(q.cfg.CPUs) + 1)) }

func (q *singleQueue[C]) depth() int {
	begun := q.begun.Load()
	return max(int(q.appended.Load()-begun), 0)
}

// take takes the whole queue.
func (q *singleQueue[C]) take() {
	if q.first.Load() == nil {
		return
	}
	q.mu.Lock()
	atomics.Write(&q.head)
	head, tail := q.head, q.tail
	q.head, q.tail = nil, nil
	q.first.Store(nil)
	q.mu.Unlock()
	if q.taken == nil {
		q.taken = head
	} else {
		atomics.Write(&q.last.next)
		q.last.next = head
	}
	q.last = tail
	for r := head; r != nil; r = r.next {
		atomics.Read(&r.next)
		atomics.Read(&r.slot)
		if r.slot.csd.urgent() {
			q.urgent = r.number()
		}
	}
}

// lastUrgent is the number of the last urgent call that waits; 0: there is none.
func (q *singleQueue[C]) lastUrgent() uint64 {
	q.take()
	if int64(q.urgent-q.ran) > 0 {
		return q.urgent
	}
	return 0
}

// pendingUpTo reports whether a request with a number up to limit waits.
func (q *singleQueue[C]) pendingUpTo(limit uint64) bool {
	if q.taken == nil {
		q.take()
	}
	return q.taken != nil && int64(limit-q.taken.number()) >= 0
}

// pop takes out the next request.
func (q *singleQueue[C]) pop() (s slot[C]) {
	r := q.taken
	atomics.Write(&r.next)
	atomics.Write(&r.slot)
	q.taken, s = r.next, r.slot
	q.ran = r.number()
	q.begun.Add(1)
	r.next, r.slot = nil, slot[C]{}
	q.pool.Put(r)
	return s
}

// serveSingle runs the requests up to number limit.
func (in *Inbox[C]) serveSingle(limit uint64) (n int) {
	for in.single.pendingUpTo(limit) {
		n += in.serveOne()
	}
	return n
}

func (in *Inbox[C]) serveOne() int {
	in.runSlot(in.single.pop())
	return 1
}
