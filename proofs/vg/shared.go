//go:build gocheck

package main

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/internal/callqueue"
)

var sharedList = []scenario{
	{name: "three targets", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 4, callqueue.Config{})
		w.awake(1, 2, 3)
		w.Go(func() { w.sender(0).message("call", nil).shareAndWait(1, 2, 3) })
	}},
	{name: "two sleep", asks: []string{"Q15"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.asleep(1, 2)
		w.Go(func() { w.sender(0).message("call", nil).shareAndWait(1, 2) })
		w.Final(func() { w.rungOnce(1, 2) })
	}},
	{name: "one sleeps", asks: []string{"Q15"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.asleep(1)
		w.awake(2)
		w.Go(func() { w.sender(0).message("call", nil).shareAndWait(1, 2) })
		w.Final(func() { w.rungOnce(1, 2) })
	}},
	{name: "one sleeps, reuse", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.asleep(1)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1)
			s.message("second", nil).shareAndWait(1)
		})
	}},
	{name: "reuse", asks: []string{"Q7"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1, 2)
			s.message("second", nil).shareAndWait(1, 2)
		})
	}},
	{name: "reuse for fewer", asks: []string{"Q7", "Q8"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1, 2)
			w.q.SetOnline(2, false)
			s.message("second", nil).shareAndWait(1, 2)
		})
	}},
	{name: "reuse for another", asks: []string{"Q7", "Q8"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1)
			s.message("second", nil).shareAndWait(2)
		})
	}},
	{name: "used three times", asks: []string{"Q7"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1)
			s.message("second", nil).share(nil, 2)
			s.message("third", nil).shareAndWait(1)
		})
	}},
	{name: "two senders", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 4, callqueue.Config{})
		w.awake(1, 2)
		for _, i := range []int{0, 3} {
			w.Go(func() { w.sender(i).message("call", nil).shareAndWait(1, 2) })
		}
	}},
	{name: "three senders", body: func(t *gocheck.T) {
		w := newWorld(t, 4, callqueue.Config{})
		w.awake(1)
		for _, i := range []int{0, 2, 3} {
			w.Go(func() { w.sender(i).message("call", nil).shareAndWait(1) })
		}
	}},
	{name: "moved record", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1)
			s.message("second", nil).share(nil, 1)
		})
		w.Go(func() {
			s := w.sender(2)
			s.message("other", nil).share(nil, 1)
			s.message("after it", nil).post(1, nil)
		})
	}},
	{name: "order", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			s.message("post", nil).post(1, nil)
			s.message("record", nil).share(nil, 1, 2)
			call := s.message("call", nil)
			wait(call.box(1))
			call.done()
		})
	}},
	{name: "order, reused", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			s.message("first", nil).share(nil, 1)
			l := s.message("call", nil).box(1)
			s.message("second", nil).share(nil, 1)
			s.message("post", nil).post(1, nil)
			wait(l)
		})
	}},
	{name: "nested", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		w.Go(func() {
			s := w.sender(0)
			s.message("post", func(c *cpu) { c.in.Poll() }).post(1, nil)
			s.message("first", nil).share(nil, 1)
			s.message("second", nil).share(nil, 1)
		})
	}},
	{name: "mask emptied", asks: []string{"Q1", "Q8"}, body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		m := &changing{}
		m.bits.Store(uint64(maskOf(1, 2)))
		w.Go(func() {
			m.bits.And(^uint64(maskOf(1)))
			m.bits.And(^uint64(maskOf(2)))
		})
		w.Go(func() {
			s := w.sender(0)
			call := s.message("call", nil)
			csd := armed(1)
			call.goes(1, 2)
			n, _ := call.src.TryShare(m, call.run, csd)
			call.keeps(m.read)
			if n == 0 {
				csd.Unlock()
			}
			wait(csd)
			call.done()
			s.message("again", nil).shareAndWait(1)
		})
	}},
	{name: "offline", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.Go(w.cpus[1].executor)
		s := w.sender(0)
		w.Go(func() {
			w.cpus[0].in.Poll()
			m := s.message("call", nil)
			m.goes(1)
			if n, _ := s.src.TryShare(maskOf(1), m.run, nil); n == 0 {
				m.stays()
			}
			w.cpus[0].poll()
		})
		w.Go(func() { w.offline(1) })
	}},
	{name: "external callers", body: func(t *gocheck.T) {
		w := newWorld(t, 2, callqueue.Config{})
		w.awake(1)
		for range 2 {
			w.Go(func() {
				m := w.guest().message("call", nil)
				csd := armed(1)
				m.goes(1)
				if _, ok := w.external.TryShare(maskOf(1), m.run, csd); !ok {
					m.stays()
					return
				}
				wait(csd)
				m.done()
			})
		}
	}},
	{name: "failing", body: func(t *gocheck.T) {
		w := newWorld(t, 3, callqueue.Config{})
		w.awake(1, 2)
		w.Go(func() {
			s := w.sender(0)
			m := s.message("call", nil)
			csd := armed(1)
			m.goes(1, 2)
			s.src.TryShare(maskOf(1, 2), func(c *cpu) {
				m.run(c)
				panic(failure("as it should"))
			}, csd)
			wait(csd)
			m.done()
			n := 0
			csd.Errs(func(error) { n++ })
			if n != 2 {
				t.Errorf("%d errors of 2", n)
			}
		})
	}},
}

func (w *world) rungOnce(cpus ...int) {
	for _, i := range cpus {
		if n := w.cpus[i].rung; n != 1 {
			w.Errorf("CPU %d was rung %d times", i, n)
		}
	}
}

// changing is a mask that others change. It notes what was read.
type changing struct {
	bits atomic.Uint64
	read mask
}

// Word implements callqueue.MaskWords.
func (m *changing) Word(int) uint64 {
	m.read = mask(m.bits.Load())
	return uint64(m.read)
}

// keeps undoes goes for targets that are not in is.
func (m *message) keeps(is mask) {
	var targets []int
	for _, i := range m.targets {
		if is>>i&1 != 0 {
			targets = append(targets, i)
		}
	}
	m.targets = targets
}

func (m *message) shareAndWait(targets ...int) {
	csd := armed(1)
	m.share(csd, targets...)
	wait(csd)
	m.done()
}
