package explore

import (
	"slices"

	"crosscall/memmodel/internal/thread"
)

// mayCome reports whether there may be more writes that r can read from. A thread
// that tries writes only if what it reads lets it, and so may depend on others that
// are to write that: of
//
//	cmpxchg(x, 3, 4)   |   cmpxchg(x, 2, 3)   |   cmpxchg(x, 1, 2)
//
// none writes as long as x is 0. Nor can the last of them read what another writes:
// these come after what it writes itself.
func (g *grower) mayCome(r ref) bool {
	cell := g.event(r).Loc
	writes := func(t int, runner *thread.Runner) bool {
		return (t != r.thread || !g.coherent) && !g.doomed[t] && runner.MayWrite(cell)
	}
	tries := false
	for t, runner := range g.runners {
		if !pending(runner) || !writes(t, runner) {
			continue
		}
		if runner.Status() != thread.Tries || !g.coherent || !g.atomic {
			return true
		}
		tries = true
	}
	if !tries {
		return false
	}
	without := g.possible(func(p possibility, _ int) bool { return p.thread != r.thread })
	if slices.ContainsFunc(without, func(p possibility) bool { return writes(p.thread, p.way) }) {
		return true
	}
	// The rest depends on what thread r.thread will write: by way of atomic operations
	// on this cell alone, or in other ways.
	behind := g.possible(func(p possibility, at int) bool {
		if p.thread != r.thread && listed(without, p.way) {
			return true
		}
		_, only := p.way.NextWrite(cell)
		return only && at == cell
	})
	return slices.ContainsFunc(g.possible(func(possibility, int) bool { return true }), func(p possibility) bool {
		_, only := p.way.NextWrite(cell)
		return writes(p.thread, p.way) && !(only && listed(behind, p.way))
	})
}

// pending reports whether a thread may still perform something.
func pending(r *thread.Runner) bool { return needs(r) || forks(r) }

// A possibility is a way that a thread may take, as far as values tell.
type possibility struct {
	thread int
	way    *thread.Runner
}

// possible lists the ways that threads which try may take: because of what is there
// to read, or of what others may write to a cell that can take theirs, if by counts
// that.
func (g *grower) possible(by func(p possibility, cell int) bool) (list []possibility) {
	for more := true; more; {
		more = false
		for t, r := range g.runners {
			if r.Status() != thread.Tries || g.doomed[t] {
				continue
			}
			for _, way := range r.Ways() {
				if !listed(list, way) && g.mayTake(t, way, list, by) {
					list, more = append(list, possibility{t, way}), true
				}
			}
		}
	}
	return list
}

func listed(list []possibility, way *thread.Runner) bool {
	return slices.ContainsFunc(list, func(p possibility) bool { return p.way == way })
}

// mayTake reports whether thread t can find a value that lets it go this way: in a
// write that it may read from, or in one to come from a thread that goes on whatever
// it reads, or goes one of the ways in list. If it may write something without the
// value, it need not find it first.
func (g *grower) mayTake(t int, way *thread.Runner, list []possibility, by func(possibility, int) bool) bool {
	read := ref{t, g.runners[t].Need()}
	cell := g.event(read).Loc
	if g.weak.any && !g.weak.ordered(g.event(read)) && way.MayOvertake(read.event, g.foreign[t], &g.weak) {
		return true
	}
	for w := range g.eachSource(read, g.last(read).events) {
		if v, ok := g.written(w); !ok || way.Admits(v) {
			return true
		}
	}
	for u, r := range g.runners {
		if u != t && !g.doomed[u] && r.Status() != thread.Tries && pending(r) && r.MayWrite(cell) {
			return true
		}
	}
	for _, p := range list {
		if p.thread == t || !p.way.MayWrite(cell) || !by(p, cell) {
			continue
		}
		if v, ok := p.way.NextWrite(cell); !ok || way.Admits(v) {
			return true
		}
	}
	return false
}
