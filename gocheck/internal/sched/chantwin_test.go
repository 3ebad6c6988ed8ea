package sched

import (
	"fmt"
	"slices"
	"strings"
)

// The dumb twin of channels: small random programs, run by an interpreter that
// takes every interleaving one by one. It is written from the specification of Go
// and its memory model, with queues of waiting goroutines as in the runtime, and
// is independent of the explorer's representation of channels.

type chanVerb int

const (
	cSelect chanVerb = iota // send and receive are selects of one
	cTry                    // with default
	cClose
	cLen
	cLock
	cUnlock
	cRead
	cWrite
	cSleep
	cTimer // starts the timer of a channel, which sends to it
	cStop
)

type chanCase struct {
	ch   int
	send bool
	val  int
}

type chanOp struct {
	verb  chanVerb
	cases []chanCase
	ch    int
	d     int // how long to sleep, and until a timer fires
}

func (o chanOp) String() string {
	switch o.verb {
	case cSelect, cTry:
		var list []string
		for _, c := range o.cases {
			if c.send {
				list = append(list, fmt.Sprintf("%c<-%d", 'a'+c.ch, c.val))
			} else {
				list = append(list, fmt.Sprintf("<-%c", 'a'+c.ch))
			}
		}
		if o.verb == cTry {
			list = append(list, "default")
		}
		return strings.Join(list, "|")
	}
	return fmt.Sprintf("%s(%c)", [...]string{"", "", "close", "len", "lock", "unlock", "read", "write", "sleep", "timer", "stop"}[o.verb], 'a'+o.ch)
}

type chanProg struct {
	caps []int // -1: nil
	code [][]chanOp
}

func (p chanProg) String() string {
	return fmt.Sprint(p.caps, strings.Join(strings.Split(fmt.Sprint(p.code), "] ["), "]\n["))
}

// twinChan is a channel of the interpreter.
type twinChan struct {
	cap        int
	closed     bool
	buf        []int
	entered    []int // all values that were sent to it while it was not full, in their order
	sendq      []waiter
	recvq      []waiter
	sends      []string // clocks, each as text
	recvs      []string
	closeClock string
}

type waiter struct{ g, i int }

type plainAccess struct {
	g     int
	write bool
	clock string
}

type chanTwin struct {
	p        chanProg
	anyTime  bool // a timer fires, and a sleep ends, at any point
	seen     map[string]bool
	finals   map[string]bool
	classes  map[string]bool // final states, with the order in which values entered each channel
	stuck    bool
	raced    bool
	tooLarge bool
}

// A machineState is a state of the interpreter.
type machineState struct {
	chans    []twinChan
	pc       []int
	blocked  []bool
	out      []string
	clocks   [][]int
	holder   int
	released []int
	accesses []plainAccess
	now      int
	wake     []int // until when a goroutine sleeps; 0: it does not
	timers   []int // when the timer of each channel fires; 0: it is not pending
}

func (s *machineState) clone() *machineState {
	c := *s
	c.chans = slices.Clone(s.chans)
	for i := range c.chans {
		h := &c.chans[i]
		h.buf, h.sendq, h.recvq = slices.Clone(h.buf), slices.Clone(h.sendq), slices.Clone(h.recvq)
		h.sends, h.recvs, h.entered = slices.Clip(h.sends), slices.Clip(h.recvs), slices.Clip(h.entered)
	}
	c.pc, c.blocked, c.out = slices.Clone(s.pc), slices.Clone(s.blocked), slices.Clone(s.out)
	c.clocks = slices.Clone(s.clocks)
	for i := range c.clocks {
		c.clocks[i] = slices.Clone(c.clocks[i])
	}
	c.accesses = slices.Clip(s.accesses)
	c.wake, c.timers = slices.Clone(s.wake), slices.Clone(s.timers)
	return &c
}

func (w *chanTwin) run() {
	n := len(w.p.code)
	s := &machineState{holder: -1, pc: make([]int, n), blocked: make([]bool, n), out: make([]string, n), released: nil}
	all := n + len(w.p.caps) // the timer of each channel is a further thread
	for i := range all {
		s.clocks = append(s.clocks, make([]int, all))
		s.clocks[i][i] = 1
	}
	s.wake, s.timers = make([]int, n), make([]int, len(w.p.caps))
	for _, c := range w.p.caps {
		s.chans = append(s.chans, twinChan{cap: c})
	}
	w.seen, w.finals, w.classes = map[string]bool{}, map[string]bool{}, map[string]bool{}
	w.explore(s)
}

const manyStates = 4_000

func (w *chanTwin) explore(s *machineState) {
	key := fmt.Sprint(*s)
	if w.seen[key] {
		return
	}
	if w.seen[key] = true; len(w.seen) > manyStates {
		w.tooLarge = true
		return
	}
	moved := false
	for g := range w.p.code {
		if s.blocked[g] || s.pc[g] >= len(w.p.code[g]) {
			continue
		}
		for k := 0; ; k++ {
			c := s.clone()
			ok, more := w.step(c, g, k)
			if ok {
				moved = true
				w.explore(c)
			}
			if !more {
				break
			}
		}
	}
	for i, when := range s.timers {
		if when > 0 && (w.anyTime || s.now >= when) {
			moved = true
			queue := s.chans[i].recvq
			for j := 0; j == 0 || j < len(queue) && queue[j].g == queue[0].g; j++ {
				c := s.clone()
				w.fire(c, i, j)
				w.explore(c)
			}
		}
	}
	if moved {
		return
	}
	if w.tick(s) {
		w.explore(s)
		return
	}
	for g := range w.p.code {
		w.stuck = w.stuck || s.pc[g] < len(w.p.code[g])
	}
	final := strings.Join(s.out, "/")
	w.finals[final] = true
	for i := range s.chans {
		final += fmt.Sprint(s.chans[i].entered)
	}
	w.classes[final] = true
}

// step takes the next step of g, in its kth way. ok reports whether there is one,
// more whether there are further ways.
func (w *chanTwin) step(s *machineState, g, k int) (ok, more bool) {
	op := w.p.code[g][s.pc[g]]
	c := &s.chans[min(op.ch, len(s.chans)-1)]
	switch op.verb {
	case cSelect, cTry:
		return w.selects(s, g, k, op)
	case cClose:
		s.close(w, c, g)
	case cLen:
		s.done(g, fmt.Sprint("len", len(c.buf)))
	case cLock:
		if s.holder >= 0 {
			return false, false
		}
		s.holder = g
		s.acquire(g, s.released)
		s.done(g, "")
	case cUnlock:
		s.holder = -1
		s.released = slices.Clone(s.clocks[g])
		s.clocks[g][g]++
		s.done(g, "")
	case cSleep:
		switch {
		case s.wake[g] == 0:
			s.wake[g] = s.now + op.d
		case w.anyTime || s.now >= s.wake[g]:
			s.wake[g] = 0
			s.done(g, "")
		default:
			return false, false
		}
	case cTimer:
		s.acquire(len(w.p.code)+op.ch, s.clocks[g])
		s.clocks[g][g]++
		s.done(g, fmt.Sprint("was", s.timers[op.ch] > 0))
		s.timers[op.ch] = s.now + op.d
	case cStop:
		s.done(g, fmt.Sprint("was", s.timers[op.ch] > 0))
		s.timers[op.ch] = 0
	case cRead, cWrite:
		w.access(s, g, op.verb == cWrite)
		s.done(g, "")
	}
	return true, false
}

// fire is the timer of channel i: a send that does not wait, to the jth case in the
// queue.
func (w *chanTwin) fire(s *machineState, i, j int) {
	s.timers[i] = 0
	g, c := len(w.p.code)+i, &s.chans[i]
	switch {
	case c.cap < 0 || c.closed:
	case len(c.recvq) > 0:
		q := c.recvq[j]
		s.wakeUp(q)
		s.pass(c, g, q.g)
		s.done(q.g, fmt.Sprint(q.i, "got", 99))
	case len(c.buf) < c.cap:
		s.fill(c, g, 99)
	}
}

// tick moves the clock to the earliest time that a goroutine or a timer waits for.
func (w *chanTwin) tick(s *machineState) bool {
	first, left := 0, false
	for g := range w.p.code {
		left = left || s.pc[g] < len(w.p.code[g])
	}
	for _, when := range append(slices.Clone(s.wake), s.timers...) {
		if when > 0 && (first == 0 || when < first) {
			first = when
		}
	}
	if !left || first == 0 {
		return false
	}
	s.now = first
	return true
}

func (s *machineState) done(g int, text string) {
	s.out[g] += text + " "
	s.pc[g]++
}

func (s *machineState) panics(w *chanTwin, g int) {
	s.out[g] += "panic "
	s.pc[g] = len(w.p.code[g])
}

func (s *machineState) acquire(g int, clock []int) {
	for i, v := range clock {
		s.clocks[g][i] = max(s.clocks[g][i], v)
	}
}

func (s *machineState) acquireText(g int, text string) {
	var clock []int
	for _, f := range strings.Fields(strings.Trim(text, "[]")) {
		n := 0
		fmt.Sscan(f, &n)
		clock = append(clock, n)
	}
	s.acquire(g, clock)
}

func (w *chanTwin) access(s *machineState, g int, write bool) {
	for _, a := range s.accesses {
		var theirs int
		fmt.Sscan(strings.Fields(strings.Trim(a.clock, "[]"))[a.g], &theirs)
		if a.g != g && (a.write || write) && s.clocks[g][a.g] < theirs {
			w.raced = true
		}
	}
	s.accesses = append(s.accesses, plainAccess{g, write, fmt.Sprint(s.clocks[g])})
}

func (s *machineState) close(w *chanTwin, c *twinChan, g int) {
	switch {
	case c.cap < 0, c.closed:
		s.panics(w, g)
		return
	}
	c.closed = true
	c.closeClock = fmt.Sprint(s.clocks[g])
	s.clocks[g][g]++
	s.done(g, "")
	for _, q := range slices.Clone(c.recvq) {
		if !s.blocked[q.g] {
			continue // it waits there with several cases
		}
		s.wakeUp(q)
		s.acquireText(q.g, c.closeClock)
		s.done(q.g, fmt.Sprint(q.i, "closed"))
	}
	for _, q := range slices.Clone(c.sendq) {
		if !s.blocked[q.g] {
			continue
		}
		s.wakeUp(q)
		s.panics(w, q.g)
	}
}

// wakeUp takes a goroutine out of all queues.
func (s *machineState) wakeUp(q waiter) {
	s.blocked[q.g] = false
	mine := func(o waiter) bool { return o.g == q.g }
	for i := range s.chans {
		c := &s.chans[i]
		c.sendq, c.recvq = slices.DeleteFunc(c.sendq, mine), slices.DeleteFunc(c.recvq, mine)
	}
}

func (w *chanTwin) selects(s *machineState, g, k int, op chanOp) (ok, more bool) {
	var ready [][2]int // case, and index in the queue of waiting goroutines
	for i, o := range op.cases {
		c := &s.chans[o.ch]
		switch {
		case c.cap < 0:
		case c.closed, o.send && (len(c.recvq) > 0 || len(c.buf) < c.cap), !o.send && (len(c.sendq) > 0 || len(c.buf) > 0):
			queue := c.sendq
			if o.send {
				queue = c.recvq
			}
			ready = append(ready, [2]int{i, 0})
			for j := 1; j < len(queue) && queue[j].g == queue[0].g; j++ {
				ready = append(ready, [2]int{i, j})
			}
		}
	}
	if len(ready) > 0 {
		w.communicate(s, g, ready[k][0], ready[k][1], op.cases[ready[k][0]])
		return true, k+1 < len(ready)
	}
	if op.verb == cTry {
		s.done(g, "default")
		return true, false
	}
	s.blocked[g] = true
	for i, o := range op.cases {
		c := &s.chans[o.ch]
		switch {
		case c.cap < 0:
		case o.send:
			c.sendq = append(c.sendq, waiter{g, i})
		default:
			c.recvq = append(c.recvq, waiter{g, i})
		}
	}
	return true, false
}

func (w *chanTwin) communicate(s *machineState, g, i, j int, o chanCase) {
	c := &s.chans[o.ch]
	switch {
	case o.send && c.closed:
		s.panics(w, g)
	case o.send && len(c.recvq) > 0:
		q := c.recvq[j]
		s.wakeUp(q)
		s.pass(c, g, q.g)
		c.entered = append(c.entered, o.val)
		s.done(g, fmt.Sprint(i, "sent"))
		s.done(q.g, fmt.Sprint(q.i, "got", o.val))
	case o.send:
		s.fill(c, g, o.val)
		s.done(g, fmt.Sprint(i, "sent"))
	case len(c.buf) > 0:
		v := c.buf[0]
		c.buf = c.buf[1:]
		s.drain(c, g)
		s.done(g, fmt.Sprint(i, "got", v))
		if len(c.sendq) > 0 {
			q := c.sendq[j]
			s.wakeUp(q)
			s.fill(c, q.g, w.p.code[q.g][s.pc[q.g]].cases[q.i].val)
			s.done(q.g, fmt.Sprint(q.i, "sent"))
		}
	case len(c.sendq) > 0:
		q := c.sendq[j]
		s.wakeUp(q)
		s.pass(c, q.g, g)
		v := w.p.code[q.g][s.pc[q.g]].cases[q.i].val
		s.done(q.g, fmt.Sprint(q.i, "sent"))
		s.done(g, fmt.Sprint(i, "got", v))
	default:
		s.acquireText(g, c.closeClock)
		s.done(g, fmt.Sprint(i, "closed"))
	}
}

// fill is send number len(c.sends) into the buffer.
func (s *machineState) fill(c *twinChan, g, v int) {
	c.buf, c.entered = append(c.buf, v), append(c.entered, v)
	s.begins(c, &c.sends, g)
	if k := len(c.sends) - 1 - c.cap; k >= 0 {
		s.acquireText(g, c.recvs[k])
	}
}

// drain is receive number len(c.recvs).
func (s *machineState) drain(c *twinChan, g int) {
	s.begins(c, &c.recvs, g)
	s.acquireText(g, c.sends[len(c.recvs)-1])
}

func (s *machineState) begins(c *twinChan, list *[]string, g int) {
	*list = append(*list, fmt.Sprint(s.clocks[g]))
	s.clocks[g][g]++
}

// pass passes a value from one goroutine to another, one of which waits.
func (s *machineState) pass(c *twinChan, from, to int) {
	if c.cap > 0 {
		s.begins(c, &c.sends, from)
		if k := len(c.sends) - 1 - c.cap; k >= 0 {
			s.acquireText(from, c.recvs[k])
		}
		s.drain(c, to)
		return
	}
	a, b := slices.Clone(s.clocks[from]), slices.Clone(s.clocks[to])
	s.acquire(from, b)
	s.acquire(to, a)
	s.clocks[from][from]++
	s.clocks[to][to]++
}
