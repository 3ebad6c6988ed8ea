package crosscall

import (
	"time"

	"crosscall/internal/poller"
	"crosscall/internal/timerheap"
)

// reactor is what an executor waits for besides calls: file descriptors and
// timers. All of it is the executor's own. A CPU that has neither pays a test of
// CPU.reacts now and then, and sleeps as if there were no such thing.
type reactor struct {
	poll    *poller.Poller // nil before the first Watch
	table   []*Watch       // by descriptor
	watches int
	tag     uint32
	timers  timerheap.Heap[*Timer]

	looked time.Time // at descriptors and timers, last; zero: more is known to wait
	polls  int       // by an idle function that stays
	closed bool
}

// While it has calls to serve, a CPU looks at descriptors and timers every
// lookEvery, after the functions that it runs then; and then serves at most
// turnFuncs of them, for about turnTime, before it looks at calls again.
const (
	lookEvery = 50 * time.Microsecond
	turnTime  = 50 * time.Microsecond
	turnFuncs = 16
	idlePolls = 16 // that find nothing, of an idle function, between two looks at the clock
)

// turn is one turn of descriptors and timers.
type turn struct {
	start time.Time
	ran   int
}

// more says whether the turn may go on. The clock was read after each function.
func (t *turn) more(c *CPU) bool {
	return t.ran < turnFuncs && (t.ran == 0 || c.mark.Sub(t.start) < turnTime)
}

func (r *reactor) active() bool { return r.watches > 0 || r.timers.Len() > 0 }

// startReacting follows the first watch or timer; the first look is after
// lookEvery.
func (c *CPU) startReacting() {
	if !c.reacts {
		c.reacts = true
		c.reactor.looked = c.mark
	}
}

// Pending says whether something waits for this CPU that it knows of without a
// system call: a call, a background function, a timer that has expired. Not a descriptor that has become
// ready since the CPU last looked.
func (c *CPU) Pending() bool {
	return c.in.Pending() || c.behind.waits() || c.reacts && (c.reactor.busy() || c.reactor.expired(time.Now()))
}

// busy says whether a turn has left something for the next.
func (r *reactor) busy() bool { return r.looked.IsZero() }

// due says whether it is time to look; mark is the clock as last read.
func (r *reactor) due(mark time.Time) bool { return mark.Sub(r.looked) >= lookEvery }

// ready looks at timers and descriptors, and says whether one waits to be served.
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

// turn looks at timers and descriptors, runs some of the functions that are due,
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
	} // else it stays zero: the next turn is due
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

// turnFromIdle is a turn within an idle function that stays and calls Poll: there
// it holds nothing, as if it had returned. n functions have been run since.
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
			r.looked = time.Now() // the bell: there is no need to look again
			return
		}
	}
	r.looked = time.Time{}
}

// waitPoller waits for the poller's events and the bell, for d at most. It keeps
// the executor's slot at first, if it may: a wake then is the kernel's alone, and
// the scheduler's monitor, which takes slots away, has nothing to do.
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

// park is sleep without the poller. Where it is in use all the same, somebody else
// has to look at it.
func (c *CPU) park(d time.Duration) {
	if c.reactor.watches > 0 && c.reactor.poll.Notify(c.ringSelf) != nil {
		d = lookEvery // out of descriptors: better slow than deaf
	}
	if d < 0 {
		c.bell.Sleep()
	} else {
		c.bell.SleepFor(d)
	}
}

func (c *CPU) ringSelf() { c.bell.Ring() }

// timeout is how long to sleep: 0 not at all, negative without end.
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
