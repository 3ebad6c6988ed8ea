package explore

import (
	"iter"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// waiting is a thread that needs a read, or -1.
func (g *grower) waiting() int {
	return slices.IndexFunc(g.runners, needs)
}

func needs(r *thread.Runner) bool { return r.Status() == thread.Needs || r.Status() == thread.Tries }

// A choice is a read to be decided, with the writes that it may read from.
type choice struct {
	read   ref
	writes []ref
	more   bool // there may be others to come
}

// choose picks the next read to decide: of those that have a write to read
// from, one for which no others can come, if there is one. That spares the
// branch in which it waits for them in vain. There may be none.
func (g *grower) choose() (best choice) {
	for t, r := range g.runners {
		if !needs(r) || g.doomed[t] {
			continue
		}
		root, ok := g.root(ref{t, r.Need()})
		if !ok {
			continue
		}
		c := choice{read: root, writes: g.allowed(root, g.sources(root, g.last(root).events))}
		if len(c.writes) == 0 {
			continue
		}
		if c.more = g.mayCome(root); !c.more {
			return c
		}
		if best.writes == nil {
			best = c
		}
	}
	return best
}

// allowed drops the writes that r cannot read from as things are. To find out here
// spares starting anew for each.
func (g *grower) allowed(r ref, writes []ref) []ref {
	if len(writes) < 2 {
		return writes
	}
	if g.tries(r) {
		return slices.DeleteFunc(writes, func(w ref) bool { return g.stale(w, r) })
	}
	return slices.DeleteFunc(writes, func(w ref) bool { return !g.allows(g.index(w), g.index(r)) && !g.released(w, r) })
}

// released reports whether the atomic operation that stands between w and r may turn
// out not to write.
func (g *grower) released(w, r ref) bool {
	return slices.ContainsFunc(g.st.writes[g.event(r).Loc], func(x int) bool {
		return g.st.events[x].Thread != r.thread && g.tentative(x) && g.order.rf[g.st.half[x]] == g.index(w)
	})
}

// stale reports whether the thread of r has seen something newer than w.
func (g *grower) stale(w, r ref) bool {
	if !g.coherent {
		return false
	}
	cell := g.event(r).Loc
	for e, ev := range g.runners[r.thread].Path().Events {
		if ev.Loc != cell {
			continue
		}
		x := g.st.base[r.thread] + e
		if !ev.Kind.Writes() {
			x = g.order.rf[x]
		}
		if x >= 0 && g.order.has(g.index(w), x) {
			return true
		}
	}
	return false
}

// allows reports whether the model lets r read from w, in what it has been told
// by judge.
func (g *grower) allows(w, r int) bool {
	known, ordered := len(g.values.trail), len(g.order.undone)
	clashes := len(g.order.clashes)
	ok := g.values.readFrom(w, r) && g.order.readFrom(w, r)
	if ok {
		g.growing.Push()
		g.growing.ReadFrom(w, r)
		g.tellTo(g.growing)
		ok = g.growing.Settle()
		g.growing.Pop()
	}
	if len(g.order.clashes) > clashes {
		g.clash()
	}
	g.order.fresh = g.order.fresh[:0]
	g.order.undo(ordered)
	g.order.rf[r] = -1
	g.values.undo(w, known)
	return ok
}

// tries reports whether r is what a thread tries that goes one way or the other.
func (g *grower) tries(r ref) bool {
	runner := g.runners[r.thread]
	return runner.Status() == thread.Tries && r.event == runner.Need()
}

// root is the read to be decided for read r to have a value: r itself, or one
// that a value is computed from which r sees. There is none where values go
// round in a circle.
func (g *grower) root(r ref) (root ref, ok bool) {
	w := g.source(r)
	if w == undecided {
		return r, true
	}
	if w.thread == graph.InitThread {
		return r, false
	}
	p := g.runners[w.thread].Path()
	if p.Write[w.event] == thread.NoSym {
		return r, false
	}
	g.rf[r.thread][r.event] = inCircle
	p.Syms[p.Write[w.event]].Reads.Each(func(e int) {
		x := ref{w.thread, e}
		if _, known := g.read(x); !ok && !known && g.source(x) != inCircle {
			root, ok = g.root(x)
		}
	})
	g.rf[r.thread][r.event] = w
	return root, ok
}

// event is the event that r names.
func (g *grower) event(r ref) *graph.Event {
	runner := g.runners[r.thread]
	if g.tries(r) {
		runner = runner.Ways()[0]
	}
	return &runner.Path().Events[r.event]
}

// last is how r was postponed last; without events, if it was not.
func (g *grower) last(r ref) postponed {
	tries := g.tries(r)
	for i := len(g.later) - 1; i >= 0; i-- {
		if g.later[i].read == r && g.later[i].tries == tries {
			return g.later[i]
		}
	}
	return postponed{}
}

// sources lists the writes that r may read from, without those that were there
// at a time.
func (g *grower) sources(r ref, since []int) []ref { return slices.Collect(g.eachSource(r, since)) }

func (g *grower) eachSource(r ref, since []int) iter.Seq[ref] {
	return func(yield func(ref) bool) {
		read := g.event(r)
		if since == nil && lockSource(graph.Write, true, read.Kind) && !yield(ref{graph.InitThread, read.Loc}) {
			return
		}
		for t, runner := range g.runners {
			from := 0
			if since != nil {
				from = since[t]
			}
			events := runner.Path().Events
			for e := from; e < len(events); e++ {
				// What sees its own thread's future violates coherence.
				if events[e].Loc == read.Loc && events[e].Kind.Writes() && !(g.coherent && t == r.thread && e > r.event) &&
					lockSource(events[e].Kind, false, read.Kind) && !yield(ref{t, e}) {
					return
				}
			}
		}
	}
}
