package sched

// A reversal is two events of different threads that conflict, with nothing
// between them that orders them: the second could have come first, and the
// execution in which it does is another one.
//
// Of a meeting it may be the partner's own step that could have come first.
type reversal struct {
	first, second int32
	thread        int32 // of the step that is to come first
}

// findRaces notes the races that end in e, which is event i. clock is that of the
// event before it in its thread.
//
// An operation that waits cannot be put before the event that let it go: who
// unlocks is not raced by who then locks. It can be put before an event that it
// was free to precede, and the last such event is the one that it races with;
// of those before, reversing this one comes first. An operation that waits to the
// end needs no reversal: that is a failure, and the end.
func (x *Explorer) findRaces(i int32, e *event, clock []uint32) {
	o := &x.objs[e.obj]
	hist := o.hist
	g := traits[e.code].guard
	copied := false
	for k := o.lastOther(e.kind); k >= 0; k-- {
		f := hist[k]
		fe := &x.events[f]
		if !conflict(fe.kind, e.kind) || !fe.open(g, e.arg) {
			continue
		}
		known := clock
		if copied {
			known = x.joined
		}
		if fe.thread != e.thread && known[fe.thread] <= uint32(fe.n) {
			x.races = append(x.races, reversal{f, i, e.thread})
			if !copied {
				copy(x.joined, clock)
				copied = true
			}
			join(x.joined, x.clock(f))
		}
		if fe.kind == Write {
			return
		}
	}
}

// reverseRaces asks for the reversal of each race of the execution, unless it
// has been explored or asked for already. Those that end in the part that the
// last execution had too were seen to then.
func (x *Explorer) reverseRaces() {
	for _, r := range x.races {
		if int(r.second) < x.settled {
			continue
		}
		x.work += int(r.second - r.first)
		if x.why = x.mustEnd(); x.why != "" {
			x.ending = cutShort
			return
		}
		x.reverse(r)
	}
	x.settled = x.depth
}

// noteBlocked notes the races of those who wait in an execution that is given up:
// the last event that closed their guard has come before their step. Elsewhere they
// would go on, and tell of it; but what lets them go may be what is left out here.
func (x *Explorer) noteBlocked() {
	for _, t := range x.threads {
		g := traits[t.op.code].guard
		if !t.live || t.waiting || t.op.obj == noObj || t.op.code.multi() || g == always || x.enabled(t) {
			continue
		}
		hist := x.objs[t.op.obj].hist
		for k := len(hist) - 1; k >= 0 && hist[k] > t.last; k-- {
			if x.events[hist[k]].open(g, t.op.arg) {
				x.races = append(x.races, reversal{hist[k], hist[k], t.id})
				break
			}
		}
	}
}

// reverse asks for an execution in which r's second event comes before its
// first. The sequence v that leads there is all between the two that does not
// come after the first, then the second one.
//
// This is Source-DPOR (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014): something
// must be explored from there that v might as well begin with. No two executions
// are equivalent, for who has been explored sleeps until something conflicts. But
// one may be begun and come to where all that is left sleeps; to make that rare
// all of v is asked for, as in Optimal-DPOR, and not its beginning alone.
//
// Optimal-DPOR itself leaves out more: also a v that an explored step commutes
// with and that does not have it. That is sound only if each v that is asked for
// is needed. To know that one has to compare operations of two executions, and
// whether two variables of two executions are the same is not known here.
func (x *Explorer) reverse(r reversal) {
	v := x.v[:0]
	for i := r.first + 1; i < r.second; i++ {
		if !x.after(i, r.first) {
			v = append(v, i)
		}
	}
	x.v = v
	w := wakeup{x: x, v: v, last: x.events[r.second], second: r.second, hasLast: true}
	w.last.thread = r.thread
	w.last.kind = traits[w.last.code].kind // how it turns out when it comes first is not known
	n := &x.nodes[r.first]
	for q := n.vain.next(0); q != nothing; q = n.vain.next(q + 1) {
		// Its step was not explored, but left out: it can come later.
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
	w.insert(&n.alts)
}
