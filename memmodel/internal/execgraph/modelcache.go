package execgraph

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
)

// A ModelCache keeps some machines as they are, the one that was used last in front,
// with the structure that they have and the decisions that they were told. An explorer of
// growing threads meets the same structures again and again, because the value that a
// read returns often changes nothing else. To load a structure takes longer than to
// tell a machine the decisions.
type ModelCache struct {
	New   func() *rel.Machine
	list  []*cached
	out   eviction
	loads int // Structure.loads of the structure that is in front
}

// A cached machine has this structure, if ok, and was told these facts.
type cached struct {
	*rel.Machine
	hash      uint64
	structure rel.Structure
	events    []graph.Event
	ok        bool
	told      []fact
}

// A fact is one step of asserting decisions to a machine: a read reads from a write,
// and the pairs of co before it. There is a fact of pairs of co alone before the
// first read and after the last.
type fact struct{ write, read int }

var (
	beforeReads = fact{-1, -1}
	afterReads  = fact{-2, -2}
)

// Consistent reports whether the model allows what is fixed of s. The machine that has
// been told of it is the one of s from then on.
func (c *ModelCache) Consistent(s *State) bool {
	l := c.load(&s.Structure)
	s.Machine = l.Machine
	if !l.ok {
		return false
	}
	s.told = len(s.co.pairs)
	return l.assert(s.co.decided, s.co.pairs, s.co.ends)
}

// Err is the first error of a machine.
func (c *ModelCache) Err() error {
	for _, l := range c.list {
		if err := l.Err(); err != nil {
			return err
		}
	}
	return nil
}

// machine makes one more machine.
func (c *ModelCache) machine() *rel.Machine {
	if len(c.list) == 0 {
		return c.New()
	}
	return c.list[0].Another()
}

// load returns a machine with the structure of st, if that is allowed.
func (c *ModelCache) load(st *Structure) *cached {
	if st.loads == c.loads {
		return c.list[0]
	}
	c.loads = st.loads
	s := &st.Rel
	i := slices.IndexFunc(c.list, func(l *cached) bool { return l.hash == st.hash && l.has(s) })
	known := i >= 0
	switch {
	case known:
	case c.out.roomFor(st.hash, len(st.Events), len(c.list)):
		c.list = append(c.list, &cached{Machine: c.machine()})
		i = len(c.list) - 1
	default:
		i = len(c.list) - 1
		c.out.put(c.list[i].hash)
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

// assert has the machine know what was fixed, and pairs of co: of the first fact they
// end at ends[1], and those before it at ends[0]. It returns false if that is not allowed.
func (l *cached) assert(fixed []fact, pairs []later, ends []int) bool {
	k, from := 0, 0
	for k < len(l.told) && k <= len(fixed) && l.told[k] == factAt(fixed, k) {
		k++
	}
	for len(l.told) > k {
		l.forget()
	}
	if k > 0 {
		from = ends[k-1]
	}
	for ; k <= len(fixed)+1; k++ {
		to := len(pairs)
		if k <= len(fixed) {
			to = ends[k]
		}
		if !l.add(factAt(fixed, k), pairs[from:to]) {
			return false
		}
		from = to
	}
	return true
}

// factAt is number k of what there is to tell.
func factAt(fixed []fact, k int) fact {
	switch {
	case k == 0:
		return beforeReads
	case k <= len(fixed):
		return fixed[k-1]
	}
	return afterReads
}

// add tells the machine one fact, after pairs of co.
func (l *cached) add(f fact, pairs []later) bool {
	if f != beforeReads { // what the structure alone decides stays
		l.Push()
	}
	l.told = append(l.told, f)
	for _, p := range pairs {
		l.OrderBefore(int(p.s), int(p.k), p.bits)
	}
	if f.read >= 0 {
		l.ReadFrom(f.write, f.read)
	}
	if !l.Settle() {
		if l.ok = f != beforeReads; l.ok {
			l.forget()
		}
		return false
	}
	return true
}

func (l *cached) forget() {
	l.Pop()
	l.told = l.told[:len(l.told)-1]
}

// has reports whether l has the structure s.
func (l *cached) has(s *rel.Structure) bool {
	return slices.EqualFunc(l.events, s.Events, func(a graph.Event, b *graph.Event) bool {
		return a.Kind == b.Kind && a.Thread == b.Thread && a.Loc == b.Loc && slices.Equal(a.Tags, b.Tags)
	}) && slices.Equal(l.structure.Addr, s.Addr) && slices.Equal(l.structure.Data, s.Data) &&
		slices.Equal(l.structure.Ctrl, s.Ctrl) && slices.Equal(l.structure.RMW, s.RMW) && slices.Equal(l.structure.LockRM, s.LockRM)
}

func (l *cached) set(s *rel.Structure) {
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
