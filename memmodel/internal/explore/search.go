package explore

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// search is an exploration: depth first, over the ways through the threads,
// then over rf, then over what is left open of co. Every decision divides the
// executions that are left into disjoint parts, so each is reached once, and
// nothing has to be remembered but the decisions in force.
type search struct {
	*task
	machine *rel.Machine
	// What is kept here and not by the machine: coherence and atomicity.
	coherent, atomic bool

	paths []*thread.Path
	st    structure
	values
	order    order
	ordered  bool // co is decided
	complete bool // so is all else
	faulty   bool // a thread accesses what is no variable
	stats    Stats
	steps    int
	bars     []bar
	x        Execution
	gates
}

// task is what the workers of one exploration share.
type task struct {
	ctx    context.Context
	prog   *ir.Program
	cfg    Config
	choice [][]*thread.Path // by thread
	flows  []*thread.Flow   // by thread, for a program that grows
	kit    *kit
	idle   chan struct{} // has something for each goroutine that there may be beside
	spare  []*grower     // not in use
	bound  int
	weak   weakness
	next   atomic.Int64 // gate that nobody has taken yet
	over   atomic.Bool  // whether to give up
	mu     sync.Mutex   // held to call each and to set err and panicked
	each   func(*Execution) error
	err    error

	workers  sync.WaitGroup // goroutines beside the caller's
	panicked *Panic         // the first
}

// valued lets m know what events read and write.
func (s *search) valued(m *rel.Machine) *rel.Machine {
	m.Value = s.valueOf
	return m
}

// stop ends the exploration with err, unless it has ended. mu is held.
func (t *task) stop(err error) {
	if t.err == nil {
		t.err = err
	}
	t.over.Store(true)
}

// fail is stop for who does not hold mu.
func (t *task) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop(err)
}

func (s *search) run() {
	if s.flows != nil {
		s.grow()
		return
	}
	s.st.reset(s.prog)
	s.st.rel.Finals = s.cfg.Finals
	s.x.s = s
	s.paths = resize(s.paths, len(s.choice))
	if s.shared {
		s.mine = s.next.Add(1) - 1
	}
	s.choose(0)
}

// gates divide the work. All workers go the same way, in the same order, to
// where some decisions have been taken; each such place is a gate, and the one
// whose turn it is goes through.
type gates struct {
	shared bool
	gate   int64 // gates come by
	mine   int64 // the next to go through
}

// gateDepth is how many reads are decided before a gate.
const gateDepth = 8

// through reports whether this worker goes on where k reads are decided.
func (s *search) through(k int) bool {
	if !s.shared || k != min(gateDepth, len(s.st.reads)) {
		return true
	}
	g := s.gate
	s.gate++
	if g != s.mine {
		return false
	}
	s.mine = s.next.Add(1) - 1
	return true
}

// choose takes a way through thread t and all after it.
func (s *search) choose(t int) {
	if t == len(s.choice) {
		s.begin()
		return
	}
	for _, p := range s.choice[t] {
		s.paths[t] = p
		s.choose(t + 1)
		if s.stopped() {
			return
		}
	}
}

// begin explores what the chosen ways through the threads allow.
func (s *search) begin() {
	s.st.set(s.paths)
	s.faulty = slices.ContainsFunc(s.paths, func(p *thread.Path) bool { return p.Fault != nil })
	if cut := s.cut(); cut != nil {
		// Whether the rest of a loop could be reached cannot be told from what
		// comes before it: another thread may wait for a lock that is given back
		// behind the cut, a goal may speak of a value that is written there.
		if s.values.load(&s.st) && s.possible() {
			s.stats.add(Stats{BoundHit: true, Cut: cut})
		}
		return
	}
	if !s.values.load(&s.st) || !s.order.load(&s.st, s.coherent, s.atomic, false) || s.hopeless() || !s.possible() {
		return
	}
	s.stats.Tried++
	if !s.machine.Load(&s.st.rel) {
		return
	}
	s.tell()
	if s.machine.Settle() && s.through(0) {
		s.chooseRF(0)
	}
}

// cut is where a thread was not followed any further, or nil.
func (s *search) cut() (first *thread.Cut) {
	for _, p := range s.paths {
		first = first.First(p.Cut)
	}
	return first
}

// possible reports whether each read, taken alone, has a write to read from.
func (s *search) possible() bool {
	for _, r := range s.st.reads {
		found := false
		for _, w := range s.st.writes[s.st.events[r].Loc] {
			if !s.st.source(w, s.st.events[r].Kind) || s.barred(w, r) {
				continue
			}
			mark := len(s.values.trail)
			found = s.values.readFrom(w, r)
			s.values.undo(w, mark)
			if found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// hopeless reports whether what is decided rules out the goal or the filter.
// A thread that faults has no final values.
func (s *search) hopeless() bool {
	return !s.faulty && (s.cfg.Goal != nil && s.judge(s.cfg.Goal) == no || s.cfg.Filter != nil && s.judge(s.cfg.Filter) == no)
}

// tell passes on to the model what is new in co.
func (s *search) tell() { s.tellTo(s.machine) }

func (s *search) tellTo(m *rel.Machine) {
	for _, p := range s.order.fresh {
		m.Order(int(p[0]), int(p[1]))
	}
	s.order.fresh = s.order.fresh[:0]
}

// chooseRF decides what reads[k] and those after it read from. Once those are
// through that order writes (locks, atomic operations), co is decided: with co
// known, a read that is stale is found out at once; with co open, only after
// all other reads have been decided in vain, again and again. A goal, on the
// other hand, speaks mostly of what is read, and cuts more if it comes first.
func (s *search) chooseRF(k int) {
	if !s.ordered && (k == s.st.ordering && s.cfg.Goal == nil || k == len(s.st.reads)) {
		s.chooseCO(k)
		return
	}
	if k == len(s.st.reads) {
		s.found()
		return
	}
	r := s.st.reads[k]
	for _, w := range s.st.writes[s.st.events[r].Loc] {
		if s.st.source(w, s.st.events[r].Kind) && !s.barred(w, r) {
			s.try(w, r, k)
		}
		if s.stopped() {
			return
		}
	}
}

// try explores what rf(w, r) leaves.
func (s *search) try(w, r, k int) {
	s.stats.Tried++
	known, ordered := len(s.values.trail), len(s.order.undone)
	if s.values.readFrom(w, r) && s.order.readFrom(w, r) && !s.hopeless() {
		s.machine.Push()
		s.machine.ReadFrom(w, r)
		s.tell()
		if s.machine.Settle() && s.through(k+1) {
			s.chooseRF(k + 1)
		}
		s.machine.Pop()
	}
	s.order.fresh = s.order.fresh[:0]
	s.order.undo(ordered)
	s.order.rf[r] = -1
	s.values.undo(w, known)
}

// chooseCO decides the order of two writes, both ways, until all is decided;
// then it goes on with reads[k].
func (s *search) chooseCO(k int) {
	a, b, open := s.order.open()
	if !open {
		s.ordered = true
		s.chooseRF(k)
		s.ordered = false
		return
	}
	for _, p := range [2][2]int{{a, b}, {b, a}} {
		s.stats.Tried++
		mark := len(s.order.undone)
		if s.order.before(p[0], p[1]) && !s.hopeless() {
			s.machine.Push()
			s.tell()
			if s.machine.Settle() {
				s.chooseCO(k)
			}
			s.machine.Pop()
		}
		s.order.fresh = s.order.fresh[:0]
		s.order.undo(mark)
		if s.stopped() {
			return
		}
	}
}

// found has a complete execution.
func (s *search) found() {
	if !s.machine.Complete() || !s.settled() || !s.sectionsLast() {
		return
	}
	s.complete = true
	defer func() { s.complete = false }()
	for _, p := range s.paths {
		if p.Fault != nil && !s.prog.Waits {
			s.fail(p.Fault)
			return
		}
	}
	if s.cfg.Filter != nil && s.judge(s.cfg.Filter) != yes || s.cfg.Goal != nil && s.judge(s.cfg.Goal) != yes {
		return
	}
	s.x.flags = s.machine.Flags() // here, where others need not wait for it
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over.Load() {
		return
	}
	s.stats.Executions++
	if err := s.each(&s.x); err != nil {
		s.stop(err)
	}
}

// settled reports whether the values that are not known can be left so. They
// come out of thin air, from a cycle of rf and data. Where the cycle only
// copies, any value would do, and herd keeps the execution. Where it computes,
// or a branch depends on it, herd finds no solution, and drops it.
func (s *search) settled() bool {
	for i := range s.values.formulas {
		if s.values.formulas[i].unknown > 0 {
			return s.onlyCopies()
		}
	}
	return true
}

func (s *search) onlyCopies() bool {
	for i := range s.values.formulas {
		if f := &s.values.formulas[i]; f.write < 0 && f.unknown > 0 {
			return false
		}
	}
	for t, p := range s.paths {
		for x := range p.Syms {
			if op := p.Syms[x].Op; op == ir.Const || op == ir.Load {
				continue
			}
			if _, ok := s.values.eval(p, s.st.base[t], thread.Sym(x)); !ok {
				return false
			}
		}
	}
	return true
}

// stopped reports whether to give up, and looks at the context now and then.
func (s *search) stopped() bool {
	if s.steps++; s.steps&255 == 0 && s.ctx.Err() != nil {
		s.fail(s.ctx.Err())
	}
	return s.over.Load()
}
