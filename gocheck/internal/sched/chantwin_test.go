package sched

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The dumb twin of channels: small random programs, run by an interpreter that
// takes every interleaving one by one. It is written from the specification of Go
// and its memory model, with queues of goroutines that wait as the runtime has
// them, and knows nothing of how the explorer sees channels.

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
	sendq      []waiter
	recvq      []waiter
	sends      []string // clocks, each as text
	recvs      []string
	closeClock string
}

type waiter struct{ g, i int }

type access2 struct {
	g     int
	write bool
	clock string
}

type chanTwin struct {
	p        chanProg
	anyTime  bool // a timer fires, and a sleep ends, at any point
	seen     map[string]bool
	finals   map[string]bool
	stuck    bool
	raced    bool
	tooLarge bool
}

// chanState2 is a state of the machine; to copy it is to print it and to read it
// again, so all is in small slices.
type machineState struct {
	chans    []twinChan
	pc       []int
	blocked  []bool
	out      []string
	clocks   [][]int
	holder   int
	released []int
	accesses []access2
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
		h.sends, h.recvs = slices.Clip(h.sends), slices.Clip(h.recvs)
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
	all := n + len(w.p.caps) // the timer of each channel is another one
	for i := range all {
		s.clocks = append(s.clocks, make([]int, all))
		s.clocks[i][i] = 1
	}
	s.wake, s.timers = make([]int, n), make([]int, len(w.p.caps))
	for _, c := range w.p.caps {
		s.chans = append(s.chans, twinChan{cap: c})
	}
	w.seen, w.finals = map[string]bool{}, map[string]bool{}
	w.explore(s)
}

const manyStates = 20_000

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
	w.finals[strings.Join(s.out, "/")] = true
}

// step takes the next step of g, in its kth way: whether there is one, and whether
// there are more ways.
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

// tick moves the clock to the earliest time that somebody waits for.
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
	s.accesses = append(s.accesses, access2{g, write, fmt.Sprint(s.clocks[g])})
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
	var ready [][2]int // case, and which entry of the queue of those who wait
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
	c.buf = append(c.buf, v)
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

// pass is a value that goes from a goroutine to another that waits for it, or is
// waited for by it.
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

// body is the program for the explorer.
func (p chanProg) body(finals map[string]bool, traces map[string]bool, dup *string) func() {
	return func() {
		x := Active()
		m := &chanMachine{x: x, out: make([]string, len(p.code))}
		for i, c := range p.caps {
			m.chans = append(m.chans, nil)
			m.timers = append(m.timers, new(int))
			if c >= 0 {
				m.chans[i] = unsafe.Pointer(new(int))
			}
		}
		m.state = func(q unsafe.Pointer) ChanState {
			return ChanState{Cap: p.caps[slices.Index(m.chans, q)]}
		}
		for g, code := range p.code {
			x.Go(func() {
				for _, op := range code {
					if !m.do(g, op) {
						m.out[g] += "panic "
						return
					}
				}
			})
		}
		x.Final(func() {
			finals[strings.Join(m.out, "/")] = true
			s := x.signature()
			if traces[s] {
				*dup = s
			}
			traces[s] = true
		})
	}
}

// signature tells executions apart that are not equivalent.
func (x *Explorer) signature() string {
	var b strings.Builder
	for _, t := range x.threads {
		for _, i := range t.events {
			e := &x.events[i]
			fmt.Fprint(&b, traits[e.code].name, e.choice, x.clock(i), " ")
		}
		b.WriteString("/")
	}
	return b.String()
}

type chanMachine struct {
	x      *Explorer
	chans  []unsafe.Pointer
	state  func(unsafe.Pointer) ChanState
	mu     Header
	plain  int
	timers []*int
	out    []string
}

// do says whether the operation did not panic.
func (m *chanMachine) do(g int, op chanOp) bool {
	x, text := m.x, ""
	switch op.verb {
	case cSelect, cTry:
		return m.selects(g, op)
	case cClose:
		if m.chans[op.ch] == nil || !x.CloseChan(m.chans[op.ch], m.state) {
			return false
		}
	case cLen:
		text = fmt.Sprint("len", x.LenChan(m.chans[op.ch], m.state))
	case cLock:
		x.Lock(&m.mu, "Mutex")
	case cUnlock:
		x.Unlock(&m.mu, "Mutex")
	case cSleep:
		x.Sleep(int64(op.d))
	case cTimer:
		text = fmt.Sprint("was", m.start(op.ch, op.d))
	case cStop:
		text = fmt.Sprint("was", x.StopTimer(unsafe.Pointer(m.timers[op.ch])))
	case cRead, cWrite:
		x.Access(unsafe.Pointer(&m.plain), op.verb == cWrite)
	}
	m.out[g] += text + " "
	return true
}

func (m *chanMachine) start(ch, d int) bool {
	p, when := unsafe.Pointer(m.timers[ch]), m.x.Now()+int64(d)
	v := 99
	m.x.UseChan(m.chans[ch], m.state)
	return m.x.startTimer(p, when, 0, func() {
		m.x.Select([]Case{{m.chans[ch], true, unsafe.Pointer(&v)}}, false, m.state)
	})
}

func (m *chanMachine) selects(g int, op chanOp) bool {
	var cases []Case
	for _, c := range op.cases {
		cases = append(cases, Case{m.chans[c.ch], c.send, unsafe.Pointer(&c.val)})
	}
	i, box, closed := m.x.Select(cases, op.verb == cSelect, m.state)
	text := "default"
	switch {
	case i < 0:
	case op.cases[i].send && closed:
		return false
	case op.cases[i].send:
		text = fmt.Sprint(i, "sent")
	case closed:
		text = fmt.Sprint(i, "closed")
	default:
		text = fmt.Sprint(i, "got", *(*int)(box))
	}
	m.out[g] += text + " "
	return true
}

func genChanProg(t *rapid.T, verbs []chanVerb) chanProg {
	p := chanProg{}
	for range rapid.IntRange(1, 3).Draw(t, "channels") {
		p.caps = append(p.caps, rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2, -1}).Draw(t, "cap"))
	}
	ch := rapid.IntRange(0, len(p.caps)-1)
	n := rapid.IntRange(2, 4).Draw(t, "goroutines")
	most := []int{0, 0, 4, 3, 2}[n]
	val := 0
	for range n {
		var code []chanOp
		locked := false
		for range rapid.IntRange(1, most).Draw(t, "length") {
			op := chanOp{verb: rapid.SampledFrom(verbs).Draw(t, "verb"), ch: ch.Draw(t, "channel")}
			op.d = rapid.IntRange(1, 2).Draw(t, "delay")
			switch op.verb {
			case cSelect, cTry:
				for range rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3}).Draw(t, "cases") {
					val++
					op.cases = append(op.cases, chanCase{ch.Draw(t, "channel"), rapid.Bool().Draw(t, "send"), val})
				}
			case cLock:
				if locked {
					op.verb = cUnlock
				}
				locked = !locked
			}
			code = append(code, op)
		}
		if locked {
			code = append(code, chanOp{verb: cUnlock})
		}
		p.code = append(p.code, code)
	}
	if rapid.IntRange(0, 2).Draw(t, "closes") > 0 {
		for i := range p.caps {
			p.code[0] = append(p.code[0], chanOp{verb: cClose, ch: i})
		}
	}
	return p
}

var (
	untimed = []chanVerb{cSelect, cSelect, cSelect, cSelect, cTry, cTry, cClose, cLen, cLock, cRead, cWrite}
	timed   = []chanVerb{cSelect, cSelect, cSelect, cTry, cTry, cClose, cLen, cLock, cRead, cWrite, cSleep, cSleep, cTimer, cTimer, cStop}
)

type chanTally struct{ compared, stuck, raced, large, finals, executions, blocked, fewer int }

func TestChanTwin(t *testing.T) {
	var n chanTally
	rapid.Check(t, func(t *rapid.T) { compareChans(t, genChanProg(t, untimed), false, &n) })
	t.Logf("%+v", n)
}

func TestAnyTimeTwin(t *testing.T) {
	var n chanTally
	rapid.Check(t, func(t *rapid.T) { compareChans(t, genChanProg(t, timed), true, &n) })
	t.Logf("%+v", n)
}

func TestClockTwin(t *testing.T) {
	var n chanTally
	rapid.Check(t, func(t *rapid.T) { compareClocks(t, genChanProg(t, timed), &n) })
	t.Logf("%+v", n)
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func (p chanProg) twin(anyTime bool) *chanTwin {
	w := &chanTwin{p: p, anyTime: anyTime}
	w.run()
	return w
}

func (p chanProg) explore(t failer, anyTime bool) (finals map[string]bool, s Stats, found *Found) {
	t.Helper()
	finals, traces, dup := map[string]bool{}, map[string]bool{}, ""
	cfg := Config{Preemptions: -1, MaxSteps: 1000, TimersAnyTime: anyTime}
	s, found, reason := Explore(cfg, p.body(finals, traces, &dup))
	if reason != "" {
		t.Fatalf("%v: %v", p, reason)
	}
	if dup != "" {
		t.Fatalf("%v: two executions are equivalent: %s", p, dup)
	}
	return finals, s, found
}

// fails says whether the explorer found what the twin did.
func (w *chanTwin) fails(found *Found) bool {
	return found != nil && (w.raced && found.Kind == Race || w.stuck && (found.Kind == Leak || found.Kind == Deadlock))
}

func compareChans(t failer, p chanProg, anyTime bool, n *chanTally) {
	t.Helper()
	w := p.twin(anyTime)
	if w.tooLarge {
		n.large++
		return
	}
	finals, stats, found := p.explore(t, anyTime)
	if w.stuck || w.raced {
		if !w.fails(found) {
			t.Fatalf("%v: stuck %v, raced %v; the explorer: %+v", p, w.stuck, w.raced, found)
		}
		n.stuck, n.raced = n.stuck+asInt(w.stuck), n.raced+asInt(w.raced)
		return
	}
	if found != nil {
		t.Fatalf("%v: the twin finds nothing, the explorer: %+v", p, found)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(w.finals)), slices.Sorted(maps.Keys(finals))); diff != "" {
		t.Fatalf("%v: final states (-twin +explorer):\n%s", p, diff)
	}
	n.count(finals, stats)
}

func (n *chanTally) count(finals map[string]bool, s Stats) {
	n.compared++
	n.finals += len(finals)
	n.executions += int(s.Executions)
	n.blocked += int(s.Blocked)
}

// compareClocks: the explorer must find all that can happen if the clock moves only
// when nobody can run, and whoever waited first is first. Beyond that it may find
// what can happen when somebody is late, and nothing else.
func compareClocks(t failer, p chanProg, n *chanTally) {
	t.Helper()
	least, most := p.twin(false), p.twin(true)
	if least.tooLarge || most.tooLarge {
		n.large++
		return
	}
	finals, stats, found := p.explore(t, false)
	if found != nil {
		if !most.fails(found) {
			t.Fatalf("%v: the twin finds nothing, the explorer: %+v", p, found)
		}
		n.stuck++
		return
	}
	if least.stuck || least.raced {
		t.Fatalf("%v: stuck %v, raced %v; the explorer finds nothing", p, least.stuck, least.raced)
	}
	for s := range least.finals {
		if !finals[s] {
			t.Fatalf("%v: the explorer misses %q", p, s)
		}
	}
	for s := range finals {
		if !most.finals[s] {
			t.Fatalf("%v: the explorer finds %q, which cannot be", p, s)
		}
	}
	if len(least.finals) < len(finals) {
		n.fewer++
	}
	n.count(finals, stats)
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
