package explore

import (
	"context"

	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
)

// search is an exploration: depth first, over the ways through the threads,
// then over rf, then over what is left open of co. Every decision divides the
// executions that are left into disjoint parts, so each is reached once, and
// nothing has to be remembered but the decisions in force.
type search struct {
	ctx     context.Context
	prog    *program.Program
	cfg     Config
	each    func(*Execution) error
	machine *rel.Machine
	native  bool // coherence and atomicity are kept here and not by the machine

	choice [][]*program.Path
	paths  []*program.Path
	st     structure
	values
	order order
	// ordered: co is decided.
	ordered bool
	stats   Stats
	err     error
	steps   int
	x       Execution
}

func (s *search) run() {
	s.st.reset(s.prog)
	s.x.s = s
	var cut bool
	for _, list := range s.choice {
		for _, p := range list {
			cut = cut || p.Cut
		}
	}
	s.stats.BoundHit = cut
	s.paths = make([]*program.Path, len(s.choice))
	s.choose(0)
}

// choose takes a way through thread t and all after it.
func (s *search) choose(t int) {
	if t == len(s.choice) {
		s.begin()
		return
	}
	for _, p := range s.choice[t] {
		if p.Cut {
			continue
		}
		s.paths[t] = p
		s.choose(t + 1)
		if s.err != nil {
			return
		}
	}
}

// begin explores what the chosen ways through the threads allow.
func (s *search) begin() {
	s.st.set(s.paths)
	if !s.values.load(&s.st) || !s.order.load(&s.st, s.native) || s.hopeless() || !s.possible() {
		return
	}
	s.stats.Tried++
	if !s.machine.Load(&s.st.rel) {
		return
	}
	s.tell()
	if s.machine.Settle() {
		s.chooseRF(0)
	}
}

// possible reports whether each read, taken alone, has a write to read from.
func (s *search) possible() bool {
	for _, r := range s.st.reads {
		found := false
		for _, w := range s.st.writes[s.st.events[r].Loc] {
			if !s.st.source(w, s.st.events[r].Kind) {
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
func (s *search) hopeless() bool {
	return s.cfg.Goal != nil && s.judge(s.cfg.Goal) == no || s.cfg.Filter != nil && s.judge(s.cfg.Filter) == no
}

// tell passes on to the model what is new in co.
func (s *search) tell() {
	for _, p := range s.order.fresh {
		s.machine.Order(int(p[0]), int(p[1]))
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
		if s.st.source(w, s.st.events[r].Kind) {
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
		if s.machine.Settle() {
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
	if !s.machine.Complete() || !s.settled() {
		return
	}
	for _, p := range s.paths {
		if p.Fault != nil {
			s.err = p.Fault
			return
		}
	}
	if s.cfg.Filter != nil && s.judge(s.cfg.Filter) != yes || s.cfg.Goal != nil && s.judge(s.cfg.Goal) != yes {
		return
	}
	s.stats.Executions++
	if err := s.each(&s.x); err != nil {
		s.err = err
	}
}

// settled reports whether all that must not be zero is known not to be. Values
// that come out of thin air are not known.
func (s *search) settled() bool {
	for i := range s.values.formulas {
		if f := &s.values.formulas[i]; f.write < 0 && f.unknown > 0 {
			return false
		}
	}
	return true
}

// stopped reports whether to give up, and looks at the context now and then.
func (s *search) stopped() bool {
	if s.steps++; s.steps&255 == 0 && s.err == nil {
		s.err = s.ctx.Err()
	}
	return s.err != nil
}
