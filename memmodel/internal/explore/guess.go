package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// stuck explores what can come of a state in which every thread that has not
// ended needs a read that has passed over all writes there are.
//
// Either such a thread waits forever, or it reads from a write that is yet to
// come, and that nobody can perform before one of those reads has its value. Weak
// models allow that ("load buffering"): in
//
//	r1 = READ_ONCE(x); if (r1) ...;  WRITE_ONCE(y, 1)   |   r2 = READ_ONCE(y); WRITE_ONCE(x, r2)
//
// the write to y need not wait for r1. So a thread that can still perform a write
// which its read does not hold back is made to go on, either way, with a demand
// on the value of the read; what that reads from is decided later.
func (g *grower) stuck() {
	if g.weak.any && g.part() {
		return
	}
	t := g.overtaker()
	if t < 0 {
		g.unseen()
		g.settle()
		return
	}
	runner := g.runners[t]
	for _, way := range runner.Guesses() {
		if g.runners[t] = way; way.Status() != thread.Dead {
			g.advance()
		}
	}
	g.runners[t] = runner
	if runner.Guessed() {
		return // that it does not wait is settled
	}
	g.doomed[t] = true
	g.decide(g.runners)
	g.doomed[t] = false
	g.waited = false
}

// part goes both ways, one after the other, with a thread that goes one way or the
// other as a read decides: the value will not be known before it goes on.
func (g *grower) part() bool {
	t := slices.IndexFunc(g.runners, func(r *thread.Runner) bool { return r.Status() == thread.Tries })
	if t < 0 {
		return false
	}
	runner := g.runners[t]
	p := g.last(ref{t, runner.Need()})
	p.tries = false
	for _, way := range runner.Ways() {
		g.runners[t] = way
		p.read.event = way.Need()
		g.later = append(g.later, p)
		g.decide(g.runners)
		g.later = g.later[:len(g.later)-1]
	}
	g.runners[t] = runner
	g.waited = false
	return true
}

// overtaker is a thread that may perform a write, to a cell which a thread waits
// for, without the value that it needs itself; or -1.
func (g *grower) overtaker() int {
	if !g.weak.any {
		return -1
	}
	var wanted []ref
	for t, r := range g.runners {
		if !needs(r) {
			continue
		}
		if root, ok := g.root(ref{t, r.Need()}); ok {
			wanted = append(wanted, root)
		}
	}
	for t, r := range g.runners {
		if r.Status() == thread.Needs && !g.doomed[t] && !g.weak.ordered(&r.Path().Events[r.Need()]) &&
			r.MayOvertake(r.Need(), g.cells(wanted, t), &g.weak) {
			return t
		}
	}
	return -1
}

// cells lists the cells of reads that a write of thread t may be for: of others'
// reads, for one of its own would see its own future.
func (g *grower) cells(reads []ref, t int) []int {
	cells := []int{}
	for _, r := range reads {
		if r.thread != t || !g.coherent {
			cells = append(cells, g.event(r).Loc)
		}
	}
	return cells
}

// A bar keeps a read from reading from writes that it has passed over.
type bar struct {
	read   int
	writes []int
}

// bar bars the reads that were postponed and never decided.
func (g *grower) bar() {
	g.bars = g.bars[:0]
	for i, p := range g.later {
		if p.tries {
			continue // what was tried is decided
		}
		r := g.index(p.read)
		if g.search.order.rf[r] >= 0 || slices.ContainsFunc(g.later[i+1:], func(q postponed) bool { return q.read == p.read }) {
			continue
		}
		b := bar{read: r}
		for _, w := range g.st.writes[g.st.events[r].Loc] {
			if t := g.st.events[w].Thread; t == graph.InitThread || w-g.st.base[t] < p.events[t] {
				b.writes = append(b.writes, w)
			}
		}
		g.bars = append(g.bars, b)
	}
}

func (s *search) barred(w, r int) bool {
	for i := range s.bars {
		if s.bars[i].read == r {
			return slices.Contains(s.bars[i].writes, w)
		}
	}
	return false
}
