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

// body is the program for the explorer.
func (p chanProg) body(finals map[string]bool, traces map[string]bool, dup *string) func() {
	first := uint64(0)
	return func() {
		x := Active()
		if x.objs.firstRun != first { // explored again
			first = x.objs.firstRun
			clear(finals)
			clear(traces)
		}
		m := p.start(x)
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

// start starts the goroutines of the program.
func (p chanProg) start(x *Explorer) *chanMachine {
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
	return m
}

// signature differs for executions that are not equivalent.
func (x *Explorer) signature() string {
	var b strings.Builder
	for _, t := range x.threads {
		for _, i := range t.events {
			e := &x.exec.events[i]
			fmt.Fprint(&b, traits[e.code].name, x.exec.clock(i), " ")
			if e.code.multi() {
				fmt.Fprint(&b, x.exec.takes[i], " ")
			}
			if e.code == choose || e.code == timerFire {
				fmt.Fprint(&b, e.choice, " ")
			}
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

// do reports whether the operation did not panic.
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
		x.Access(unsafe.Pointer(&m.plain), 8, op.verb == cWrite)
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
	if rapid.IntRange(0, 3).Draw(t, "escapes") == 0 {
		p.escape()
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

// escape lets every goroutine go on once the first one has ended: each blocking
// select has one more case, which is ready when the first goroutine closes a
// channel.
func (p *chanProg) escape() {
	done := len(p.caps)
	p.caps = append(p.caps, 0)
	for g := range p.code {
		for i := range p.code[g] {
			op := &p.code[g][i]
			switch {
			case op.verb == cSelect && g == 0:
				op.verb = cTry
			case op.verb == cSelect:
				op.cases = append(op.cases, chanCase{ch: done})
			}
		}
	}
	p.code[0] = append(p.code[0], chanOp{verb: cClose, ch: done})
}

type chanTally struct{ compared, stuck, raced, large, finals, executions, blocked, fewer int }

func TestChanTwin(t *testing.T) {
	var n chanTally
	rapid.Check(t, func(t *rapid.T) { compareChans(t, genChanProg(t, untimed), false, &n) })
	t.Logf("%+v", n)
}

// At channels with buffers, as many executions are explored as there are classes:
// ways in which values enter channels and are received.
func TestSelectClasses(t *testing.T) {
	most := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		p := genChanProg(t, []chanVerb{cSelect})
		for i := range p.caps {
			p.caps[i] = max(1, p.caps[i])
		}
		w := p.twin(false)
		if w.stuck || w.tooLarge || p.closes() {
			return
		}
		_, s, _ := p.explore(t, false)
		if most = max(most, s.Executions); s.Executions != int64(len(w.classes)) {
			t.Fatalf("%v: %d executions, and %d classes", p, s.Executions, len(w.classes))
		}
	})
	t.Logf("at most %d executions", most)
}

func (p chanProg) closes() bool {
	return slices.ContainsFunc(slices.Concat(p.code...), func(o chanOp) bool { return o.verb == cClose })
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

// fails reports whether the explorer found the failures of the twin.
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
	p.walk(t, anyTime, finals)
	n.count(finals, stats)
}

// walk compares with random walks, which do not use equivalence.
func (p chanProg) walk(t failer, anyTime bool, finals map[string]bool) {
	t.Helper()
	walked, dup := map[string]bool{}, ""
	cfg := Config{Preemptions: -1, MaxSteps: 1000, TimersAnyTime: anyTime, Random: true, Ranked: true, MaxExecutions: 20}
	if _, found, _ := Explore(cfg, p.body(walked, map[string]bool{}, &dup)); found != nil {
		t.Fatalf("%v: a walk finds what the exploration does not: %+v", p, found)
	}
	for s := range walked {
		if !finals[s] {
			t.Fatalf("%v: a walk ends in %q, the exploration never does", p, s)
		}
	}
}

func (n *chanTally) count(finals map[string]bool, s Stats) {
	n.compared++
	n.finals += len(finals)
	n.executions += int(s.Executions)
	n.blocked += int(s.Blocked)
}

// compareClocks: the explorer must find all outcomes that are possible if the clock
// moves only when no goroutine can run, and waiters are served in their order.
// Besides these it may find only outcomes that are possible when a goroutine is
// late.
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
	p.walk(t, false, finals)
	n.count(finals, stats)
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
