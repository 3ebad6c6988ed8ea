package crosscall

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of the second class of work.
const (
	maxBackground   = 1024 // functions that wait for a CPU
	backgroundAfter = 256  // functions of the first class that go before one of the second
	backgroundEvery = time.Millisecond
)

// background is a CPU's second class of work: a bounded queue to which any goroutine appends
// under a lock. The executor reads only waiting, and takes the lock if that is not zero. So
// the cost for the first class is one load of a line that only posters of the second class
// write.
type background struct {
	_       [64]byte
	waiting atomic.Int32
	_       [60]byte

	mu    sync.Mutex
	queue []func(*CPU) // a ring, made at first use
	next  int          // index in the ring of the next to take out

	// Only for the executor: since when, and since how many functions, a function
	// waits.
	seen  bool
	since time.Time
	from  uint64
}

// PostBackground has fn run on cpu when that CPU has nothing else to do, and at the latest
// when it has run 256 other functions, or 1 ms has passed, since the last such function. It
// never waits. ErrFull: 1,024 such functions wait for cpu. They run in the order in which
// they were posted, in no order with the caller's other calls, and never within another
// function's wait. See [Caller].
func (k *calls) PostBackground(cpu int, fn func(*CPU)) error {
	k.mustOpen()
	mustFunc(fn)
	k = k.self()
	for {
		t, err := k.target(cpu)
		if err != nil {
			if k.undecided(context.Background(), cpu, &err) {
				continue
			}
			return err
		}
		if posted, err := t.behind.post(t, fn); err != nil {
			return err
		} else if posted {
			t.ring()
			return nil
		}
	}
}

// post appends fn. If it returns false and no error, the CPU is offline. As in
// TryPost of the call queue, that is decided under the lock under which the
// function is published; quiesce takes that lock.
func (b *background) post(c *CPU, fn func(*CPU)) (posted bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := int(b.waiting.Load())
	switch {
	case !c.Online():
		return false, nil
	case n == maxBackground:
		return false, ErrFull
	case b.queue == nil:
		b.queue = make([]func(*CPU), maxBackground)
	}
	b.queue[(b.next+n)%maxBackground] = fn
	b.waiting.Add(1)
	return true, nil
}

// quiesce returns when each post that has begun has appended, or will find the CPU
// offline.
func (b *background) quiesce() {
	b.mu.Lock()
	//lint:ignore SA2001 the lock is taken for its order alone
	b.mu.Unlock()
}

func (b *background) waits() bool { return b.waiting.Load() != 0 }

func (b *background) take() (fn func(*CPU)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	fn, b.queue[b.next] = b.queue[b.next], nil
	b.next = (b.next + 1) % maxBackground
	b.waiting.Add(-1)
	return fn
}

// due reports whether a function has waited for as much work of the first class as
// it must. It is called only if a function waits, and reads no clock.
func (b *background) due(c *CPU) bool {
	if !b.seen {
		b.seen, b.since, b.from = true, c.mark, c.in.Received()
		return false
	}
	return c.in.Received()-b.from >= backgroundAfter || c.mark.Sub(b.since) >= backgroundEvery
}

// runBackground runs one function.
func (c *CPU) runBackground() {
	fn := c.behind.take()
	c.behind.seen = false
	c.react(fn)
	c.in.Pending() // so that Poll skips nothing: calls may have arrived meanwhile
}

// needClock: one in so many calls of NeedPreempt reads the clock.
const needClock = 128

// NeedPreempt reports whether a function that runs for long should let others run: a call
// or post waits for this CPU, or it is time to check its timers and descriptors. It takes
// a few nanoseconds, makes no system call, and may be late by some dozens of calls.
// [CPU.Poll] runs the calls and posts. Timers, descriptors and background functions run
// after the function has returned, so a function that wants to continue should post
// itself and return.
func (c *CPU) NeedPreempt() bool {
	if c.in.Limited() {
		return c.in.Pending()
	}
	return c.in.Ready() || c.reacts && c.needTurn()
}

// needTurn is the part of NeedPreempt that reads the clock, in one of needClock calls.
func (c *CPU) needTurn() bool {
	if c.asks++; c.asks%needClock == 0 {
		c.askedAt = time.Now()
	}
	return c.reactor.due(c.askedAt)
}
