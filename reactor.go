package crosscall

import (
	"time"

	"crosscall/internal/poller"
	"crosscall/internal/timerheap"
)

// reactor has the file descriptors and timers that an executor waits for besides
// calls. Only the executor uses it. For a CPU that has neither, the cost is a
// test of CPU.reacts now and then, and its sleeps are those without a reactor.
type reactor struct {
	poll    *poller.Poller // nil before the first Watch
	table   []*Watch       // by descriptor
	watches int
	tag     uint32
	timers  timerheap.Heap[*Timer]

	looked time.Time // when it last checked descriptors and timers; zero: more are known to be due
	polls  int       // by an idle function that stays
	closed bool
}

// While it has calls to serve, a CPU checks descriptors and timers every
// lookEvery, after the function that runs at that time. It then serves at most
// turnFuncs of them, for about turnTime, before it serves calls again.
const (
	lookEvery = 50 * time.Microsecond
	turnTime  = 50 * time.Microsecond
	turnFuncs = 16
	idlePolls = 16 // Polls of an idle function that find nothing, between two reads of the clock
)

// turn is one round of serving descriptors and timers.
type turn struct {
	start time.Time
	ran   int
}

// more reports whether the turn may go on. The clock was read after each function.
func (t *turn) more(c *CPU) bool {
	return t.ran < turnFuncs && (t.ran == 0 || c.mark.Sub(t.start) < turnTime)
}

func (r *reactor) active() bool { return r.watches > 0 || r.timers.Len() > 0 }

// startReacting is called for the first watch or timer. The first check is
// after lookEvery.
func (c *CPU) startReacting() {
	if !c.reacts {
		c.reacts = true
		c.reactor.looked = c.mark
	}
}

// Pending reports whether this CPU has work that it can detect without a system call: a call, a
// background function, or a timer that has expired. A descriptor that has become ready since the CPU
// last checked does not count.
func (c *CPU) Pending() bool {
	return c.in.Pending() || c.behind.waits() || c.reacts && (c.reactor.busy() || c.reactor.expired(time.Now()))
}

// busy reports whether a turn has left work for the next.
func (r *reactor) busy() bool { return r.looked.IsZero() }

// due reports whether it is time to check; mark is the clock as last read.
func (r *reactor) due(mark time.Time) bool { return mark.Sub(r.looked) >= lookEvery }

// ready checks timers and descriptors, and reports whether one is due.
func (r *reactor) ready(now time.Time) bool {
	found := r.expired(now)
	if r.watches > 0 {
		found = r.poll.Left() > 0 || r.poll.Poll() > 0 || found
	}
	r.looked = now
	if found {
		r.looked = time.Time{}
	}
	return found
}

// turn checks timers and descriptors, runs some of the functions that are due,
// and returns their number. c.mark is the time now.
func (c *CPU) turn() int {
	r := &c.reactor
	if !r.ready(c.mark) {
		return 0
	}
	t := turn{start: c.mark}
	c.runTimers(&t)
	if r.poll != nil {
		c.runEvents(&t)
	}
	c.reacts = r.active()
	if !r.expired(t.start) && (r.poll == nil || r.poll.Left() == 0) {
		r.looked = c.mark
	} // otherwise it stays zero: the next turn is due
	c.in.Pending() // so that Poll skips nothing: calls have waited for this turn
	return t.ran
}

// react runs one function of a descriptor or timer.
func (c *CPU) react(fn func(*CPU)) {
	if p, ok := c.in.Guard(fn).(*PanicError); ok {
		c.sys.opts.OnPanic(p)
	}
	c.ran(1)
}

// turnFromIdle is a turn within the Poll of an idle function that does not
// return: there it holds nothing, as if it had returned. n functions have been
// run since.
func (c *CPU) turnFromIdle(n int) int {
	r := &c.reactor
	if r.polls++; n == 0 && r.polls%idlePolls != 0 {
		return 0
	}
	c.mark = time.Now()
	if !r.due(c.mark) {
		return 0
	}
	return c.turn()
}

// arm announces sleep, as the CPU is going to.
func (c *CPU) arm() {
	if c.reactor.watches == 0 || !c.bell.ArmPoller(c.reactor.poll) {
		c.bell.Arm()
	}
}

// sleep sleeps after arm, until the bell is rung, a descriptor is ready or a timer
// due.
func (c *CPU) sleep() {
	r := &c.reactor
	if !c.reacts {
		c.bell.Sleep()
		return
	}
	d := r.timeout()
	switch {
	case d == 0:
		c.bell.Disarm()
	case !c.bell.InPoller():
		c.park(d)
	default:
		found := c.waitPoller(d)
		c.bell.Disarm()
		if found == 0 && r.timers.Len() == 0 {
			r.looked = time.Now() // the bell rang: there is no need to check again
			return
		}
	}
	r.looked = time.Time{}
}

// waitPoller waits for the poller's events and the bell, for d at most. At first
// it keeps the executor's slot, if it may: a wake then takes only the kernel, and
// the scheduler's monitor, which takes slots away, is not involved.
func (c *CPU) waitPoller(d time.Duration) int {
	poll, s := c.reactor.poll, c.sys
	if s.keeper.limit() == 0 || !s.keeper.enter() {
		return poll.Wait(d)
	}
	short := s.opts.KeepSlot
	if d >= 0 {
		short = min(short, d)
	}
	found, woken := poll.WaitShort(short)
	s.keeper.leave()
	if woken || short == d {
		return found
	}
	if d >= 0 {
		d -= short
	}
	return poll.Wait(d)
}

// park is sleep without the poller. If there is a poller, another thread has to
// wait for its events.
func (c *CPU) park(d time.Duration) {
	if c.reactor.watches > 0 && c.reactor.poll.Notify(c.ringSelf) != nil {
		d = lookEvery // out of file descriptors: check at intervals instead
	}
	if d < 0 {
		c.bell.Sleep()
	} else {
		c.bell.SleepFor(d)
	}
}

func (c *CPU) ringSelf() { c.bell.Ring() }

// timeout is the time to sleep: 0 not at all, negative without end.
func (r *reactor) timeout() time.Duration {
	if r.poll != nil && r.poll.Left() > 0 {
		return 0
	}
	first := r.timers.Min()
	if first == nil {
		return -1
	}
	return time.Duration(max(0, first.When()-since(time.Now())))
}

// closeReactor drops everything, at the executor's end.
func (c *CPU) closeReactor() {
	r := &c.reactor
	r.closed = true
	for _, w := range r.table {
		if w != nil {
			w.closed = true
		}
	}
	for r.timers.Len() > 0 {
		r.timers.Remove(r.timers.Min())
	}
	if r.poll != nil {
		_ = r.poll.Close(c.bell.Wakes())
	}
}
