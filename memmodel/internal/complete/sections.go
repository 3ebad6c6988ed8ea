package complete

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// A thread hangs forever at what waits for sections, such as synchronize_rcu, if a
// thread never ends one that it is in. That is all it takes: as long as the first does
// not come back, nothing tells when it began to wait. So it may have been late, after
// all that the others ever do, and thus after the beginning of that section. The dynamic
// explorer tries both, to hang and to go on, where some thread may stay in a section at all.
//
// Conversely, a thread that went on has not waited for a section that never ends, and so
// began to wait before it began. A model would not know: for it that section ends behind the
// last event that its thread has performed. But the thread would have seen sooner or
// later, in the section, whatever others did.

// sectionsLast reports whether each thread that hangs waits for a section that lasts,
// and the sections that last can have begun after what others have waited for.
func (c *Completer) sectionsLast() bool {
	s := c.State
	for _, p := range s.Paths {
		if t, _ := StaysFor(s, p); p.Hang != nil && t < 0 {
			return false
		}
	}
	waited := func(p *thread.Path) bool { return hasWaited(s, p) }
	if c.Unchecked || !slices.ContainsFunc(s.Paths, staysForever) || !slices.ContainsFunc(s.Paths, waited) {
		return true
	}
	return extend(s).allowed(s, c.NewMachine())
}

// StaysFor is a thread that stays in a section which the thread of p hangs for, with
// the beginning of that; or -1.
func StaysFor(s *execgraph.State, p *thread.Path) (t, event int) {
	if p.Hang == nil {
		return -1, 0
	}
	for t, q := range s.Paths {
		for _, o := range q.Open {
			if o.Of == p.Hang.Of && q.Events[o.Event].Loc == p.Events[p.Hang.Event].Loc {
				return t, o.Event
			}
		}
	}
	return -1, 0
}

func staysForever(p *thread.Path) bool { return p.Endless() && len(p.Open) > 0 }

// hasWaited reports whether a thread has waited for sections and gone on.
func hasWaited(s *execgraph.State, p *thread.Path) bool {
	return slices.ContainsFunc(p.Events, func(e graph.Event) bool {
		return e.Kind == graph.Fence && s.Prog.WaitsFor(e.Tags) >= 0
	})
}

// An extended structure has more events than the execution.
type extended struct {
	rel.Structure
	is, was []int    // the place of each event here, and there; -1 if it is new
	seen    [][2]int // which new writes are seen by which new reads
}

// extend adds to the execution: a thread that has waited for sections writes so at its
// end, and a thread that stays in one reads it there.
func extend(s *execgraph.State) *extended {
	x := &extended{}
	x.Finals = s.Rel.Finals
	x.keep(s.Events[:s.Base[0]])
	said, heard := make([]int, len(s.Paths)), make([][]int, len(s.Paths))
	for t, p := range s.Paths {
		first := s.Base[t]
		last := first + len(p.Events)
		x.keep(s.Events[first : last-p.Ends])
		if hasWaited(s, p) {
			said[t] = x.add(&graph.Event{Kind: graph.Write, Thread: t, Loc: len(s.Prog.Cells) + t, Tags: s.Prog.Marked.Write})
		}
		for u, q := range s.Paths {
			if u != t && staysForever(p) && hasWaited(s, q) {
				heard[u] = append(heard[u], x.add(&graph.Event{Kind: graph.Read, Thread: t, Loc: len(s.Prog.Cells) + u, Tags: s.Prog.Marked.Read}))
			}
		}
		x.keep(s.Events[last-p.Ends : last])
	}
	for t, list := range heard {
		for _, r := range list {
			x.seen = append(x.seen, [2]int{said[t], r})
		}
	}
	x.moveEdges(&s.Rel)
	return x
}

// moveEdges takes over the relations of the execution's structure.
func (x *extended) moveEdges(from *rel.Structure) {
	move := func(list []graph.Edge) (to []graph.Edge) {
		for _, e := range list {
			to = append(to, graph.Edge{From: x.is[e.From], To: x.is[e.To]})
		}
		return to
	}
	x.Addr, x.Data, x.Ctrl = move(from.Addr), move(from.Data), move(from.Ctrl)
	x.RMW, x.LockRM = move(from.RMW), move(from.LockRM)
}

// keep takes over the next events of the execution.
func (x *extended) keep(events []*graph.Event) {
	for _, e := range events {
		x.was = append(x.was, len(x.is))
		x.is = append(x.is, len(x.Events))
		x.Events = append(x.Events, e)
	}
}

func (x *extended) add(e *graph.Event) int {
	x.was = append(x.was, -1)
	x.Events = append(x.Events, e)
	return len(x.Events) - 1
}

// allowed reports whether the model allows the extended execution.
func (x *extended) allowed(s *execgraph.State, m *rel.Machine) bool {
	m.Value = func(e int) (int64, bool) {
		if e = x.was[e]; e < 0 {
			return 0, false
		}
		return s.ValueOf(e)
	}
	if !m.Load(&x.Structure) {
		return false
	}
	for _, list := range s.Writes {
		for _, a := range list {
			for _, b := range list {
				if s.Before(a, b) {
					m.Order(x.is[a], x.is[b])
				}
			}
		}
	}
	for r := range s.Events {
		if w := s.RF(r); w >= 0 {
			m.ReadFrom(x.is[w], x.is[r])
		}
	}
	for _, p := range x.seen {
		m.ReadFrom(p[0], p[1])
	}
	return m.Settle() && m.Complete()
}
