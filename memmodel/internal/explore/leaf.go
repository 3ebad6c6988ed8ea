package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// consistent reports whether what is decided is allowed, whatever follows.
func (g *grower) consistent() bool { return g.together() && g.judge() }

// together puts together what the threads have done, and what is decided, and looks
// at the values and at coherence. It returns false if these forbid it.
func (g *grower) together() bool {
	s := g.search
	for t, r := range g.runners {
		s.paths[t] = r.Path()
	}
	s.st.set(s.paths)
	s.faulty = slices.ContainsFunc(s.paths, func(p *thread.Path) bool { return p.Fault != nil })
	if !s.values.load(&s.st) || !s.order.load(&s.st, s.coherent, s.atomic, true) {
		return false
	}
	g.ends = append(g.ends[:0], len(s.order.fresh))
	for _, d := range g.decided {
		w, r := g.index(d.write), g.index(d.read)
		if !s.st.events[w].Kind.Writes() {
			return false // its thread waits, and so has put back what it found
		}
		if !s.values.readFrom(w, r) || !s.order.readFrom(w, r) {
			return false
		}
		g.ends = append(g.ends, len(s.order.fresh))
	}
	return g.waitsForGood()
}

// judge asks a machine about what together has put together.
func (g *grower) judge() bool {
	l := g.machines.load(&g.st)
	g.growing = l.Machine
	return l.ok && g.tell(l)
}

// tell tells a machine that has the structure what is decided.
func (g *grower) tell(l *loaded) bool {
	list := append(g.telling[:0], beforeReads)
	for _, d := range g.decided {
		list = append(list, told{g.index(d.write), g.index(d.read)})
	}
	g.telling = append(list, afterReads)
	ok := l.tell(g.telling, g.order.fresh, append(g.ends, len(g.order.fresh)))
	g.order.fresh = g.order.fresh[:0]
	return ok
}

// index is where the structure has an event.
func (g *grower) index(r ref) int {
	if r.thread == graph.InitThread {
		return g.st.initOf[r.event]
	}
	return g.st.base[r.thread] + r.event
}

// judgeEnd is judge when all threads have ended. The machine is search's then.
func (g *grower) judgeEnd() bool {
	if !g.order.sections(false) {
		return false
	}
	if g.grows {
		if ok := g.judge(); !ok || g.growing.Exact() {
			g.machine = g.growing
			return ok
		}
		g.grows = false // from now on
		g.together()    // it has been told to the other one
		g.order.sections(false)
	}
	l := g.whole.load(&g.st)
	g.machine = l.Machine
	return l.ok && g.tell(l)
}

// leaf explores what is left to decide when all threads have ended. What is
// decided is told already.
func (g *grower) leaf() {
	s := g.search
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
