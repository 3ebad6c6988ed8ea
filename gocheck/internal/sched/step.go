package sched

import "unsafe"

// An event is a step that was taken.
type event struct {
	thread int32
	n      int32 // how many steps its thread took before
	obj    int32
	arg    int32
	choice int32
	epoch  uint32 // by its thread's clock
	code   Code
	kind   Kind // its actual kind

	// The guards that were open just before it.
	free, zero bool
	called     int32
}

func (e *event) open(g guard, arg int32) bool {
	switch g {
	case free:
		return e.free
	case zero:
		return e.zero
	case notified:
		return arg < e.called
	}
	return true
}

// Enter is called before an operation on h: it waits for the operation's turn,
// which is the scheduling point. Leave must follow.
func (x *Explorer) Enter(h *Header, typ string, c Code) { x.enter(h, typ, c, 0) }

// EnterWord is Enter for an atomic access to size bytes at p, which h stands for.
// In Enter, h itself stands for the memory of its variable.
func (x *Explorer) EnterWord(h *Header, typ string, c Code, p unsafe.Pointer, size uintptr) {
	if h.run != x.objs.run && !x.killing {
		x.newObject(h, typ, p, size)
	}
	x.enter(h, typ, c, 0)
}

func (x *Explorer) enter(h *Header, typ string, c Code, arg int32) {
	if x.killing {
		x.leave()
	}
	id := int32(noObj)
	if h != nil {
		id = x.object(h, typ)
		if x.objs.at(id).copied && c > Or {
			x.fail(Misuse, "this "+typ+" is a copy of one that has been used: a "+typ+" must not be copied")
		}
	}
	t := x.cur
	x.fires(t)
	t.op = op{c, id, arg}
	if x.rec != nil {
		x.rec.wait(x, t)
	}
	switch {
	case x.solo:
		if g := traits[c].guard; g != always && !x.objs.at(id).open(g, arg) {
			x.fail(Deadlock, "a function that was given to Final, which runs when all has ended, waits for "+x.texts.object(id))
		}
	case x.probe.thread == t:
		x.unlessWaiting(t, x.probe.operation())
	default:
		x.turn(t)
	}
}

// turn returns when it is t's turn.
func (x *Explorer) turn(t *thread) {
	if t.starting {
		t.park()
		return
	}
	if n := x.pick(); n != t {
		x.next = n
		t.park()
	}
}

// Leave is called after the operation, with the operation's actual kind, and
// whether it has changed the value.
func (x *Explorer) Leave(k Kind, changed bool) {
	t := x.cur
	if x.solo {
		return
	}
	handsOver := k != Read && len(t.wrote) > 0 // also by a store of the same value
	if x.probe.thread == t {
		if changed || handsOver {
			x.deviateNow(t)
		}
		return
	}
	e := x.commit(t, k)
	x.spins = 0
	if x.rec != nil {
		x.rec.step(x, t)
	}
	if e.obj == noObj {
		return
	}
	o := x.objs.at(e.obj)
	if (o.plain || x.memory.std.used > 0) && x.exec.depth > x.exec.known {
		x.race(t, x.memory.besidePlain(t, o, k))
	}
	if !changed {
		if handsOver {
			t.forgetReads()
		}
		s := seen{obj: e.obj, version: o.version}
		t.saw(s)
		if len(t.sections) > 0 {
			t.looks = append(t.looks, s)
		}
		return
	}
	o.version++
	t.forgetReads()
	t.stamped.acts()
	x.wakeWaiters(e.obj, o.version)
}

// Changed is Leave for an operation that is always a Write.
func (x *Explorer) Changed(changed bool) { x.Leave(Write, changed) }

// commit appends t's step to the execution, with its clock and its races.
func (x *Explorer) commit(t *thread, k Kind) *event {
	i := x.exec.depth
	x.exec.depth++
	if i < x.exec.known && !t.op.code.multi() {
		if x.exec.recurs(i, t, k, x.stack.nodes[i].choice) {
			return x.commitKnown(t, k, i)
		}
		x.exec.known = i
	}
	x.exec.makeRoom()
	x.exec.events[i] = event{thread: t.id, n: t.n, obj: t.op.obj, arg: t.op.arg, code: t.op.code,
		kind: k, choice: x.stack.nodes[i].choice, epoch: t.clock[t.id]}
	clock := x.exec.clock(int32(i))
	if t.last >= 0 {
		copy(clock, x.exec.clock(t.last))
	} else {
		clear(clock)
	}
	if t.timer == nil {
		x.time.steps++
	}
	if t.op.code == sleep || t.op.code == timerFire || t.ticked {
		joinSome(clock, x.time.barrier)
	}
	if t.op.code.multi() {
		x.orderMulti(int32(i), clock)
	} else if t.op.obj != noObj {
		x.order(int32(i), clock)
		x.objs.synchronize(t, k)
	}
	t.futile = t.futile[:0]
	if !harmless(t.op.code, k) {
		t.forgetSections()
	}
	t.n++
	clock[t.id] = uint32(t.n)
	t.last = int32(i)
	t.events = append(t.events, int32(i))
	return &x.exec.events[i]
}

// commitKnown is commit for event i, if the last execution had the same event
// and the same events before it. Its clock is unchanged, and its races have
// been handled.
func (x *Explorer) commitKnown(t *thread, k Kind, i int) *event {
	e := &x.exec.events[i]
	if t.timer == nil {
		x.time.steps++
	}
	if e.obj != noObj {
		x.objs.at(e.obj).remember(int32(i), e)
		x.objs.synchronize(t, k)
	}
	t.n++
	t.last = int32(i)
	t.events = append(t.events, int32(i))
	return e
}

func join(a, b []uint32) {
	for i, v := range b {
		if v > a[i] {
			a[i] = v
		}
	}
}

// order orders event i after the events that it conflicts with, and notes its
// races with them.
func (x *Explorer) order(i int32, clock []uint32) {
	e := &x.exec.events[i]
	o := x.objs.at(e.obj)
	if traits[e.code].sync&keepsHistory != 0 {
		e.called = o.called
		e.free, e.zero = !o.held, o.count == 0
	}
	if !x.wakes && int(i) >= x.exec.known {
		x.reversals.find(i, e, clock)
	}
	for k := o.lastOther(e.kind); k >= 0; k-- {
		f := o.hist[k]
		if fk := x.exec.events[f].kind; conflict(fk, e.kind) {
			join(clock, x.exec.clock(f))
			if fk == Write {
				break
			}
		}
	}
	o.remember(i, e)
}

func (o *object) remember(i int32, e *event) {
	if e.kind == Write && traits[e.code].sync&keepsHistory == 0 {
		o.hist = o.hist[:0]
	}
	if len(o.hist) == 0 || e.kind != o.runKind {
		o.run, o.runKind = len(o.hist), e.kind
	}
	o.hist = append(o.hist, i)
}

// lastOther is the index of the last event in hist that may conflict with one of kind k:
// a run of reads at the end of it, or of accumulations, commutes with another one.
func (o *object) lastOther(k Kind) int {
	if len(o.hist) > 0 && k == o.runKind && k != Write {
		return o.run - 1
	}
	return len(o.hist) - 1
}
