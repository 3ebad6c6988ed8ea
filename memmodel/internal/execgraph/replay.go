package execgraph

import (
	"slices"

	"crosscall/memmodel/graph"
)

// An explorer of growing threads loads a structure again for each decision, and most of
// what is decided was decided the last time. So a coherence is kept for each of some
// structures, with what was decided there, one read after the other; only what has changed
// since, from the first read that reads from another write, is decided again.
type replay struct {
	possible bool // there is such a co before anything is decided
	decided  []fact
	agreed   int // so many of decided are decided this time too
	// marks and ends are the lengths of undone and pairs before the first of decided, and
	// after each.
	marks, ends []int
	// forced is how many of decided depend on nothing but the structure and each other: not
	// on what threads are about to do.
	forced int

	hash    uint64
	events  []graph.Event // as a structure has them: kind, thread, cell
	halves  []int
	growing bool
}

// restart notes that nothing is decided.
func (o *coherence) restart() {
	o.decided, o.agreed, o.forced = o.decided[:0], 0, 0
	o.marks, o.ends = append(o.marks[:0], len(o.undone)), append(o.ends[:0], len(o.pairs))
}

// fix adds rf(w, r) for good. It returns false if coherence forbids it.
func (o *coherence) fix(w, r int) bool {
	f := fact{w, r}
	if o.agreed < len(o.decided) && o.decided[o.agreed] == f {
		o.agreed++
		return true
	}
	o.truncate(o.agreed)
	conflicts := len(o.conflicts)
	if !o.readFrom(w, r) {
		o.undo(o.marks[o.agreed])
		o.rf[r] = -1
		return false
	}
	if o.forced == o.agreed && len(o.conflicts) == conflicts {
		o.forced++
	}
	o.decided, o.agreed = append(o.decided, f), o.agreed+1
	o.marks, o.ends = append(o.marks, len(o.undone)), append(o.ends, len(o.pairs))
	return true
}

// truncate takes back all but the first n of what is decided, and what came after.
func (o *coherence) truncate(n int) {
	o.undo(o.marks[n])
	for _, f := range o.decided[n:] {
		o.rf[f.read] = -1
	}
	o.decided, o.agreed, o.forced = o.decided[:n], min(o.agreed, n), min(o.forced, n)
	o.marks, o.ends = o.marks[:n+1], o.ends[:n+1]
}

// begun returns the coherence of the structure that is loaded.
func (s *State) begun(unfinished bool) *coherence {
	i := slices.IndexFunc(s.known, func(o *coherence) bool { return unfinished && o.fits(s, unfinished) })
	kept := i >= 0
	switch {
	case kept:
	case len(s.known) == 0 || unfinished && s.out.roomFor(s.hash, len(s.Events), len(s.known)):
		s.known = append(s.known, &coherence{})
		i = len(s.known) - 1
	default:
		i = len(s.known) - 1
		s.out.put(s.known[i].hash)
	}
	o := s.known[i]
	copy(s.known[1:i+1], s.known[:i])
	s.known[0] = o
	o.conflicts = o.conflicts[:0]
	if kept {
		o.truncate(o.forced)
		o.agreed = 0
		return o
	}
	o.load(&s.Structure, s.Coherent, s.Atomic, unfinished)
	o.noteStructure(s, unfinished)
	return o
}

// forgetBegun has no coherence be kept.
func (s *State) forgetBegun() {
	for _, o := range s.known {
		o.growing = false
	}
}

// noteStructure notes which structure o is of.
func (o *coherence) noteStructure(s *State, growing bool) {
	o.hash, o.growing = s.hash, growing
	o.events = o.events[:0]
	for _, e := range s.Events {
		o.events = append(o.events, graph.Event{Kind: e.Kind, Thread: e.Thread, Loc: e.Loc})
	}
	o.halves = append(o.halves[:0], s.Half...)
}

// fits reports whether o is of the structure that s has.
func (o *coherence) fits(s *State, growing bool) bool {
	return o.hash == s.hash && o.growing == growing && o.coherent == s.Coherent && o.atomic == s.Atomic &&
		slices.Equal(o.halves, s.Half) &&
		slices.EqualFunc(o.events, s.Events, func(a graph.Event, b *graph.Event) bool {
			return a.Kind == b.Kind && a.Thread == b.Thread && a.Loc == b.Loc
		})
}
