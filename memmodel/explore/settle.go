package explore

import (
	"crosscall/memmodel/program"
)

// settle explores the executions in which all threads that have not ended wait
// forever.
func (g *grower) settle() {
	if !g.prog.Waits {
		return
	}
	t := g.waiting()
	r := g.runners[t]
	if r.Guessed() {
		return
	}
	defer func(was bool) { g.settling, g.waited = was, false }(g.settling)
	g.settling = true
	if lock := r.Clone(); r.Status() == program.Needs && lock.WaitForLock() {
		g.settleLock(t, lock)
		return
	}
	root, ok := g.root(ref{t, r.Need()})
	if !ok {
		return
	}
	for _, w := range g.sources(root, nil) {
		g.try(decision{w, root, false})
	}
}

// settleLock has thread t wait for a lock that is never given back.
func (g *grower) settleLock(t int, r *program.Runner) {
	for _, d := range g.decided {
		if d.write.thread == t && d.write.event == len(r.Path().Events)-1 {
			return // another thread has seen it take the lock
		}
	}
	was := g.runners[t]
	g.runners[t] = r
	read := ref{t, r.Need()}
	for _, w := range g.sources(read, nil) {
		g.stats.Tried++
		g.rf[t][read.event] = w
		g.decided = append(g.decided, decision{w, read, false})
		g.depth++
		if g.depth != growDepth || g.pass() {
			g.decide(g.runners)
		}
		g.depth--
		g.decided = g.decided[:len(g.decided)-1]
		g.rf[t][read.event] = undecided
	}
	g.runners[t] = was
}

// waitsForGood demands that nothing comes after the writes that threads see
// which wait forever. It returns false if something does.
func (s *search) waitsForGood() bool {
	for t, p := range s.paths {
		for _, e := range p.Wait {
			r := s.st.base[t] + e
			w := s.order.rf[r]
			if w < 0 {
				continue
			}
			for _, x := range s.st.writes[s.st.events[r].Loc] {
				if x != w && !s.order.before(x, w) {
					return false
				}
			}
		}
	}
	return true
}
