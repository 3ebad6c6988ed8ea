package sched

// reverseRaces requests the reversal of each race of the execution, unless it
// has been explored or requested already. Races that end in the part that the
// last execution also had were handled then.
func (x *Explorer) reverseRaces() {
	x.reversals.findMissed()
	for _, r := range x.reversals.list {
		if int(r.until) < x.stack.settled {
			continue
		}
		if x.why = x.limits.after(int(r.until - r.first)); x.why != "" {
			x.ending = cutShort
			return
		}
		x.stack.reverse(r, &x.reversals)
	}
	x.stack.settled = x.exec.depth
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
