package sched

// Lock is Mutex.Lock.
func (x *Explorer) Lock(h *Header, typ string) {
	x.enter(h, typ, lock, 0)
	x.leaveWith(Write, func(o *object) { o.held = true })
}

// TryLock is Mutex.TryLock.
func (x *Explorer) TryLock(h *Header, typ string) (ok bool) {
	x.enter(h, typ, tryLock, 0)
	x.tries()
	o := x.objs.at(x.cur.op.obj)
	if o.held {
		x.Leave(Read, false)
		x.result("TryLock() = false")
		return false
	}
	x.Changed(true)
	x.acquire(x.cur, o.released)
	o.held = true
	x.result("TryLock() = true")
	return true
}

// Unlock is Mutex.Unlock.
func (x *Explorer) Unlock(h *Header, typ string) {
	x.enter(h, typ, unlock, 0)
	if !x.objs.at(x.cur.op.obj).held {
		x.fail(Misuse, "Unlock of "+x.texts.object(x.cur.op.obj)+", which is not locked")
	}
	x.leaveWith(Write, func(o *object) { o.held = false })
}

// leaveWith leaves an operation that changes its object. The change comes last,
// because Leave notes which guards were open before it.
func (x *Explorer) leaveWith(k Kind, change func(*object)) {
	id := x.cur.op.obj
	x.Leave(k, true)
	change(x.objs.at(id))
}

// LockRW is RWMutex.Lock: as in the standard library, a writer first blocks new
// readers, and then waits for the present ones.
func (x *Explorer) LockRW(h *Header, typ string) {
	x.enter(h, typ, announce, 0)
	x.leaveWith(Write, func(o *object) { o.held = true })
	x.enter(h, typ, drain, 0)
	x.leaveWith(Write, func(*object) {})
}

// TryLockRW is RWMutex.TryLock.
func (x *Explorer) TryLockRW(h *Header, typ string) bool {
	x.enter(h, typ, tryAnnounce, 0)
	x.tries()
	o := x.objs.at(x.cur.op.obj)
	if o.held || o.count > 0 {
		x.Leave(Read, false)
		x.result("TryLock() = false")
		return false
	}
	x.Changed(true)
	x.acquire(x.cur, o.released)
	x.acquire(x.cur, o.readers)
	o.held = true
	x.result("TryLock() = true")
	return true
}

// RLock is RWMutex.RLock.
func (x *Explorer) RLock(h *Header, typ string) {
	x.enter(h, typ, rLock, 0)
	x.leaveWith(Accum, func(o *object) { o.count++ })
}

// TryRLock is RWMutex.TryRLock.
func (x *Explorer) TryRLock(h *Header, typ string) bool {
	x.enter(h, typ, tryRLock, 0)
	x.tries()
	o := x.objs.at(x.cur.op.obj)
	if o.held {
		x.Leave(Read, false)
		x.result("TryRLock() = false")
		return false
	}
	x.Leave(Accum, true)
	x.acquire(x.cur, o.released)
	o.count++
	x.result("TryRLock() = true")
	return true
}

// RUnlock is RWMutex.RUnlock.
func (x *Explorer) RUnlock(h *Header, typ string) {
	x.enter(h, typ, rUnlock, 0)
	if x.objs.at(x.cur.op.obj).count == 0 {
		x.fail(Misuse, "RUnlock of "+x.texts.object(x.cur.op.obj)+", which no goroutine holds for reading")
	}
	x.leaveWith(Accum, func(o *object) { o.count-- })
	x.counters.lowers = true
}

// EnterOnce is the beginning of Once.Do: it waits while another call runs the
// function, and reports whether this call has to run it.
func (x *Explorer) EnterOnce(h *Header, typ string) bool {
	x.enter(h, typ, onceEnter, 0)
	o := x.objs.at(x.cur.op.obj)
	if o.count > 0 {
		x.Leave(Read, false)
		x.result("Do: f has run already")
		return false
	}
	x.Changed(true)
	o.held = true
	x.result("Do: runs f")
	return true
}

// LeaveOnce is the end of a Do that ran the function.
func (x *Explorer) LeaveOnce(h *Header, typ string) {
	x.enter(h, typ, onceLeave, 0)
	x.leaveWith(Write, func(o *object) { o.held, o.count = false, 1 })
}

// EnqueueCond is the first part of Cond.Wait. AwaitCond, with the returned
// ticket, is the part after the Unlock.
func (x *Explorer) EnqueueCond(h *Header, typ string) (ticket int32) {
	x.enter(h, typ, condEnqueue, 0)
	t := x.cur
	x.leaveWith(Write, func(o *object) {
		ticket = o.tickets
		o.tickets++
		o.waiters = append(o.waiters, t)
	})
	return ticket
}

// AwaitCond waits until the ticket is called.
func (x *Explorer) AwaitCond(h *Header, typ string, ticket int32) {
	x.enter(h, typ, condWake, ticket)
	x.Leave(Read, false)
}

// SignalCond calls the first ticket that waits, or all: Go's Cond is fair.
func (x *Explorer) SignalCond(h *Header, typ string, all bool) {
	c := condSignal
	if all {
		c = condBroadcast
	}
	x.enter(h, typ, c, 0)
	t := x.cur
	x.leaveWith(Write, func(o *object) {
		n := min(1, o.tickets-o.called)
		if all {
			n = o.tickets - o.called
		}
		for i := range n {
			join(o.waiters[o.called+i].clock, t.clock)
		}
		o.called += n
		t.clock[t.id]++
	})
}

// Choose returns one of 0 to n-1: there is an execution for each.
func (x *Explorer) Choose(n int) int {
	if n < 1 {
		n = 1
	}
	x.enter(nil, "", choose, int32(n))
	if x.solo {
		x.fail(Misuse, "Choose in a function that was given to Final, which runs when all has ended")
	}
	d := x.exec.depth
	x.Leave(Read, false)
	x.cur.forgetReads()
	x.result("Choose(%d) = %d", n, x.stack.nodes[d].choice)
	return int(x.stack.nodes[d].choice)
}
