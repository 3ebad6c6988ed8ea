package crosscall

import (
	"runtime"
	"time"
)

// An executor whose idle function goes on without end holds one of the scheduler's
// Ps without end, and the scheduler takes it away after 10 ms at the earliest. Where
// there is no P for other goroutines, that is what each of their steps costs: a
// Fence of two CPUs took 150 to 950 ms. So such an executor gives its P away by
// itself: at once after it has woken a goroutine that was parked, and else every
// yieldEvery.
const (
	yieldEvery = time.Millisecond
	yieldPolls = 64 // of an idle function that stays, between two looks at the clock
)

// yield gives the P away if it is time to. A locked goroutine pays two switches of
// threads for it, some 10 µs.
func (c *CPU) yield(now time.Time) {
	if c.sys.spinner.limit() >= c.sys.possible.Weight() {
		return // there is a P for others
	}
	if !c.woke && now.Sub(c.yielded) < yieldEvery {
		return
	}
	c.woke = false
	runtime.Gosched()
	c.yielded = time.Now()
	c.mark = c.yielded
}

// yieldFromIdle is yield within an idle function that stays and calls Poll.
func (c *CPU) yieldFromIdle() {
	if c.idlePolls++; c.woke || c.idlePolls%yieldPolls == 0 {
		c.yield(time.Now())
	}
}
