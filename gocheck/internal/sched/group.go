package sched

import "fmt"

// AddGroup is WaitGroup.Add.
func (x *Explorer) AddGroup(h *Header, typ string, n int) {
	c := wgAdd
	if n < 0 {
		c = wgDone
	}
	x.enter(h, typ, c, int32(n))
	if x.objs.at(x.cur.op.obj).count+int32(n) < 0 {
		x.fail(Misuse, "negative counter of "+x.objectName(x.cur.op.obj))
	}
	if n > 0 && !x.solo {
		x.counters.suspectAdd(x.cur)
	}
	x.leaveWith(Accum, func(o *object) { o.count += int32(n) })
	x.counters.lowers = x.counters.lowers || n < 0
	if n == -1 {
		x.result("Done: %d left", x.objs.at(x.cur.op.obj).count)
	} else {
		x.result("Add(%d): %d left", n, x.objs.at(x.cur.op.obj).count)
	}
	x.judgeAdds()
}

// WaitGroup is WaitGroup.Wait.
func (x *Explorer) WaitGroup(h *Header, typ string) {
	x.enter(h, typ, wgWait, 0)
	if !x.solo && x.probing != x.cur {
		x.counters.suspectWait(x.cur)
	}
	x.Leave(Read, false)
	x.judgeAdds()
}

// judgeAdds fails if an Add beside a Wait is a misuse by the events so far. The
// others are judged again at the end, because in another order a later Done may
// come before the Add.
func (x *Explorer) judgeAdds() {
	if len(x.counters.unsure) > 0 && x.ending == running && x.judgeSuspects() {
		x.next = nil
		x.ending = failed
		x.cur.park()
	}
}

func (x *Explorer) judgeSuspects() bool {
	s, misused := x.counters.misused()
	if misused {
		x.say(Misuse, x.addBesideWait(s))
		x.marks(s.add, s.wait)
	}
	return misused
}

func (x *Explorer) addBesideWait(s suspect) string {
	a, w := &x.exec.events[s.add], &x.exec.events[s.wait]
	return fmt.Sprintf("Add beside Wait of %s: an Add that finds the counter zero must happen before Wait is called or after it has returned, and nothing orders these two:\n  %s adds%s\n  %s waits%s",
		x.objectName(a.obj), x.threads.name(a.thread), x.eventAt(s.add), x.threads.name(w.thread), x.eventAt(s.wait))
}

// judgeCounters checks an execution that has ended for misuse of counters that
// shows in an equivalent execution.
func (x *Explorer) judgeCounters() {
	if x.judgeSuspects() {
		return
	}
	if e := x.counters.lowersTooMuch(); e != nothing {
		x.say(Misuse, x.takenTooEarly(e))
	}
}

func (x *Explorer) takenTooEarly(i int32) string {
	e := &x.exec.events[i]
	name := x.objectName(e.obj)
	if e.code == rUnlock {
		return fmt.Sprintf("RUnlock of %s, which no goroutine holds for reading in another order: nothing orders RUnlock%s and the RLock before it", name, x.eventAt(i))
	}
	return fmt.Sprintf("negative counter of %s in another order: nothing orders %s%s and the Add before it", name, traits[e.code].name, x.eventAt(i))
}
