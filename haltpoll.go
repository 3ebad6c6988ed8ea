package crosscall

import (
	"runtime"
	"sync/atomic"
	"time"
)

// haltpoll decides how long an executor with nothing to do spins before it
// sleeps, by the rule of the kernel's haltpoll governor
// (drivers/cpuidle/governors/haltpoll.c): a sleep that was shorter than the
// longest spin allowed should have been a spin, so the window grows. A longer
// sleep makes the window shrink, because no spin would have lasted until its
// end.
type haltpoll struct {
	spinFor time.Duration
	started bool
}

// window is the time to spin now; 0 if the executor shares its CPU.
func (c *CPU) window() time.Duration {
	if !c.started {
		c.started = true
		c.spinFor = c.sys.opts.Spin / 2
	}
	if c.sys.spinner.limit() == 0 {
		return 0
	}
	return c.spinFor
}

// learn adapts the window to a sleep that has just ended.
func (c *CPU) learn(slept time.Duration) {
	longest := c.sys.opts.Spin
	if slept <= longest {
		c.spinFor = min(longest, max(2*c.spinFor, longest/8))
	} else if c.spinFor /= 2; c.spinFor < longest/16 {
		c.spinFor = 0
	}
}

// burst is how many times an executor checks its inbox before it reads the
// clock and takes a slot of the spinner: some 2 µs.
func (c *CPU) burst() int {
	if c.sys.spinner.limit() == 0 {
		return 1
	}
	return 64
}

// spinner bounds how many idle executors spin at a time. A spinning executor
// holds one of the scheduler's GOMAXPROCS slots. One slot is left for
// goroutines that have work.
type spinner struct {
	max   atomic.Int32
	never bool
	_     [64]byte // max is read at every call, now is written at every spin
	now   atomic.Int32
}

func (p *spinner) init(s *System) {
	p.never = s.opts.Virtual || s.opts.Spin < 0
	p.update()
}

// update follows a change of GOMAXPROCS.
func (p *spinner) update() {
	if !p.never {
		p.max.Store(int32(runtime.GOMAXPROCS(0) - 1))
	}
}

func (p *spinner) limit() int { return int(p.max.Load()) }

func (p *spinner) enter() bool {
	if p.now.Add(1) > p.max.Load() {
		p.now.Add(-1)
		return false
	}
	return true
}

func (p *spinner) leave() { p.now.Add(-1) }
