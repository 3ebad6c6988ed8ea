package callqueue

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// An op is one step of a random program. Any source may act between any two
// functions, so the program is a tree: a function does the steps below it.
type op struct {
	kind   opKind
	src    int // a CPU, or the external callers
	dst    int
	mask   uint64
	panics bool
	urgent bool // a CPU waits for it
	then   []op
}

type opKind int

const (
	opCall opKind = iota // by mailbox
	opPost
	opPostRecord // with a record
	opShare
	opShareRecord
	opRun // the CPU calls itself
	opFence
	opPoll
	opWait // dst polls while its innermost function waits for a call that is never done
	opOffline
	opOnline
)

const modelCPUs = 3

func anyOp(depth int) *rapid.Generator[op] {
	return rapid.Custom(func(t *rapid.T) op {
		o := op{
			kind:   opKind(rapid.SampledFrom([]opKind{opCall, opCall, opPost, opPost, opPostRecord, opShare, opShare, opShareRecord, opRun, opFence, opPoll, opPoll, opPoll, opWait, opWait, opOffline, opOnline}).Draw(t, "kind")),
			src:    rapid.IntRange(0, modelCPUs).Draw(t, "src"), // the last is the external callers
			dst:    rapid.IntRange(0, modelCPUs-1).Draw(t, "dst"),
			mask:   rapid.Uint64Range(0, 1<<modelCPUs-1).Draw(t, "mask"),
			panics: rapid.IntRange(0, 9).Draw(t, "panics") == 0,
			urgent: rapid.Bool().Draw(t, "urgent"),
		}
		if depth > 0 {
			o.then = rapid.SliceOfN(anyOp(depth-1), 0, 4).Draw(t, "then")
		}
		return o
	})
}

// model is the dumb twin: for each source and target the functions owed, in
// order. A function that begins must be the first of its list.
type model struct {
	*world
	sources []*Source[int]
	owed    [modelCPUs + 1][modelCPUs][]owed
	bounds  Config
	waits   [modelCPUs]int // functions ended during the present wait; -1: there is none
	polled  [modelCPUs]int // that number at the start of the present poll
	runs    [modelCPUs]int // calls of a CPU to itself under way: they run all earlier requests
	running [modelCPUs][]int
	made    int
	calls   []*modelCall
	wrong   []string
}

// owed is a function that has to run. A CPU at a bound may begin it if it, or a later
// request of its source, is pressing.
type owed struct {
	id       int
	pressing bool
}

func index(list []owed, id int) int {
	return slices.IndexFunc(list, func(o owed) bool { return o.id == id })
}

// modelCall is a call that must be complete in the end. A fence's targets must
// not answer while a function runs that was running when the fence was sent.
type modelCall struct {
	name string
	done func() bool
	cpu  int
	held []int
}

func (m *model) failf(format string, args ...any) {
	m.wrong = append(m.wrong, fmt.Sprintf(format, args...))
}

// function makes the function of o; owe notes it as sent to the CPUs of mask.
func (m *model) function(o op) (fn func(int), owe func(mask uint64)) {
	m.made++
	id := m.made
	owe = func(mask uint64) {
		for ; mask != 0; mask &= mask - 1 {
			list := &m.owed[o.src][bits.TrailingZeros64(mask)]
			*list = append(*list, owed{id, o.urgent})
		}
	}
	return func(cpu int) {
		list := &m.owed[o.src][cpu]
		if i := index(*list, id); i != 0 {
			m.failf("function %d of source %d is number %d (-1: none) of those owed to CPU %d: %v", id, o.src, i, cpu, *list)
			return
		}
		if o.kind != opCall || o.src < modelCPUs { // the external callers' mailbox may have the next goroutine's call
			m.withinBounds(o.src, cpu, id)
		}
		*list = (*list)[1:]
		m.body(o, cpu, id)
	}, owe
}

// withinBounds checks a function that begins: at a bound it must be urgent, or
// precede an urgent request of its source.
func (m *model) withinBounds(src, cpu, id int) {
	if len(m.running[cpu]) < m.bounds.Nesting && m.polled[cpu] < m.bounds.Overtaking || m.runs[cpu] > 0 {
		return
	}
	sources := m.owed[src : src+1]
	if m.bounds.SingleQueue {
		sources = m.owed[:] // all that is in the queue precedes it
	}
	for _, targets := range sources {
		if slices.ContainsFunc(targets[cpu], func(o owed) bool { return o.pressing }) {
			return
		}
	}
	m.failf("function %d of source %d began within %d others on CPU %d, after %d during one wait", id, src, len(m.running[cpu]), cpu, m.polled[cpu])
}

func (m *model) body(o op, cpu, id int) {
	m.running[cpu] = append(m.running[cpu], id)
	for _, next := range o.then {
		m.do(next)
	}
	m.end(cpu, id)
	if o.panics {
		panic(id)
	}
}

func (m *model) end(cpu, id int) {
	for _, c := range m.calls {
		if c.cpu == cpu && slices.Contains(c.held, id) && c.done() {
			m.failf("%s has passed while function %d ran", c.name, id)
		}
	}
	m.running[cpu] = m.running[cpu][:len(m.running[cpu])-1]
	if m.waits[cpu] >= 0 {
		m.waits[cpu]++
	}
}

func (m *model) onlineMask() uint64 { return m.q.online[0].Load() }

func (m *model) do(o op) {
	switch o.kind {
	case opCall:
		m.doCall(o)
	case opPost:
		m.doPost(o, nil)
	case opPostRecord:
		m.doPost(o, o.record())
	case opShare:
		m.doShare(o, nil)
	case opShareRecord:
		m.doShare(o, o.record())
	case opRun:
		m.doRun(o)
	case opFence:
		m.doFence(o)
	case opPoll:
		m.poll(o.dst)
	case opWait:
		m.doWait(o)
	case opOffline, opOnline:
		m.q.SetOnline(o.dst, o.kind == opOnline)
	}
}

func (m *model) poll(cpu int) {
	before := m.polled[cpu]
	m.polled[cpu] = m.waits[cpu]
	m.q.Inbox(cpu).Poll()
	m.polled[cpu] = before
}

func (o op) record() *CSD {
	csd := new(CSD)
	if o.urgent {
		csd.ArmUrgent(1, new(wakes))
	} else {
		csd.Arm(1, new(wakes))
	}
	return csd
}

// never is a wait that does not end.
type never struct{}

func (never) Done() bool { return false }

func (m *model) doWait(o op) {
	in := m.q.Inbox(o.dst)
	if len(m.running[o.dst]) == 0 {
		return
	}
	outer, waits := in.BeginWait(never{}), m.waits[o.dst]
	if waits < 0 {
		m.waits[o.dst] = 0
	}
	m.poll(o.dst)
	m.poll(o.dst)
	in.EndWait(outer)
	if waits < 0 {
		m.waits[o.dst] = -1
	}
}

// doCall uses the ring if the mailbox is taken, as the caller does.
func (m *model) doCall(o op) {
	l := m.sources[o.src].Lane(o.dst)
	if l != nil && l.Done() {
		_ = l.Finish()
	}
	mailbox := o
	mailbox.urgent = o.src < modelCPUs
	fn, owe := m.function(mailbox)
	if l == nil || o.src == o.dst || !m.q.Online(o.dst) || !l.TryCall(fn) {
		m.doPost(o, o.record())
		return
	}
	owe(1 << o.dst)
}

func (m *model) doPost(o op, csd *CSD) {
	o.urgent = csd.urgent()
	fn, owe := m.function(o)
	switch m.sources[o.src].TryPost(o.dst, fn, csd, false) {
	case Posted:
		owe(1 << o.dst)
		m.complete(csd, &modelCall{name: fmt.Sprint("post ", m.made)})
		if !m.q.Online(o.dst) {
			m.failf("posted to an offline CPU")
		}
	case Full:
		if o.urgent {
			m.press(o.src, o.dst)
		}
	case Offline:
		if m.q.Online(o.dst) {
			m.failf("an online CPU takes no posts")
		}
	}
}

func (m *model) complete(csd *CSD, c *modelCall) {
	if csd != nil {
		c.done = csd.Done
		m.calls = append(m.calls, c)
	}
}

func (m *model) doShare(o op, csd *CSD) {
	o.urgent = csd.urgent()
	fn, owe := m.function(o)
	n, ok := m.sources[o.src].TryShare(words{o.mask}, fn, csd)
	if !ok {
		return
	}
	sent := o.mask & m.onlineMask()
	owe(sent)
	if n != bits.OnesCount64(sent) {
		m.failf("shared with %d of %b", n, sent)
	}
	if n > 0 {
		m.complete(csd, &modelCall{name: fmt.Sprint("share ", m.made)})
	}
}

// doRun checks a CPU's call to itself: all that the CPU sent itself before has
// begun. Requests that those functions sent to it may run before or after.
func (m *model) doRun(o op) {
	if o.src >= modelCPUs {
		return
	}
	m.made++
	id, before := m.made, slices.Clone(m.owed[o.src][o.src])
	m.press(o.src, o.src)
	m.runs[o.src]++
	defer func() { m.runs[o.src]-- }()
	err := m.q.Inbox(o.src).Run(m.sources[o.src], func(cpu int) {
		for _, earlier := range before {
			if index(m.owed[o.src][o.src], earlier.id) >= 0 {
				m.failf("CPU %d ran its own call %d before function %d", cpu, id, earlier.id)
			}
		}
		m.body(o, cpu, id)
	})
	if (err != nil) != o.panics {
		m.failf("run: %v", err)
	}
}

// press notes that the requests waiting in src's stream to dst have to run, at any
// depth.
func (m *model) press(src, dst int) {
	for other := range m.owed {
		list := m.owed[other][dst]
		if len(list) > 0 && (other == src || m.bounds.SingleQueue) {
			list[len(list)-1].pressing = true
		}
	}
}

func (m *model) doFence(o op) {
	fence := new(CSD)
	fence.ArmFence(1, nil)
	m.press(o.src, o.dst) // the requests before it in the stream
	if m.sources[o.src].TryPost(o.dst, func(int) {}, fence, true) == Posted {
		m.complete(fence, &modelCall{name: "fence", cpu: o.dst, held: slices.Clone(m.running[o.dst])})
	}
}

func (m *model) check(t *rapid.T) {
	for _, src := range m.sources {
		for _, l := range src.lanes {
			if l != nil && !l.Done() {
				m.failf("a call of %d is not answered", l.src)
			}
		}
	}
	for src := range m.owed {
		for cpu, left := range m.owed[src] {
			if len(left) > 0 {
				m.failf("functions %v of source %d never ran on CPU %d", left, src, cpu)
			}
		}
	}
	for _, c := range m.calls {
		if !c.done() {
			m.failf("%s is not complete", c.name)
		}
	}
	for cpu, in := range m.q.inboxes {
		if in.Pending() || in.depth != 0 || in.Depth() != 0 {
			m.failf("CPU %d is left with pending %v, nesting %d, depth %d", cpu, in.Pending(), in.depth, in.Depth())
		}
	}
	if m.q.shared.head.Load() != nil {
		m.failf("a record is left on the list")
	}
	if m.wrong = append(m.wrong, m.warnings...); len(m.wrong) > 0 {
		t.Fatalf("%q", m.wrong)
	}
}

func TestAgainstModel(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(modelCPUs)
		cfg.Ring = 4
		rapid.Check(t, func(rt *rapid.T) {
			cfg.Nesting = rapid.SampledFrom([]int{0, 1, 2, 3}).Draw(rt, "nesting")
			cfg.Overtaking = rapid.SampledFrom([]int{0, 1, 2}).Draw(rt, "overtaking")
			m := &model{world: newWorld(t, cfg)}
			m.bounds, m.waits = m.q.cfg, [modelCPUs]int{-1, -1, -1}
			m.polled = m.waits
			m.sources = append(slices.Clone(m.src), m.external)
			for _, o := range rapid.SliceOfN(anyOp(3), 1, 30).Draw(rt, "program") {
				m.do(o)
			}
			m.drain()
			m.check(rt)
		})
	})
}
