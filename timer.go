package crosscall

import (
	"math"
	"time"

	"crosscall/internal/timerheap"
)

// Timer is a function that a CPU runs later. Its methods are for functions on
// that CPU only.
type Timer struct {
	c    *CPU
	fn   func(*CPU)
	node timerheap.Node[*Timer]
}

// AfterFunc runs fn on this CPU after d, as time.AfterFunc does on a goroutine:
// not earlier, and later if the CPU is busy. Timers that expire together run in
// the order of their times. fn runs under the same rules as that of a [CPU.Watch].
// A System's Close drops all timers.
func (c *CPU) AfterFunc(d time.Duration, fn func(*CPU)) *Timer {
	mustFunc(fn)
	t := &Timer{c: c, fn: fn}
	t.node.Value = t
	t.start(d)
	return t
}

// Stop keeps the function from running. It returns false if the function runs or
// has run, or the timer was stopped.
func (t *Timer) Stop() bool {
	was := t.c.reactor.timers.Remove(&t.node)
	t.c.reacts = t.c.reactor.active()
	return was
}

// Reset makes the function run after d from now, instead of at the time set
// before. Like Stop, it reports whether the function was still to run.
func (t *Timer) Reset(d time.Duration) bool {
	was := t.c.reactor.timers.Remove(&t.node)
	t.start(d)
	return was
}

func (t *Timer) start(d time.Duration) {
	if t.c.reactor.closed {
		return
	}
	when := since(time.Now())
	if d > 0 {
		if when += int64(d); when < 0 {
			when = math.MaxInt64
		}
	}
	t.c.reactor.timers.Add(&t.node, when)
	t.c.startReacting()
}

// epoch is the origin of the times of timers, by the monotonic clock.
var epoch = time.Now()

func since(now time.Time) int64 { return int64(now.Sub(epoch)) }

// expired reports whether a timer is due.
func (r *reactor) expired(now time.Time) bool {
	first := r.timers.Min()
	return first != nil && first.When() <= since(now)
}

// runTimers runs the functions of timers that are due, up to the turn's bound.
// Timers that these functions set for now are for the next turn.
func (c *CPU) runTimers(t *turn) {
	r := &c.reactor
	for now := t.start; r.expired(now) && t.more(c); t.ran++ {
		node := r.timers.Min()
		r.timers.Remove(node)
		c.react(node.Value.fn)
	}
}
