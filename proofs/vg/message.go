//go:build gocheck

package main

import (
	"slices"

	"crosscall/gocheck"
	"crosscall/internal/callqueue"
)

// A sender sends messages that must run in their order on each target: a CPU, or
// one goroutine of external callers.
type sender struct {
	*world
	src  *callqueue.Source[*cpu]
	sent []*message
}

// sender is the sender of CPU i.
func (w *world) sender(i int) *sender {
	return w.add(&sender{world: w, src: w.cpus[i].src})
}

// guest is a goroutine of external callers.
func (w *world) guest() *sender { return w.add(&sender{world: w, src: w.external}) }

func (w *world) add(s *sender) *sender {
	w.senders = append(w.senders, s)
	return s
}

// A message is a function that must run once on each target.
type message struct {
	*sender
	name    string
	targets []int
	ran     []int // by CPU: how many times
	ended   []int
	then    func(*cpu)
	text    int
	urgent  bool // a CPU waits for it
}

// message makes a message, and writes the data that its function reads.
func (s *sender) message(name string, then func(*cpu)) *message {
	n := len(s.cpus)
	m := &message{sender: s, name: name, ran: make([]int, n), ended: make([]int, n), then: then}
	gocheck.Write(&m.text)
	m.text = 1
	return m
}

// goes notes that m has to run on targets. It is called before m is sent, because
// m may run at once.
func (m *message) goes(targets ...int) {
	m.targets = targets
	m.sent = append(m.sent, m)
}

// stays undoes goes.
func (m *message) stays() {
	m.targets = nil
	m.sent = slices.DeleteFunc(m.sent, func(o *message) bool { return o == m })
}

// run is the message's function. It reads the sender's data, and writes the data
// that the sender reads afterwards.
func (m *message) run(c *cpu) {
	gocheck.Read(&m.text)
	gocheck.Read(&c.out)
	if c.out {
		m.Errorf("%s runs on CPU %d, which is offline", m.name, c.id)
	}
	gocheck.Write(&c.log)
	c.log = append(c.log, m)
	m.count(m.ran, c)
	if m.ran[c.id] > 1 {
		m.Errorf("%s runs twice on CPU %d", m.name, c.id)
	}
	if !slices.Contains(m.targets, c.id) {
		m.Errorf("%s runs on CPU %d, which it was not sent to", m.name, c.id)
	}
	m.inOrder(c)
	m.inBounds(c)
	c.depth++
	defer func() {
		c.depth--
		m.count(m.ended, c)
	}()
	if m.then != nil {
		m.then(c)
	}
}

func (m *message) count(times []int, c *cpu) {
	gocheck.Write(&times[c.id])
	times[c.id]++
}

// inOrder reports whether all earlier messages of m's sender to c have run there.
func (m *message) inOrder(c *cpu) {
	for _, before := range m.sent {
		if before == m {
			return
		}
		if slices.Contains(before.targets, c.id) && !slices.Contains(c.log, before) {
			m.Errorf("%s runs on CPU %d before %s, which went first", m.name, c.id, before.name)
		}
	}
}

// inBounds reports whether m may begin on a CPU with so many functions on its
// stack. At the limit only messages may that a CPU waits for, and those that
// precede one.
func (m *message) inBounds(c *cpu) {
	if m.nesting == 0 || c.depth < m.nesting || m.urgent {
		return
	}
	for _, s := range m.senders {
		if (s.src == m.src || m.single) && s.owesUrgent(c) {
			return
		}
	}
	m.Errorf("%s runs on CPU %d within %d functions", m.name, c.id, c.depth)
}

// owesUrgent reports whether an urgent call of s to c has not begun.
func (s *sender) owesUrgent(c *cpu) bool {
	return slices.ContainsFunc(s.sent, func(m *message) bool {
		return m.urgent && slices.Contains(m.targets, c.id) && m.ran[c.id] == 0
	})
}

// done is called by a waiter when m is complete: it checks that all targets
// have run m, and reads what they have written.
func (m *message) done() {
	for _, i := range m.targets {
		gocheck.Read(&m.ended[i])
		if m.ended[i] != 1 {
			m.Errorf("%s is done, and has run %d times on CPU %d", m.name, m.ended[i], i)
		}
	}
}

// post sends m to one CPU, and waits for room.
func (m *message) post(target int, csd *callqueue.CSD) callqueue.Sent {
	m.goes(target)
	for {
		sent := m.src.TryPost(target, m.run, csd, false)
		switch sent {
		case callqueue.Full:
			gocheck.Spin()
			continue
		case callqueue.Offline:
			m.stays()
		}
		return sent
	}
}

// share sends m by the source's record to those of targets that are online, as
// soon as that record is free.
func (m *message) share(csd *callqueue.CSD, targets ...int) {
	var online []int
	for _, i := range targets {
		if m.q.Online(i) {
			online = append(online, i)
		}
	}
	m.goes(online...)
	for {
		n, ok := m.src.TryShare(maskOf(targets...), m.run, csd)
		if !ok {
			gocheck.Spin()
			continue
		}
		if n != len(online) {
			m.Errorf("%s was sent to %d CPUs", m.name, n)
		}
		return
	}
}

// box sends m by mailbox, which must be free.
func (m *message) box(target int) *callqueue.Lane[*cpu] {
	l := m.src.Lane(target)
	m.urgent = m.src != m.external
	m.goes(target)
	if !l.TryCall(m.run) {
		m.Errorf("the mailbox of %s to CPU %d is taken", m.name, target)
	}
	m.ring(target)
	return l
}

// mask is a set of CPUs that does not change.
type mask uint64

// Word implements callqueue.MaskWords.
func (m mask) Word(int) uint64 { return uint64(m) }

func maskOf(cpus ...int) (m mask) {
	for _, i := range cpus {
		m |= 1 << i
	}
	return m
}

// armed is a record for n targets.
func armed(n int) *callqueue.CSD {
	csd := new(callqueue.CSD)
	csd.Arm(n, nil)
	return csd
}

// doner can be waited for: a record, a mailbox.
type doner interface{ Done() bool }

// wait waits without serving.
func wait(d doner) {
	for !d.Done() {
		gocheck.Spin()
	}
}

// serveUntil waits as a CPU does.
func (c *cpu) serveUntil(d doner) {
	outer := c.in.BeginWait(d)
	for !d.Done() {
		if c.in.Poll() == 0 {
			gocheck.Spin()
		}
	}
	c.in.EndWait(outer)
}

// serveOnce is a round of a CPU's wait for room.
func (c *cpu) serveOnce() {
	outer := c.in.BeginWait(callqueue.Never{})
	if c.in.Poll() == 0 {
		gocheck.Spin()
	}
	c.in.EndWait(outer)
}

// ranOnce checks that m has run on c as many times as it should.
func (m *message) ranOnce(c *cpu) {
	want := 0
	if slices.Contains(m.targets, c.id) {
		want = 1
	}
	if m.ran[c.id] != want {
		m.Errorf("%s has run %d times on CPU %d, not %d", m.name, m.ran[c.id], c.id, want)
	}
}
