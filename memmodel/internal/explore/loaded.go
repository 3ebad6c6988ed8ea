package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// To load a structure takes longer than to add what is decided of it, and a grower
// comes by the same structures again and again: what a read returns often makes no
// difference but to values. So some machines are kept as they are, the one that was
// used last in front, and of what they have been told as much as is still decided.
type machines struct {
	fresh func() *rel.Machine
	list  []*loaded
}

// mostLoaded is how many machines are kept.
const mostLoaded = 16

// A loaded machine has this structure, if it has not ruled it out.
type loaded struct {
	*rel.Machine
	hash      uint64
	structure rel.Structure
	events    []graph.Event
	ok        bool
	told      []told
}

// What a machine is told at once: that a read reads from a write, with what follows
// for co. Before the first, and after the last, co alone is told.
type told struct{ write, read int }

var (
	beforeReads = told{-1, -1}
	afterReads  = told{-2, -2}
)

// load returns a machine with the structure s, if that is allowed.
func (c *machines) load(st *structure) *loaded {
	s := &st.rel
	i := slices.IndexFunc(c.list, func(l *loaded) bool { return l.hash == st.hash && l.has(s) })
	known := i >= 0
	switch {
	case known:
	case len(c.list) < mostLoaded:
		c.list = append(c.list, &loaded{Machine: c.fresh()})
		i = len(c.list) - 1
	default:
		i = len(c.list) - 1
	}
	l := c.list[i]
	copy(c.list[1:i+1], c.list[:i])
	c.list[0] = l
	if !known {
		l.set(s)
		l.hash = st.hash
	}
	return l
}

// tell has the machine know list, and pairs of co: those of list[k] end at ends[k].
// It returns false if that is not allowed.
func (l *loaded) tell(list []told, pairs [][2]int32, ends []int) bool {
	k := 0
	for k < len(list) && k < len(l.told) && l.told[k] == list[k] && list[k] != afterReads {
		k++
	}
	for len(l.told) > k {
		l.forget()
	}
	for ; k < len(list); k++ {
		l.Push()
		l.told = append(l.told, list[k])
		from := 0
		if k > 0 {
			from = ends[k-1]
		}
		for _, p := range pairs[from:ends[k]] {
			l.Order(int(p[0]), int(p[1]))
		}
		if list[k].read >= 0 {
			l.ReadFrom(list[k].write, list[k].read)
		}
		if !l.Settle() {
			l.forget()
			return false
		}
	}
	return true
}

func (l *loaded) forget() {
	l.Pop()
	l.told = l.told[:len(l.told)-1]
}

// has reports whether l has the structure s.
func (l *loaded) has(s *rel.Structure) bool {
	return slices.EqualFunc(l.events, s.Events, func(a graph.Event, b *graph.Event) bool {
		return a.Kind == b.Kind && a.Thread == b.Thread && a.Loc == b.Loc && slices.Equal(a.Tags, b.Tags)
	}) && slices.Equal(l.structure.Addr, s.Addr) && slices.Equal(l.structure.Data, s.Data) &&
		slices.Equal(l.structure.Ctrl, s.Ctrl) && slices.Equal(l.structure.RMW, s.RMW) && slices.Equal(l.structure.LockRM, s.LockRM)
}

func (l *loaded) set(s *rel.Structure) {
	l.events = l.events[:0]
	for _, e := range s.Events {
		l.events = append(l.events, graph.Event{Kind: e.Kind, Thread: e.Thread, Loc: e.Loc, Tags: e.Tags})
	}
	own := &l.structure
	for _, x := range []struct{ to, from *[]graph.Edge }{
		{&own.Addr, &s.Addr}, {&own.Data, &s.Data}, {&own.Ctrl, &s.Ctrl}, {&own.RMW, &s.RMW}, {&own.LockRM, &s.LockRM},
	} {
		*x.to = append((*x.to)[:0], *x.from...)
	}
	l.ok, l.told = l.Load(s), l.told[:0]
}
