package execgraph

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// A Structure is the events of one path through every thread, put together. Only rf
// and co are left to choose.
type Structure struct {
	Prog   *ir.Program
	Paths  []*thread.Path // by thread
	Base   []int          // by thread: index of its first event
	Events []*graph.Event // initial writes first
	InitOf []int          // by cell: its initial write, or -1 if no event accesses it
	Writes [][]int        // by cell: what has a place in co, the initial write first
	Reads  []int          // all events that read, in the order of decisions
	// Ordering is how many of Reads are halves of atomic operations and locks.
	Ordering int
	Half     []int // by event: the other half of an atomic operation or lock, or -1
	// earlier and later are, by event, the next one of its thread and cell in either
	// direction, or -1.
	earlier, later []int
	Rel            rel.Structure // the same for a machine of package rel
	inits          []graph.Event // by cell
	lastOf         []int         // by cell, while they are linked
	locks          bool          // some event takes a lock
	hash           uint64        // of the events: others have another, most likely
	loads          int           // how many structures there were
}

// Reset prepares s for a program. A model can speak of the last writes to the cells in
// finals.
func (s *Structure) Reset(p *ir.Program, finals []int) {
	s.Rel.Finals = finals
	s.Prog = p
	s.Base = resize(s.Base, len(p.Threads))
	s.inits = resize(s.inits, len(p.Cells))
	s.InitOf = resize(s.InitOf, len(p.Cells))
	s.Writes = resize(s.Writes, len(p.Cells))
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
func (s *Structure) set(paths []*thread.Path) {
	s.Paths = paths
	s.loads++
	s.Events = s.Events[:0]
	for c := range s.InitOf {
		s.InitOf[c] = -1
		s.Writes[c] = s.Writes[c][:0]
	}
	for _, p := range paths {
		for i := range p.Events {
			if c := p.Events[i].Loc; c != graph.NoLoc {
				s.InitOf[c] = 0
			}
		}
	}
	for c := range s.InitOf {
		if s.InitOf[c] == 0 {
			s.InitOf[c] = len(s.Events)
			s.Writes[c] = append(s.Writes[c], len(s.Events))
			s.Events = append(s.Events, &s.inits[c])
		}
	}
	s.Rel.Addr, s.Rel.Data, s.Rel.Ctrl = s.Rel.Addr[:0], s.Rel.Data[:0], s.Rel.Ctrl[:0]
	s.Rel.RMW, s.Rel.LockRM = s.Rel.RMW[:0], s.Rel.LockRM[:0]
	s.locks, s.hash = false, 0
	for t, p := range paths {
		at := len(s.Events)
		s.Base[t] = at
		for i := range p.Events {
			e := &p.Events[i]
			if e.Kind.Writes() {
				s.Writes[e.Loc] = append(s.Writes[e.Loc], len(s.Events))
			}
			s.locks = s.locks || e.Kind == graph.LockWrite
			s.hash = (s.hash ^ uint64(t)<<32 ^ uint64(uint32(e.Loc))<<8 ^ uint64(e.Kind)) * 0x9e3779b97f4a7c15
			s.Events = append(s.Events, e)
		}
		s.Rel.Addr = shift(s.Rel.Addr, p.Addr, at)
		s.Rel.Data = shift(s.Rel.Data, p.Data, at)
		s.Rel.Ctrl = shift(s.Rel.Ctrl, p.Ctrl, at)
		s.Rel.RMW = shift(s.Rel.RMW, p.RMW, at)
		s.Rel.LockRM = shift(s.Rel.LockRM, p.LockRM, at)
	}
	s.Rel.Events = s.Events
	s.Half = s.Half[:0]
	for range s.Events {
		s.Half = append(s.Half, -1)
	}
	s.linkCells()
	for _, list := range [2][]graph.Edge{s.Rel.RMW, s.Rel.LockRM} {
		for _, x := range list {
			s.Half[x.From], s.Half[x.To] = x.To, x.From
		}
	}
	s.orderReads()
}

// linkCells links the events of each thread to each cell.
func (s *Structure) linkCells() {
	n := len(s.Events)
	s.earlier, s.later = resize(s.earlier, n), resize(s.later, n)
	s.lastOf = resize(s.lastOf, len(s.InitOf))
	for c := range s.lastOf {
		s.lastOf[c] = -1
	}
	for e, ev := range s.Events {
		s.earlier[e], s.later[e] = -1, -1
		if ev.Thread == graph.InitThread || ev.Loc == graph.NoLoc {
			continue
		}
		if x := s.lastOf[ev.Loc]; x >= 0 && s.Events[x].Thread == ev.Thread {
			s.earlier[e], s.later[x] = x, e
		}
		s.lastOf[ev.Loc] = e
	}
}

func shift(to, from []graph.Edge, by int) []graph.Edge {
	for _, x := range from {
		to = append(to, graph.Edge{From: x.From + by, To: x.To + by})
	}
	return to
}

// orderReads decides locks first, then other atomic operations: they leave
// the fewest choices, and what they order prunes the rest.
func (s *Structure) orderReads() {
	s.Reads = s.Reads[:0]
	class := func(e int) int {
		switch {
		case s.Events[e].Kind == graph.LockRead:
			return 0
		case s.Events[e].Kind == graph.Read && s.Half[e] >= 0:
			return 1
		}
		return 2
	}
	for c := range 3 {
		if c == 2 {
			s.Ordering = len(s.Reads)
		}
		for e, ev := range s.Events {
			if ev.Kind.Reads() && class(e) == c {
				s.Reads = append(s.Reads, e)
			}
		}
	}
}

// Source reports whether a read of kind r may read from w, whatever the
// values: a lock is taken when it is free.
func (s *Structure) Source(w int, r graph.Kind) bool {
	return LockSource(s.Events[w].Kind, s.Events[w].Thread == graph.InitThread, r)
}

// LockSource is Source for a write of kind w, or an initial one.
func LockSource(w graph.Kind, initial bool, r graph.Kind) bool {
	switch r {
	case graph.LockRead, graph.SeeFree:
		return w == graph.Unlock || initial
	case graph.LockFail, graph.SeeLock:
		return w == graph.LockWrite
	}
	return true
}

// Path returns the thread's path that event e is of, and e's index there.
func (s *Structure) Path(e int) (*thread.Path, int) {
	t := s.Events[e].Thread
	return s.Paths[t], e - s.Base[t]
}

// DropDecided takes the reads for which is holds out of those to be decided.
func (s *Structure) DropDecided(is func(r int) bool) {
	for _, r := range s.Reads[:s.Ordering] {
		if is(r) {
			s.Ordering--
		}
	}
	s.Reads = slices.DeleteFunc(s.Reads, is)
}
