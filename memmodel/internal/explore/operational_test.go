package explore_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A machine runs a program one instruction after the other, in every order, and
// remembers where it has been. It knows nothing of relations. A loop goes round and
// round; that one waits is read off the states that are reached.
//
// With buffers it is x86-TSO as Sewell, Sarkar, Owens, Zappa Nardelli and Myreen
// describe it (CACM 2010): stores wait in a queue of their thread, which its own
// loads look into first; MFENCE and what is tagged X wait until it is empty. Without,
// it is sequentially consistent.
type machine struct {
	p       *ir.Program
	buffers bool
	states  []*machineState
	number  map[string]int
	next    [][]int
}

// mostStates is how many states a program may have. One with more is passed over.
const mostStates = 20000

var (
	errStates = errors.New("too many states")
	errAlloc  = errors.New("more allocations than there are objects")
)

// contents says what a cell holds that is no value.
type contents uint8

const (
	aValue contents = iota
	unset
	freed
)

type held struct {
	what  contents
	value int64
}

// A store is on its way to memory.
type store struct {
	cell int
	held
}

type threadState struct {
	pc      int
	regs    []int64
	buffer  []store
	allocs  []int // by instruction
	stopped bool  // at an access to no variable
	rcu     rcuState
}

type machineState struct {
	memory  []held
	threads []threadState
	// What has gone wrong on the way here.
	faulted, misused, failed bool
}

func (s *machineState) clone() *machineState {
	c := *s
	c.memory = slices.Clone(s.memory)
	c.threads = slices.Clone(s.threads)
	for t := range c.threads {
		th := &c.threads[t]
		th.regs, th.buffer, th.allocs = slices.Clone(th.regs), slices.Clone(th.buffer), slices.Clone(th.allocs)
	}
	return &c
}

// key tells states apart.
func (s *machineState) key() string {
	b := s.shared(nil, func(int) bool { return true })
	for t := range s.threads {
		th := &s.threads[t]
		b = append(b, byte(th.pc), byte(len(th.buffer)))
		for _, r := range th.regs {
			b = binary.AppendVarint(b, r)
		}
		for _, st := range th.buffer {
			b = binary.AppendVarint(append(b, byte(st.cell), byte(st.what)), st.value)
		}
		for _, n := range th.allocs {
			b = append(b, byte(n))
		}
		b = fmt.Append(b, th.rcu)
	}
	return string(b)
}

// shared appends what others than the threads know: the cells that are asked for,
// and what has gone wrong.
func (s *machineState) shared(b []byte, of func(cell int) bool) []byte {
	for c, h := range s.memory {
		if of(c) {
			b = binary.AppendVarint(append(b, byte(h.what)), h.value)
		}
	}
	for _, is := range []bool{s.faulted, s.misused, s.failed} {
		b = fmt.Append(b, is)
	}
	for t := range s.threads {
		b = fmt.Append(b, s.threads[t].stopped)
	}
	return b
}

// operational explores p. Errors are errStates and errAlloc.
func operational(p *ir.Program, buffers bool) (*machine, error) {
	m := &machine{p: p, buffers: buffers, number: map[string]int{}}
	s := &machineState{}
	for _, c := range p.Cells {
		h := held{value: c.Init}
		if c.Uninit {
			h.what = unset
		}
		s.memory = append(s.memory, h)
	}
	for _, th := range p.Threads {
		s.threads = append(s.threads, threadState{regs: slices.Clone(th.Init), allocs: make([]int, len(th.Instr))})
	}
	m.enter(s)
	for i := 0; i < len(m.states); i++ {
		all, err := m.successors(m.states[i])
		if err != nil {
			return nil, err
		}
		var next []int
		for _, s := range all {
			next = append(next, m.enter(s))
		}
		m.next = append(m.next, next)
		if len(m.states) > mostStates {
			return nil, errStates
		}
	}
	return m, nil
}

// enter returns the number of a state.
func (m *machine) enter(s *machineState) int {
	k := s.key()
	n, ok := m.number[k]
	if !ok {
		n = len(m.states)
		m.number[k] = n
		m.states = append(m.states, s)
	}
	return n
}

func (m *machine) ended(s *machineState, t int) bool {
	return s.threads[t].stopped || s.threads[t].pc == len(m.p.Threads[t].Instr)
}

// successors lists what can come next: a thread takes a step, or its oldest store
// reaches memory.
func (m *machine) successors(s *machineState) (list []*machineState, err error) {
	for t := range s.threads {
		if b := s.threads[t].buffer; len(b) > 0 {
			n := s.clone()
			n.threads[t].buffer = slices.Clone(b[1:])
			n.put(b[0])
			list = append(list, n)
		}
		if m.ended(s, t) {
			continue
		}
		steps, err := m.step(s.clone(), t, false)
		if err != nil {
			return nil, err
		}
		list = append(list, steps...)
	}
	return list, nil
}

// step performs an instruction of thread t, in the ways in which that is possible
// now. What nobody may interrupt is one step: both halves of an atomic operation,
// and a choice between ways with the assumption that decides which there are.
func (m *machine) step(s *machineState, t int, choosing bool) ([]*machineState, error) {
	th := &s.threads[t]
	in := &m.p.Threads[t].Instr[th.pc]
	at := th.pc
	th.pc++
	switch in.Op {
	case ir.Do:
		if m.p.WaitsFor(in.Tags) >= 0 && !m.wait(s, t, in) || !m.do(s, t, in) {
			return nil, nil
		}
		m.section(s, t, in)
		choosing = choosing && (in.Kind == graph.Read || in.Kind == graph.Fence)
	case ir.Assign:
		th.regs[in.Dst] = th.eval(in.Val)
	case ir.Branch:
		if th.eval(in.Val) != 0 {
			th.pc = in.Target
		}
	case ir.Jump:
		th.pc = in.Target
	case ir.Fork:
		other := s.clone()
		other.threads[t].pc = in.Target
		one, err := m.step(s, t, true)
		if err != nil {
			return nil, err
		}
		two, err := m.step(other, t, true)
		return append(one, two...), err
	case ir.Assume:
		if th.eval(in.Val) == 0 {
			return nil, nil
		}
		choosing = false
	case ir.Assert:
		s.failed = s.failed || th.eval(in.Val) == 0
	case ir.Alloc:
		if th.allocs[at] == len(in.Objects) {
			return nil, errAlloc
		}
		th.regs[in.Dst] = ir.AddrOf(m.p.Objects[in.Objects[th.allocs[at]]].Cell)
		th.allocs[at]++
	case ir.Free:
		m.free(s, t, in)
	}
	if !m.ended(s, t) && (choosing || m.halfDone(t, th.pc)) {
		return m.step(s, t, choosing)
	}
	return []*machineState{s}, nil
}

// halfDone reports whether the write half of an atomic operation is next.
func (m *machine) halfDone(t, pc int) bool {
	code := m.p.Threads[t].Instr
	for pc < len(code) && code[pc].Op == ir.Assume {
		pc++
	}
	return pc < len(code) && code[pc].Op == ir.Do && (code[pc].RMW || code[pc].Kind == graph.LockWrite)
}

// do performs an access or a fence. It returns false if that is not possible now.
func (m *machine) do(s *machineState, t int, in *ir.Instr) bool {
	th := &s.threads[t]
	if len(th.buffer) > 0 && (slices.Contains(in.Tags, "MFENCE") || slices.Contains(in.Tags, "X")) {
		return false
	}
	if in.Addr == nil {
		return true
	}
	cell := int(th.eval(in.Addr) - ir.AddrBase)
	if cell < 0 || cell >= len(m.p.Cells) || m.p.Cells[cell].Name == "" {
		s.faulted, th.stopped = true, true
		return true
	}
	if in.Kind.Writes() {
		v := int64(0)
		switch {
		case in.Val != nil:
			v = th.eval(in.Val)
		case in.Kind == graph.LockWrite:
			v = 1
		}
		m.write(s, t, store{cell, held{value: v}}, slices.Contains(in.Tags, "X"))
		return true
	}
	h := s.get(t, cell)
	if taken := h.value != 0; (in.Kind == graph.LockRead || in.Kind == graph.SeeFree) && taken ||
		(in.Kind == graph.LockFail || in.Kind == graph.SeeLock) && !taken {
		return false
	}
	s.misused = s.misused || h.what != aValue
	if in.Dst != ir.NoReg {
		th.regs[in.Dst] = h.value
	}
	return true
}

func (m *machine) write(s *machineState, t int, st store, atOnce bool) {
	if !m.buffers || atOnce || m.p.Cells[st.cell].Private {
		s.put(st)
		return
	}
	s.threads[t].buffer = append(s.threads[t].buffer, st)
}

func (m *machine) free(s *machineState, t int, in *ir.Instr) {
	addr := s.threads[t].eval(in.Addr)
	if addr == 0 {
		return
	}
	i := slices.IndexFunc(m.p.Objects, func(o ir.Object) bool { return ir.AddrOf(o.Cell) == addr })
	if i < 0 {
		s.faulted, s.threads[t].stopped = true, true
		return
	}
	for c := range m.p.Objects[i].Size {
		m.write(s, t, store{m.p.Objects[i].Cell + c, held{freed, ir.Poison}}, false)
	}
}

// put is a store that reaches memory.
func (s *machineState) put(st store) {
	s.misused = s.misused || s.memory[st.cell].what == freed
	s.memory[st.cell] = st.held
}

// get is what thread t sees in a cell.
func (s *machineState) get(t, cell int) held {
	for _, st := range slices.Backward(s.threads[t].buffer) {
		if st.cell == cell {
			return st.held
		}
	}
	return s.memory[cell]
}

// eval evaluates e. It knows the operators that random programs have.
func (th *threadState) eval(e *ir.Expr) int64 {
	switch e.Op {
	case ir.Const:
		return e.K
	case ir.Load:
		return th.regs[e.R]
	}
	a, b := th.eval(e.A), int64(0)
	if e.B != nil {
		b = th.eval(e.B)
	}
	truth := map[bool]int64{true: 1}
	switch e.Op {
	case ir.Add:
		return a + b
	case ir.Mul:
		return a * b
	case ir.And:
		return a & b
	case ir.Eq:
		return truth[a == b]
	case ir.Ne:
		return truth[a != b]
	case ir.Lt:
		return truth[a < b]
	case ir.LAnd:
		return truth[a != 0 && b != 0]
	case ir.LOr:
		return truth[a != 0 || b != 0]
	case ir.Not:
		return truth[a == 0]
	}
	panic(fmt.Sprint("operator ", e.Op))
}

// lasting tells the states from which nothing changes any more: memory stays as it
// is, and nobody ends.
func (m *machine) lasting() []bool {
	lasts := make([]bool, len(m.states))
	views := make([]string, len(m.states))
	for i, s := range m.states {
		b := s.shared(nil, func(c int) bool { return !m.p.Cells[c].Private })
		lasts[i] = true
		for t := range s.threads {
			b = fmt.Append(b, m.ended(s, t))
			lasts[i] = lasts[i] && len(s.threads[t].buffer) == 0
		}
		views[i] = string(b)
	}
	for changed := true; changed; {
		changed = false
		for i := range m.states {
			for _, n := range m.next[i] {
				if lasts[i] && (!lasts[n] || views[i] != views[n]) {
					lasts[i], changed = false, true
				}
			}
		}
	}
	return lasts
}

// idles reports whether thread t, in a state that lasts, executes an Idle again and
// again: it can do so from every state that it reaches.
func (m *machine) idles(state, t int) bool {
	at := func(i int) bool {
		pc := m.states[i].threads[t].pc
		return m.p.Threads[t].Instr[pc].Op == ir.Idle
	}
	return !m.reaches(state, func(i int) bool { return !m.reaches(i, at) })
}

// reaches reports whether a state that is so can come after this one, or is this one.
func (m *machine) reaches(state int, is func(int) bool) bool {
	seen := map[int]bool{}
	var visit func(i int) bool
	visit = func(i int) bool {
		if seen[i] {
			return false
		}
		seen[i] = true
		return is(i) || slices.ContainsFunc(m.next[i], visit)
	}
	return visit(state)
}

// outcomes lists the possible outcomes of the program, each worded as by outcome. Of an
// execution without an end it has the failures on the way.
func (m *machine) outcomes() map[string]bool {
	found := map[string]bool{}
	lasts := m.lasting()
	settles := m.reaching(lasts)
	for i, s := range m.states {
		if lasts[i] || !settles[i] && (s.faulted || s.misused || s.failed) {
			found[m.outcome(i)] = true
		}
	}
	return found
}

// reaching tells the states after which one that is so can come.
func (m *machine) reaching(is []bool) []bool {
	all := slices.Clone(is)
	for changed := true; changed; {
		changed = false
		for i := range m.states {
			if !all[i] && slices.ContainsFunc(m.next[i], func(n int) bool { return all[n] }) {
				all[i], changed = true, true
			}
		}
	}
	return all
}

// outcome words a state that lasts: what has gone wrong, or what memory holds in
// the end.
func (m *machine) outcome(state int) string {
	s := m.states[state]
	var wrong []string
	for what, is := range map[string]bool{badAddress: s.faulted, memoryMisuse: s.misused, assertionFails: s.failed} {
		if is {
			wrong = append(wrong, what)
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return strings.Join(wrong, or)
	}
	who := m.hangs(state)
	for t, th := range m.p.Threads {
		if who == "" && !m.ended(s, t) && !m.idles(state, t) {
			who = th.Name
		}
	}
	return lastly(who, m.p, func(c int) int64 { return s.memory[c].value })
}

// The failures of an execution before its end. If there are several, the
// explorer speaks of one: it may end a thread there.
const (
	or             = " or "
	badAddress     = "bad address"
	memoryMisuse   = "misuse of memory"
	assertionFails = "assertion fails"
)

// lastly words an execution that ended, or in which a thread waits forever.
func lastly(waiter string, p *ir.Program, value func(cell int) int64) string {
	var b strings.Builder
	b.WriteString("all end:")
	if waiter != "" {
		b.Reset()
		fmt.Fprintf(&b, "%s waits forever:", waiter)
	}
	for c, cell := range p.Cells {
		if cell.Name == "" || cell.Private || cell.Lock {
			continue
		}
		v := value(c)
		if v >= ir.AddrBase && v < ir.AddrOf(len(p.Cells)) {
			fmt.Fprintf(&b, " %s=&%s", cell.Name, p.Cells[v-ir.AddrBase].Name)
			continue
		}
		fmt.Fprintf(&b, " %s=%d", cell.Name, v)
	}
	return b.String()
}
