//go:build gocheck

package main

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/internal/callqueue"
)

var controls = []scenario{
	{name: "two at a time, asleep", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.asleep(0)
		for range 2 {
			s := w.guest()
			w.Go(func() { s.message("control", nil).control(0) })
		}
	}},
	{name: "twice, to two", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(0, 1)
		s := w.guest()
		w.Go(func() {
			s.message("first", nil).control(0, 1)
			s.message("second", nil).control(0, 1)
		})
	}},
	{name: "beside a post and a call", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(1)
		s, k := w.sender(0), w.guest()
		w.Go(func() {
			s.message("post", nil).post(1, nil)
			m := s.message("call", nil)
			w.cpus[0].sleepUntil(m.box(1))
			m.done()
		})
		w.Go(func() { k.message("control", nil).control(1) })
	}},
	{name: "one waits for the next", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.awake(0)
		a, b := w.guest(), w.guest()
		var open gate
		w.Go(func() { a.message("first", func(c *cpu) { c.serveUntil(&open) }).control(0) })
		w.Go(func() { b.message("second", func(*cpu) { open.Store(true) }).control(0) })
	}},
	{name: "one that fails", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.asleep(0)
		s := w.guest()
		w.Go(func() {
			m := s.message("control", func(*cpu) { panic(failure("as it should")) })
			csd := m.startControl(0)
			wait(csd)
			m.done()
			errs := 0
			csd.Errs(func(error) { errs++ })
			if errs != 1 {
				t.Errorf("%d errors", errs)
			}
		})
	}},
	{name: "to a CPU that is offline", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{})
		w.q.SetOnline(0, false)
		w.asleep(0)
		s := w.guest()
		w.Go(func() { s.message("control", nil).control(0) })
	}},

	// The function ends when the control request is done.
	{name: "at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		s := w.guest()
		var open gate
		w.within(0, func(c *cpu) { c.serveUntil(&open) })
		w.Go(func() {
			s.message("control", nil).control(0)
			open.Store(true)
		})
	}},
	{name: "at the limit, asleep", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		s := w.guest()
		var open gate
		w.withinAsleep(0, func(c *cpu) { c.waitAsleep(&open) })
		w.Go(func() {
			s.message("control", nil).control(0)
			open.Store(true)
			w.ring(0)
		})
	}},
	{name: "at the limit, single queue", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{SingleQueue: true, Nesting: 1})
		s := w.guest()
		var open gate
		w.withinAsleep(0, func(c *cpu) { c.waitAsleep(&open) })
		w.Go(func() {
			s.message("control", nil).control(0)
			open.Store(true)
			w.ring(0)
		})
	}},
	{name: "overtaken", body: func(t *gocheck.T) {
		w := newWorld(t, 1, callqueue.Config{Overtaking: 1})
		s, p := w.guest(), w.guest()
		var open gate
		w.within(0, func(c *cpu) { c.serveUntil(&open) })
		w.Go(func() {
			p.message("post", nil).post(0, nil)
			s.message("control", nil).control(0)
			open.Store(true)
		})
	}},
	{name: "crosswise, at the limit", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				m := c.sender.message("control", nil)
				c.serveUntil(m.startControl(1 - i))
				m.done()
			})
		}
	}},
	// Earlier posts of the same goroutine do not run.
	{name: "posts do not come along", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		s, k := w.guest(), w.guest()
		var open gate
		waits := false
		w.within(0, func(c *cpu) {
			waits = true
			c.serveUntil(&open)
			waits = false
		})
		w.Go(func() {
			s.message("post", func(*cpu) {
				if waits {
					t.Errorf("the post came along with the control request")
				}
			}).post(0, nil)
			k.message("control", nil).control(0)
			open.Store(true)
		})
	}},

	{name: "fence", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(0)
		w.asleep(1)
		o := w.newObject()
		s := w.guest()
		w.Go(func() { s.message("reader", func(*cpu) { o.find().use() }).post(0, nil) })
		w.Go(func() {
			o.unlink()
			w.fence(0, 1)
			o.free()
		})
	}},
	{name: "fence, where a function waits", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		o := w.newObject()
		w.within(0, func(c *cpu) {
			held := o.find()
			c.sender.message("call", nil).callByBox(c, 1)
			held.use()
		})
		w.Go(func() {
			o.unlink()
			w.fence(0)
			o.free()
		})
	}},
	{name: "fence, where a function waits quietly", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		var open gate
		w.within(0, func(c *cpu) { c.quietly(func() { c.serveUntil(&open) }) })
		w.Go(func() {
			w.fence(0)
			open.Store(true)
		})
	}},
	{name: "fence, where a function waits quietly and sleeps", body: func(t *gocheck.T) {
		w := newWorld(t, 1, limit)
		var open gate
		w.withinAsleep(0, func(c *cpu) { c.quietly(func() { c.waitAsleep(&open) }) })
		w.Go(func() {
			w.fence(0)
			open.Store(true)
			w.ring(0)
		})
	}},
	// A function that holds nothing waits, and one that is served meanwhile holds
	// the object.
	{name: "fence, within a quiet wait", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{Nesting: 2})
		w.awake(1)
		o := w.newObject()
		p := w.guest()
		var open gate
		w.within(0, func(c *cpu) { c.quietly(func() { c.serveUntil(&open) }) })
		w.Go(func() {
			p.message("reader", func(c *cpu) {
				held := o.find()
				c.in.Poll()
				held.use()
				open.Store(true)
			}).post(0, nil)
		})
		w.Go(func() {
			o.unlink()
			w.fence(0)
			o.free()
		})
	}},
	{name: "fences crosswise, with control requests", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		for i := range w.cpus {
			w.within(i, func(c *cpu) {
				c.quietly(func() {
					csd := w.startFence(1 - i)
					c.serveUntil(csd)
				})
			})
		}
	}},

	// AwaitSenders completes although a CPU at its limit waits for the CPU that goes
	// offline.
	{name: "offline, where a CPU at its limit calls", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.Go(w.cpus[0].executor)
		w.within(1, func(c *cpu) {
			m := c.sender.message("call", nil)
			m.urgent = true
			m.goes(0)
			csd := armedUrgent(1)
			if c.src.TryPost(0, m.run, csd, false) == callqueue.Offline {
				m.stays()
				return
			}
			c.serveUntil(csd)
			m.done()
		})
		w.Go(func() { w.offline(0) })
	}},
	{name: "offline, and the poster at its limit waits for that", body: func(t *gocheck.T) {
		w := newWorld(t, 2, limit)
		w.withSenders()
		w.Go(w.cpus[0].executor)
		var gone gate
		w.within(1, func(c *cpu) {
			for _, name := range []string{"first", "second"} {
				c.sender.message(name, nil).post(0, nil)
			}
			c.serveUntil(&gone)
		})
		w.Go(func() {
			w.offline(0)
			gone.Store(true)
		})
	}},
	{name: "offline, while a guest and a CPU post", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.withSenders()
		w.Go(w.cpus[0].executor)
		w.within(1, func(c *cpu) { c.sender.message("post", nil).post(0, nil) })
		g := w.guest()
		w.Go(func() { g.message("post", nil).post(0, nil) })
		w.Go(func() { w.offline(0) })
	}},
}

// startControl sends m to each target as a control request.
func (m *message) startControl(targets ...int) *callqueue.CSD {
	m.urgent = true
	m.goes(targets...)
	csd := armedUrgent(len(targets))
	for _, i := range targets {
		m.cpus[i].in.Control(m.run, csd)
		m.ring(i)
	}
	return csd
}

// control is startControl of a goroutine that waits.
func (m *message) control(targets ...int) {
	wait(m.startControl(targets...))
	m.done()
}

// startFence sends a fence to CPUs.
func (w *world) startFence(targets ...int) *callqueue.CSD {
	csd := new(callqueue.CSD)
	csd.ArmFence(len(targets), nil)
	for _, i := range targets {
		w.cpus[i].in.Control(func(*cpu) {}, csd)
		w.ring(i)
	}
	return csd
}

// fence waits until the CPUs hold nothing.
func (w *world) fence(targets ...int) { wait(w.startFence(targets...)) }

// waitAsleep is serveUntil for a CPU that sleeps until its bell is rung. Poll
// does not count control requests and fences.
func (c *cpu) waitAsleep(d doner) {
	outer := c.in.BeginWait(d)
	for !d.Done() {
		if c.in.Poll() > 0 {
			continue
		}
		c.bell.Store(true)
		if d.Done() || c.in.Pending() {
			c.bell.Store(false)
		}
		for c.bell.Load() {
			gocheck.Spin()
		}
	}
	c.in.EndWait(outer)
}

// quietly runs f in a function that declares to hold nothing meanwhile.
func (c *cpu) quietly(f func()) {
	outer, ok := c.in.BeginQuiet()
	if !ok {
		c.w.Errorf("CPU %d: a function further down holds something", c.id)
	}
	f()
	c.in.EndQuiet(outer)
}

// object is held by functions, as readers hold objects that RCU protects.
type object struct {
	t    *gocheck.T
	live atomic.Pointer[held]
	old  *held
}

type held struct {
	t     *gocheck.T
	freed bool
}

func (w *world) newObject() *object {
	o := &object{t: w.T}
	o.live.Store(&held{t: w.T})
	return o
}

func (o *object) find() *held { return o.live.Load() }

func (h *held) use() {
	gocheck.Read(&h.freed)
	if h.freed {
		h.t.Errorf("a function holds what was freed after a fence")
	}
}

// unlink makes the object unreachable for functions. free is called after a fence.
func (o *object) unlink() { o.old = o.live.Swap(&held{t: o.t}) }

func (o *object) free() {
	gocheck.Write(&o.old.freed)
	o.old.freed = true
}
