//go:build gocheck

package main

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/internal/callqueue"
)

// limit is the configuration of a queue in which a CPU with one function on its
// stack is at its limit.
var limit = callqueue.Config{Nesting: 1, Ring: 2}

var nesting = []scenario{
	{name: "crosswise, by mailbox", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 1-i) })
		}
	}},
	{name: "crosswise, by record", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) { c.sender.message("call", nil).callByRecord(c, 1-i) })
		}
	}},
	{name: "crosswise, in posts", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(0, 1)
		for i := range w.cpus {
			guest := w.guest()
			w.Go(func() {
				guest.message("post", func(c *cpu) { c.sender.message("call", nil).callByBox(c, 1-i) }).post(i, nil)
			})
		}
	}},
	{name: "crosswise, full ring", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.within(0, func(c *cpu) {
			c.sender.message("first", nil).post(1, nil)
			c.sender.message("second", nil).post(1, nil)
			c.sender.message("call", nil).callByRecord(c, 1)
		})
		w.within(1, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 0) })
	}},
	{name: "crosswise, full rings", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Nesting: 1, Ring: 1})
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				c.sender.message("post", nil).post(1-i, nil)
				c.sender.message("call", nil).callByRecord(c, 1-i)
			})
		}
	}},
	{name: "call behind posts", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.within(0, func(c *cpu) {
			c.sender.message("first", nil).post(1, nil)
			c.sender.message("call", nil).callByRecord(c, 1)
		})
		w.within(1, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 0) })
	}},
	{name: "there and back", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			c.sender.message("there", func(there *cpu) {
				there.sender.message("post", nil).post(0, nil)
				there.sender.message("back", nil).callByBox(there, 0)
			}).callByBox(c, 1)
		})
	}},
	{name: "there, back and there", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			c.sender.message("there", func(there *cpu) {
				there.sender.message("back", func(here *cpu) {
					here.sender.message("again", nil).callByRecord(here, 1)
				}).callByBox(there, 0)
			}).callByBox(c, 1)
		})
	}},
	{name: "ring of three", body: func(t *gocheck.T) {
		w := newWorld(t, 3, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) { c.sender.message("call", nil).callByBox(c, (i+1)%3) })
		}
	}},
	{name: "posts and guests wait", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		a, b := w.guest(), w.guest()
		w.within(0, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 1) })
		w.Go(func() { a.message("post", nil).post(0, nil) })
		w.Go(func() { b.message("guest", nil).callAsGuest(0) })
	}},
	{name: "a post of who is called", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			c.sender.message("call", func(there *cpu) {
				there.sender.message("post", nil).post(0, nil)
				there.sender.message("record", nil).share(nil, 0)
			}).callByBox(c, 1)
		})
	}},
	{name: "posts overtake", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Overtaking: 1, Ring: 2})
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			ran := 0
			c.sender.message("call", func(there *cpu) {
				for _, name := range []string{"first", "second"} {
					there.sender.message(name, func(c *cpu) {
						if ran++; ran > 1 && c.depth > 1 {
							t.Errorf("%d functions have overtaken", ran)
						}
					}).post(0, nil)
				}
			}).callByBox(c, 1)
		})
	}},
	{name: "overtaken, and called", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Overtaking: 1, Ring: 2})
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			c.sender.message("call", func(there *cpu) {
				there.sender.message("post", nil).post(0, nil)
				there.sender.message("back", nil).callByRecord(there, 0)
			}).callByBox(c, 1)
		})
	}},
	{name: "posts that run count", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		postsCount(w, w.sender(0), 1, 2)
	}},
	{name: "posts that run in each other count", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Nesting: 2, Ring: 2})
		w.awake(1)
		postsCount(w, w.sender(0), 1, 2)
	}},
	{name: "posts of guests count", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		w.awake(0)
		postsCount(w, w.guest(), 0, 2)
	}},
	{name: "slots used again", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		s := w.sender(0)
		var open gate
		w.Go(func() {
			s.message("first", nil).post(1, nil)
			s.message("second", func(c *cpu) { c.serveUntil(&open) }).post(1, nil)
			s.message("third", nil).post(1, nil)
			open.Store(true)
		})
	}},
	{name: "mailbox that was left", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		w.within(0, func(c *cpu) {
			left := c.sender.message("left", func(*cpu) { panic(failure("as it should")) })
			left.box(1).Leave()
			for _, name := range []string{"second", "third"} {
				m := c.sender.message(name, nil)
				m.urgent = true
				m.goes(1)
				if l := c.src.Lane(1); l.TryCall(m.run) {
					w.ring(1)
					c.serveUntil(l)
					if err := l.Finish(); err != nil {
						t.Errorf("an error of another call: %v", err)
					}
					m.done()
				} else {
					m.stays()
					m.callByRecord(c, 1)
				}
			}
		})
		w.Final(func() {
			if !w.cpus[0].src.Lane(1).TryCall(func(*cpu) {}) {
				t.Errorf("the mailbox is lost")
			}
		})
	}},
	{name: "mailbox that was left, and a failing call", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 3, limit)
		w.awake(1)
		w.within(0, func(c *cpu) {
			c.sender.message("left", nil).box(1).Leave()
			m := c.sender.message("second", func(*cpu) { panic(failure("as it should")) })
			m.urgent = true
			m.goes(1)
			l := c.src.Lane(1)
			if !l.TryCall(m.run) {
				m.stays()
				return
			}
			c.serveUntil(l)
			if l.Finish() == nil {
				t.Errorf("no error")
			}
			m.done()
		})
		w.within(2, func(c *cpu) {
			c.sender.message("there", func(here *cpu) {
				m := here.sender.message("third", nil)
				m.urgent = true
				m.goes(1)
				if l := here.src.Lane(1); l.TryCall(m.run) {
					here.serveUntil(l)
					if err := l.Finish(); err != nil {
						t.Errorf("an error of another call: %v", err)
					}
					m.done()
				} else {
					m.stays()
				}
			}).callByBox(c, 0)
		})
	}},
	{name: "guests' mailbox that was left", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		w.awake(0)
		for i := range 2 {
			s := w.guest()
			w.Go(func() {
				if i == 0 {
					m := s.message("left", func(*cpu) { panic(failure("as it should")) })
					m.goes(0)
					if l := w.cpus[0].in.TryExternalCall(m.run); l != nil {
						w.ring(0)
						l.Abandon()
					} else {
						m.stays()
					}
					return
				}
				s.message("call", nil).callAsGuest(0)
			})
		}
		w.Final(func() {
			if w.cpus[0].in.TryExternalCall(func(*cpu) {}) == nil {
				t.Errorf("the mailbox is lost")
			}
		})
	}},
	{name: "call beyond the room for posts", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		var open gate
		w.within(0, func(c *cpu) {
			c.sender.message("first", func(c *cpu) { c.serveUntil(&open) }).post(1, nil)
			c.sender.message("second", nil).post(1, nil)
			call := c.sender.message("call", nil)
			call.urgent = true
			call.goes(1)
			csd := armedUrgent(1)
			for call.src.TryPost(1, call.run, csd, false) == callqueue.Full {
				c.serveOnce()
			}
			m := c.sender.message("one more", nil)
			m.goes(1)
			if !c.src.Lane(1).TryPost(m.run) {
				m.stays()
			}
			open.Store(true)
			c.serveUntil(csd)
			call.done()
		})
	}},
	{name: "guests behind an urgent call", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{Nesting: 1, Ring: 4})
		a, b := w.guest(), w.guest()
		var inner, outer gate
		w.within(0, func(c *cpu) { c.serveUntil(&outer) })
		w.Go(func() {
			a.message("first", func(c *cpu) { c.serveUntil(&inner) }).post(0, nil)
			m := a.message("call", nil)
			m.goes(0)
			l := w.cpus[0].in.TryExternalCall(m.run)
			urgent := b.message("urgent", nil)
			urgent.urgent = true
			csd := armedUrgent(1)
			urgent.post(0, csd)
			wait(csd)
			wait(l)
			l.Release()
			a.message("second", nil).post(0, nil)
			m = a.message("call again", nil)
			m.goes(0)
			l = w.cpus[0].in.TryExternalCall(m.run)
			inner.Store(true)
			wait(&outer)
			wait(l)
			l.Release()
		})
		w.Go(func() {
			wait(&inner)
			outer.Store(true)
		})
	}},
	{name: "asleep", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			m := c.sender.message("there", func(there *cpu) {
				there.sender.message("post", nil).post(0, nil)
				there.sender.message("back", nil).callByBox(there, 0)
			})
			c.sleepServing(m.box(1))
			m.done()
		})
	}},
	{name: "asleep, and called by record", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			m := c.sender.message("there", func(there *cpu) {
				there.sender.message("back", nil).callByRecord(there, 0)
			})
			c.sleepServing(m.box(1))
			m.done()
		})
	}},
	{name: "asleep, full ring", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Nesting: 1, Ring: 1})
		w.withSenders()
		w.awake(1)
		var ran gate
		w.within(0, func(c *cpu) {
			m := c.sender.message("there", func(there *cpu) {
				there.sender.message("post", func(*cpu) { ran.Store(true) }).post(0, nil)
				m := there.sender.message("back", nil)
				m.urgent = true
				m.goes(0)
				csd := armedUrgent(1)
				for there.src.TryPost(0, m.run, csd, false) == callqueue.Full {
					wait(&ran)
				}
				there.serveUntil(csd)
				m.done()
			})
			c.sleepServing(m.box(1))
			m.done()
		})
	}},
	{name: "record before a call", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.within(0, func(c *cpu) {
			c.sender.message("record", nil).share(nil, 1)
			c.sender.message("call", nil).callByBox(c, 1)
		})
		w.within(1, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 0) })
	}},
	{name: "record before posts", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.within(0, func(c *cpu) {
			c.sender.message("record", nil).share(nil, 1)
			c.sender.message("call", nil).callByRecord(c, 1)
		})
		w.within(1, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 0) })
	}},
	{name: "crosswise, by the shared list", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				c.sender.message("post", nil).post(1-i, nil)
				m := c.sender.message("call", nil)
				m.urgent = true
				csd := armedUrgent(1)
				m.share(csd, 1-i)
				c.serveUntil(csd)
				m.done()
			})
		}
	}},
	{name: "payload", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			m := c.sender.message("call", func(there *cpu) {
				there.sender.message("back", func(here *cpu) {
					m := here.sender.message("meanwhile", nil)
					m.goes(1)
					if here.src.Lane(1).TryCall(m.run) {
						t.Errorf("the mailbox is free before Take")
					}
					m.stays()
					m.callByRecord(here, 1)
				}).callByBox(there, 0)
			})
			m.callWith(c, 1, 7)
			c.sender.message("again", nil).callWith(c, 1, 8)
		})
	}},
	{name: "payload, and a post meanwhile", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Nesting: 2, Ring: 2})
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			m := c.sender.message("call", func(there *cpu) {
				there.sender.message("post", func(here *cpu) {
					if here.depth > 1 && here.src.Lane(1).TryCall(func(*cpu) {}) {
						t.Errorf("the mailbox is free before Take")
					}
				}).post(0, nil)
			})
			m.callWith(c, 1, 7)
		})
	}},
	{name: "guest's payload", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		w.awake(0)
		for i := range uint64(2) {
			s := w.guest()
			w.Go(func() {
				m := s.message("call", nil)
				m.goes(0)
				p := callqueue.Payload{Words: [4]uint64{i}}
				l := w.cpus[0].in.TryExternalCallWith(m.double, &p)
				if l == nil {
					m.stays()
					m.postAndWait(0)
					return
				}
				w.ring(0)
				wait(l)
				m.done()
				if err := l.Finish(); err != nil {
					t.Errorf("%v", err)
				}
				l.Take(&p)
				if p.Words[0] != 2*i {
					t.Errorf("twice %d is %d", i, p.Words[0])
				}
				l.Release()
			})
		}
	}},
	{name: "fence at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.awake(1)
		guest := w.guest()
		w.within(0, func(c *cpu) { c.sender.message("call", nil).callByBox(c, 1) })
		w.Go(func() {
			fence := new(callqueue.CSD)
			fence.ArmFence(1, nil)
			guest.src.TryPost(0, func(*cpu) {}, fence, true)
			wait(fence)
		})
	}},
	{name: "fences crosswise, at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				outer, _ := c.in.BeginQuiet()
				fence := new(callqueue.CSD)
				fence.ArmFence(1, nil)
				c.src.TryPost(1-i, func(*cpu) {}, fence, true)
				c.serveUntil(fence)
				c.in.EndQuiet(outer)
			})
		}
	}},
	{name: "single queue, crosswise, full", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{SingleQueue: true, Nesting: 1, Ring: 1})
		w.within(0, func(c *cpu) {
			for _, name := range []string{"first", "second", "third"} {
				m := c.sender.message(name, nil)
				m.goes(1)
				if c.src.TryPost(1, m.run, nil, false) != callqueue.Posted {
					m.stays()
				}
			}
			c.sender.message("call", nil).callByRecord(c, 1)
		})
		w.within(1, func(c *cpu) { c.sender.message("call", nil).callByRecord(c, 0) })
	}},
	{name: "single queue, crosswise", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{SingleQueue: true, Nesting: 1})
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				if i == 0 {
					c.sender.message("post", nil).post(1, nil)
				}
				c.sender.message("call", nil).callByRecord(c, 1-i)
			})
		}
	}},
	{name: "single queue, posts wait", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{SingleQueue: true, Nesting: 1})
		w.awake(1)
		guest := w.guest()
		w.within(0, func(c *cpu) { c.sender.message("call", nil).callByRecord(c, 1) })
		w.Go(func() { guest.message("post", nil).post(0, nil) })
	}},
	{name: "single queue, asleep", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{SingleQueue: true, Nesting: 1})
		w.withSenders()
		w.awake(1)
		w.within(0, func(c *cpu) {
			m := c.sender.message("there", func(there *cpu) {
				there.sender.message("post", nil).post(0, nil)
				there.sender.message("back", nil).callByRecord(there, 0)
			})
			csd := new(callqueue.CSD)
			csd.ArmUrgent(1, c)
			m.urgent = true
			m.post(1, csd)
			c.sleepServing(csd)
			m.done()
		})
	}},
	{name: "single queue, posts that run count", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{SingleQueue: true, Nesting: 1, Ring: 1})
		w.awake(0)
		postsCount(w, w.guest(), 0, 2) // of the CPU and of the guests, a slot each
	}},
}

// withSenders lets functions send from each CPU.
func (w *world) withSenders() {
	for i, c := range w.cpus {
		if c.sender == nil {
			c.sender = w.sender(i)
		}
	}
}

// within starts CPU i with a function that is no message. Then the CPU serves.
func (w *world) within(i int, f func(*cpu)) {
	w.withSenders()
	c := w.cpus[i]
	w.Go(func() {
		_ = c.in.Guard(func(c *cpu) {
			c.depth++
			f(c)
			c.depth--
		})
		c.poll()
	})
}

func armedUrgent(n int) *callqueue.CSD {
	csd := new(callqueue.CSD)
	csd.ArmUrgent(n, nil)
	return csd
}

// gate is something other than a call that a function waits for.
type gate struct{ atomic.Bool }

// Done implements callqueue.Doner.
func (g *gate) Done() bool { return g.Load() }

// Wake implements callqueue.Waiter for a CPU.
func (c *cpu) Wake() { c.w.ring(c.id) }

// postsCount: s posts to a CPU as many functions as there is room for, each of which
// waits, and then one more, for which there is room once one has returned. In the
// end there is as much room as before.
func postsCount(w *world, s *sender, target, room int) {
	var open gate
	wait := func(c *cpu) { c.serveUntil(&open) }
	w.Go(func() {
		for range room {
			s.message("post", wait).post(target, nil)
		}
		m := s.message("one more", nil)
		m.goes(target)
		if sent := s.src.TryPost(target, m.run, nil, false); sent != callqueue.Full {
			w.Errorf("room for one more than there is: %v", sent)
		}
		m.stays()
		open.Store(true)
		if s.src != w.external { // a round that takes a lock has an effect, and is not left out
			m.post(target, nil)
		}
	})
	w.Final(func() {
		for i := range room + 1 {
			want := callqueue.Posted
			if i == room {
				want = callqueue.Full
			}
			if sent := s.src.TryPost(target, func(*cpu) {}, nil, false); sent != want {
				w.Errorf("post %d in the end: %v", i, sent)
			}
		}
	})
}

// sleepServing is serveUntil for a CPU that sleeps until its bell is rung.
func (c *cpu) sleepServing(d doner) {
	outer := c.in.BeginWait(d)
	for !d.Done() {
		if c.in.Poll() > 0 {
			continue
		}
		if csd, ok := d.(*callqueue.CSD); ok && !csd.Park() {
			break
		}
		c.bell.Store(true)
		switch {
		case d.Done():
			c.bell.Store(false)
		case c.in.Pending():
			c.bell.Store(false)
			if c.in.Poll() == 0 && !d.Done() {
				c.w.Errorf("CPU %d does not sleep and has nothing to run", c.id)
			}
		default:
			for c.bell.Load() {
				gocheck.Spin()
			}
		}
	}
	c.in.EndWait(outer)
}
