package sched

// reverseRaces requests the reversal of each race of the execution, unless it
// has been explored or requested already. Races that end in the part that the
// last execution also had were handled then.
func (x *Explorer) reverseRaces() {
	x.reversals.findMissed()
	for _, r := range x.reversals.list {
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
				x.reversals.list = append(x.reversals.list, reversal{hist[k], hist[k], hist[k], t.id, nothing})
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
