package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// follow decides reads that are no choice, since there is one write to read from
// and no others can come. Whether all of that is allowed is asked once, afterwards.
func (g *grower) follow() {
	for g.step() {
	}
}

// step decides one such read. It returns false if there is none.
func (g *grower) step() bool {
	for t, r := range g.runners {
		if !needs(r) || g.doomed[t] {
			continue
		}
		read, ok := g.root(ref{t, r.Need()})
		if !ok || g.event(read).Kind == graph.LockRead { // who needs a lock may find it taken
			continue
		}
		p := g.last(read)
		writes := g.sources(read, p.events)
		waits := slices.ContainsFunc(p.fails, func(w ref) bool { return p.away || !g.overwritten(w) })
		if len(writes) == 0 || len(writes) > 2 || waits || g.mayCome(read) {
			continue
		}
		if g.stepTo(read, writes) {
			return true
		}
	}
	return false
}

// stepTo has read read from the one of the writes that it can read from. It returns
// false if there are several.
func (g *grower) stepTo(read ref, writes []ref) bool {
	only, then := undecided, []*thread.Runner(nil)
	for _, w := range writes {
		switch p, runners := g.tryOut(read, w); p {
		case goesOn:
			if then != nil {
				return false
			}
			only, then = w, runners
		case unclear:
			return false
		}
	}
	if then == nil {
		return false
	}
	if only != writes[len(writes)-1] { // what was tried since has ended the use of these
		_, then = g.tryOut(read, only)
	}
	g.decided = append(g.decided, decision{only, read, g.overtakes(read)})
	g.rf[read.thread][read.event] = only
	copy(g.runners, then)
	return true
}

// prospect is what comes of a read that reads from some write.
type prospect uint8

const (
	nowhere prospect = iota // it cannot be, or its thread waits for a newer write
	goesOn
	unclear
)

// tryOut tries what comes of it if read reads from w, and where the threads get to.
func (g *grower) tryOut(read, w ref) (p prospect, runners []*thread.Runner) {
	if g.misuse(w, read) != nil || g.tries(read) {
		return unclear, nil
	}
	g.rf[read.thread][read.event] = w
	defer func() { g.rf[read.thread][read.event] = undecided }()
	p, runners = goesOn, slices.Clone(g.runners)
	for t, r := range g.runners {
		if !g.ready(t, r) {
			continue
		}
		next := g.ahead(t, r)
		runners[t] = next
		switch next.Status() {
		case thread.Dead:
			p = nowhere
		case thread.Waits:
			if t != read.thread || !slices.Contains(next.Path().Wait, read.event) || !g.overwritten(w) {
				return unclear, nil
			}
			p = nowhere
		case thread.Broken, thread.CutOff, thread.Faulted:
			return unclear, nil
		}
	}
	return p, runners
}

// ahead is thread t as it goes on from r.
func (g *grower) ahead(t int, r *thread.Runner) *thread.Runner {
	next := g.branch(r)
	next.Run(g.value[t])
	g.reserve(t, next)
	return next
}

// branch is a copy of r for as long as what is decided now is in force.
func (g *grower) branch(r *thread.Runner) *thread.Runner {
	var old *thread.Runner
	if n := len(g.unused); n > 0 {
		old = g.unused[n-1]
		g.unused = g.unused[:n-1]
	}
	c := r.Branch(old)
	g.branches = append(g.branches, c)
	return c
}

// undecide takes back all decisions but the first n.
func (g *grower) undecide(n int) {
	for _, d := range g.decided[n:] {
		g.rf[d.read.thread][d.read.event] = undecided
	}
	g.decided = g.decided[:n]
}

// overwritten reports whether w is certain not to be the last write to its cell: it
// is an initial one, and there are others that will not be put back.
func (g *grower) overwritten(w ref) bool {
	if w.thread != graph.InitThread || !g.coherent {
		return false
	}
	for _, r := range g.runners {
		for e := range r.Path().Events {
			ev := &r.Path().Events[e]
			if ev.Loc == w.event && ev.Kind == graph.Write && !slices.ContainsFunc(r.Path().RMW, func(x graph.Edge) bool { return x.To == e }) {
				return true
			}
		}
	}
	return false
}
