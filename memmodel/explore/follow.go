package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
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
		if len(writes) == 0 || len(writes) > 2 || slices.ContainsFunc(p.fails, func(w ref) bool { return !g.overwritten(w) }) || g.mayCome(read) {
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
	only := -1
	for i, w := range writes {
		switch g.goesOn(read, w) {
		case goesOn:
			if only >= 0 {
				return false
			}
			only = i
		case unclear:
			return false
		}
	}
	if only < 0 {
		return false
	}
	w := writes[only]
	g.decided = append(g.decided, decision{w, read, g.overtakes(read)})
	g.rf[read.thread][read.event] = w
	for t, r := range g.runners {
		if g.ready(t, r) {
			g.runners[t] = g.ahead(t, r)
		}
	}
	return true
}

// prospect is what comes of a read that reads from some write.
type prospect uint8

const (
	nowhere prospect = iota // it cannot be, or its thread waits for a newer write
	goesOn
	unclear
)

// goesOn tries what comes of it if read reads from w.
func (g *grower) goesOn(read, w ref) prospect {
	if g.misuse(w, read) != nil || g.tries(read) {
		return unclear
	}
	g.rf[read.thread][read.event] = w
	defer func() { g.rf[read.thread][read.event] = undecided }()
	result := goesOn
	for t, r := range g.runners {
		if !g.ready(t, r) {
			continue
		}
		next := g.ahead(t, r)
		switch next.Status() {
		case program.Dead:
			result = nowhere
		case program.Waits:
			if t != read.thread || !slices.Contains(next.Path().Wait, read.event) || !g.overwritten(w) {
				return unclear
			}
			result = nowhere
		case program.Broken, program.CutOff, program.Faulted:
			return unclear
		}
	}
	return result
}

// ahead is thread t as it goes on from r.
func (g *grower) ahead(t int, r *program.Runner) *program.Runner {
	next := r.Branch()
	next.Run(g.value[t])
	g.reserve(t, next)
	return next
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
