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

// background is a CPU's second class of work: a bounded queue that any goroutine
// appends to under a lock. The executor looks at waiting alone, and takes the lock
// when there is something. So the first class pays for one load of a line that only posters of
// the second class write.
type background struct {
	_       [64]byte
	waiting atomic.Int32
	_       [60]byte

	mu    sync.Mutex
	queue []func(*CPU) // a ring, made at first use
	next  int          // of the ring, to be taken out

	// The executor's own: since when, and since how many functions, one waits that
	// is not served.
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

// post appends. Not posted, and no error: the CPU is offline. As in TryPost of the
// call queue, this is decided under the lock under which the function is published,
// and settle takes that lock.
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

// settle returns when whoever is about to append has done so, or will find the CPU
// offline.
func (b *background) settle() {
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

// due says whether one has waited for as much work of the first class as it has to.
// It is asked where one waits, and reads no clock.
func (b *background) due(c *CPU) bool {
	if !b.seen {
		b.seen, b.since, b.from = true, c.mark, c.in.Received()
		return false
	}
	return c.in.Received()-b.from >= backgroundAfter || c.mark.Sub(b.since) >= backgroundEvery
}

// runBackground runs one.
func (c *CPU) runBackground() {
	fn := c.behind.take()
	c.behind.seen = false
	c.react(fn)
	c.in.Pending() // so that Poll skips nothing: calls may have come meanwhile
}

// needClock is how many calls of NeedPreempt go by for one that reads the clock.
const needClock = 128

// NeedPreempt says whether a function that runs for long should let others run: a
// call or post waits for this CPU, or one of its timers or descriptors is due for a
// look. It takes a few nanoseconds, makes no system call, and may be some dozens of calls
// late. [CPU.Poll] runs the calls and posts; timers, descriptors and background
// functions run after the function has returned, so one that wants to go on should post
// itself and return.
func (c *CPU) NeedPreempt() bool {
	if c.in.Limited() {
		return c.in.Pending()
	}
	return c.in.Ready() || c.reacts && c.needTurn()
}

// needTurn reads the clock now and then.
func (c *CPU) needTurn() bool {
	if c.asks++; c.asks%needClock == 0 {
		c.askedAt = time.Now()
	}
	return c.reactor.due(c.askedAt)
}
