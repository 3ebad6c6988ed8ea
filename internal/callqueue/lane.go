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
//     function, the target stores nil. See Own for how both sides watch the line
//     without taking it from each other.
//   - the tail, written by the source: how many requests it ever posted.
//   - the head, written by the target: how many of them it has taken, and held:
//     how many of those have yet to return.
//   - the slots.
//
// A post counts until it has returned: those that wait in the slots and those that
// run, which are several if they wait and are served within each other, are
// together no more than there are slots. A call that some CPU waits for needs but
// a free slot.
//
// The source of the external callers' lane is many goroutines: they post under a lock, which
// is in the line of the tail so that a post moves no line for it, and claim the
// mailbox by turns.
type Lane[C any] struct {
	_ [64 - header]byte
	mailbox
	_ [64]byte

	tail   atomics.Uint64
	posted uint64         // tail, as the source's plain copy
	lock   atomics.Mutex  // of the external callers' lane: guards the source's side of it
	before uint64         // posted when the mailbox was filled: what must run before that
	after  uint64         // shared when the mailbox was filled: nor may it run before those
	shared atomics.Uint64 // records on the shared list that went this way, ever
	room   uint64         // posted may grow up to here without a look at head
	left   bool           // the waiter of the call in the mailbox has left it

	pushed atomics.Uint64 // an urgent call found no free slot when so many were posted
	_      [64 - 8]byte

	head    atomics.Uint64
	held    atomics.Uint64  // of those before head, how many run
	begun   atomics.Counter // next, for others to look at
	next    uint64          // requests taken out to run
	freed   uint64          // head, as the target's plain copy
	frames  uint64          // functions of the ring on the target's stack
	limit   uint64          // of the serve under way
	boxed   bool            // the serve under way has seen the mailbox full
	walked  uint64          // after of that call; the walk has run those records
	scanned uint64          // slots before were searched for urgent calls
	urgent  uint64          // number of the last one found
	busy    atomics.Counter // 1: the mailbox's function runs and is not to be taken again
	err     error           // of the mailbox's function, if the mailbox says failed
	_       [64 + 16]byte

	slots   []*function
	records []slot[C] // of those whose slot says hasRecord
	src     int
	target  *Inbox[C]
	_       [64]byte

	// The source's alone: the target reads the line of tail at each call.
	claim    atomics.Uint32 // the external callers': what the mailbox is to its goroutines
	reserved bool           // a call with a payload has the mailbox until Take
}

// States of Lane.claim.
const (
	unclaimed = iota
	claimed   // a goroutine has the mailbox
	abandoned // it has left before the answer was in
)

// function is what a func value points to. The mailbox needs to be one word,
// and a func value is one; only sync/atomic has no type for it.
type function struct{ _ uintptr }

func toFunction[C any](fn func(C)) *function { return *(**function)(unsafe.Pointer(&fn)) }

func toFunc[C any](f *function) func(C) { return *(*func(C))(unsafe.Pointer(&f)) }

// failed is in the mailbox for an answer that is an error, and hasRecord in a slot for
// a request with a record, which is beside the slots. A slot of one word
// moves half as many cache lines for a post as one of two.
var failed, hasRecord = new(function), new(function)

// The source asks for the lines of the ring some posts ahead: the target has
// written to them last, and each publishing store waits for all stores before it.
const (
	perLine = 8
	ahead   = 4 * perLine
)

// header is what the Go runtime puts before an object of more than 512 bytes that
// has pointers. The mailbox is to fill one cache line.
const header = unsafe.Sizeof(uintptr(0))

type slot[C any] struct {
	fn  func(C)
	csd *CSD
}

func newLane[C any](src int, target *Inbox[C], ring int) *Lane[C] {
	return &Lane[C]{src: src, target: target, slots: make([]*function, ring), records: make([]slot[C], ring), room: uint64(ring)}
}

// TryCall puts fn into the mailbox. False: an earlier call of this source is
// still in there, and this one has to go by the ring: it is made by a function
// that was served during the wait for that one, or the waiter has left that one
// and the answer is not in yet.
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

// Leave says that the waiter of the call in the mailbox will not come back for the
// answer: its context has ended, or its goroutine. The mailbox is free again once
// the answer is in.
func (l *Lane[C]) Leave() { l.left, l.reserved = true, false }

// reclaim empties the mailbox of an answer that nobody will come for.
func (l *Lane[C]) reclaim() bool {
	if !l.left || !l.Done() {
		return false
	}
	_ = l.Finish()
	return true
}

// Release gives the mailbox of the external callers' lane to other goroutines. It stays
// claimed until its owner has seen the answer: an empty mailbox is not enough,
// for then the next one's request could be taken for the call still under way.
func (l *Lane[C]) Release() { l.claim.Store(unclaimed) }

// Abandon is Leave for the goroutine that has the mailbox of the external callers' lane.
func (l *Lane[C]) Abandon() {
	l.reserved = false
	l.claim.Store(abandoned)
}

// Done says whether the call in the mailbox is complete. What the function
// did happens before a Done that is true.
func (l *Lane[C]) Done() bool {
	f := l.box.Load()
	return f == nil || f == failed
}

// Returned is Done for a function that has returned: there is nothing to Finish.
func (l *Lane[C]) Returned() bool { return l.box.Load() == nil }

// Own asks for the mailbox's line as if to write it, and does not wait for it.
// Both sides do so, after a pause, before each look: what they find there they
// are going to overwrite. A load would only get a copy of the line, and the store
// after it would be a second transfer; without the pause, the line would be taken
// back before the other side has stored. Measured, a call takes 0.4 to 0.8 of the
// time that it takes without.
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

// TryPost is post for a request that nobody waits for, to a CPU that the caller
// has just seen online, if there is room for certain.
func (l *Lane[C]) TryPost(fn func(C)) bool {
	atomics.Read(&l.posted)
	n := l.posted
	if int64(l.room-n) <= 0 { // urgent calls may have gone beyond
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
// The tail is published at each post, not once a batch: a request that is held
// back until the source comes by again could wait forever. The batching is the
// target's: see Inbox.skip.
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

// makeRoom looks for room for one more request with csd. The head is loaded first:
// the target stores held before it, so functions that a new head has taken out of
// the slots are in held.
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
	// All slots wait. At its nesting limit the target would leave them waiting, as
	// it cannot see this call among them; it may even sleep.
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

// depth is the number of requests in the lane that have not begun; any goroutine
// may ask.
func (l *Lane[C]) depth() int {
	begun := l.begun.Peek()
	n := max(int(l.tail.Load()-begun), 0)
	if !l.Done() && l.busy.Peek() == 0 {
		n++
	}
	return n
}

// place is how far the stream went before the call in the mailbox, and order how
// many records on the shared list did.
func (l *Lane[C]) place() uint64 {
	atomics.Read(&l.before)
	return l.before
}

func (l *Lane[C]) order() uint64 {
	atomics.Read(&l.after)
	return l.after
}

// look notes what the lane holds now. The tail first: a request that was posted
// during a call (by a function served meanwhile) comes after that call, and who
// sees it in the tail must also see the call, which was put there before it.
func (l *Lane[C]) look() {
	l.limit = l.tail.Load()
	if l.boxed = l.requested(); l.boxed {
		l.walked = l.order()
	}
}

// serve runs what look has noted, in the order in which the source sent it. Not what
// a function has noted that was served meanwhile: its look has seen a call in the
// mailbox that has to run before that, and its serve may have ended before it came
// to this lane.
func (l *Lane[C]) serve() (n int) {
	limit := l.limit
	if l.boxed {
		n = l.serveBox(l.walked, l.next+anywhere)
	}
	return n + l.serveRing(limit)
}

// serveWaiting is serve within a function's wait: it ends when that is over.
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

// serveBox runs what precedes the mailbox's function, and that. With the tail
// where this side left it nothing does, and the source's line is not touched.
//
// What precedes it may itself serve this lane, and so may have answered the
// call: look again before running it, or it runs twice. There may even be the
// next call in there; it is left for later if a record went before it that was
// not yet there to be walked, or more than last posts.
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

// anywhere is farther than any stream goes.
const anywhere = 1 << 62

// runBox runs f and answers. All that can be done after the answer is.
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
// this lane while it waits; so a request is taken out before it runs, and the
// positions, not a count, say where to go on.
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

// runRing is serveRing up to the first function that panics: one deferred
// recover for a batch, for it costs as much as a short function.
func (l *Lane[C]) runRing(limit uint64) {
	in := l.target
	depth, traced := in.depth, in.traced
	var csd *CSD // of the function that runs
	returned := false
	defer func() {
		in.depth = depth
		l.frames--
		if !returned {
			l.release() // after runtime.Goexit serveRing does not come to it
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

// fetch asks for the first lines of what is to be taken out, up to number limit.
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

// release gives the slots of what was taken out back to the source, cleared:
// what a request refers to is not to live until the ring comes round. It says how
// many of those still run; before it says how many were taken, see makeRoom.
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
