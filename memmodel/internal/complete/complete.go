// Package complete finishes executions: of a fixed set of events, it finds every choice of
// what reads read from (rf) and of the order of writes (co) that the model allows.
//
// Both explorers use it. The static one has chosen a path through each thread and nothing
// else; the dynamic one has decided the reads that its threads needed, and leaves those
// whose values no thread needed, and co.
package complete

import (
	"slices"

	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// A Completer finishes the execution that its State holds. Each decision divides the
// executions that are left into disjoint parts, so each is found once.
type Completer struct {
	State *execgraph.State
	// Filter drops the executions in which it is false. Goal does too, and is expected
	// to be decided by reads. Both may be nil.
	Filter, Goal *ir.Prop
	// Unchecked says that the machine's checks are ignored.
	Unchecked bool
	// NewMachine makes a machine for complete executions.
	NewMachine func() *rel.Machine
	// Stopped reports whether to give up.
	Stopped func() bool
	// Enter reports whether to go on where so many reads are decided; nil is always.
	Enter func(decided int) bool
	// Among, if not nil, goes one of n ways instead of all: it calls way with one of 0 to n-1.
	Among func(n int, way func(i int))
	// Found is called for each execution.
	Found func()

	Tried int64 // decisions taken
}

// Run finds every execution.
func (c *Completer) Run() {
	if c.enter(0) {
		c.chooseRF(0, false)
	}
}

func (c *Completer) enter(decided int) bool { return c.Enter == nil || c.Enter(decided) }

// Possible reports whether each read, taken alone, has a write to read from.
func (c *Completer) Possible() bool {
	s := c.State
	for _, r := range s.Reads {
		if !c.hasSource(r) {
			return false
		}
	}
	return true
}

func (c *Completer) hasSource(r int) bool {
	s := c.State
	for _, w := range s.Writes[s.Events[r].Loc] {
		if c.maySee(w, r) && s.MayRead(w, r) {
			return true
		}
	}
	return false
}

// maySee reports whether r may read from w, whatever the values.
func (c *Completer) maySee(w, r int) bool {
	return c.State.Source(w, c.State.Events[r].Kind) && !c.State.Excluded(w, r)
}

// chooseRF decides what Reads[k] and those after it read from; ordered says that co is
// decided. Once those are through that order writes (locks, atomic operations), co is
// decided: with co known, a read that is stale is found out at once; with co open, only
// after all other reads have been decided in vain, again and again. A goal, on the
// other hand, speaks mostly of what is read, and cuts more if it comes first.
func (c *Completer) chooseRF(k int, ordered bool) {
	s := c.State
	switch {
	case !ordered && (k == s.Ordering && c.Goal == nil || k == len(s.Reads)):
		c.chooseCO(k)
		return
	case k == len(s.Reads):
		c.found()
		return
	}
	r := s.Reads[k]
	window := s.Window(r)
	if c.Among != nil {
		var ways []int
		for _, w := range s.Writes[s.Events[r].Loc] {
			if window.Has(w) && c.maySee(w, r) && c.allows(func() bool { return s.ReadFrom(w, r) }) {
				ways = append(ways, w)
			}
		}
		c.Among(len(ways), func(i int) { c.try(ways[i], r, k, ordered) })
		return
	}
	for _, w := range s.Writes[s.Events[r].Loc] {
		if window.Has(w) && c.maySee(w, r) {
			c.try(w, r, k, ordered)
		}
		if c.Stopped() {
			return
		}
	}
}

// try explores what rf(w, r) leaves.
func (c *Completer) try(w, r, k int, ordered bool) {
	c.Tried++
	s := c.State
	s.Push()
	if s.ReadFrom(w, r) && !c.Hopeless() && s.Consistent() && c.enter(k+1) {
		c.chooseRF(k+1, ordered)
	}
	s.Pop()
}

// chooseCO decides the order of two writes, both ways, until all is decided;
// then it goes on with Reads[k].
func (c *Completer) chooseCO(k int) {
	s := c.State
	a, b, open := s.Unordered()
	if !open {
		c.chooseRF(k, true)
		return
	}
	ways := [2][2]int{{a, b}, {b, a}}
	if c.Among != nil {
		list := slices.DeleteFunc(ways[:], func(p [2]int) bool { return !c.allows(func() bool { return s.Order(p[0], p[1]) }) })
		c.Among(len(list), func(i int) { c.tryOrder(list[i], k) })
		return
	}
	for _, p := range ways {
		c.tryOrder(p, k)
		if c.Stopped() {
			return
		}
	}
}

// allows reports whether the model allows a decision.
func (c *Completer) allows(decide func() bool) bool {
	s := c.State
	s.Push()
	ok := decide() && !c.Hopeless() && s.Consistent()
	s.Pop()
	return ok
}

// tryOrder explores what is left with the first of two writes before the second.
func (c *Completer) tryOrder(p [2]int, k int) {
	c.Tried++
	s := c.State
	s.Push()
	if s.Order(p[0], p[1]) && !c.Hopeless() && s.Consistent() {
		c.chooseCO(k)
	}
	s.Pop()
}

// found has an execution in which all is decided.
func (c *Completer) found() {
	if c.State.Machine.Complete() && c.mayEndUnknown() && c.sectionsLast() {
		c.Found()
	}
}

// mayEndUnknown reports whether the values that are not known can be left so. They
// come out of thin air, from a cycle of rf and data. Where the cycle only
// copies, any value would do, and herd keeps the execution. Where it computes,
// or a branch depends on it, herd finds no solution, and drops it.
func (c *Completer) mayEndUnknown() bool {
	unknown, copied := c.State.OutOfThinAir()
	return !unknown || copied
}
