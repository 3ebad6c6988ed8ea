package sched

// A reversal is two conflicting events of different threads that no event
// between them orders. The second could have come first, in an execution that
// is not equivalent.
//
// If the second event is a meeting, the step that could have come first may be the
// partner's.
type reversal struct {
	first, second int32
	until         int32 // the second would come after the events up to here that do not come after the first
	thread        int32 // of the step that should come first
	channel       int32 // of the case that the step should take; nothing: any step
}

// findRaces notes the races that end in e, which is event i. clock is the clock
// of the event before it in its thread.
//
// A waiting operation cannot be moved before the event that let it go: an Unlock
// does not race with the Lock after it. It can be moved before an event at which
// its guard was open; it races with the last such event. Reversing that one must
// come before reversing earlier ones. An operation that waits to the end needs no
// reversal: it is a failure, and ends the exploration.
func (x *Explorer) findRaces(i int32, e *event, clock []uint32) {
	o := x.objs.at(e.obj)
	hist := o.hist
	g := traits[e.code].guard
	copied := false
	for k := o.lastOther(e.kind); k >= 0; k-- {
		f := hist[k]
		fe := &x.exec.events[f]
		if !conflict(fe.kind, e.kind) || !fe.open(g, e.arg) {
			continue
		}
		known := clock
		if copied {
			known = x.joined
		}
		if fe.thread != e.thread && known[fe.thread] <= uint32(fe.n) {
			x.races = append(x.races, reversal{f, i, i, e.thread, nothing})
			if !copied {
				copy(x.joined, clock)
				copied = true
			}
			join(x.joined, x.exec.clock(f))
		}
		if fe.kind == Write {
			return
		}
	}
}

// reverseRaces requests the reversal of each race of the execution, unless it
// has been explored or requested already. Races that end in the part that the
// last execution also had were handled then.
func (x *Explorer) reverseRaces() {
	x.findMissed()
	for _, r := range x.races {
		if int(r.until) < x.settled {
			continue
		}
		if x.why = x.limits.after(int(r.until - r.first)); x.why != "" {
			x.ending = cutShort
			return
		}
		x.reverse(r)
	}
	x.settled = x.exec.depth
}

// noteBlocked notes the races of threads that wait in an execution that is given
// up: the last event that closed their guard has come before their step. In a
// complete execution they would go on, and their steps would show the race; but the
// event that lets them go may be left out here.
func (x *Explorer) noteBlocked() {
	for _, t := range x.threads {
		g := traits[t.op.code].guard
		if !t.live || t.waiting || t.op.obj == noObj || t.op.code.multi() || g == always || x.enabled(t) {
			continue
		}
		hist := x.objs.at(t.op.obj).hist
		for k := len(hist) - 1; k >= 0 && hist[k] > t.last; k-- {
			if x.exec.events[hist[k]].open(g, t.op.arg) {
				x.races = append(x.races, reversal{hist[k], hist[k], hist[k], t.id, nothing})
				break
			}
		}
	}
}

// reverse requests an execution in which r's second event comes before its
// first. The sequence v that leads there has the events between the two that do
// not come after the first, and then the second event.
//
// This is Source-DPOR (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014): from that
// point, some step must be explored with which v could begin. No two complete
// executions are equivalent, because a thread whose step has been explored sleeps
// until a conflicting event. But an execution may be begun in which finally all
// remaining threads sleep. To make that rare, all of v is requested, as in
// Optimal-DPOR, and not only its beginning.
//
// Optimal-DPOR leaves out more: also a v that commutes with an explored step
// which is not in it. That is sound only if each requested v is needed. To
// decide that, operations of two executions would have to be compared, but it is
// not known here whether variables of two executions are the same.
func (x *Explorer) reverse(r reversal) {
	v := x.v[:0]
	for i := r.first + 1; i < r.until; i++ {
		if !x.exec.after(i, r.first) {
			v = append(v, i)
		}
	}
	x.v = v
	w := wakeup{x: x, v: v, last: x.exec.events[r.second], second: r.second, channel: r.channel, hasLast: true}
	w.last.thread = r.thread
	w.last.kind = traits[w.last.code].kind // its kind is not known if it comes first
	n := &x.nodes[r.first]
	for q := n.vain.next(0); q != nothing; q = n.vain.next(q + 1) {
		// Its step was left out and not explored, because it can come later.
		if w.begins(q) {
			w.remove(q)
		}
	}
	if !w.hasLast {
		return
	}
	for q := n.sleep.next(0); q != nothing; q = n.sleep.next(q + 1) {
		if !n.vain.has(q) && w.begins(q) {
			return
		}
	}
	if int(r.first) >= x.floor {
		x.tree.insert(&n.alts, &w)
		return
	}
	q := w.request(r.first)
	if x.tree.insert(&n.alts, &w) {
		x.requests = append(x.requests, q)
	}
}
