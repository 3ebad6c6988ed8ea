package sched

import (
	"strings"
	"testing"
	"unsafe"
)

// A lab runs the bodies of the tests of channels and time.
type lab struct {
	*Explorer
	caps map[unsafe.Pointer]int
}

func (l *lab) make(n int) unsafe.Pointer {
	p := unsafe.Pointer(new(int))
	l.caps[p] = n
	return p
}

func (l *lab) state(p unsafe.Pointer) ChanState { return ChanState{Cap: l.caps[p]} }

func (l *lab) send(c unsafe.Pointer) bool {
	_, _, closed := l.Select([]Case{{c, true, nil}}, true, l.state)
	return !closed
}

func (l *lab) recv(c unsafe.Pointer) bool {
	_, _, closed := l.Select([]Case{{Chan: c}}, true, l.state)
	return !closed
}

func (l *lab) poll(c unsafe.Pointer) bool {
	i, _, _ := l.Select([]Case{{Chan: c}}, false, l.state)
	return i >= 0
}

func (l *lab) offer(c unsafe.Pointer) bool {
	i, _, _ := l.Select([]Case{{c, true, nil}}, false, l.state)
	return i >= 0
}

func (l *lab) close(c unsafe.Pointer) bool { return l.CloseChan(c, l.state) }

func (l *lab) either(cs ...unsafe.Pointer) int {
	var cases []Case
	for _, c := range cs {
		cases = append(cases, Case{Chan: c})
	}
	i, _, _ := l.Select(cases, true, l.state)
	return i
}

// after is time.After.
func (l *lab) after(d int64) unsafe.Pointer {
	c := l.make(1)
	l.StartTimer(unsafe.Pointer(new(int)), l.Now()+d, 0, func() { l.offer(c) })
	return c
}

func (l *lab) ticker(d int64) (c, timer unsafe.Pointer) {
	c, timer = l.make(1), unsafe.Pointer(new(int))
	l.StartTimer(timer, l.Now()+d, d, func() { l.offer(c) })
	return c, timer
}

func inLab(cfg Config, body func(*lab)) (Stats, *Found, string) {
	if cfg.MaxSteps == 0 {
		cfg.MaxSteps = 1000
	}
	cfg.Preemptions = -1
	return Explore(cfg, func() { body(&lab{Active(), map[unsafe.Pointer]int{}}) })
}

func lowest(l *lab, names ...string) []unsafe.Pointer {
	var cs []unsafe.Pointer
	for _, n := range names {
		c := l.make(0)
		l.NameChan(c, n, l.state)
		cs = append(cs, c)
	}
	return cs
}

// selectEach has n senders, and as many selects from all of them.
func (l *lab) selectEach(buffer, n int) {
	var cs []unsafe.Pointer
	for range n {
		c := l.make(buffer)
		cs = append(cs, c)
		l.Go(func() { l.send(c) })
	}
	for range n {
		l.either(cs...)
	}
}

// Each of these has exactly this number of executions.
func TestChanExecutions(t *testing.T) {
	for _, p := range []struct {
		name string
		want int64
		body func(*lab)
	}{
		{"one sender, one receiver", 1, func(l *lab) {
			c := l.make(0)
			l.Go(func() { l.send(c); l.send(c) })
			l.recv(c)
			l.recv(c)
		}},
		{"a buffer between two", 1, func(l *lab) {
			c := l.make(2)
			l.Go(func() {
				for range 5 {
					l.send(c)
				}
				l.close(c)
			})
			for l.recv(c) {
			}
		}},
		{"a channel that is closed", 1, func(l *lab) {
			c := l.make(0)
			for range 3 {
				l.Go(func() { l.recv(c) })
			}
			l.close(c)
		}},
		{"two senders", 2, func(l *lab) {
			c := l.make(1)
			l.Go(func() { l.send(c) })
			l.Go(func() { l.send(c) })
			l.recv(c)
			l.recv(c)
		}},
		{"different channels", 1, func(l *lab) {
			for range 4 {
				c := l.make(0)
				l.Go(func() { l.send(c) })
				l.Go(func() { l.recv(c) })
			}
		}},
		{"selects of different channels", 1, func(l *lab) {
			for range 3 {
				c, never := l.make(0), l.make(0)
				l.Go(func() { l.send(c) })
				l.Go(func() { l.either(c, never) })
			}
		}},
		{"a select for each of three senders", 6, func(l *lab) { l.selectEach(1, 3) }},
		{"without buffers", 6, func(l *lab) { l.selectEach(0, 3) }},
		{"four", 24, func(l *lab) { l.selectEach(2, 4) }},
		{"two senders that send twice", 6, func(l *lab) {
			a, b := l.make(1), l.make(1)
			l.Go(func() { l.send(a); l.send(a) })
			l.Go(func() { l.send(b); l.send(b) })
			for range 4 {
				l.either(a, b)
			}
		}},
		{"a channel that is closed when all is done", 2, func(l *lab) {
			c, done := l.make(1), l.make(0)
			l.Go(func() { l.send(c); l.close(done) })
			for l.either(c, done) == 0 {
			}
		}},
		{"two that are ready", 2, func(l *lab) {
			a, b := l.make(1), l.make(1)
			l.send(a)
			l.send(b)
			l.either(a, b)
		}},
		{"a receive that does not wait", 2, func(l *lab) {
			c := l.make(1)
			l.Go(func() { l.send(c) })
			l.poll(c)
		}},
		{"a send that does not wait", 2, func(l *lab) {
			c := l.make(0)
			l.Go(func() { l.recv(c) })
			l.offer(c)
			l.close(c)
		}},
		{"sleeps order nothing among themselves", 1, func(l *lab) {
			for range 3 {
				l.Go(func() { l.Sleep(5); l.Sleep(5) })
			}
		}},
		{"who sleeps longer comes later", 1, func(l *lab) {
			c := l.make(2)
			l.Go(func() { l.Sleep(5); l.send(c) })
			l.Go(func() { l.Sleep(9); l.send(c) })
		}},
		{"who sleeps as long", 2, func(l *lab) {
			c := l.make(2)
			l.Go(func() { l.Sleep(5); l.send(c) })
			l.Go(func() { l.Sleep(5); l.send(c) })
		}},
		{"a timeout that is not needed", 1, func(l *lab) {
			c := l.make(0)
			l.Go(func() { l.send(c) })
			if l.either(c, l.after(100)) != 0 {
				l.Error("timeout")
			}
		}},
	} {
		s, found, reason := inLab(Config{}, p.body)
		if found != nil || reason != "" || s.Executions != p.want {
			t.Errorf("%s: %+v, %+v, %q; want %d executions", p.name, s, found, reason, p.want)
		}
	}
}

func TestChanFailures(t *testing.T) {
	for _, p := range []struct {
		want string
		body func(*lab)
	}{
		{"G0 waits to receive from c", func(l *lab) { l.recv(lowest(l, "c")[0]) }},
		{"G0 waits to send to c", func(l *lab) { l.send(lowest(l, "c")[0]) }},
		{"G1 waits to receive from channel#0", func(l *lab) { c := l.make(1); l.Go(func() { l.recv(c) }) }},
		{"G0 waits in a select for <-b or <-a", func(l *lab) { l.either(lowest(l, "a", "b")...) }},
		{"G0 waits in a select without cases", func(l *lab) { l.either() }},
		{"G0 waits to receive from a nil channel", func(l *lab) { l.recv(nil) }},
		{"the body has returned, and G2 waits to receive", func(l *lab) {
			c, _ := l.ticker(10)
			l.Go(func() {
				for {
					l.recv(c)
				}
			})
		}},
		{"G0 waits to receive from c", func(l *lab) {
			l.ticker(10)
			l.recv(lowest(l, "c")[0])
		}},
		{"a function that runs when all has ended waits to receive", func(l *lab) {
			c := l.make(0)
			l.Final(func() { l.recv(c) })
		}},
	} {
		for _, cfg := range []Config{{}, {Random: true, MaxExecutions: 5}} {
			_, found, _ := inLab(cfg, p.body)
			if found == nil || !strings.Contains(strings.Join(found.Text, "\n"), p.want) {
				t.Errorf("%+v; want %s", found, p.want)
			}
		}
	}
}

// Choices of a select are part of a seed.
func TestChanReplay(t *testing.T) {
	body := func(l *lab) {
		a, b := l.make(1), l.make(1)
		n := 0
		l.send(a)
		l.send(b)
		n = n*2 + l.either(a, b)
		l.Go(func() { l.send(a); l.send(b) })
		n = n*2 + l.either(b, a)
		n = n*2 + l.either(a, b)
		if n == 7 {
			l.Error("seven")
		}
	}
	for _, cfg := range []Config{{}, {Random: true, MaxExecutions: 1000}} {
		_, found, _ := inLab(cfg, body)
		if found == nil {
			t.Fatal("not found")
		}
		s, err := ParseSchedule(found.Schedule.String())
		if err != nil {
			t.Fatal(err)
		}
		_, again, _ := inLab(Config{Schedule: s}, body)
		if again == nil || !again.Failed || again.Text[0] != found.Text[0] {
			t.Errorf("%+v, then %+v", found, again)
		}
	}
}

// A channel may be older than the execution.
func TestChanState(t *testing.T) {
	one := 1
	_, found, reason := inLab(Config{}, func(l *lab) {
		old := func(unsafe.Pointer) ChanState {
			return ChanState{Cap: 2, Closed: true, Boxes: []unsafe.Pointer{unsafe.Pointer(&one)}}
		}
		c := l.make(0)
		if n := l.LenChan(c, old); n != 1 {
			l.Error("len")
		}
		i, box, closed := l.Select([]Case{{Chan: c}}, true, old)
		if i != 0 || closed || box != unsafe.Pointer(&one) {
			l.Error("first")
		}
		if _, box, closed := l.Select([]Case{{Chan: c}}, true, old); !closed || box != nil {
			l.Error("second")
		}
		if l.CloseChan(c, old) {
			l.Error("close")
		}
		if _, _, closed := l.Select([]Case{{Chan: c, Send: true}}, false, old); !closed {
			l.Error("send")
		}
	})
	if found != nil || reason != "" {
		t.Error(found, reason)
	}
}

// A loop that checks a channel and spins is woken by a change of the channel.
func TestChanSpin(t *testing.T) {
	s, found, reason := inLab(Config{}, func(l *lab) {
		c := l.make(0)
		l.Go(func() { l.send(c) })
		for !l.poll(c) {
			l.Spin()
		}
	})
	if found != nil || reason != "" || s.Executions != 1 {
		t.Error(s, found, reason)
	}
	_, found, _ = inLab(Config{}, func(l *lab) {
		for c := l.make(0); !l.poll(c); {
			l.Spin()
		}
	})
	if found == nil || found.Kind != Livelock {
		t.Error(found)
	}
}
