package oracle

import (
	"errors"
	"maps"
	"math/bits"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// ErrTooBig says that a program has more candidates than the caller wants.
var ErrTooBig = errors.New("too many candidate executions")

// A readSet holds events of one thread, by index. A thread has at most 64.
type readSet uint64

const maxEvents = 64

// A step is an event of a thread with its cell and its value known.
type step struct {
	kind  graph.Kind
	cell  int // graph.NoLoc if none
	value int64
	tags  []string
	text  string

	addr, data, ctrl readSet
	// rmw is the index of the read half, for the write half of an atomic
	// operation and for a LockWrite; -1 otherwise.
	rmw int
}

// A trace is one complete way in which a thread alone can run, given what its
// reads return.
type trace struct {
	steps  []step
	regs   []int64
	failed string // the text of the first assertion that fails; empty if none does
	// stray: it ends at an access to something that is no variable.
	stray bool
}

// A scope is a stretch of control dependency: it ends at instruction join.
type scope struct {
	join  int
	reads readSet
}

// A machine is a thread in the middle of a run.
type machine struct {
	pc     int
	regs   []int64
	deps   []readSet // what each register's value depends on
	chosen []readSet // what decided, by control, which value each register was given
	scopes []scope
	back   map[int]int // jumps backwards, by target
	// reserved is the last read that was exclusive, for each reservation.
	reserved [ir.Reservations]int
	picked   map[int]readSet // by cell: what picked the value that was written last
	trace    trace
}

func (m *machine) clone() *machine {
	c := *m
	c.regs = slices.Clone(m.regs)
	c.deps = slices.Clone(m.deps)
	c.chosen = slices.Clone(m.chosen)
	c.scopes = slices.Clone(m.scopes)
	c.back = map[int]int{}
	for k, n := range m.back {
		c.back[k] = n
	}
	c.trace.steps = slices.Clone(m.trace.steps)
	c.picked = maps.Clone(m.picked)
	return &c
}

// values has, for each cell, what a read of it may return.
type values []map[int64]bool

// An unfolder runs one thread in every way.
type unfolder struct {
	p      *ir.Program
	thread ir.Thread
	bound  int
	guess  values // what a read of each cell may return
	limit  int    // on traces

	// learning: values do not restrict a run: a branch goes both ways, an
	// assumption never fails. So the runs reach every write that the thread
	// could make for any values.
	learning bool
	written  values
	most     int // writes that one run makes

	traces []trace
	err    error
}

func (u *unfolder) run() {
	u.resume(&machine{
		regs: slices.Clone(u.thread.Init),
		deps: make([]readSet, len(u.thread.Regs)), chosen: make([]readSet, len(u.thread.Regs)),
		back: map[int]int{}, reserved: [ir.Reservations]int{-1, -1, -1, -1}, picked: map[int]readSet{},
	})
}

// resume goes on with m until its end, and with a copy of m wherever there is
// a choice.
func (u *unfolder) resume(m *machine) {
	for u.err == nil {
		m.scopes = slices.DeleteFunc(m.scopes, func(s scope) bool { return s.join == m.pc })
		if m.pc >= len(u.thread.Instr) {
			u.finish(m)
			return
		}
		if !u.instr(m) {
			return
		}
	}
}

func (u *unfolder) finish(m *machine) {
	if len(u.traces) >= u.limit || len(m.trace.steps) > maxEvents {
		u.err = ErrTooBig
		return
	}
	m.trace.regs = m.regs
	u.traces = append(u.traces, m.trace)
	if u.learning {
		u.most = max(u.most, m.writes())
	}
}

// instr performs one instruction. It reports false if m ends there, having
// been dropped or handed over to copies.
func (u *unfolder) instr(m *machine) bool {
	in := &u.thread.Instr[m.pc]
	m.pc++
	switch in.Op {
	case ir.Jump:
		return u.jump(m, in.Target)
	case ir.Fork:
		u.fork(m, in.Target)
		return true
	case ir.Do:
		return u.event(m, in)
	}
	v, deps, ok := eval(in.Val, m)
	if !ok && !u.learning {
		return false
	}
	switch in.Op {
	case ir.Assign:
		m.regs[in.Dst], m.deps[in.Dst], m.chosen[in.Dst] = v, deps, m.control()|m.chose(in.Val)
	case ir.Branch:
		m.scopes = append(m.scopes, scope{in.Join, deps | m.chose(in.Val)})
		if u.learning {
			u.fork(m, in.Target)
			return true
		}
		return v == 0 || u.jump(m, in.Target)
	case ir.Assume:
		return v != 0 || u.learning
	case ir.Assert:
		if v == 0 && m.trace.failed == "" {
			m.trace.failed = in.Text
		}
	}
	return true
}

// fork sends a copy of m to target.
func (u *unfolder) fork(m *machine, target int) {
	other := m.clone()
	if u.jump(other, target) {
		u.resume(other)
	}
}

// jump moves m to target, unless that is backwards once too often. The
// instruction that jumps is the one before pc.
func (u *unfolder) jump(m *machine, target int) bool {
	if target < m.pc {
		m.back[target]++
		if m.back[target] > u.bound {
			return false
		}
	}
	m.pc = target
	return true
}

func (u *unfolder) event(m *machine, in *ir.Instr) bool {
	s := step{kind: in.Kind, cell: graph.NoLoc, tags: in.Tags, text: in.Text, rmw: -1}
	if in.Addr != nil {
		a, deps, ok := eval(in.Addr, m)
		c := int(a - ir.AddrBase)
		if !ok || a < ir.AddrBase || c >= len(u.p.Cells) || u.p.Cells[c].Name == "" {
			return u.stray(m, ok)
		}
		s.cell, s.addr = c, deps
	}
	if in.Val != nil {
		v, deps, ok := eval(in.Val, m)
		if !ok {
			return u.learning
		}
		s.value, s.data = v, deps
	}
	s.ctrl = m.control()
	if u.p.Picks {
		if at := m.chose(in.Addr); at != 0 {
			m.scopes = append(m.scopes, scope{len(u.thread.Instr), at})
		}
		s.ctrl = m.control() | m.chose(in.Val)
		if in.Kind.Writes() {
			m.picked[s.cell] = s.ctrl
		}
	}
	if in.RMW && in.Exclusive {
		s.rmw = m.reserved[in.Reservation]
	} else if in.RMW || in.Kind == graph.LockWrite {
		s.rmw = lastRead(m.trace.steps)
	}
	if s.kind == graph.Write && u.learning {
		u.written.put(s.cell, s.value)
	}
	if s.kind != graph.Read {
		m.perform(s, in)
		if in.Yields {
			m.regs[in.Dst], m.deps[in.Dst], m.chosen[in.Dst] = 0, 1<<(len(m.trace.steps)-1), 0
		}
		return true
	}
	for v := range u.guess[s.cell] {
		s.value = v
		next := m.clone()
		next.perform(s, in)
		u.resume(next)
	}
	return false
}

// stray ends m at an access to no variable, if its address is a value at all.
func (u *unfolder) stray(m *machine, address bool) bool {
	if u.learning {
		return true
	}
	if address {
		m.trace.stray = true
		u.finish(m)
	}
	return false
}

// perform appends s to the trace. The value of an event on a lock is 0: what
// matters of it is its kind.
func (m *machine) perform(s step, in *ir.Instr) {
	dst := in.Dst
	m.trace.steps = append(m.trace.steps, s)
	if s.kind.Reads() && dst != ir.NoReg {
		m.regs[dst], m.deps[dst], m.chosen[dst] = s.value, 1<<(len(m.trace.steps)-1), m.picked[s.cell]
	}
	if s.kind.Reads() && in.Exclusive {
		m.reserved[in.Reservation] = len(m.trace.steps) - 1
	}
}

// control is what decided that m is where it is.
func (m *machine) control() readSet {
	var all readSet
	for _, sc := range m.scopes {
		all |= sc.reads
	}
	return all
}

// chose is what decided, by control, which values the registers of e have. A
// branch on e depends on that as well.
func (m *machine) chose(e *ir.Expr) readSet {
	switch {
	case e == nil:
		return 0
	case e.Op == ir.Load:
		return m.chosen[e.R]
	}
	return m.chose(e.A) | m.chose(e.B) | m.chose(e.C)
}

func (m *machine) writes() int {
	n := 0
	for _, s := range m.trace.steps {
		if s.kind == graph.Write {
			n++
		}
	}
	return n
}

func lastRead(steps []step) int {
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].kind.Reads() {
			return i
		}
	}
	return -1
}

// eval is the value of e and the reads that it depends on; false if it
// divides by zero.
func eval(e *ir.Expr, m *machine) (int64, readSet, bool) {
	switch e.Op {
	case ir.Const:
		return e.K, 0, true
	case ir.Load:
		return m.regs[e.R], m.deps[e.R], true
	}
	var (
		args [3]int64
		deps readSet
	)
	for i, sub := range []*ir.Expr{e.A, e.B, e.C} {
		if sub == nil {
			continue
		}
		v, d, ok := eval(sub, m)
		if !ok {
			return 0, 0, false
		}
		args[i], deps = v, deps|d
	}
	v, ok := apply(e.Op, args[0], args[1], args[2])
	return v, deps, ok
}

func apply(op ir.ExprOp, a, b, c int64) (int64, bool) {
	switch op {
	case ir.Add:
		return a + b, true
	case ir.Sub:
		return a - b, true
	case ir.Mul:
		return a * b, true
	case ir.Div:
		if b == 0 {
			return 0, false
		}
		return a / b, true
	case ir.Mod:
		if b == 0 {
			return 0, false
		}
		return a % b, true
	case ir.And:
		return a & b, true
	case ir.Or:
		return a | b, true
	case ir.Xor:
		return a ^ b, true
	case ir.Shl:
		return a << uint64(b), true
	case ir.Shr:
		return a >> uint64(b), true
	case ir.Inv:
		return ^a, true
	case ir.Neg:
		return -a, true
	case ir.Cond:
		if a != 0 {
			return b, true
		}
		return c, true
	}
	return truth(compare(op, a, b)), true
}

func compare(op ir.ExprOp, a, b int64) bool {
	switch op {
	case ir.Eq:
		return a == b
	case ir.Ne:
		return a != b
	case ir.Lt:
		return a < b
	case ir.Le:
		return a <= b
	case ir.Gt:
		return a > b
	case ir.Ge:
		return a >= b
	case ir.LAnd:
		return a != 0 && b != 0
	case ir.LOr:
		return a != 0 || b != 0
	case ir.Not:
		return a == 0
	}
	panic("twin: no such operator")
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// members lists the events of s.
func (s readSet) members() []int {
	var out []int
	for s != 0 {
		out = append(out, bits.TrailingZeros64(uint64(s)))
		s &= s - 1
	}
	return out
}

// unfoldAll returns the traces of every thread, at most limit of each.
func unfoldAll(p *ir.Program, bound, limit int) ([][]trace, error) {
	guess, err := learn(p, bound, 10*limit)
	if err != nil {
		return nil, err
	}
	all := make([][]trace, len(p.Threads))
	for t := range p.Threads {
		u := &unfolder{p: p, thread: p.Threads[t], bound: bound, limit: limit, guess: guess}
		u.run()
		if u.err != nil {
			return nil, u.err
		}
		all[t] = u.traces
	}
	return all, nil
}

// learn finds what reads may return. That grows from the initial values by
// what the threads write, until it grows no more or has grown as often as an
// execution has writes: a value comes out of thin air if it takes more.
func learn(p *ir.Program, bound, limit int) (values, error) {
	guess := make(values, len(p.Cells))
	for c, cell := range p.Cells {
		guess.put(c, cell.Init)
	}
	for round := 0; ; round++ {
		written, writes := make(values, len(p.Cells)), 0
		for t := range p.Threads {
			u := &unfolder{p: p, thread: p.Threads[t], bound: bound, limit: limit, guess: guess, learning: true, written: written}
			u.run()
			if u.err != nil {
				return nil, u.err
			}
			writes += u.most
		}
		if !guess.add(written) || round > writes {
			return guess, nil
		}
	}
}

// add puts the values of w into g, and reports whether any was new.
func (g values) add(w values) bool {
	grown := false
	for c := range w {
		for v := range w[c] {
			grown = g.put(c, v) || grown
		}
	}
	return grown
}

// put adds v to what cell c may hold, and reports whether it was new.
func (g values) put(c int, v int64) bool {
	if g[c] == nil {
		g[c] = map[int64]bool{}
	}
	known := g[c][v]
	g[c][v] = true
	return !known
}
