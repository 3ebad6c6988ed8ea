package callqueue

import "crosscall/internal/atomics"

// singleQueue is the call_single_queue of one CPU: requests of all sources in
// one list. A source appends under the lock; the target takes the whole list at
// once and runs it in order.
type singleQueue[C any] struct {
	mu         atomics.Mutex
	head, tail *single[C]                 // under mu
	appended   atomics.Uint64             // number of the last request
	first      atomics.Pointer[single[C]] // head, for the target's look without the lock
	_          [64]byte

	// taken is what the target has taken and not yet run. It is no local of the
	// loop that runs it: a function that waits serves this queue, and must go on
	// with what was taken before, or a later request of the same source would
	// run ahead of an earlier one.
	taken *single[C]
	ran   atomics.Uint64 // number of the last request taken out to run

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

// push appends, and has the doorbell rung only if the list was empty: who found
// it so before has rung or is about to, and the target has yet to come and take it.
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

func (q *singleQueue[C]) depth() int { return max(int(q.appended.Load()-q.ran.Load()), 0) }

// pop takes out the next request that is numbered up to limit.
func (q *singleQueue[C]) pop(limit uint64) (s slot[C], ok bool) {
	if q.taken == nil && q.first.Load() != nil {
		q.mu.Lock()
		atomics.Write(&q.head)
		q.taken, q.head, q.tail = q.head, nil, nil
		q.first.Store(nil)
		q.mu.Unlock()
	}
	r := q.taken
	if r == nil || int64(limit-r.number()) < 0 {
		return s, false
	}
	atomics.Write(&r.next)
	atomics.Write(&r.slot)
	q.taken, s = r.next, r.slot
	q.ran.Store(r.pos)
	r.next, r.slot = nil, slot[C]{}
	q.pool.Put(r)
	return s, true
}

func (in *Inbox[C]) serveSingle(limit uint64) (n int) {
	for {
		s, ok := in.single.pop(limit)
		if !ok {
			return n
		}
		in.runSlot(s)
		n++
	}
}
