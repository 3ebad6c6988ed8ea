package modelprobe

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// An oracle says which small executions a model permits.
type oracle struct {
	model *rel.Compiled
	waits bool // the program's loops wait
}

// dependency says how what comes after a read depends on it.
type dependency uint8

const (
	nothing dependency = iota
	control            // all that comes after it in its thread
	address            // of the access that comes next
)

// The cells of what a model is asked about.
const (
	cellX = iota
	cellY
	cellZ
	cellLock
	cells
)

// A shape is a small execution. Its initial writes are the events of their cells'
// numbers.
type shape struct {
	rel.Structure
	rf [][2]int
	co [cells][]int
}

func newShape() *shape {
	s := &shape{}
	for c := range cells {
		s.Events = append(s.Events, &graph.Event{Kind: graph.Write, Thread: graph.InitThread, Loc: c})
		s.co[c] = []int{c}
	}
	return s
}

func (s *shape) add(e *graph.Event, thread, cell int) int {
	at := *e
	at.Thread, at.Loc = thread, cell
	s.Events = append(s.Events, &at)
	return len(s.Events) - 1
}

// read adds a read, and the write of the same operation, which is -1 if there is
// none.
func (s *shape) read(a access, thread, cell int) (r, w int) {
	r = s.add(a.event, thread, cell)
	if a.half == nil {
		return r, -1
	}
	w = s.add(a.half, thread, cell)
	s.RMW = append(s.RMW, graph.Edge{From: r, To: w})
	return r, w
}

// write adds a write, after the read of the same operation, which reads the last
// write that is there.
func (s *shape) write(a access, thread, cell int) int {
	if a.half == nil {
		return s.add(a.event, thread, cell)
	}
	r, w := s.read(access{event: a.half, half: a.event}, thread, cell)
	s.rf = append(s.rf, [2]int{s.co[cell][len(s.co[cell])-1], r})
	return w
}

// order has writes come next in their cell; -1 is none.
func (s *shape) order(writes ...int) {
	for _, w := range writes {
		if w >= 0 {
			cell := s.Events[w].Loc
			s.co[cell] = append(s.co[cell], w)
		}
	}
}

// between adds what stands between a read and what comes after it: a fence, an
// access, or nothing.
func (s *shape) between(a access) {
	switch {
	case a.event == nil:
	case a.event.Kind == graph.Fence:
		s.add(a.event, 0, graph.NoLoc)
	case a.event.Kind == graph.Write:
		s.order(s.write(a, 0, cellZ))
	default:
		r, w := s.read(a, 0, cellZ)
		s.rf = append(s.rf, [2]int{cellZ, r})
		s.order(w)
	}
}

// depend adds how the events that have come after event after depend on read r.
func (s *shape) depend(d dependency, r, after int) {
	switch d {
	case control:
		for i := after + 1; i < len(s.Events); i++ {
			s.Ctrl = append(s.Ctrl, graph.Edge{From: r, To: i})
		}
	case address:
		s.Addr = append(s.Addr, graph.Edge{From: r, To: after + 1})
	}
}

// loadBuffering reports whether the model allows
//
//	R x ; W y   |   R y ; W x, with data
//
// where both reads see the other thread's write, with something between the first
// two.
func (o *oracle) loadBuffering(read, between, write access, d dependency) bool {
	s := newShape()
	r1, r1w := s.read(read, 0, cellX)
	after := len(s.Events) - 1
	s.between(between)
	y := s.write(write, 0, cellY)
	s.depend(d, r1, after)
	r2, r2w := s.read(read, 1, cellY)
	x := s.write(write, 1, cellX)
	s.Data = []graph.Edge{{From: r2, To: x}}
	s.order(x, r1w, y, r2w)
	s.rf = append(s.rf, [2]int{x, r1}, [2]int{y, r2})
	return o.permits(s)
}

// A section is a critical section, a read in or before it, and a write in the next
// section, which another thread has.
type section struct{ take, give, read, write access }

// unlock gives the lock back, and returns the write.
func (s *shape) unlock(give access) int {
	for _, f := range slices.Backward(give.fences) {
		s.add(f, 0, graph.NoLoc)
	}
	return s.add(give.event, 0, cellLock)
}

// lock takes the lock, which is free since event since, and returns the write.
func (s *shape) lock(take access, thread, since int) int {
	r := s.add(take.event, thread, cellLock)
	w := s.add(&graph.Event{Kind: graph.LockWrite}, thread, cellLock)
	s.LockRM = append(s.LockRM, graph.Edge{From: r, To: w})
	s.rf = append(s.rf, [2]int{since, r})
	s.order(w)
	for _, f := range take.fences {
		s.add(f, thread, graph.NoLoc)
	}
	return w
}

// readsNextSection reports whether a thread may see, in its section, what another does in the
// next one.
func (o *oracle) readsNextSection(c section) bool {
	s := newShape()
	s.lock(c.take, 0, cellLock)
	r, rw := s.read(c.read, 0, cellX)
	s.seesNext(c, r, rw, s.unlock(c.give))
	return o.permits(s)
}

// readsPastSection reports whether a read that comes before a section may see what another
// thread does in the next one. Between the read and the section there may be another
// access.
func (o *oracle) readsPastSection(c section, between access, d dependency) bool {
	s := newShape()
	r, rw := s.read(c.read, 0, cellX)
	after := len(s.Events) - 1
	s.between(between)
	s.lock(c.take, 0, cellLock)
	given := s.unlock(c.give)
	s.depend(d, r, after)
	s.seesNext(c, r, rw, given)
	return o.permits(s)
}

// readsPastLock reports whether a read that comes before a lock is taken, and given back if
// there is how, may see what another thread does that has seen that.
func (o *oracle) readsPastLock(c section, see access) bool {
	s := newShape()
	r, rw := s.read(c.read, 0, cellX)
	last := s.lock(c.take, 0, cellLock)
	if c.give.event != nil {
		last = s.unlock(c.give)
		s.order(last)
	}
	s.rf = append(s.rf, [2]int{last, s.add(see.event, 1, cellLock)})
	x := s.write(c.write, 1, cellX)
	s.order(x, rw)
	s.rf = append(s.rf, [2]int{x, r})
	return o.permits(s)
}

// seesNext adds the other section, and that r sees what it writes.
func (s *shape) seesNext(c section, r, rw, given int) {
	s.order(given)
	s.lock(c.take, 1, given)
	x := s.write(c.write, 1, cellX)
	s.order(x, rw)
	s.rf = append(s.rf, [2]int{x, r})
}

// permits reports whether the model permits an execution.
//
// In a program whose loops wait, one that it flags does not count: where accesses
// race that are not marked, LKMM orders nothing and promises nothing, so that the
// fences around them would all seem to be leaky.
func (o *oracle) permits(s *shape) bool {
	c := o.model
	m := rel.NewMachine(c, c.Native())
	if !m.Load(&s.Structure) {
		return false
	}
	m.Push()
	for _, line := range s.co {
		for i, from := range line {
			for _, to := range line[i+1:] {
				m.Order(from, to)
			}
		}
	}
	for _, p := range s.rf {
		m.ReadFrom(p[0], p[1])
	}
	if !m.Settle() {
		return false
	}
	if !o.waits {
		return true
	}
	m.Value = func(int) (int64, bool) { return 0, false }
	return m.Complete() && len(m.Flags()) == 0
}
