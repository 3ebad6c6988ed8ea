//go:build gocheck

package main

import (
	"crosscall/gocheck"
	"crosscall/internal/callqueue"
)

var completions = []scenario{
	{name: "two pushers", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		for _, names := range [][]string{{"first", "second"}, {"other"}} {
			s := w.pusher()
			w.Go(func() {
				for _, name := range names {
					s.message(name, nil).push(0)
				}
			})
		}
	}},
	{name: "two pushers, asleep", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.asleep(0)
		for range 2 {
			s := w.pusher()
			w.Go(func() { s.message("completion", nil).push(0) })
		}
	}},
	// The node is the head again before the other goroutine swaps the head that it
	// has loaded.
	{name: "pushed again", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		a, b, again := w.pusher(), w.pusher(), w.pusher()
		var n callqueue.Completion[*cpu]
		w.Go(func() {
			first := a.message("first", func(*cpu) {
				m := again.message("again", nil)
				m.goes(0)
				n.Init(m.run)
				m.pushNode(0, &n)
			})
			first.goes(0)
			n.Init(first.run)
			first.pushNode(0, &n)
		})
		w.Go(func() {
			b.message("other", nil).push(0)
			b.message("another", nil).push(0)
		})
	}},
	{name: "beside posts and calls", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(1)
		s, p := w.sender(0), w.pusher()
		w.Go(func() {
			s.message("post", nil).post(1, nil)
			m := s.message("call", nil)
			w.cpus[0].sleepUntil(m.box(1))
			m.done()
		})
		w.Go(func() { p.message("completion", nil).push(1) })
	}},
	{name: "during a wait", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		p := w.pusher()
		var open gate
		w.within(0, func(c *cpu) { c.serveUntil(&open) })
		w.Go(func() { p.message("completion", func(*cpu) { open.Store(true) }).push(0) })
	}},
	// The first completion ends the wait, after the others have been taken from the
	// list.
	{name: "taken and left", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		p := w.pusher()
		w.withinAsleep(0, func(c *cpu) {
			var open gate
			p.message("first", func(*cpu) { open.Store(true) }).push(0)
			p.message("second", func(c *cpu) {
				if c.depth > 1 {
					t.Errorf("it runs within a function that has nothing to wait for")
				}
			}).push(0)
			c.serveUntil(&open)
		})
	}},
	{name: "one waits for the next", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		p := w.pusher()
		var open gate
		w.Go(func() {
			p.message("first", func(c *cpu) { c.serveUntil(&open) }).push(0)
			p.message("second", func(*cpu) { open.Store(true) }).push(0)
			p.message("third", nil).push(0)
		})
	}},
	{name: "one waits at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		w.awake(0)
		p := w.pusher()
		var open gate
		w.Go(func() {
			p.message("first", func(c *cpu) { c.serveUntil(&open) }).push(0)
			p.message("second", nil).push(0)
			open.Store(true)
		})
	}},
	{name: "one that fails", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.asleep(0)
		p := w.pusher()
		w.Go(func() {
			p.message("first", func(*cpu) { panic(failure("as it should")) }).push(0)
			p.message("second", nil).push(0)
		})
	}},
	{name: "at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		p := w.pusher()
		w.within(0, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 1) })
		w.Go(func() { p.message("completion", nil).push(0) })
	}},
	{name: "at the limit, asleep", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		p := w.pusher()
		w.withinAsleep(0, func(c *cpu) {
			m := c.sender.message("call", nil)
			c.sleepServing(m.box(1))
			m.done()
		})
		w.Go(func() { p.message("completion", nil).push(0) })
	}},
	{name: "overtaken", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Overtaking: 1})
		w.awake(1)
		p := w.pusher()
		w.within(0, func(c *cpu) {
			ran := 0
			for _, name := range []string{"first", "second"} {
				p.message(name, func(c *cpu) {
					if ran++; ran > 1 && c.depth > 1 {
						t.Errorf("%d functions have overtaken", ran)
					}
				}).push(0)
			}
			c.sender.message("call", nil).callByBox(c, 1)
		})
	}},
	{name: "single queue", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{SingleQueue: true, Nesting: 1})
		w.awake(1)
		p := w.pusher()
		w.withinAsleep(0, func(c *cpu) {
			c.sender.message("call", nil).callByRecord(c, 1)
		})
		w.Go(func() { p.message("completion", nil).push(0) })
	}},

	{name: "then of one", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(1)
		w.withinAsleep(0, func(c *cpu) {
			c.newThen(nil).to(c.sender.message("fn", nil), 1)
		})
	}},
	{name: "then of two", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.withinAsleep(0, func(c *cpu) {
			c.newThen(nil).to(c.sender.message("fn", nil), 1, 2)
		})
	}},
	{name: "then, and the record is used again", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		w.withinAsleep(0, func(c *cpu) {
			var n *then
			n = c.newThen(func(c *cpu) {
				n.fn = nil
				n.to(c.sender.message("second", nil), 1)
			})
			n.to(c.sender.message("first", nil), 1)
		})
	}},
	{name: "then of two, one of them offline", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.q.SetOnline(2, false)
		w.awake(1)
		w.withinAsleep(0, func(c *cpu) {
			c.newThen(nil).to(c.sender.message("fn", nil), 1, 2)
		})
	}},
	{name: "then of one that fails", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.withinAsleep(0, func(c *cpu) {
			n := c.newThen(nil)
			n.errs = 2
			n.to(c.sender.message("fn", func(*cpu) { panic(failure("as it should")) }), 1, 2)
		})
	}},
	{name: "then of the CPU itself", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.withinAsleep(0, func(c *cpu) {
			c.newThen(nil).to(c.sender.message("fn", nil), 0)
		})
	}},
	// CPU 0 at its limit is called by CPU 1, for which then must not wait.
	{name: "thens crosswise, at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				c.newThen(nil).to(c.sender.message("fn", nil), 1-i)
				c.sender.message("call", nil).callByBox(c, 1-i)
			})
		}
	}},
	{name: "offline with a then under way", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		w.withSenders()
		w.Go(func() {
			_ = w.cpus[0].in.Guard(func(c *cpu) { c.newThen(nil).to(c.sender.message("fn", nil), 1) })
			w.cpus[0].executor()
		})
		w.Go(func() { w.offline(0) })
	}},

	{name: "batch, and then", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.withinAsleep(0, func(c *cpu) {
			c.sender.message("before", nil).post(1, nil)
			b := c.sender.batch(1, 2)
			c.sendBatch(b)
			c.sender.message("after", nil).post(1, nil)
		})
	}},
	{name: "batch of functions that wait", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		p := w.pusher()
		w.withSenders()
		w.withinAsleep(0, func(c *cpu) {
			var open gate
			b := c.sender.batch(1)
			b[0].then = func(c *cpu) { c.serveUntil(&open) }
			c.sendBatch(b)
			p.message("end of the wait", func(*cpu) { open.Store(true) }).push(1)
		})
	}},
	{name: "batch call, by mailbox and by record", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.within(0, func(c *cpu) { c.sender.batch(1, 2).call(c, 1) })
	}},
	{name: "batch calls crosswise, at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			boxed := 1 - 2*i // CPU 0 sends by mailbox, CPU 1 by record
			w.within(i, func(c *cpu) { c.sender.batch(1-i).call(c, boxed) })
		}
	}},
}

// pusher is a sender of only completions.
func (w *world) pusher() *sender { return w.add(&sender{world: w}) }

// withinAsleep is within for a CPU that sleeps afterwards.
func (w *world) withinAsleep(i int, f func(*cpu)) {
	w.withSenders()
	c := w.cpus[i]
	w.Go(func() {
		_ = c.in.Guard(func(c *cpu) {
			c.depth++
			f(c)
			c.depth--
		})
		c.bell.Store(false)
		c.sleep()
	})
}

// push sends m to a CPU as a completion.
func (m *message) push(target int) {
	n := new(callqueue.Completion[*cpu])
	m.goes(target)
	n.Init(m.run)
	m.pushNode(target, n)
}

func (m *message) pushNode(target int, n *callqueue.Completion[*cpu]) {
	m.cpus[target].in.Push(n)
	m.ring(target)
}

// then is a call whose answer is a function, as CallThen and Batch.Then of the
// library.
type then struct {
	c    *cpu
	csd  callqueue.CSD
	done callqueue.Completion[*cpu]
	m    *message // the completion as a message
	of   []*message
	fn   func(*cpu)
	errs int
}

func (c *cpu) newThen(fn func(*cpu)) *then {
	n := &then{c: c, fn: fn}
	n.done.Init(n.finish)
	return n
}

// to sends m to all targets, in one message each.
func (n *then) to(m *message, targets ...int) {
	n.of = []*message{m}
	n.send(m.run, targets)
}

// send sends run, which runs the messages of n.
func (n *then) send(run func(*cpu), targets []int) {
	c := n.c
	c.underWay++
	n.m = c.w.pusher().message("then", nil)
	n.m.goes(c.id)
	n.csd.ArmNotify(len(targets)+1, n)
	var online []int
	for _, i := range targets {
		if c.w.q.Online(i) {
			online = append(online, i)
		}
	}
	for _, m := range n.of {
		m.goes(online...)
	}
	unsent := 1
	for _, i := range targets {
		switch sent := c.src.TryPost(i, run, &n.csd, false); sent {
		case callqueue.Offline:
			unsent++
		case callqueue.Full:
			c.w.Errorf("no room")
		}
	}
	if n.csd.Forgive(unsent) {
		n.Wake()
	}
}

// Wake implements callqueue.Waiter.
func (n *then) Wake() {
	c := n.c
	c.in.Push(&n.done)
	c.w.ring(c.id)
}

// finish is the completion.
func (n *then) finish(c *cpu) {
	if !n.csd.Done() {
		c.w.Errorf("then runs, and its record is in flight")
	}
	for _, m := range n.of {
		m.done()
	}
	errs := 0
	n.csd.Errs(func(error) { errs++ })
	if errs != n.errs {
		c.w.Errorf("then gets %d errors, not %d", errs, n.errs)
	}
	c.underWay--
	m := n.m
	if n.fn != nil {
		n.fn(c)
	}
	m.run(c)
}

// batch is two functions for each target, in one message.
type batch []*message

func (s *sender) batch(targets ...int) batch {
	b := batch{s.message("one", nil), s.message("two", nil)}
	for _, m := range b {
		m.targets = targets
	}
	return b
}

func (b batch) run(c *cpu) {
	for _, m := range b {
		m.run(c)
	}
}

// sendBatch sends b and does not wait, as Batch.Then.
func (c *cpu) sendBatch(b batch) {
	n := c.newThen(nil)
	n.of = b
	n.send(b.run, b[0].targets)
}

// call is Batch.Call: b is sent to CPU boxed by mailbox and to the others by
// record, and meanwhile runs on c.
func (b batch) call(c *cpu, boxed int) {
	targets := b[0].targets
	for _, m := range b {
		m.urgent = true
		m.goes(append([]int{c.id}, targets...)...)
	}
	csd := armedUrgent(len(targets) + 1)
	unsent := 1
	var l *callqueue.Lane[*cpu]
	for _, i := range targets {
		if i == boxed {
			if l = c.src.Lane(i); !l.TryCall(b.run) {
				c.w.Errorf("the mailbox is taken")
			}
			c.w.ring(i)
			unsent++
		} else if sent := c.src.TryPost(i, b.run, csd, false); sent != callqueue.Posted {
			c.w.Errorf("a record is not sent: %v", sent)
		}
	}
	csd.Forgive(unsent)
	if err := c.in.Run(c.src, b.run); err != nil {
		c.w.Errorf("the caller's own: %v", err)
	}
	if l != nil {
		c.serveUntil(l)
		_ = l.Finish()
	}
	c.serveUntil(csd)
	for _, m := range b {
		m.done()
	}
}
