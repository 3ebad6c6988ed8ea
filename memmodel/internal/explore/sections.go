package explore

import (
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// A thread hangs forever at what waits for sections, such as synchronize_rcu, if a
// thread never ends one that it is in. That is all it takes: as long as the first does
// not come back, nothing tells when it began to wait. So it may have been late, after
// all that the others ever do, and thus after the beginning of that section. Growers
// try both, to hang and to go on, where some thread may stay in a section at all.
//
// Conversely, who did go on has not waited for a section that never ends, and so began
// to wait before it began. A model would not know: for it that section ends behind the
// last event that its thread has performed. But the thread would have seen sooner or
// later, in the section, whatever others did.

// hangsInVain reports whether a thread hangs where no other will be found to stay in a
// section.
func (g *grower) hangsInVain() bool {
	return slices.ContainsFunc(g.runners, func(r *thread.Runner) bool { return r.Path().Hang != nil }) &&
		!slices.ContainsFunc(g.runners, (*thread.Runner).MayStay)
}

// sectionsLast reports whether each thread that hangs waits for a section that lasts,
// and the sections that last can have begun after what others have waited for.
func (s *search) sectionsLast() bool {
	for _, p := range s.paths {
		if t, _ := s.stayer(p); p.Hang != nil && t < 0 {
			return false
		}
	}
	if s.cfg.IgnoreChecks || !slices.ContainsFunc(s.paths, staysForever) || !slices.ContainsFunc(s.paths, s.hasWaited) {
		return true
	}
	x := s.withNews()
	m := s.kit.machine(s.cfg)
	m.Value = func(e int) (int64, bool) {
		if e = x.was[e]; e < 0 {
			return 0, false
		}
		return s.valueOf(e)
	}
	if !m.Load(&x.Structure) {
		return false
	}
	for _, list := range s.st.writes {
		for _, a := range list {
			for _, b := range list {
				if s.order.has(a, b) {
					m.Order(x.is[a], x.is[b])
				}
			}
		}
	}
	for r, w := range s.order.rf {
		if w >= 0 {
			m.ReadFrom(x.is[w], x.is[r])
		}
	}
	for _, p := range x.seen {
		m.ReadFrom(p[0], p[1])
	}
	return m.Settle() && m.Complete()
}

// stayer is a thread that stays in a section which the thread of p hangs for, with
// the beginning of that; or -1.
func (s *search) stayer(p *thread.Path) (thread, event int) {
	if p.Hang == nil {
		return -1, 0
	}
	for t, q := range s.paths {
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
func (s *search) hasWaited(p *thread.Path) bool {
	return slices.ContainsFunc(p.Events, func(e graph.Event) bool {
		return e.Kind == graph.Fence && s.prog.WaitsFor(e.Tags) >= 0
	})
}

// endValue is the value by which event e ends a section of a thread that never does so.
func (s *search) endValue(e int) (int64, bool) {
	p, i := s.st.path(e)
	if p.Write[i] == thread.NoSym {
		return 0, false
	}
	return s.values.eval(p, s.st.base[s.st.events[e].Thread], p.Write[i])
}

// An extended structure has more events than the execution.
type extended struct {
	rel.Structure
	is, was []int    // the place of each event here, and there; -1 if it is new
	seen    [][2]int // which new writes are seen by which new reads
}

// withNews extends the execution: who has waited for sections says so at the end, and
// who stays in one sees it there.
func (s *search) withNews() *extended {
	x := &extended{}
	x.Finals = s.cfg.Finals
	x.keep(s.st.events[:s.st.base[0]])
	said, heard := make([]int, len(s.paths)), make([][]int, len(s.paths))
	for t, p := range s.paths {
		first := s.st.base[t]
		last := first + len(p.Events)
		x.keep(s.st.events[first : last-p.Ends])
		if s.hasWaited(p) {
			said[t] = x.add(&graph.Event{Kind: graph.Write, Thread: t, Loc: len(s.prog.Cells) + t, Tags: s.prog.Marked.Write})
		}
		for u, q := range s.paths {
			if u != t && staysForever(p) && s.hasWaited(q) {
				heard[u] = append(heard[u], x.add(&graph.Event{Kind: graph.Read, Thread: t, Loc: len(s.prog.Cells) + u, Tags: s.prog.Marked.Read}))
			}
		}
		x.keep(s.st.events[last-p.Ends : last])
	}
	for t, list := range heard {
		for _, r := range list {
			x.seen = append(x.seen, [2]int{said[t], r})
		}
	}
	move := func(list []graph.Edge) (to []graph.Edge) {
		for _, e := range list {
			to = append(to, graph.Edge{From: x.is[e.From], To: x.is[e.To]})
		}
		return to
	}
	from := &s.st.rel
	x.Addr, x.Data, x.Ctrl = move(from.Addr), move(from.Data), move(from.Ctrl)
	x.RMW, x.LockRM = move(from.RMW), move(from.LockRM)
	return x
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

// hangs words who waits for whom, if a thread hangs.
func (x *Execution) hangs() *Failure {
	s := x.s
	for t, p := range s.paths {
		u, e := s.stayer(p)
		if u < 0 {
			continue
		}
		at, name := &p.Events[p.Hang.Event], s.prog.Threads[t].Name
		begin := &s.paths[u].Events[e]
		text := fmt.Sprintf("%s waits forever: %s waits for the section that it is in itself, since line %d", name, at.Text, begin.Pos.Line)
		if u != t {
			text = fmt.Sprintf("%s waits forever: %s waits for the section that %s is in since line %d, and that one %s",
				name, at.Text, s.prog.Threads[u].Name, begin.Pos.Line, s.whyStays(s.paths[u]))
		}
		return &Failure{Deadlock, at.Pos, text}
	}
	return nil
}

// whyStays says why a thread does not go on.
func (s *search) whyStays(p *thread.Path) string {
	switch {
	case p.Hang != nil:
		e := &p.Events[p.Hang.Event]
		return fmt.Sprintf("waits in line %d for a section too: %s", e.Pos.Line, e.Text)
	case p.Stuck != nil:
		return fmt.Sprintf("goes round forever in line %d", p.Stuck.Pos.Line)
	case len(p.Wait) == 0:
		return "goes wrong there"
	}
	e := &p.Events[p.Wait[len(p.Wait)-1]]
	if e.Kind == graph.LockFail {
		return fmt.Sprintf("waits in line %d for a lock that is never given back: %s", e.Pos.Line, e.Text)
	}
	return fmt.Sprintf("waits in line %d for another value of %s", e.Pos.Line, e.Text)
}
