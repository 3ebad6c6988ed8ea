//go:build gocheck

package main

import (
	"crosscall/gocheck"
	"crosscall/internal/callqueue"
)

var single = callqueue.Config{SingleQueue: true}

var singleQueue = []scenario{
	{name: "two sources", body: func(t *gocheck.T) {
		w := newWorld(t, 3, single)
		w.asleep(1)
		a, b := w.sender(0), w.sender(2)
		w.Go(func() {
			a.message("first", nil).post(1, nil)
			a.message("second", nil).post(1, nil)
		})
		w.Go(func() { b.message("other", nil).post(1, nil) })
	}},
	{name: "call", body: func(t *gocheck.T) {
		w := newWorld(t, 3, single)
		w.asleep(1)
		for _, i := range []int{0, 2} {
			s := w.sender(i)
			w.Go(func() { s.message("call", nil).postAndWait(1) })
		}
	}},
	{name: "nested", body: func(t *gocheck.T) {
		w := newWorld(t, 2, single)
		w.awake(1)
		s := w.sender(0)
		w.Go(func() {
			s.message("first", func(c *cpu) { c.in.Poll() }).post(1, nil)
			s.message("second", nil).post(1, nil)
			s.message("third", nil).postAndWait(1)
		})
	}},
	{name: "by age", body: func(t *gocheck.T) {
		w := newWorld(t, 3, single)
		w.awake(1)
		a, b := w.sender(0), w.sender(2)
		w.Go(func() { a.message("record", nil).share(nil, 1) })
		w.Go(func() {
			b.message("other record", nil).share(nil, 1)
			b.message("post", nil).post(1, nil)
		})
	}},
	{name: "order", body: func(t *gocheck.T) {
		w := newWorld(t, 2, single)
		w.awake(1)
		s := w.sender(0)
		w.Go(func() {
			s.message("post", nil).post(1, nil)
			s.message("record", nil).share(nil, 1)
			s.message("call", nil).postAndWait(1)
		})
	}},
	{name: "order, two targets", large: true, body: func(t *gocheck.T) {
		w := newWorld(t, 3, single)
		w.awake(1, 2)
		s := w.sender(0)
		w.Go(func() {
			s.message("post", nil).post(1, nil)
			s.message("record", nil).share(nil, 1, 2)
			s.message("call", nil).postAndWait(1)
		})
	}},
	{name: "offline", body: func(t *gocheck.T) {
		w := newWorld(t, 2, single)
		w.Go(w.cpus[1].executor)
		s := w.sender(0)
		w.Go(func() {
			w.cpus[0].in.Poll()
			s.message("post", nil).post(1, nil)
			w.cpus[0].poll()
		})
		w.Go(func() { w.offline(1) })
	}},
	{name: "offline, guests", body: func(t *gocheck.T) {
		w := newWorld(t, 1, single)
		w.Go(w.cpus[0].executor)
		s := w.guest()
		w.Go(func() { s.message("post", nil).post(0, nil) })
		w.Go(func() { w.offline(0) })
	}},
	{name: "one record for many", body: func(t *gocheck.T) {
		w := newWorld(t, 3, single)
		w.awake(1, 2)
		s := w.sender(0)
		w.Go(func() {
			m := s.message("call", nil)
			csd := armed(3)
			m.goes(1, 2)
			m.src.TryPost(1, m.run, csd, false)
			m.src.TryPost(2, m.run, csd, false)
			csd.Forgive(1)
			wait(csd)
			m.done()
		})
	}},
}

func (m *message) postAndWait(target int) {
	csd := armed(1)
	m.post(target, csd)
	wait(csd)
	m.done()
}
