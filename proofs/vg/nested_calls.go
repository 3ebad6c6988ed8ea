//go:build gocheck

package main

import (
	"crosscall/internal/callqueue"
)

// callByBox is a CPU's call by mailbox.
func (m *message) callByBox(c *cpu, target int) {
	l := m.box(target)
	c.serveUntil(l)
	if err := l.Finish(); err != nil {
		m.Errorf("%s: %v", m.name, err)
	}
	m.done()
}

// callByRecord is a CPU's call by a request of the ring or of the single queue.
func (m *message) callByRecord(c *cpu, target int) {
	m.urgent = true
	m.goes(target)
	csd := armedUrgent(1)
	for m.src.TryPost(target, m.run, csd, false) == callqueue.Full {
		if m.single {
			m.Errorf("a single queue has no room for %s", m.name)
		}
		c.serveOnce()
	}
	m.ring(target)
	c.serveUntil(csd)
	m.done()
}

// callAsGuest is a goroutine's call: by mailbox, or by record if another has that.
func (m *message) callAsGuest(target int) {
	m.goes(target)
	l := m.cpus[target].in.TryExternalCall(m.run)
	if l == nil {
		m.stays()
		m.postAndWait(target)
		return
	}
	m.ring(target)
	wait(l)
	if err := l.Finish(); err != nil {
		m.Errorf("an error of another call: %v", err)
	}
	m.done()
	l.Release()
}

// callWith is a CPU's call with a payload, to which the function doubles it.
func (m *message) callWith(c *cpu, target int, v uint64) {
	m.urgent = true
	m.goes(target)
	p := callqueue.Payload{Words: [4]uint64{v}}
	l := m.src.Lane(target)
	if !l.TryCallWith(m.double, &p) {
		m.Errorf("the mailbox of %s is taken", m.name)
	}
	m.ring(target)
	c.serveUntil(l)
	if err := l.Finish(); err != nil {
		m.Errorf("%s: %v", m.name, err)
	}
	l.Take(&p)
	if p.Words[0] != 2*v {
		m.Errorf("twice %d is %d", v, p.Words[0])
	}
	m.done()
}

// double is m's function for a call with a payload.
func (m *message) double(c *cpu) {
	p := c.in.Payload()
	v := p.Words[0]
	m.run(c)
	p.Words[0] = 2 * v
}
