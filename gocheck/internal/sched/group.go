package sched

// NegativeCounter is the value of a WaitGroup's panic.
const NegativeCounter = "sync: negative WaitGroup counter"

// AddGroup is WaitGroup.Add. It reports whether the counter is negative now: the caller
// then panics with NegativeCounter. If nobody recovers that, it is a misuse.
func (x *Explorer) AddGroup(h *Header, typ string, n int) (negative bool) {
	x.enter(h, typ, x.addCode(n), int32(n))
	if x.objs.at(x.cur.op.obj).count+int32(n) < 0 {
		x.sinks()
		negative = true
	}
	if n > 0 && !x.solo {
		x.counters.suspectAdd(x.cur)
	}
	kind := traits[x.cur.op.code].kind
	x.leaveWith(kind, func(o *object) { o.count += int32(n) })
	x.counters.lowers = x.counters.lowers || n < 0
	if n == -1 {
		x.result("Done: %d left", x.objs.at(x.cur.op.obj).count)
	} else {
		x.result("Add(%d): %d left", n, x.objs.at(x.cur.op.obj).count)
	}
	x.judgeAdds()
	return negative
}

func (x *Explorer) addCode(n int) Code {
	switch {
	case n < 0 && x.cfg.ordersCounts:
		return wgDoneInOrder
	case n < 0:
		return wgDone
	case x.cfg.ordersCounts:
		return wgAddInOrder
	}
	return wgAdd
}

// needsOrder is the reason with which an exploration ends that must be made again with
// Config.ordersCounts.
const needsOrder = "order of counts"

// sinks is for an operation that makes the counter negative.
//
// Claim: if Config.ordersCounts is set, every order of the operations on a WaitGroup is explored,
// and a negative counter is reported only where an Add panics. Proof: an Add that panics does not
// commute with others, because the panic reaches whoever comes when the counter is zero.
// With ordersCounts no two operations on a WaitGroup commute but two Waits. So all their
// orders are explored, and each panic in one of them is raised there. The matching of counters
// is about orders that are left out, and there are none. The smallest program:
// two goroutines call Done of a counter of 1, and only one of them recovers.
func (x *Explorer) sinks() {
	text := "negative counter of " + x.texts.object(x.cur.op.obj)
	if x.solo {
		x.fail(Misuse, text)
	}
	if !x.cfg.ordersCounts {
		x.why = needsOrder
		x.end(cutShort)
	}
	x.cur.sunk = text
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
