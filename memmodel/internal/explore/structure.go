package explore

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// structure is the events of one way through every thread, put together. What
// is left to choose is rf and co.
type structure struct {
	prog   *ir.Program
	paths  []*thread.Path // by thread
	base   []int          // by thread: index of its first event
	events []*graph.Event // initial writes first
	inits  []graph.Event  // by cell
	initOf []int          // by cell: its initial write, or -1 if no event accesses it
	writes [][]int        // by cell: what has a place in co, the initial write first
	reads  []int          // all events that read, in the order of decisions
	// ordering is how many of reads are halves of atomic operations and locks.
	ordering int
	half     []int  // by event: the other half of an atomic operation or lock, or -1
	locks    bool   // some event takes a lock
	hash     uint64 // of the events: others have another, most likely
	rel      rel.Structure
}

// reset prepares s for a program.
func (s *structure) reset(p *ir.Program) {
	s.prog = p
	s.base = resize(s.base, len(p.Threads))
	s.inits = resize(s.inits, len(p.Cells))
	s.initOf = resize(s.initOf, len(p.Cells))
	s.writes = resize(s.writes, len(p.Cells))
	for c := range p.Cells {
		s.inits[c] = graph.Event{Thread: graph.InitThread, Kind: graph.Write, Loc: c, Text: p.Cells[c].Name}
	}
}

// resize returns a slice of length n that reuses what it can of list.
func resize[T any](list []T, n int) []T {
	if cap(list) < n {
		return append(list[:cap(list)], make([]T, n-cap(list))...)
	}
	return list[:n]
}

// set puts the given paths together.
func (s *structure) set(paths []*thread.Path) {
	s.paths = paths
	s.events = s.events[:0]
	for c := range s.initOf {
		s.initOf[c] = -1
		s.writes[c] = s.writes[c][:0]
	}
	for _, p := range paths {
		for i := range p.Events {
			if c := p.Events[i].Loc; c != graph.NoLoc {
				s.initOf[c] = 0
			}
		}
	}
	for c := range s.initOf {
		if s.initOf[c] == 0 {
			s.initOf[c] = len(s.events)
			s.writes[c] = append(s.writes[c], len(s.events))
			s.events = append(s.events, &s.inits[c])
		}
	}
	s.rel.Addr, s.rel.Data, s.rel.Ctrl = s.rel.Addr[:0], s.rel.Data[:0], s.rel.Ctrl[:0]
	s.rel.RMW, s.rel.LockRM = s.rel.RMW[:0], s.rel.LockRM[:0]
	s.locks, s.hash = false, 0
	for t, p := range paths {
		at := len(s.events)
		s.base[t] = at
		for i := range p.Events {
			e := &p.Events[i]
			if e.Kind.Writes() {
				s.writes[e.Loc] = append(s.writes[e.Loc], len(s.events))
			}
			s.locks = s.locks || e.Kind == graph.LockWrite
			s.hash = (s.hash ^ uint64(t)<<32 ^ uint64(uint32(e.Loc))<<8 ^ uint64(e.Kind)) * 0x9e3779b97f4a7c15
			s.events = append(s.events, e)
		}
		s.rel.Addr = shift(s.rel.Addr, p.Addr, at)
		s.rel.Data = shift(s.rel.Data, p.Data, at)
		s.rel.Ctrl = shift(s.rel.Ctrl, p.Ctrl, at)
		s.rel.RMW = shift(s.rel.RMW, p.RMW, at)
		s.rel.LockRM = shift(s.rel.LockRM, p.LockRM, at)
	}
	s.rel.Events = s.events
	s.half = s.half[:0]
	for range s.events {
		s.half = append(s.half, -1)
	}
	for _, list := range [2][]graph.Edge{s.rel.RMW, s.rel.LockRM} {
		for _, x := range list {
			s.half[x.From], s.half[x.To] = x.To, x.From
		}
	}
	s.orderReads()
}

func shift(to, from []graph.Edge, by int) []graph.Edge {
	for _, x := range from {
		to = append(to, graph.Edge{From: x.From + by, To: x.To + by})
	}
	return to
}

// orderReads decides locks first, then other atomic operations: they leave
// the fewest choices, and what they order prunes the rest.
func (s *structure) orderReads() {
	s.reads = s.reads[:0]
	class := func(e int) int {
		switch {
		case s.events[e].Kind == graph.LockRead:
			return 0
		case s.events[e].Kind == graph.Read && s.half[e] >= 0:
			return 1
		}
		return 2
	}
	for c := range 3 {
		if c == 2 {
			s.ordering = len(s.reads)
		}
		for e, ev := range s.events {
			if ev.Kind.Reads() && class(e) == c {
				s.reads = append(s.reads, e)
			}
		}
	}
}

// source reports whether a read of kind r may read from w, whatever the
// values: locks are taken when they are free.
func (s *structure) source(w int, r graph.Kind) bool {
	return lockSource(s.events[w].Kind, s.events[w].Thread == graph.InitThread, r)
}

// lockSource is source for a write of kind w, or an initial one.
func lockSource(w graph.Kind, initial bool, r graph.Kind) bool {
	switch r {
	case graph.LockRead, graph.SeeFree:
		return w == graph.Unlock || initial
	case graph.LockFail, graph.SeeLock:
		return w == graph.LockWrite
	}
	return true
}

// path returns the thread's path that event e is of, and e's index there.
func (s *structure) path(e int) (*thread.Path, int) {
	t := s.events[e].Thread
	return s.paths[t], e - s.base[t]
}
