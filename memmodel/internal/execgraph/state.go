package execgraph

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// A State is a partial execution: a Structure, values, coherence, sources that are
// excluded, and a machine of the model.
type State struct {
	Structure
	// Coherent and Atomic say what is kept here and not by the machine.
	Coherent, Atomic bool
	// Faulty says that a thread accesses what is no variable.
	Faulty bool
	// Machine evaluates the model. Consistent adds the decisions to it.
	Machine *rel.Machine
	// Tentative reports whether a write may turn out to be none, if it is not nil.
	Tentative func(w int) bool

	values   values
	co       *coherence
	known    []*coherence // of structures that were begun, the last one in front
	out      eviction
	told     int // pairs of co that the machine knows
	excluded []exclusion
	levels   []level
}

// A level is what Push has begun, and what it takes to take it back.
type level struct {
	write, read    int // -1 without ReadFrom
	known, ordered int // lengths of the logs of values and co
	asserted       bool
}

// An exclusion keeps a read from reading from writes.
type exclusion struct {
	read   int
	writes []int
}

// Reset prepares s for a program, as Structure.Reset does.
func (s *State) Reset(p *ir.Program, finals []int) {
	s.Structure.Reset(p, finals)
	s.forgetBegun()
}

// Load puts the paths together, one a thread. It returns false if a value that must not
// be zero is. Before anything is decided, Begin has to follow.
func (s *State) Load(paths []*thread.Path) bool {
	s.set(paths)
	s.Faulty = slices.ContainsFunc(paths, func(p *thread.Path) bool { return p.Fault != nil })
	s.excluded, s.levels = s.excluded[:0], s.levels[:0]
	if s.co != nil {
		s.co.conflicts = s.co.conflicts[:0]
	}
	return s.values.load(&s.Structure)
}

// Begin adds what is certain of co. It returns false if there is no such co. unfinished
// says that threads are going to perform more events; then Fix follows, for each read that
// is decided, and Fixed.
func (s *State) Begin(unfinished bool) bool {
	s.told = 0
	s.co = s.begun(unfinished)
	s.co.tentative = s.Tentative
	return s.co.possible
}

// Finish adds what Begin has left out for threads that were not finished.
func (s *State) Finish() bool { return s.co.sections(false) }

// LoadMachine has the machine know the structure and what is certain of co. It returns
// false if the model forbids that.
func (s *State) LoadMachine() bool {
	if !s.Machine.Load(&s.Rel) {
		return false
	}
	s.told = 0
	s.assertOrder()
	return s.Machine.Settle()
}

// Push begins a decision.
func (s *State) Push() {
	s.levels = append(s.levels, level{write: -1, read: -1, known: len(s.values.trail), ordered: len(s.co.undone)})
}

// ReadFrom decides that r reads from w. It returns false if values or coherence forbid
// it.
func (s *State) ReadFrom(w, r int) bool {
	l := &s.levels[len(s.levels)-1]
	l.write, l.read = w, r
	return s.values.readFrom(w, r) && s.co.readFrom(w, r)
}

// Order decides that a comes before b in co. It returns false if that is impossible.
func (s *State) Order(a, b int) bool { return s.co.before(a, b) }

// Consistent tells the machine of the decision that Push has begun. It returns false if
// the model forbids it.
func (s *State) Consistent() bool {
	l := &s.levels[len(s.levels)-1]
	s.Machine.Push()
	l.asserted = true
	if l.read >= 0 {
		s.Machine.ReadFrom(l.write, l.read)
	}
	s.assertOrder()
	return s.Machine.Settle()
}

// assertOrder tells the machine what is new in co.
func (s *State) assertOrder() {
	for _, p := range s.co.pairs[s.told:] {
		s.Machine.OrderBefore(int(p.s), int(p.k), p.bits)
	}
	s.told = len(s.co.pairs)
}

// Pop takes the last decision back.
func (s *State) Pop() {
	l := s.levels[len(s.levels)-1]
	s.levels = s.levels[:len(s.levels)-1]
	if l.asserted {
		s.Machine.Pop()
	}
	s.co.undo(l.ordered)
	s.told = min(s.told, len(s.co.pairs))
	if l.read >= 0 {
		s.co.rf[l.read] = -1
		s.values.undo(l.write, l.known)
	}
}

// Fix is ReadFrom for good, before any Push. A ModelCache asks the model.
func (s *State) Fix(w, r int) bool { return s.values.readFrom(w, r) && s.co.fix(w, r) }

// Fixed ends what Fix adds.
func (s *State) Fixed() { s.co.truncate(s.co.agreed) }

// MayRead reports whether the values that are known let r read from w.
func (s *State) MayRead(w, r int) bool {
	mark := len(s.values.trail)
	ok := s.values.readFrom(w, r)
	s.values.undo(w, mark)
	return ok
}

// A Window bounds the writes that a read may read from, by what its thread has shown of
// the cell before, and shows after it.
type Window struct {
	before, after int // -1 for none
	s             *State
}

// Window returns the window of r as things are decided now.
func (s *State) Window(r int) Window {
	if !s.Coherent {
		return Window{-1, -1, s}
	}
	before, after := s.co.around(r)
	return Window{before, after, s}
}

// Has reports whether w is in the window: ReadFrom(w, r) is false if it is not.
func (x *Window) Has(w int) bool {
	return (x.before < 0 || !x.s.co.has(w, x.before)) && (x.after < 0 || !x.s.co.has(x.after, w))
}

// RF is the write that r reads from, or -1 if that is not decided.
func (s *State) RF(r int) int { return s.co.rf[r] }

// Before reports whether a is known to come before b in co.
func (s *State) Before(a, b int) bool { return s.co.has(a, b) }

// mayBeLast reports whether nothing is known to come after w in co.
func (s *State) mayBeLast(w int) bool { return s.co.final(w) }

// Unordered returns two writes of one cell whose order is not decided.
func (s *State) Unordered() (a, b int, ok bool) { return s.co.open() }

// Line returns the writes of a cell in the order of co.
func (s *State) Line(cell int) []int {
	list := append([]int(nil), s.Writes[cell]...)
	for i := range list {
		for j := i; j > 0 && s.Before(list[j], list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
	return list
}

// Conflicts returns the pairs of writes, of atomic operations or locks, that were to go
// to one place, next to what they read; see DropConflicts.
func (s *State) Conflicts() [][2]int { return s.co.conflicts }

// DropConflicts forgets all conflicts but the first n.
func (s *State) DropConflicts(n int) { s.co.conflicts = s.co.conflicts[:n] }

// Exclude keeps r from reading from writes, until the next Load.
func (s *State) Exclude(r int, writes []int) {
	s.excluded = append(s.excluded, exclusion{r, writes})
}

// Excluded reports whether Exclude keeps r from reading from w.
func (s *State) Excluded(w, r int) bool {
	for i := range s.excluded {
		if s.excluded[i].read == r {
			return slices.Contains(s.excluded[i].writes, w)
		}
	}
	return false
}

// Known is what event e reads or writes, if that is known.
func (s *State) Known(e int) (int64, bool) { return s.values.val[e], s.values.known[e] }

// Eval is the value of x in thread t, if what it is computed from is known.
func (s *State) Eval(t int, x thread.Sym) (int64, bool) {
	return s.values.eval(s.Paths[t], s.Base[t], x)
}

// ValueOf is Known for a machine, which is interested in reads, in writes, and in fences
// that end a section: these have the value of the read that began it.
func (s *State) ValueOf(e int) (int64, bool) {
	k := s.Events[e].Kind
	if k == graph.Fence {
		return s.endValue(e)
	}
	return s.values.val[e], s.values.known[e] && (k == graph.Read || k == graph.Write)
}

// endValue is the value by which event e ends a section of a thread that never does so.
func (s *State) endValue(e int) (int64, bool) {
	p, i := s.Path(e)
	if p.Write[i] == thread.NoSym {
		return 0, false
	}
	return s.Eval(s.Events[e].Thread, p.Write[i])
}

// Observe returns the final value of o, if it is decided.
func (s *State) Observe(o ir.Obs) (int64, bool) {
	switch o.Kind {
	case ir.ConstObs:
		return o.K, true
	case ir.RegObs:
		return s.Eval(o.Thread, s.Paths[o.Thread].Regs[o.Reg])
	}
	if s.InitOf[o.Cell] < 0 {
		return s.Prog.Cells[o.Cell].Init, true
	}
	// Whichever of the writes that may be last is the last: if all of them
	// write the same, that is the value.
	var value int64
	found := false
	for _, w := range s.Writes[o.Cell] {
		if !s.mayBeLast(w) {
			continue
		}
		v, known := s.Known(w)
		if !known || found && v != value {
			return 0, false
		}
		value, found = v, true
	}
	return value, found
}

// OutOfThinAir reports whether values are left that are not known when all reads are
// decided: they come from a cycle of rf and data. copied says that nothing is computed
// from them, and no branch depends on them, so that any value would do.
func (s *State) OutOfThinAir() (unknown, copied bool) {
	for i := range s.values.formulas {
		unknown = unknown || s.values.formulas[i].unknown > 0
	}
	return unknown, unknown && s.onlyCopies()
}

func (s *State) onlyCopies() bool {
	for i := range s.values.formulas {
		if f := &s.values.formulas[i]; f.write < 0 && f.unknown > 0 {
			return false
		}
	}
	for t, p := range s.Paths {
		for x := range p.Syms {
			if op := p.Syms[x].Op; op == ir.Const || op == ir.Load {
				continue
			}
			if _, ok := s.Eval(t, thread.Sym(x)); !ok {
				return false
			}
		}
	}
	return true
}
