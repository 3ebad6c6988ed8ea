package sched

// counters are the counts of WaitGroups and of readers. Operations that count up and down
// commute, so only one order of them is run. A misuse in another order is found from the events.
type counters struct {
	exec   *execution
	objs   *objects
	unsure []suspect
	lowers bool     // one was lowered in this execution
	counts counting // scratch
}

func (cs *counters) reset() { cs.unsure, cs.lowers = cs.unsure[:0], false }

// A suspect is an Add to a WaitGroup and a Wait with no order between them. It is a
// misuse if the counter may be zero at the Add: such an Add must happen before Wait
// is called, or after it has returned.
type suspect struct{ add, wait int32 }

// suspectAdd looks for Waits that do not happen before t's Add, which comes next.
func (cs *counters) suspectAdd(t *thread) {
	for _, i := range cs.objs.at(t.op.obj).hist {
		if e := &cs.exec.events[i]; e.code == wgWait && t.clock[e.thread] < e.epoch {
			cs.unsure = append(cs.unsure, suspect{int32(cs.exec.depth), i})
		}
	}
}

// suspectWait looks for Adds that do not happen before t's Wait was called.
func (cs *counters) suspectWait(t *thread) {
	for _, i := range cs.objs.at(t.op.obj).hist {
		if e := &cs.exec.events[i]; (e.code == wgAdd || e.code == wgAddInOrder) && e.arg > 0 && t.clock[e.thread] < e.epoch {
			cs.unsure = append(cs.unsure, suspect{i, int32(cs.exec.depth)})
		}
	}
}

// newCounting returns an empty counting, in the memory of the last one.
func (cs *counters) newCounting() *counting {
	c := &cs.counts
	c.exec, c.ups, c.downs = cs.exec, c.ups[:0], c.downs[:0]
	return c
}

// mayBeZero reports whether the counter is zero at an Add in some equivalent
// order: it is if one more unit, lowered just before the Add, could not be
// matched.
func (cs *counters) mayBeZero(add int32) bool {
	if e := &cs.exec.events[add]; e.code == wgAddInOrder {
		return e.zero
	}
	c := cs.newCounting()
	for _, i := range cs.objs.at(cs.exec.events[add].obj).hist {
		if i != add && !cs.exec.after(i, add) {
			c.add(i)
		}
	}
	c.downs = append(c.downs, unit{event: add, left: 1, before: func(i int32) bool { return cs.exec.after(add, i) }})
	return c.unmatched() != nothing
}

// misused is a suspect that is a misuse by the events so far.
func (cs *counters) misused() (s suspect, ok bool) {
	for _, s := range cs.unsure {
		if cs.mayBeZero(s.add) {
			return s, true
		}
	}
	return suspect{}, false
}

// lowersTooMuch is an event that lowers a counter below zero in some equivalent order, or
// nothing.
func (cs *counters) lowersTooMuch() int32 {
	if !cs.lowers {
		return nothing
	}
	for id := range cs.objs.all() {
		c := cs.newCounting()
		for _, i := range cs.objs.at(int32(id)).hist {
			c.add(i)
		}
		if e := c.unmatched(); e != nothing {
			return e
		}
	}
	return nothing
}
