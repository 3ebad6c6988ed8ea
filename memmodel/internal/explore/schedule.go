package explore

import (
	"iter"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/thread"
)

// A choice is a read to be decided, with the writes that it may read from.
type choice struct {
	read   ref
	writes []ref
	more   bool // there may be others to come
}

// choose picks the next read to decide: of those that have a write to read
// from, one for which no others can come, if there is one. That spares the
// branch in which it waits for them in vain. There may be none.
func (d *dynamic) choose() (best choice) {
	for t, r := range d.th.runners {
		if !needs(r) || d.blocked[t] {
			continue
		}
		read, ok := d.th.needed(t)
		if !ok {
			continue
		}
		c := choice{read: read, writes: d.allowed(read, d.sources(read, d.lastPostponed(read).events))}
		if len(c.writes) == 0 {
			continue
		}
		if c.more = d.mayBeWritten(read); !c.more {
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
func (d *dynamic) allowed(r ref, writes []ref) []ref {
	if len(writes) < 2 {
		return writes
	}
	if d.th.isRMW(r) {
		return slices.DeleteFunc(writes, func(w ref) bool { return d.stale(w, r) })
	}
	return slices.DeleteFunc(writes, func(w ref) bool {
		return !d.isHidden(w) && !d.allows(d.index(w), d.index(r)) && !d.mayBeReleased(w, r)
	})
}

// mayBeReleased reports whether the atomic operation that stands between w and r may turn
// out not to write.
func (d *dynamic) mayBeReleased(w, r ref) bool {
	return slices.ContainsFunc(d.st.Writes[d.th.event(r).Loc], func(x int) bool {
		return d.st.Events[x].Thread != r.thread && d.tentative(x) && d.st.RF(d.st.Half[x]) == d.index(w)
	})
}

// stale reports whether the thread of r has seen something newer than w.
func (d *dynamic) stale(w, r ref) bool {
	if !d.st.Coherent {
		return false
	}
	cell := d.th.event(r).Loc
	for e, ev := range d.th.runners[r.thread].Path().Events {
		if ev.Loc != cell {
			continue
		}
		x := d.st.Base[r.thread] + e
		if !ev.Kind.Writes() {
			x = d.st.RF(x)
		}
		if x >= 0 && d.st.Before(d.index(w), x) {
			return true
		}
	}
	return false
}

// allows reports whether the model lets r read from w, beside what it was told by judge.
func (d *dynamic) allows(w, r int) bool {
	conflicts := len(d.st.Conflicts())
	d.st.Push()
	ok := d.st.ReadFrom(w, r) && d.st.Consistent()
	d.st.Pop()
	if len(d.st.Conflicts()) > conflicts {
		d.noteConflicts()
	}
	return ok
}

// allowsOrder reports whether the model lets a come before b in co, beside what it was
// told by judge.
func (d *dynamic) allowsOrder(a, b int) bool {
	conflicts := len(d.st.Conflicts())
	d.st.Push()
	ok := d.st.Order(a, b) && d.st.Consistent()
	d.st.Pop()
	d.st.DropConflicts(conflicts)
	return ok
}

// sources lists the writes that r may read from, without those that were there when the
// threads had performed so many events; nil is all.
func (d *dynamic) sources(r ref, since []int) []ref { return slices.Collect(d.eachSource(r, since)) }

func (d *dynamic) eachSource(r ref, since []int) iter.Seq[ref] {
	return func(yield func(ref) bool) {
		read := d.th.event(r)
		if since == nil && execgraph.LockSource(graph.Write, true, read.Kind) && !yield(ref{graph.InitThread, read.Loc}) {
			return
		}
		for t, runner := range d.th.runners {
			from := 0
			if since != nil {
				from = since[t]
			}
			events := runner.Path().Events
			for e := from; e < len(events); e++ {
				// A read of its own thread's future violates coherence.
				if events[e].Loc == read.Loc && events[e].Kind.Writes() && !(d.st.Coherent && t == r.thread && e > r.event) &&
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
func (d *dynamic) tentative(x int) bool {
	t, half := d.st.Events[x].Thread, d.st.Half[x]
	if !d.task.prog.Waits || t == graph.InitThread || half < 0 || !needs(d.th.runners[t]) {
		return false
	}
	if d.st.Events[x].Kind == graph.LockWrite {
		return d.st.RF(half) < 0
	}
	if !d.th.runners[t].MayPutBack(x - d.st.Base[t]) {
		return false
	}
	old, ok := d.st.ValueOf(half)
	v, ok2 := d.st.ValueOf(x)
	return !ok || !ok2 || old == v
}

// pending reports whether a thread may still perform something.
func pending(r *thread.Runner) bool { return needs(r) || needsChoice(r) }
