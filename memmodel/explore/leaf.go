package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
)

// consistent tells a machine what is decided. It returns false if that is not
// allowed, whatever follows.
func (g *grower) consistent(m *rel.Machine) bool { return g.together() && g.judge(m) }

// together puts together what the threads have done, and what is decided, and looks
// at the values and at coherence. It returns false if these forbid it.
func (g *grower) together() bool {
	s := g.search
	for t, r := range g.runners {
		s.paths[t] = r.Path()
	}
	s.st.set(s.paths)
	s.faulty = slices.ContainsFunc(s.paths, func(p *program.Path) bool { return p.Fault != nil })
	if !s.values.load(&s.st) || !s.order.load(&s.st, s.coherent, s.atomic, true) {
		return false
	}
	for _, d := range g.decided {
		w, r := g.index(d.write), g.index(d.read)
		if !s.st.events[w].Kind.Writes() {
			return false // its thread waits, and so has put back what it found
		}
		if !s.values.readFrom(w, r) || !s.order.readFrom(w, r) {
			return false
		}
	}
	return g.waitsForGood()
}

// judge asks a machine about what together has put together.
func (g *grower) judge(m *rel.Machine) bool {
	if !m.Load(&g.st.rel) {
		return false
	}
	g.tellTo(m)
	for _, d := range g.decided {
		m.ReadFrom(g.index(d.write), g.index(d.read))
	}
	return m.Settle()
}

// index is where the structure has an event.
func (g *grower) index(r ref) int {
	if r.thread == graph.InitThread {
		return g.st.initOf[r.event]
	}
	return g.st.base[r.thread] + r.event
}

// judgeEnd is judge when all threads have ended.
func (g *grower) judgeEnd() bool {
	if !g.order.sections(false) {
		return false
	}
	if g.ending == nil {
		if ok := g.judge(g.growing); !ok || g.growing.Exact() {
			return ok
		}
		g.ending = g.machine // from now on
		g.together()         // it has been told to the other one
		g.order.sections(false)
	}
	return g.judge(g.ending)
}

// leaf explores what is left to decide when all threads have ended. What is
// decided is told already.
func (g *grower) leaf() {
	s := g.search
	if g.ending == nil {
		whole := s.machine
		s.machine = g.growing
		defer func() { s.machine = whole }()
	}
	g.bar()
	decided := func(r int) bool { return s.order.rf[r] >= 0 }
	s.st.ordering -= countFunc(s.st.reads[:s.st.ordering], decided)
	s.st.reads = slices.DeleteFunc(s.st.reads, decided)
	if s.hopeless() || !s.possible() {
		return
	}
	s.chooseRF(0)
	g.clash()
}

func countFunc(list []int, is func(int) bool) (n int) {
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return n
}
