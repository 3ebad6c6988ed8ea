//go:build gocheck

package main

import (
	"crosscall/gocheck"
)

// executor is a CPU that can be taken offline, as in the library: when no more
// requests can arrive, and a last check has found none, it reports that it has
// left.
func (c *cpu) executor() {
	for {
		if c.in.Poll() > 0 {
			continue
		}
		leave := c.leave.Load()
		if c.in.Pending() {
			continue
		}
		if leave != nil && c.underWay == 0 {
			c.leave.Store(nil)
			leave.Put(nil)
			continue
		}
		gocheck.Idle()
	}
}

// offline takes a CPU offline as the library's drain does: it is closed to new
// requests; every source passes a point after that, so that no request is about
// to be published; then the CPU runs the requests that it has.
func (w *world) offline(i int) {
	w.q.SetOnline(i, false)
	w.q.AwaitSenders(i)
	others := len(w.cpus) - 1
	settled := armedUrgent(others + 1)
	for _, c := range w.cpus {
		if c.id != i {
			c.in.Control(func(*cpu) {}, settled)
			w.ring(c.id)
		}
	}
	settled.Forgive(1)
	wait(settled)
	empty := armed(1)
	w.cpus[i].leave.Store(empty)
	wait(empty)
	gocheck.Write(&w.cpus[i].out)
	w.cpus[i].out = true
}

func (w *world) online(i int) {
	gocheck.Write(&w.cpus[i].out)
	w.cpus[i].out = false
	w.q.SetOnline(i, true)
}
