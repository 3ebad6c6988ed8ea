package crosscall

import (
	"log"
	"runtime/debug"

	"crosscall/internal/callqueue"
)

// host is the System as the host of the call queue.
type host System

// Ring is the IPI.
func (h *host) Ring(cpu int) { h.cpus[cpu].ring() }

// Answer wakes the caller that waits for the answer in a mailbox.
func (h *host) Answer(src, cpu int) {
	if src == callqueue.External {
		if c := h.cpus[cpu]; c.guest.Ring() {
			c.woke = true
		}
		return
	}
	h.cpus[src].bell.Ring()
}

// Failed makes the error of a function that did not return.
func (h *host) Failed(cpu int, reason any, waited bool) error {
	if reason == nil {
		return ErrExited
	}
	c := h.cpus[cpu]
	c.panics.Add(1)
	p := &PanicError{CPU: cpu, Value: reason, Stack: debug.Stack()}
	if !waited {
		h.opts.OnPanic(p)
	}
	return p
}

// Warn reports a broken invariant of the call queue: a bug in this package.
func (h *host) Warn(cpu int, what string) {
	log.Printf("crosscall: BUG: CPU %d: %s\n%s", cpu, what, debug.Stack())
}

// cpuWaiter is a CPU as the call queue wakes it.
type cpuWaiter CPU

// Wake ends the CPU's sleep.
func (c *cpuWaiter) Wake() { c.bell.Ring() }
