package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// mayBeWritten reports whether there may be more writes that r can read from. A
// compare-and-swap writes only if it reads the expected value, which another pending
// compare-and-swap may have to write first: of
//
//	cmpxchg(x, 3, 4)   |   cmpxchg(x, 2, 3)   |   cmpxchg(x, 1, 2)
//
// none writes as long as x is 0. Nor can the last of them read what another writes:
// these come after what it writes itself.
func (s *scheduler) mayBeWritten(r ref) bool {
	cell := s.th.event(r).Loc
	writes := func(t int, runner *thread.Runner) bool {
		return (t != r.thread || !s.st.Coherent) && !s.partial.blocked[t] && runner.MayWrite(cell)
	}
	rmw := false
	for t, runner := range s.th.runners {
		if !pending(runner) || !writes(t, runner) {
			continue
		}
		if runner.Status() != thread.NeedsRMW || !s.st.Coherent || !s.st.Atomic {
			return true
		}
		rmw = true
	}
	if !rmw {
		return false
	}
	without := s.reachableOutcomes(func(p rmwOutcome, _ int) bool { return p.thread != r.thread })
	if slices.ContainsFunc(without, func(p rmwOutcome) bool { return writes(p.thread, p.way) }) {
		return true
	}
	// The rest depends on what thread r.thread will write: by way of atomic operations
	// on this cell alone, or in other ways.
	behind := s.reachableOutcomes(func(p rmwOutcome, at int) bool {
		if p.thread != r.thread && listed(without, p.way) {
			return true
		}
		_, only := p.way.NextWrite(cell)
		return only && at == cell
	})
	return slices.ContainsFunc(s.reachableOutcomes(func(rmwOutcome, int) bool { return true }), func(p rmwOutcome) bool {
		_, only := p.way.NextWrite(cell)
		return writes(p.thread, p.way) && !(only && listed(behind, p.way))
	})
}

// An rmwOutcome is a way that a thread which needs a read-modify-write may take, as far as
// values tell.
type rmwOutcome struct {
	thread int
	way    *thread.Runner
}

// reachableOutcomes lists the ways that read-modify-writes may take: because of a write that
// is there to read, or because of a write by another thread whose way is in the list, if
// by allows this way to write to the cell.
func (s *scheduler) reachableOutcomes(by func(p rmwOutcome, cell int) bool) (list []rmwOutcome) {
	for more := true; more; {
		more = false
		for t, r := range s.th.runners {
			if r.Status() != thread.NeedsRMW || s.partial.blocked[t] {
				continue
			}
			for _, way := range r.Ways() {
				if !listed(list, way) && s.canSucceed(t, way, list, by) {
					list, more = append(list, rmwOutcome{t, way}), true
				}
			}
		}
	}
	return list
}

func listed(list []rmwOutcome, way *thread.Runner) bool {
	return slices.ContainsFunc(list, func(p rmwOutcome) bool { return p.way == way })
}

// canSucceed reports whether thread t can find a value that lets it go this way: in a
// write that it may read from, or in one to come from a thread that goes on whatever
// it reads, or from one of the ways in list. A thread that may write something without
// the value need not find it first.
func (s *scheduler) canSucceed(t int, way *thread.Runner, list []rmwOutcome, by func(rmwOutcome, int) bool) bool {
	read := ref{t, s.th.runners[t].Need()}
	cell := s.th.event(read).Loc
	if s.partial.weak().Any && !s.partial.weak().Ordered(s.th.event(read)) && way.MayOvertake(read.event, s.team.foreign[t], s.partial.weak()) {
		return true
	}
	for w := range s.eachSource(read, s.partial.lastPostponed(read).events) {
		if v, ok := s.th.written(w); !ok || way.Admits(v) {
			return true
		}
	}
	for u, r := range s.th.runners {
		if u != t && !s.partial.blocked[u] && r.Status() != thread.NeedsRMW && pending(r) && r.MayWrite(cell) {
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

// inVain reports whether a thread needs a write that cannot come any more.
func (s *scheduler) inVain() bool {
	for t, r := range s.th.runners {
		if !needs(r) || s.partial.blocked[t] {
			continue
		}
		read, ok := s.th.needed(t)
		if !ok || s.th.event(read).Kind == graph.LockRead {
			continue
		}
		p := s.partial.lastPostponed(read)
		passed := p.events != nil || len(s.sources(read, nil)) == 0
		if passed && len(p.fails) == 0 && !s.mayBeWritten(read) {
			return true
		}
	}
	return false
}
