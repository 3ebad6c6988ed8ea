package callqueue

import (
	"math/bits"

	"crosscall/internal/atomics"
)

// sharedList is the call_function.queue: the records of calls to many, each
// serving all its targets. The lock is taken only to add and to delete; targets
// walk the list without it.
type sharedList[C any] struct {
	head atomics.Pointer[cfd[C]]
	_    [64]byte
	mu   atomics.Mutex
}

// cfd is the kernel's call_function_data: one record, owned by one source, on
// the list while one of its targets has yet to run it.
//
// It is reused without a grace period. A walker may have reached it just before
// its last target took it off the list, and still be at it while the owner
// fills it in for the next call. So the accesses to every field that a walker
// reads are ordered. The owner writes zero to refs, then the function, then the
// mask, then (on the list already) refs. A walker reads the mask, then refs,
// then the function. Only the walker itself clears its bit in the mask, so a
// set bit is of a call that includes it. If the walker sees the bit, it reads
// refs of that call, or the zero that the owner wrote before the mask (Q3, Q9
// of the review), but never a value of the previous call. If refs is not zero,
// it sees the function (Q4), and the record does not change until this walker
// has answered.
type cfd[C any] struct {
	flags   atomics.Uint32 // csdLock: the record is in flight
	refs    atomics.Int32  // targets that have not answered
	cpumask []atomics.Uint64
	next    atomics.Pointer[cfd[C]]
	prev    *cfd[C] // under the list's lock

	fn     func(C)
	csd    *CSD
	src    *Source[C]
	before []uint64 // by target: the end of its stream from src when this was sent
	nth    []uint64 // by target: the number of this among src's records to it
}

func newCFD[C any](src *Source[C], ncpu int) *cfd[C] {
	return &cfd[C]{
		src:     src,
		cpumask: make([]atomics.Uint64, (ncpu+63)/64),
		before:  make([]uint64, ncpu),
		nth:     make([]uint64, ncpu),
	}
}

// add puts r at the head. If r were added at the tail, a walker that is at r
// while r is taken off and added again would step from r to the end of the list
// and miss all records that it had not reached (Q12). From the head it only
// sees some twice.
func (l *sharedList[C]) add(r *cfd[C], refs int32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old := l.head.Load()
	atomics.Write(&r.prev)
	r.prev = nil
	r.next.Store(old)
	if old != nil {
		atomics.Write(&old.prev)
		old.prev = r
	}
	l.head.Store(r)
	// Not before r is on the list: otherwise a target that is at r since its
	// last use could run it and take it off the list before it was put on (Q6).
	r.refs.Store(refs)
}

// del takes r off and does not change its next, so that a walker that is at r can
// go on.
func (l *sharedList[C]) del(r *cfd[C]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := r.next.Load()
	atomics.Read(&r.prev)
	if next != nil {
		atomics.Write(&next.prev)
		next.prev = r.prev
	}
	if r.prev != nil {
		r.prev.next.Store(next)
	} else {
		l.head.Store(next)
	}
}

// MaskWords is a set of CPUs that others may change while it is read. Word i
// has CPUs 64i to 64i+63; each word is loaded once.
type MaskWords interface{ Word(i int) uint64 }

// fill makes r a call to the CPUs of mask that are also online. Zero: the mask
// was emptied since the caller read it (Q1), and there is nothing to send.
func (r *cfd[C]) fill(mask MaskWords, fn func(C), csd *CSD) (n int) {
	r.refs.Store(0)
	atomics.Write(&r.fn)
	atomics.Write(&r.csd)
	r.fn, r.csd = fn, csd
	q := r.src.q
	for i := range r.cpumask {
		// Each word is stored once, with its final value: if a bit were set for
		// a moment and then cleared, a walker could run a call that does not
		// include it (Q8).
		w := mask.Word(i) & q.online[i].Load()
		r.markBefore(i, w)
		r.cpumask[i].Store(w)
		n += bits.OnesCount64(w)
	}
	return n
}

func (r *cfd[C]) markBefore(word int, w uint64) {
	for ; w != 0; w &= w - 1 {
		cpu := 64*word + bits.TrailingZeros64(w)
		n := r.src.streamed(cpu)
		atomics.Write(&r.before[cpu])
		r.before[cpu] = n
		if l := r.src.lanes[cpu]; l != nil {
			n = l.shared.Add(1)
			atomics.Write(&r.nth[cpu])
			r.nth[cpu] = n
		}
	}
}

// place is the end of the stream to cpu when r was sent.
func (r *cfd[C]) place(cpu int) uint64 {
	atomics.Read(&r.before[cpu])
	return r.before[cpu]
}

// number is the number of r among its source's records to cpu.
func (r *cfd[C]) number(cpu int) uint64 {
	atomics.Read(&r.nth[cpu])
	return r.nth[cpu]
}

// TryShare sends fn by one record on the shared list to all CPUs of mask that
// are online, and returns how many they are: none if others emptied the mask
// meanwhile. csd, if not nil, is completed when all of them are done. ok is
// false if the source's record is still in flight from an earlier call (csd_lock
// would spin).
func (s *Source[C]) TryShare(mask MaskWords, fn func(C), csd *CSD) (n int, ok bool) {
	if s.lock != nil {
		s.lock.Lock()
		defer s.lock.Unlock()
	}
	r := s.cfd
	if r.flags.Load()&csdLock != 0 {
		return 0, false
	}
	r.flags.Store(csdLock)
	if n = r.fill(mask, fn, csd); n == 0 {
		r.flags.Store(0)
		return 0, true
	}
	for i := range r.cpumask {
		// The copy is made now: once the record is published, its targets clear
		// their bits, and CPUs that are still to be rung would be missed (Q15).
		s.ipi[i] = r.cpumask[i].Load()
	}
	s.sent.Set(s.sent.Get() + uint64(n))
	s.q.shared.add(r, int32(n))
	for i, w := range s.ipi {
		for ; w != 0; w &= w - 1 {
			s.q.host.Ring(64*i + bits.TrailingZeros64(w))
		}
	}
	return n, true
}

// walk runs every record of the shared list that is for this CPU.
func (in *Inbox[C]) walk() (n int) {
	if in.q.cfg.SingleQueue {
		return in.walkUpTo(0, (*cfd[C]).any)
	}
	return in.walkWhere((*cfd[C]).any)
}

// any is a condition that all records meet.
func (r *cfd[C]) any() bool { return true }

// walkWhere runs the records for this CPU that meet a condition. The condition
// is evaluated only for records that this CPU still has to run.
func (in *Inbox[C]) walkWhere(wanted func(*cfd[C]) bool) (n int) {
	for r := in.q.shared.head.Load(); r != nil; r = r.next.Load() {
		for in.owes(r) && wanted(r) {
			k, ran := in.serveShared(r)
			if n += k; ran {
				break
			}
		}
	}
	return n
}

// owesAny reports whether a record for this CPU meets a condition.
func (in *Inbox[C]) owesAny(wanted func(*cfd[C]) bool) bool {
	for r := in.q.shared.head.Load(); r != nil; r = r.next.Load() {
		if in.owes(r) && wanted(r) {
			return true
		}
	}
	return false
}

// walkUpTo is walkWhere if sources share a stream: a request that precedes the
// record of one source may have to run after the record of another. So records run
// in the order of their places in the stream, including those before place limit
// and those before a wanted one. Each source has one record, so there are at most
// as many to run as sources. Records that are sent meanwhile are for the next
// walk.
func (in *Inbox[C]) walkUpTo(limit uint64, wanted func(*cfd[C]) bool) (n int) {
	// The list is read twice each time. During the first read, a record may be sent
	// just after the read has passed its place, then a post, then the record that
	// the read finds. Once that record is found, all records that were sent before
	// it are on the list.
	for left := len(in.q.inboxes) + 1; left > 0 && in.oldest() != nil; {
		r := in.oldest()
		if int64(limit-r.place(in.cpu)) <= 0 && !in.owesAny(wanted) {
			break
		}
		k, ran := in.serveShared(r)
		if n += k; ran {
			left--
		}
	}
	return n
}

// oldest is the record for this CPU that was sent first, nil if there is none.
func (in *Inbox[C]) oldest() (oldest *cfd[C]) {
	for r := in.q.shared.head.Load(); r != nil; r = r.next.Load() {
		if in.owes(r) && (oldest == nil || int64(oldest.place(in.cpu)-r.place(in.cpu)) >= 0) {
			oldest = r
		}
	}
	return oldest
}

// owes reports whether this CPU still has to run r. If so, r does not change
// until this CPU runs a function: that of r, or another that serves the list.
func (in *Inbox[C]) owes(r *cfd[C]) bool {
	return r.cpumask[in.cpu/64].Load()>>(in.cpu%64)&1 != 0 && r.refs.Load() != 0
}

// serveShared runs the requests that r's source sent to this CPU before r or, if
// there are none, r. Such a request may serve r itself, and r's source may reuse
// r at once for the next call. So afterwards all fields of r are read again.
// Without that, the function of one call was run for the bit of the next call,
// before the next call was sent.
func (in *Inbox[C]) serveShared(r *cfd[C]) (n int, ran bool) {
	if n = in.serveBefore(r); n > 0 {
		return n, false
	}
	atomics.Read(&r.fn)
	fn := r.fn
	r.cpumask[in.cpu/64].And(^(uint64(1) << (in.cpu % 64)))
	in.runShared(r, fn)
	return 1, true
}

// shares reports whether the shared list has a call for this CPU.
func (in *Inbox[C]) shares() bool {
	for r := in.q.shared.head.Load(); r != nil; r = r.next.Load() {
		if in.owes(r) {
			return true
		}
	}
	return false
}

// runShared runs fn and answers. Unlike the C code it has cleared the CPU's bit
// before: there, a function that enables interrupts is run twice and the kernel
// warns; here a function may wait, and serve this list meanwhile.
func (in *Inbox[C]) runShared(r *cfd[C], fn func(C)) {
	returned := false
	in.depth++
	defer func() {
		in.depth--
		in.count()
		in.last = fn
		if !returned {
			if err := in.q.host.Failed(in.cpu, recover(), r.csd != nil); r.csd != nil {
				atomics.Read(&r.csd)
				r.csd.fail(err)
			}
		}
		in.answer(r)
	}()
	in.invoke(fn)
	returned = true
}

// answer drops this CPU's reference; the last one out takes the record off the
// list and unlocks it.
func (in *Inbox[C]) answer(r *cfd[C]) {
	switch left := r.refs.Add(-1); {
	case left < 0:
		in.q.host.Warn(in.cpu, "refs of a shared record below zero")
		return
	case left > 0:
		return
	}
	for i := range r.cpumask {
		if r.cpumask[i].Load() != 0 {
			in.q.host.Warn(in.cpu, "shared record answered by all, with bits left in its mask")
		}
	}
	in.q.shared.del(r)
	atomics.Read(&r.csd)
	csd := r.csd
	r.flags.Store(0) // csd_unlock: from here on only its owner uses r
	if csd != nil {
		in.complete(csd, nil)
	}
}
