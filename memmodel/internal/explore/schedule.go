package explore

import (
	"iter"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/thread"
)

// A scheduler picks the read that is decided next. It knows what a read may read from, now and
// later, and explores nothing.
type scheduler struct {
	partial *partial
	st      *execgraph.State
	th      *threads
	task    *task
	team    *team
}

// A choice is a read to be decided, with the writes that it may read from.
type choice struct {
	read   ref
	writes []ref
	more   bool // there may be others to come
}

// choose picks the next read to decide: of those that have a write to read
// from, one for which no others can come, if there is one. That spares the
// branch in which it waits for them in vain. There may be none.
func (s *scheduler) choose() (best choice) {
	for t, r := range s.th.runners {
		if !needs(r) || s.partial.blocked[t] {
			continue
		}
		read, ok := s.th.needed(t)
		if !ok {
			continue
		}
		c := choice{read: read, writes: s.allowed(read, s.sources(read, s.partial.lastPostponed(read).events))}
		if len(c.writes) == 0 {
			continue
		}
		if c.more = s.mayBeWritten(read); !c.more {
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
func (s *scheduler) allowed(r ref, writes []ref) []ref {
	if len(writes) < 2 {
		return writes
	}
	if s.th.isRMW(r) {
		return slices.DeleteFunc(writes, func(w ref) bool { return s.stale(w, r) })
	}
	return slices.DeleteFunc(writes, func(w ref) bool {
		return !s.partial.isHidden(w) && !s.partial.allows(s.partial.index(w), s.partial.index(r)) && !s.mayBeReleased(w, r)
	})
}

// mayBeReleased reports whether the atomic operation that stands between w and r may turn
// out not to write.
func (s *scheduler) mayBeReleased(w, r ref) bool {
	return slices.ContainsFunc(s.st.Writes[s.th.event(r).Loc], func(x int) bool {
		return s.st.Events[x].Thread != r.thread && s.partial.tentative(x) && s.st.RF(s.st.Half[x]) == s.partial.index(w)
	})
}

// stale reports whether the thread of r has seen something newer than w.
func (s *scheduler) stale(w, r ref) bool {
	if !s.st.Coherent {
		return false
	}
	cell := s.th.event(r).Loc
	for e, ev := range s.th.runners[r.thread].Path().Events {
		if ev.Loc != cell {
			continue
		}
		x := s.st.Base[r.thread] + e
		if !ev.Kind.Writes() {
			x = s.st.RF(x)
		}
		if x >= 0 && s.st.Before(s.partial.index(w), x) {
			return true
		}
	}
	return false
}

// allows reports whether the model lets r read from w, beside what it was told by judge.
func (px *partial) allows(w, r int) bool {
	px.st.Push()
	ok := px.st.ReadFrom(w, r) && px.st.Consistent()
	px.st.Pop()
	return ok
}

// allowsOrder reports whether the model lets a come before b in co, beside what it was
// told by judge.
func (px *partial) allowsOrder(a, b int) bool {
	conflicts := len(px.st.Conflicts())
	px.st.Push()
	ok := px.st.Order(a, b) && px.st.Consistent()
	px.st.Pop()
	px.st.DropConflicts(conflicts)
	return ok
}

// sources lists the writes that r may read from, without those that were there when the
// threads had performed so many events; nil is all.
func (s *scheduler) sources(r ref, since []int) []ref { return slices.Collect(s.eachSource(r, since)) }

func (s *scheduler) eachSource(r ref, since []int) iter.Seq[ref] {
	return func(yield func(ref) bool) {
		read := s.th.event(r)
		if since == nil && execgraph.LockSource(graph.Write, true, read.Kind) && !yield(ref{graph.InitThread, read.Loc}) {
			return
		}
		for t, runner := range s.th.runners {
			from := 0
			if since != nil {
				from = since[t]
			}
			events := runner.Path().Events
			for e := from; e < len(events); e++ {
				// A read of its own thread's future violates coherence.
				if events[e].Loc == read.Loc && events[e].Kind.Writes() && !(s.st.Coherent && t == r.thread && e > r.event) &&
					execgraph.LockSource(events[e].Kind, false, read.Kind) && !yield(ref{t, e}) {
					return
				}
			}
		}
	}
}

// tentative reports whether x may turn out not to be a write: it is of an atomic
// operation, and its thread may be about to wait, which puts back what was found. In
//
//	while (READ_ONCE(*x) == 1) { }   |   WRITE_ONCE(*x, 1); while (xchg(x, 1) == 1) { }
//
// both wait forever, whichever is blocked first.
func (px *partial) tentative(x int) bool {
	t, half := px.st.Events[x].Thread, px.st.Half[x]
	if !px.task.prog.Waits || t == graph.InitThread || half < 0 || !needs(px.th.runners[t]) {
		return false
	}
	if px.st.Events[x].Kind == graph.LockWrite {
		return px.st.RF(half) < 0
	}
	if !px.th.runners[t].MayPutBack(x - px.st.Base[t]) {
		return false
	}
	old, ok := px.st.ValueOf(half)
	v, ok2 := px.st.ValueOf(x)
	return !ok || !ok2 || old == v
}

// pending reports whether a thread may still perform something.
func pending(r *thread.Runner) bool { return needs(r) || needsChoice(r) }
