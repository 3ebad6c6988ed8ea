package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
)

// consistent tells a machine what is decided. It returns false if that is not
// allowed, whatever follows.
func (g *grower) consistent(m *rel.Machine, growing bool) bool {
	s := g.search
	for t, r := range g.runners {
		s.paths[t] = r.Path()
	}
	s.st.set(s.paths)
	s.faulty = slices.ContainsFunc(s.paths, func(p *program.Path) bool { return p.Fault != nil })
	if !s.values.load(&s.st) || !s.order.load(&s.st, s.coherent, s.atomic, growing) {
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
	if !g.waitsForGood() || !m.Load(&s.st.rel) {
		return false
	}
	s.tellTo(m)
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

// leaf explores what is left to decide when all threads have ended. What is
// decided is told already.
func (g *grower) leaf() {
	s := g.search
	whole := s.machine
	defer func() { s.machine = whole }()
	if g.growing.Exact() {
		s.machine = g.growing // it has been told all
	} else if !g.consistent(whole, false) {
		return
	}
	if !s.order.sections(false) {
		return
	}
	g.bar()
	decided := func(r int) bool { return s.order.rf[r] >= 0 }
	s.st.ordering -= countFunc(s.st.reads[:s.st.ordering], decided)
	s.st.reads = slices.DeleteFunc(s.st.reads, decided)
	if s.hopeless() || !s.possible() {
		return
	}
	shared := s.shared
	s.shared = false // this is behind the gate
	s.chooseRF(0)
	s.shared = shared
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
