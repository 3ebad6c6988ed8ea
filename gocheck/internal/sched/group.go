package sched

// AddGroup is WaitGroup.Add.
func (x *Explorer) AddGroup(h *Header, typ string, n int) {
	c := wgAdd
	if n < 0 {
		c = wgDone
	}
	x.enter(h, typ, c, int32(n))
	if x.objs.at(x.cur.op.obj).count+int32(n) < 0 {
		x.fail(Misuse, "negative counter of "+x.texts.object(x.cur.op.obj))
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
	if !x.solo && x.probe.thread != x.cur {
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
		x.say(Misuse, x.texts.addBesideWait(s))
		x.marks(s.add, s.wait)
	}
	return misused
}

// judgeCounters checks an execution that has ended for misuse of counters that
// shows in an equivalent execution.
func (x *Explorer) judgeCounters() {
	if x.judgeSuspects() {
		return
	}
	if e := x.counters.lowersTooMuch(); e != nothing {
		x.say(Misuse, x.texts.takenTooEarly(e))
	}
}
