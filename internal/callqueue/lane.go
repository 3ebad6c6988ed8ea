package callqueue

import (
	"unsafe"

	"crosscall/internal/atomics"
	"crosscall/internal/cpurelax"
)

// Lane carries requests from one source to one target. Its parts are a cache
// line or more apart, each written by one side:
//
//   - the mailbox, for one waiting call at a time: a word, which is the function
//     itself, and in the same line the call's payload. The source stores the
//     function, the target stores nil. See Own for how both sides poll the line
//     without taking it from each other.
//   - the tail, written by the source: the number of requests it ever posted.
//   - the head, written by the target: how many of them it has taken; and held:
//     how many of those have not returned.
//   - the slots.
//
// A post counts until it has returned. The posts that wait in the slots and those
// that run (several, if they wait and are served within each other) are together
// no more than there are slots. A call that some CPU waits for needs only a free
// slot.
//
// The source of the external callers' lane is many goroutines. They post under a lock, which
// is in the tail's line so that it costs no other line, and claim the mailbox one at a time.
type Lane[C any] struct {
	_ [64 - header]byte
	mailbox
	_ [64]byte

	tail   atomics.Uint64
	posted uint64         // tail, as the source's plain copy
	lock   atomics.Mutex  // of the external callers' lane: guards the source's side of it
	before uint64         // posted when the mailbox was filled: those must run before the call
	after  uint64         // shared when the mailbox was filled: those must run before it too
	shared atomics.Uint64 // records on the shared list from this source to this target, ever
	room   uint64         // posted may grow up to here without reading head
	left   bool           // the waiter of the call in the mailbox has abandoned it

	pushed atomics.Uint64 // an urgent call found no free slot when so many were posted
	_      [64 - 8]byte

	head    atomics.Uint64
	held    atomics.Uint64  // how many of those before head run
	begun   atomics.Counter // next, for other goroutines
	next    uint64          // requests taken out to run
	freed   uint64          // head, as the target's plain copy
	frames  uint64          // functions of the ring on the target's stack
	limit   uint64          // the end for the serve under way
	boxed   bool            // the serve under way has found the mailbox full
	walked  uint64          // the field after, of that call; the walk has run those records
	scanned uint64          // slots before were searched for urgent calls
	urgent  uint64          // number of the last one found
	busy    atomics.Counter // 1: the mailbox's function runs and must not be run again
	err     error           // of the mailbox's function, if the mailbox says failed
	_       [64 + 16]byte

	slots   []*function
	records []slot[C] // those whose slot has the value hasRecord
	src     int
	target  *Inbox[C]
	_       [64]byte

	// Only the source uses these. They are not in the tail's line, which the target reads at
	// each call.
	claim    atomics.Uint32 // of the external callers' lane: the state of its mailbox
	reserved bool           // a call with a payload has the mailbox until Take
}

// States of Lane.claim.
const (
	unclaimed = iota
	claimed   // a goroutine has the mailbox
	abandoned // it has left before the answer arrived
)

// function is the object to which a func value points. The mailbox has to be
// one word, and a func value is one word, but sync/atomic has no type for it.
type function struct{ _ uintptr }

func toFunction[C any](fn func(C)) *function { return *(**function)(unsafe.Pointer(&fn)) }

func toFunc[C any](f *function) func(C) { return *(*func(C))(unsafe.Pointer(&f)) }

// failed in the mailbox is an answer that is an error. hasRecord in a slot is a
// request with a record, which is in Lane.records. A slot of one word moves half as
// many cache lines for a post as one of two.
var failed, hasRecord = new(function), new(function)

// The source prefetches the lines of the ring some posts ahead: the target has
// written them last, and each publishing store waits for all stores before it.
const (
	perLine = 8
	ahead   = 4 * perLine
)

// header is the size of the Go runtime's header before an object of more than 512
// bytes that has pointers. It matters because the mailbox must fill exactly one
// cache line.
const header = unsafe.Sizeof(uintptr(0))

type slot[C any] struct {
	fn  func(C)
	csd *CSD
}

func newLane[C any](src int, target *Inbox[C], ring int) *Lane[C] {
	return &Lane[C]{src: src, target: target, slots: make([]*function, ring), records: make([]slot[C], ring), room: uint64(ring)}
}

// TryCall puts fn into the mailbox. False: an earlier call of this source is
// still in it, and this call has to use the ring. Either this call is made by a
// function that was served during the wait for the earlier one, or the earlier
// one's waiter has abandoned it and the answer has not arrived.
//
// The caller must ring the target's doorbell after it.
func (l *Lane[C]) TryCall(fn func(C)) bool {
	if l.reserved || l.box.Load() != nil && !l.reclaim() {
		return false
	}
	l.publish(fn)
	return true
}

func (l *Lane[C]) publish(fn func(C)) {
	if l.left {
		l.left = false
	}
	atomics.Read(&l.posted)
	if l.before != l.posted {
		atomics.Write(&l.before)
		l.before = l.posted
	}
	if n := l.shared.Load(); l.after != n {
		atomics.Write(&l.after)
		l.after = n
	}
	l.box.Store(toFunction(fn))
}

// Leave says that the waiter of the call in the mailbox will not read the answer:
// its context, or its goroutine, has ended. The mailbox is free again once the
// answer has arrived.
func (l *Lane[C]) Leave() { l.left, l.reserved = true, false }

// reclaim removes an answer that no waiter will read from the mailbox.
func (l *Lane[C]) reclaim() bool {
	if !l.left || !l.Done() {
		return false
	}
	_ = l.Finish()
	return true
}

// Release frees the mailbox of the external callers' lane for other goroutines. It
// stays claimed until its owner has seen the answer. An empty mailbox is not enough:
// the next goroutine's request could be taken for the call that is still under way.
func (l *Lane[C]) Release() { l.claim.Store(unclaimed) }

// Abandon is Leave for the goroutine that has the mailbox of the external callers' lane.
func (l *Lane[C]) Abandon() {
	l.reserved = false
	l.claim.Store(abandoned)
}

// Done reports whether the call in the mailbox is complete. The function
// happens before a Done that returns true.
func (l *Lane[C]) Done() bool {
	f := l.box.Load()
	return f == nil || f == failed
}

// Returned is Done without an error of the function: no Finish is needed.
func (l *Lane[C]) Returned() bool { return l.box.Load() == nil }

// Own prefetches the mailbox's line for writing. Both sides do so, after a pause,
// before each load, because they will overwrite the value that they find. With a
// load alone a side would get a shared copy of the line, and its store would need
// a second transfer. Without the pause, the line would be taken back before the
// other side has stored. Measured, a call takes 0.4 to 0.8 times as long as
// without.
func (l *Lane[C]) Own() { cpurelax.PrefetchW(unsafe.Pointer(&l.box)) }

// Finish frees the mailbox after Done and returns the function's error.
func (l *Lane[C]) Finish() error {
	if l.Returned() {
		return nil
	}
	atomics.Write(&l.err)
	err := l.err
	l.err = nil
	l.box.Store(nil)
	return err
}

// TryPost is post for a request without a record, to a CPU that the caller has
// just found online. It returns false unless room is certain.
func (l *Lane[C]) TryPost(fn func(C)) bool {
	atomics.Read(&l.posted)
	n := l.posted
	if int64(l.room-n) <= 0 { // urgent calls may have exceeded room
		return false
	}
	if n%perLine == 0 {
		cpurelax.PrefetchW(unsafe.Pointer(&l.slots[(n+ahead)&uint64(len(l.slots)-1)]))
	}
	s := &l.slots[n&uint64(len(l.slots)-1)]
	atomics.Write(s)
	*s = toFunction(fn)
	atomics.Write(&l.posted)
	l.posted = n + 1
	l.tail.Store(n + 1)
	return true
}

// post appends to the ring.
//
// The tail is published at each post, not once for each batch: a request that
// is held back until the next post could wait forever. The target does the
// batching: see Inbox.skip.
func (l *Lane[C]) post(in *Inbox[C], fn func(C), csd *CSD, force bool) Sent {
	if !force && !in.q.Online(in.cpu) {
		return Offline
	}
	atomics.Read(&l.posted)
	if int64(l.room-l.posted) <= 0 && !l.makeRoom(csd) {
		return Full
	}
	at := l.posted & uint64(len(l.slots)-1)
	atomics.Write(&l.slots[at])
	l.slots[at] = toFunction(fn)
	if csd != nil {
		atomics.Write(&l.records[at].csd)
		l.slots[at], l.records[at] = hasRecord, slot[C]{fn, csd}
	}
	atomics.Write(&l.posted)
	l.posted++
	l.tail.Store(l.posted)
	return Rung
}

// makeRoom reports whether there is room for one more request with csd. It loads
// the head before held, because the target stores held before the head: so
// functions that have left the slots by a new head are counted in held.
func (l *Lane[C]) makeRoom(csd *CSD) bool {
	end := l.head.Load() + uint64(len(l.slots))
	l.room = end - l.held.Load()
	switch {
	case int64(l.room-l.posted) > 0:
		return true
	case !csd.Overbooks():
		return false
	case end != l.posted:
		return true
	}
	// All slots are full of waiting requests. At its nesting limit the target
	// would not run them, because it cannot see this call among them; it may even
	// sleep.
	if l.pushed.Load() != l.posted {
		l.pushed.Store(l.posted)
		l.target.q.host.Ring(l.target.cpu)
	}
	return false
}

func (l *Lane[C]) requested() bool {
	f := l.box.Load()
	return f != nil && f != failed && l.busy.Get() == 0
}

// depth is the number of requests in the lane that have not begun. Any goroutine
// may call it.
func (l *Lane[C]) depth() int {
	begun := l.begun.Peek()
	n := max(int(l.tail.Load()-begun), 0)
	if !l.Done() && l.busy.Peek() == 0 {
		n++
	}
	return n
}

// place is the number of the stream's requests that precede the call in the
// mailbox. order is the number of records on the shared list that do.
func (l *Lane[C]) place() uint64 {
	atomics.Read(&l.before)
	return l.before
}

func (l *Lane[C]) order() uint64 {
	atomics.Read(&l.after)
	return l.after
}

// look notes the present contents of the lane. It loads the tail first. A
// request that was posted during a call (by a function served meanwhile) runs
// after that call, so if look sees it in the tail, it must also see the call,
// which was put into the mailbox before.
func (l *Lane[C]) look() {
	l.limit = l.tail.Load()
	if l.boxed = l.requested(); l.boxed {
		l.walked = l.order()
	}
}

// serve runs the requests that look has noted, in the order in which the source sent
// them. It does not run requests that only the look of a nested serve has noted.
// That look may have seen a call in the mailbox that has to run before them, and the
// nested serve may have ended before it reached this lane.
func (l *Lane[C]) serve() (n int) {
	limit := l.limit
	if l.boxed {
		n = l.serveBox(l.walked, l.next+anywhere)
	}
	return n + l.serveRing(limit)
}

// serveWaiting is serve within a function's wait: it ends when the wait does.
func (l *Lane[C]) serveWaiting() (n int) {
	limit := l.limit
	if l.boxed {
		n = l.serveBox(l.walked, l.next+anywhere)
	}
	for int64(limit-l.next) > 0 && !l.target.waitOver() {
		n += l.serveRing(l.next + 1)
	}
	return n
}

// serveBox runs the requests that precede the mailbox's function, and then that
// function. If the tail is where the target left it, no request precedes it,
// and the source's line is not read.
//
// A preceding request may itself serve this lane and answer the call, so the
// mailbox is read again before the call runs; otherwise it would run twice. The
// mailbox may even have the next call by then. That call is left for later if
// it has to run after a record that the walk has not seen, or after posts
// beyond last.
func (l *Lane[C]) serveBox(after, last uint64) (n int) {
	for l.requested() && l.order() == after && int64(last-l.place()) >= 0 {
		if l.tail.Load() == l.next || int64(l.place()-l.next) <= 0 {
			l.runBox(l.box.Load())
			return n + 1
		}
		n += l.serveRing(l.place())
	}
	return n
}

// anywhere is beyond the end of any stream.
const anywhere = 1 << 62

// runBox runs f and answers. All work that can be done after the answer is done after it.
func (l *Lane[C]) runBox(f *function) {
	in, fn := l.target, toFunc[C](f)
	returned := false
	l.busy.Set(1)
	in.depth++
	in.current = l
	defer func() {
		if !returned {
			in.count()
			l.err = in.q.host.Failed(in.cpu, recover(), true)
			atomics.Write(&l.err)
			l.box.Store(failed)
		}
		in.q.host.Answer(l.src, in.cpu)
		l.busy.Set(0)
		in.depth--
		in.last = fn
	}()
	in.invoke(fn)
	in.count()
	l.box.Store(nil)
	returned = true
}

// serveRing runs the requests up to number limit. A function may itself serve
// this lane while it waits. So a request is taken out before it runs, and the
// loop continues by the positions, not by a count.
func (l *Lane[C]) serveRing(limit uint64) (n int) {
	start := l.next
	for int64(limit-l.next) > 0 {
		l.runRing(limit)
	}
	if l.freed != l.next || l.held.Load() != l.frames {
		l.release()
	}
	return int(l.next - start)
}

// runRing is serveRing up to the first function that panics. There is one
// deferred recover for a batch, because it costs as much as a short function.
func (l *Lane[C]) runRing(limit uint64) {
	in := l.target
	depth, traced := in.depth, in.traced
	var csd *CSD // the record of the function that runs
	returned := false
	defer func() {
		in.depth = depth
		l.frames--
		if !returned {
			l.release() // after runtime.Goexit serveRing does not reach its release
			in.count()
			in.complete(csd, in.q.host.Failed(in.cpu, recover(), waited(csd)))
		}
	}()
	in.depth++
	l.frames++
	var first func(C)
	l.fetch(limit)
	for int64(limit-l.next) > 0 {
		if l.next%perLine == 0 && int64(limit-l.next) > ahead {
			cpurelax.PrefetchW(unsafe.Pointer(&l.slots[(l.next+ahead)&uint64(len(l.slots)-1)]))
		}
		s := l.take()
		if first == nil {
			first = s.fn
		}
		l.begun.Set(l.next)
		if l.next-l.freed > uint64(len(l.slots)/4) {
			l.release()
		}
		if csd = s.csd; csd != nil && !in.begin(csd) {
			continue
		}
		if traced == nil {
			s.fn(in.handle)
		} else {
			traced(in.handle, s.fn)
		}
		in.count()
		if csd != nil {
			in.complete(csd, nil)
		}
	}
	returned = true
	in.last = first
}

// fetch prefetches the first lines of the requests to take out, up to number limit.
func (l *Lane[C]) fetch(limit uint64) {
	for n := l.next; n-l.next < ahead && int64(limit-n) > 0; n += perLine {
		cpurelax.PrefetchW(unsafe.Pointer(&l.slots[n&uint64(len(l.slots)-1)]))
	}
}

// take takes the next request out. Its slot is cleared by release.
func (l *Lane[C]) take() slot[C] {
	at := l.next & uint64(len(l.slots)-1)
	l.next++
	atomics.Read(&l.slots[at])
	if f := l.slots[at]; f != hasRecord {
		return slot[C]{fn: toFunc[C](f)}
	}
	atomics.Write(&l.records[at].csd)
	s := l.records[at]
	l.records[at] = slot[C]{}
	return s
}

// release returns the slots of requests that were taken out to the source. It
// clears them, so that objects to which a request refers do not stay alive until
// the slots are reused. It stores how many of these requests still run before it
// stores how many were taken; see makeRoom.
func (l *Lane[C]) release() {
	size := uint64(len(l.slots))
	for l.freed != l.next {
		from := l.freed & (size - 1)
		n := min(l.next-l.freed, size-from)
		taken := l.slots[from : from+n]
		if atomics.Explored {
			for i := range taken {
				atomics.Write(&taken[i])
			}
		}
		clear(taken)
		l.freed += n
	}
	if l.held.Load() != l.frames {
		l.held.Store(l.frames)
	}
	l.head.Store(l.next)
}
