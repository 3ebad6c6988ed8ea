//go:build gocheck

package main

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/internal/callqueue"
)

var lanes = []scenario{
	{name: "two calls", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(1)
		w.Go(func() {
			s := w.sender(0)
			for _, name := range []string{"first", "second"} {
				m := s.message(name, nil)
				w.cpus[0].sleepUntil(m.box(1))
				m.done()
			}
		})
	}},
	{name: "failing call", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			first := s.message("first", func(*cpu) { panic(failure("as it should")) })
			l := first.box(1)
			wait(l)
			if l.Finish() == nil {
				t.Errorf("no error")
			}
			second := s.message("second", nil)
			l = second.box(1)
			wait(l)
			if err := l.Finish(); err != nil {
				t.Errorf("an error of another call: %v", err)
			}
			second.done()
		})
	}},
	{name: "full ring", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Ring: 2})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			for _, name := range []string{"first", "second", "third", "fourth"} {
				s.message(name, nil).post(1, nil)
			}
		})
	}},
	{name: "short posts", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Ring: 2})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			for _, name := range []string{"first", "second", "third"} {
				m := s.message(name, nil)
				m.goes(1)
				if !s.src.Lane(1).TryPost(m.run) {
					m.stays()
					m.post(1, nil)
				}
			}
		})
	}},
	{name: "sleeping target", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(1)
		w.Go(func() {
			s := w.sender(0)
			s.message("post", nil).post(1, nil)
			csd := armed(1)
			m := s.message("call", nil)
			m.post(1, csd)
			wait(csd)
			m.done()
		})
	}},
	{name: "three sources", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1)
		for _, s := range []*sender{w.sender(0), w.sender(2), w.guest()} {
			w.Go(func() {
				csd := armed(1)
				m := s.message("call", nil)
				m.post(1, csd)
				wait(csd)
				m.done()
			})
		}
	}},
	{name: "three sources, twice", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1)
		for _, s := range []*sender{w.sender(0), w.sender(2), w.guest()} {
			w.Go(func() {
				s.message("post", nil).post(1, nil)
				s.message("call", nil).postAndWait(1)
			})
		}
	}},
	{name: "nested", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		s := w.sender(0)
		w.Go(func() {
			s.message("first", func(c *cpu) { c.in.Poll() }).post(1, nil)
			s.message("second", nil).post(1, nil)
			call := s.message("call", nil)
			wait(call.box(1))
			call.done()
		})
	}},
	{name: "guests", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		for i := range 2 {
			s := w.guest()
			w.Go(func() {
				m := s.message("call", func(*cpu) {
					if i == 0 {
						panic(failure("as it should"))
					}
				})
				m.goes(0)
				if l := w.cpus[0].in.TryExternalCall(m.run); l != nil {
					w.ring(0)
					wait(l)
					m.done()
					if failed := l.Finish() != nil; failed != (i == 0) {
						t.Errorf("guest %d: failed %v", i, failed)
					}
					l.Release()
					return
				}
				m.stays()
				csd := armed(1)
				m.post(0, csd)
				wait(csd)
				m.done()
			})
		}
	}},
	// The guest's call and the second post are seen in a post whose wait is over.
	{name: "mailbox before a post, seen in a wait that is over", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		s := w.guest()
		var inner, outer gate
		w.within(0, func(c *cpu) { c.serveUntil(&outer) })
		w.Go(func() {
			s.message("first", func(c *cpu) { c.serveUntil(&inner) }).post(0, nil)
			m := s.message("left", nil)
			m.goes(0)
			l := w.cpus[0].in.TryExternalCall(m.run)
			w.ring(0)
			l.Abandon()
			s.message("second", nil).post(0, nil)
			inner.Store(true)
			outer.Store(true)
		})
	}},
	{name: "guests that post", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		for range 2 {
			s := w.guest()
			w.Go(func() {
				m := s.message("first", nil)
				m.goes(0)
				if !w.cpus[0].in.TryExternal(m.run) {
					t.Errorf("no room")
				}
				s.message("second", nil).post(0, nil)
			})
		}
	}},
	{name: "order", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).post(1, nil)
			s.message("second", nil).post(1, nil)
			call := s.message("call", nil)
			l := call.box(1)
			s.message("after", nil).post(1, nil)
			wait(l)
			call.done()
			again := s.message("again", nil)
			wait(again.box(1))
			again.done()
		})
	}},
	{name: "crosswise", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		for i, c := range w.cpus {
			s := w.sender(i)
			w.Go(func() {
				m := s.message("call", nil)
				c.serveUntil(m.box(1 - i))
				m.done()
				c.poll()
			})
		}
	}},
	{name: "call within a call", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		here, there := w.sender(0), w.sender(1)
		w.awake(1)
		w.Go(func() {
			m := here.message("call", func(c *cpu) {
				back := there.message("back", func(*cpu) { here.message("posted meanwhile", nil).post(1, nil) })
				l := back.box(0)
				c.serveUntil(l)
				back.done()
			})
			w.cpus[0].serveUntil(m.box(1))
			m.done()
			w.cpus[0].poll()
		})
	}},
	{name: "call to itself", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		c, s, other := w.cpus[0], w.sender(0), w.sender(1)
		w.Go(func() {
			s.message("post", nil).post(0, nil)
			s.message("record", nil).share(nil, 0)
			m := s.message("call", nil)
			m.goes(0)
			_ = c.in.Run(s.src, m.run)
			m.done()
			c.poll()
		})
		w.Go(func() { other.message("other", nil).postAndWait(0) })
	}},
	{name: "one record for many", body: func(t *gocheck.T) {
		w := newWorld(t, 4, callqueue.Config{})
		w.awake(1, 2)
		w.q.SetOnline(3, false)
		w.Go(func() {
			m := w.sender(0).message("call", nil)
			csd := armed(4)
			m.goes(1, 2)
			unsent := 1
			for i := 1; i <= 3; i++ {
				if m.src.TryPost(i, m.run, csd, false) != callqueue.Posted {
					unsent++
				}
			}
			csd.Forgive(unsent)
			wait(csd)
			m.done()
		})
	}},
	{name: "parked", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			m := w.sender(0).message("call", nil)
			p, csd := &parked{}, new(callqueue.CSD)
			csd.Arm(2, p)
			m.goes(1, 2)
			m.src.TryPost(1, m.run, csd, false)
			m.src.TryPost(2, m.run, csd, false)
			if csd.Park() {
				for !p.woken.Load() {
					gocheck.Spin()
				}
			}
			m.done()
			if !csd.Done() {
				t.Errorf("woken before all were done")
			}
		})
	}},
	{name: "record used again", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			p, csd := &parked{}, new(callqueue.CSD)
			csd.Arm(2, p)
			first := s.message("first", nil)
			first.goes(1, 2)
			s.src.TryPost(1, first.run, csd, false)
			s.src.TryPost(2, first.run, csd, false)
			wait(csd)
			first.done()
			csd.Arm(1, nil)
			second := s.message("second", nil)
			second.post(1, csd)
			wait(csd)
			second.done()
			if p.woken.Load() {
				t.Errorf("woken, and was not asleep")
			}
		})
	}},
	{name: "record that coalesces", body: coalesce},
	{name: "fence", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		s := w.guest()
		w.Go(func() {
			m := s.message("function", func(c *cpu) { c.in.Poll() })
			m.post(0, nil)
			fence := new(callqueue.CSD)
			fence.ArmFence(1, nil)
			s.src.TryPost(0, func(*cpu) {}, fence, true)
			wait(fence)
			m.done()
		})
	}},
	{name: "fences crosswise", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		for i, c := range w.cpus {
			s := w.sender(i)
			w.Go(func() {
				_ = c.in.Guard(func(c *cpu) {
					outer, _ := c.in.BeginQuiet()
					fence := new(callqueue.CSD)
					fence.ArmFence(1, nil)
					s.src.TryPost(1-i, func(*cpu) {}, fence, true)
					c.serveUntil(fence)
					c.in.EndQuiet(outer)
				})
				c.poll()
			})
		}
	}},
	{name: "offline, guests", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.Go(w.cpus[0].executor)
		s := w.guest()
		w.Go(func() {
			m := s.message("post", nil)
			m.post(0, nil)
		})
		w.Go(func() { w.offline(0) })
	}},
	{name: "offline and online", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.Go(w.cpus[0].executor)
		a, b := w.guest(), w.guest()
		w.Go(func() { a.message("post", nil).post(0, nil) })
		w.Go(func() {
			w.offline(0)
			w.online(0)
			b.message("call", nil).postAndWait(0)
		})
	}},
	{name: "offline, a CPU", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.Go(w.cpus[1].executor)
		w.Go(func() {
			s := w.sender(0)
			w.cpus[0].in.Poll()
			s.message("post", nil).post(1, nil)
			w.cpus[0].poll()
		})
		w.Go(func() { w.offline(1) })
	}},
}

// parked is a waiter that sleeps.
type parked struct{ woken atomic.Bool }

// Wake implements callqueue.Waiter.
func (p *parked) Wake() { p.woken.Store(true) }

// sleepUntil waits for a call by mailbox like a CPU that has no requests: it
// sleeps, and the answer wakes it.
func (c *cpu) sleepUntil(d doner) {
	for !d.Done() {
		c.bell.Store(true)
		if d.Done() {
			c.bell.Store(false)
			return
		}
		for c.bell.Load() {
			gocheck.Spin()
		}
	}
}

// coalesce is two goroutines that post the same record. The one that finds it
// in flight does nothing more, and the function sees its earlier writes.
func coalesce(t *gocheck.T) {
	w := newWorld(t, 1, callqueue.Config{})
	w.awake(0)
	record := callqueue.NewAsync()
	var asked [2]int
	runs, sent, asking := 0, 0, 2
	function := func(*cpu) {
		runs++
		if asking > 0 || runs < sent {
			return // a later run may see it
		}
		for i := range asked {
			gocheck.Read(&asked[i])
		}
	}
	for i := range asked {
		w.Go(func() {
			gocheck.Write(&asked[i])
			asked[i] = 1
			if record.TryLock() {
				if runs < sent {
					t.Errorf("the record is in flight twice")
				}
				sent++
				w.external.TryPost(0, function, record, false)
			}
			asking--
		})
	}
	w.Final(func() {
		if runs != sent || !record.Done() {
			t.Errorf("sent %d times, ran %d times", sent, runs)
		}
	})
}
