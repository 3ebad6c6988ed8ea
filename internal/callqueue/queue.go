package callqueue

import (
	"math"

	"crosscall/internal/atomics"
	"crosscall/internal/cacheline"
)

// External is the source that stands for all goroutines that are not a CPU.
const External = -1

// Host is the queue's interface to threads: it wakes them and reports errors.
type Host interface {
	// Ring is the IPI: it wakes the CPU if that sleeps. Everything before Ring
	// happens before that CPU's next check of its Inbox.
	Ring(cpu int)
	// Answer is Ring for the source of a call that cpu has answered by mailbox. For
	// External it is the goroutine that has the mailbox, if there still is one.
	Answer(src, cpu int)
	// Failed makes the error of a function that did not return: reason is what
	// recover returned, nil after runtime.Goexit. It is called by the deferred
	// function, while the stack of the panic still exists. If no caller waits,
	// it reports the error itself.
	Failed(cpu int, reason any, waited bool) error
	// Warn reports a state that the algorithm rules out, like the kernel's WARN_ON.
	Warn(cpu int, what string)
}

// Config has the sizes of a Queue and chooses its transport.
type Config struct {
	CPUs        []int // the possible CPUs
	SingleQueue bool  // carry requests by the single queue of each CPU, not by lanes
	Ring        int   // slots of a lane, a power of two

	// Nesting is how many functions may be on a CPU's stack, each served during
	// the wait of the one before, until the CPU serves only urgent calls; 0: no
	// bound.
	Nesting int
	// Overtaking is how many functions may run during one wait until the CPU
	// serves only urgent calls; 0: no bound.
	Overtaking int
}

func (c *Config) setDefaults() {
	if c.Nesting == 0 {
		c.Nesting = math.MaxInt
	}
	if c.Overtaking == 0 {
		c.Overtaking = math.MaxInt
	}
}

// Queue carries requests between a set of CPUs.
type Queue[C any] struct {
	cfg      Config
	host     Host
	inboxes  []*Inbox[C] // by CPU; nil where there is none
	online   []atomics.Uint64
	shared   sharedList[C]
	external *Source[C]
}

// New makes a queue over cfg.CPUs. handle makes the argument of the functions on a CPU.
func New[C any](cfg Config, host Host, handle func(cpu int) C) *Queue[C] {
	cfg.setDefaults()
	ncpu := 0
	for _, cpu := range cfg.CPUs {
		ncpu = max(ncpu, cpu+1)
	}
	q := &Queue[C]{
		cfg:     cfg,
		host:    host,
		inboxes: make([]*Inbox[C], ncpu),
		online:  cacheline.Slice[atomics.Uint64]((ncpu + 63) / 64),
	}
	for _, cpu := range cfg.CPUs {
		q.SetOnline(cpu, true)
		q.inboxes[cpu] = newInbox(q, cpu, handle(cpu))
	}
	q.external = q.newSource(External)
	for _, cpu := range cfg.CPUs {
		q.external.Lane(cpu)
	}
	q.external.lock = new(atomics.Mutex)
	return q
}

// Inbox returns the inbox of a possible CPU, nil for any other number.
func (q *Queue[C]) Inbox(cpu int) *Inbox[C] {
	if uint(cpu) >= uint(len(q.inboxes)) {
		return nil
	}
	return q.inboxes[cpu]
}

// External returns the source for goroutines that are not a CPU. Many may use it
// at a time.
func (q *Queue[C]) External() *Source[C] { return q.external }

// Source sends requests. Only one goroutine uses it, except for the external callers'
// source.
type Source[C any] struct {
	q     *Queue[C]
	id    int
	lanes []*Lane[C]      // by target, made at first use
	cfd   *cfd[C]         // its record for calls to many
	ipi   []uint64        // the CPUs to ring for it: a copy of the record's mask
	sent  atomics.Counter // requests sent, except by lanes

	lock *atomics.Mutex // of the external callers' source: guards cfd, ipi and sent
}

func (q *Queue[C]) newSource(id int) *Source[C] {
	n := len(q.inboxes)
	s := &Source[C]{q: q, id: id, lanes: cacheline.Slice[*Lane[C]](n), ipi: make([]uint64, len(q.online))}
	s.cfd = newCFD(s, n)
	return s
}

// Source makes the source of a CPU. It must be called at most once for each CPU.
func (q *Queue[C]) Source(cpu int) *Source[C] { return q.newSource(cpu) }

// Opened returns the lane to cpu, any number, if it has been made.
func (s *Source[C]) Opened(cpu int) *Lane[C] {
	if uint(cpu) < uint(len(s.lanes)) {
		return s.lanes[cpu]
	}
	return nil
}

// Lane returns the lane to a possible CPU, and makes it at first use; nil if
// requests use the single queue.
func (s *Source[C]) Lane(dst int) *Lane[C] {
	if l := s.lanes[dst]; l != nil || s.q.cfg.SingleQueue {
		return l
	}
	s.lanes[dst] = s.q.inboxes[dst].addLane(s.id)
	return s.lanes[dst]
}

// streamed is the number of requests sent to dst so far by a stream.
func (s *Source[C]) streamed(dst int) uint64 {
	if s.q.cfg.SingleQueue {
		return s.q.inboxes[dst].single.appended.Load()
	}
	if l := s.lanes[dst]; l != nil {
		return l.tail.Load()
	}
	return 0
}

// TryPost sends fn to a possible CPU. csd, if not nil, is completed when fn is
// done. Full: there is no room now. An urgent call needs only a free slot of the
// ring; for other requests, those that have not returned count. Offline: the CPU
// accepts no requests, except with force.
//
// The check whether the CPU is online and the publishing of the request are one step:
// nothing is served between them and, for the external callers, both are under the lock.
// So when each CPU has run some function after SetOnline(cpu, false), and each lock was
// free once (see AwaitSenders), no further request to the CPU can appear.
func (s *Source[C]) TryPost(dst int, fn func(C), csd *CSD, force bool) Sent {
	in := s.q.inboxes[dst]
	var sent Sent
	switch {
	case s.q.cfg.SingleQueue:
		sent = in.single.push(in, fn, csd, force)
		if s.lock == nil && sent != Offline {
			s.sent.Set(s.sent.Get() + 1)
		}
	case s.lock != nil:
		l := s.lanes[dst]
		l.lock.Lock()
		sent = l.post(in, fn, csd, force)
		l.lock.Unlock()
	default:
		sent = s.Lane(dst).post(in, fn, csd, force)
	}
	if sent == Rung {
		s.q.host.Ring(dst)
		return Posted
	}
	return sent
}

// Room reports whether TryPost of a CPU's source would find room for a request
// that is not urgent. With lanes, the room stays until the source's next
// request.
func (s *Source[C]) Room(dst int) bool {
	if s.q.cfg.SingleQueue {
		q := &s.q.inboxes[dst].single
		return q.appended.Load()-q.ended.Load() < s.q.singleRoom()
	}
	l := s.Lane(dst)
	atomics.Read(&l.posted)
	return int64(l.room-l.posted) > 0 || l.makeRoom(nil)
}

// Sent is the result of sending a request.
type Sent int

const (
	Posted Sent = iota
	Full
	Offline
	Rung // posted, and the doorbell must be rung: internal
)

// AwaitSenders waits for goroutines that are about to publish a request to cpu. After
// it, all have published, or will find the CPU offline.
func (q *Queue[C]) AwaitSenders(cpu int) {
	locks := []*atomics.Mutex{q.external.lock, &q.inboxes[cpu].single.mu}
	if l := q.external.Lane(cpu); l != nil {
		locks = append(locks, &l.lock)
	}
	for _, mu := range locks {
		mu.Lock()
		//lint:ignore SA2001 the lock is taken for its order alone
		mu.Unlock()
	}
}

// SetOnline sets whether cpu takes requests.
func (q *Queue[C]) SetOnline(cpu int, on bool) {
	if on {
		q.online[cpu/64].Or(1 << (cpu % 64))
	} else {
		q.online[cpu/64].And(^(uint64(1) << (cpu % 64)))
	}
}

// Online reports whether cpu, any number, takes requests.
func (q *Queue[C]) Online(cpu int) bool {
	word := uint(cpu) / 64
	return word < uint(len(q.online)) && q.online[word].Load()>>(uint(cpu)%64)&1 != 0
}

// Leave is for a CPU whose goroutine has ended: no waiter will read the answers
// in its mailboxes.
func (s *Source[C]) Leave() {
	for _, l := range s.lanes {
		if l != nil {
			l.Leave()
		}
	}
}

// Sent is the number of requests that a CPU's source sent, one for each target,
// without those by mailbox. Any goroutine may call it.
func (s *Source[C]) Sent() uint64 {
	n := s.sent.Peek()
	for _, in := range s.q.inboxes {
		if in == nil {
			continue
		}
		for _, l := range *in.lanes.Load() {
			if l.src == s.id {
				n += l.tail.Load()
			}
		}
	}
	return n
}
