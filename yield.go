package crosscall

import (
	"runtime"
	"time"
)

// An executor whose idle function does not return holds one of the scheduler's Ps,
// and the scheduler takes it away after 10 ms at the earliest. If there is no P for
// other goroutines, each of their steps takes that long: a Fence of two CPUs took
// 150 to 950 ms. So such an executor yields its P itself: at once after it has woken
// a parked goroutine, and otherwise every yieldEvery.
const (
	yieldEvery = time.Millisecond
	yieldPolls = 64 // Polls of an idle function that does not return, between two reads of the clock
)

// yield yields the P if it is time to. For a locked goroutine that costs two
// switches of threads, some 10 µs.
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

// yieldFromIdle is yield within the Poll of an idle function that does not return.
func (c *CPU) yieldFromIdle() {
	if c.idlePolls++; c.woke || c.idlePolls%yieldPolls == 0 {
		c.yield(time.Now())
	}
}
