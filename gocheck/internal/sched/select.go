package sched

import "unsafe"

// A Case is one alternative of a select; a plain send or receive is a select of
// one.
type Case struct {
	Chan unsafe.Pointer // nil: never ready
	Send bool
	Box  unsafe.Pointer // for Send: a copy of the value; opaque to the explorer
}

// A selection has the alternatives of a thread's select.
//
// Others cannot observe that a goroutine waits: it cannot be distinguished from
// one that has not reached the select yet. So a select that waits is one step,
// which can run once a case is ready. Any of the goroutines that wait for the
// same may be next. In the standard runtime it is the one that came first, but it
// is not known here which one that is, even after a tick of the virtual clock: a
// goroutine may be late. So one that has waited may be overtaken by one that has
// slept, as happens in the standard runtime on a busy machine.
//
// At an unbuffered channel the receiver takes the step, and the sender's value.
// The sender sees the result by a step that commutes with all others. The sender
// has to have arrived, and a send or receive that does not wait needs a partner
// that has. So a select that may need a partner has a step before, in which it
// arrives.
//
// A step that takes a case accesses its channel, and leaves the other channels.
// Whether another case was ready makes no difference (see selectrace.go). A step
// that finds no case ready reads all channels.
//
// Two selects that both have another ready case never meet: the first to arrive
// would have taken that case. See mayMeet.
type selection struct {
	cases []Case
	chans []int32 // numbers of the channels; -1: nil
	block bool
	came  int32 // the event of its arrival; noEvent: it has not arrived, or need not
	since int32 // of a timer that fires: the event that made it pending
	met   meeting

	alts  []alternative // cases that can be taken now
	taken taken         // the alternative of the step that is about to be taken
	part  bool          // foot has only the case that is taken: the others are not read
	foot  footprint     // of the step that is about to be taken
	meets *thread       // the partner
	needs []int32       // events that let it go, without being conflicts
}

// An alternative is a case that is ready, with the partner at an unbuffered
// channel.
type alternative struct {
	i    int
	with waitingCase
}

// A meeting is a partner's effect on a waiting thread.
type meeting struct {
	event int32 // noEvent: nothing yet
	i     int
	box   unsafe.Pointer
}

// Select is a select statement. It returns the case that was taken, and the
// received value. i<0: no case is ready, and it does not block. A send on a
// closed channel returns closed, and the caller has to panic. A receive from a
// closed channel returns no box, and closed.
func (x *Explorer) Select(cases []Case, block bool, state func(unsafe.Pointer) ChanState) (i int, box unsafe.Pointer, closed bool) {
	x.alive()
	t := x.cur
	s := x.newSelection(t, cases, block, state)
	first, unbuffered := x.chans.survey(s)
	if first == noObj && !block {
		return -1, nil, false
	}
	if block && unbuffered {
		x.come(t, first)
	}
	code := chanSelect
	if !block {
		code = chanTry
	}
	if t.firing {
		return x.proceed(t)
	}
	if !x.announce(code, first) {
		return x.probeSelect(t)
	}
	if x.solo && !x.chans.canProceed(t) && block {
		x.fail(Deadlock, "a function that runs when all has ended "+x.texts.waitsFor(t))
	}
	return x.proceed(t)
}

func (x *Explorer) newSelection(t *thread, cases []Case, block bool, state func(unsafe.Pointer) ChanState) *selection {
	if t.sel == nil {
		t.sel = &selection{}
	}
	s := t.sel
	s.cases, s.block, s.came, s.met.event, s.since = cases, block, noEvent, noEvent, noEvent
	s.taken, s.part = anyStep, false
	s.chans = s.chans[:0]
	for _, c := range cases {
		s.chans = append(s.chans, x.chans.number(c.Chan, state))
	}
	return s
}

// foot is an empty footprint for t's next step.
func (t *thread) foot() footprint {
	if t.sel == nil {
		t.sel = &selection{}
	}
	t.sel.needs = t.sel.needs[:0]
	t.sel.cases, t.sel.block, t.sel.met.event, t.sel.since = nil, false, noEvent, noEvent
	t.sel.taken, t.sel.part = anyStep, false
	return t.sel.foot[:0]
}

// alive ends a goroutine whose execution has ended.
func (x *Explorer) alive() {
	if x.killing {
		x.leave()
	}
}

// announce waits for the turn of an operation on channels. It returns false in
// a probe, where the operation is no step.
func (x *Explorer) announce(c Code, obj int32) bool {
	t := x.cur
	if x.probe.thread == t {
		return false
	}
	x.fires(t)
	t.op = op{c, obj, 0}
	if x.rec != nil {
		x.rec.wait(x, t)
	}
	if !x.solo {
		x.turn(t)
	}
	return true
}

// come is the step in which a select arrives that may have to wait for a partner.
func (x *Explorer) come(t *thread, obj int32) {
	if !x.announce(chanArrive, obj) {
		x.deviateNow(t)
	}
	if x.solo {
		return
	}
	s := t.sel
	x.noteOffer(s)
	s.foot, s.needs = s.foot[:0], s.needs[:0]
	for i, id := range s.chans {
		switch {
		case id < 0 || x.chans.at(id).cap > 0:
		case s.cases[i].Send:
			s.foot = s.foot.with(id*sides+tail, Write)
		default:
			s.foot = s.foot.with(id*sides+guestSide, Accum)
		}
	}
	x.leaveMulti(t)
	x.note1(x.texts.waitsAt(t))
	s.came = t.last
	for i, id := range s.chans {
		if id >= 0 {
			x.chans.at(id).join(waitingCase{t, i}, s.cases[i].Send)
			x.changedChan(x.chans.at(id).obj)
		}
	}
}

func (c *channel) join(p waitingCase, send bool) {
	switch {
	case c.cap > 0 || c.closed:
	case send:
		c.offers = append(c.offers, p)
	default:
		c.receivers = append(c.receivers, p)
	}
}

// proceed takes the step of t's select.
func (x *Explorer) proceed(t *thread) (i int, box unsafe.Pointer, closed bool) {
	s := t.sel
	s.foot, s.needs = s.foot[:0], s.needs[:0]
	if s.met.event != noEvent {
		return x.learn(t)
	}
	x.chans.alternatives(t)
	a, ok := x.chosen(t)
	x.addFootprint(t, a, ok)
	x.addFiring(t)
	s.meets = a.with.t
	x.leaveMulti(t)
	s.meets = nil
	explored := !x.solo && !x.wakes // other orders are
	if explored {
		x.reversals.notePassed(t, a.i)
	}
	x.fired(t)
	if !ok {
		return x.findNothing(t)
	}
	var able []able
	if explored {
		able = x.reversals.othersAble(t, x.threads)
	}
	r := x.chans.perform(t, a)
	switch obj := x.chans.at(s.chans[a.i]).obj; {
	case r.changed:
		x.changedChan(obj)
	case !s.cases[a.i].Send:
		x.readChan(t, obj)
	}
	if s.came != noEvent {
		x.chans.part(t)
	}
	x.reversals.noteDisabled(t, able)
	x.noteCase(s, a.i, r.closed)
	return a.i, r.box, r.closed
}

// learn is the step by which t sees the effect of its partner.
func (x *Explorer) learn(t *thread) (i int, box unsafe.Pointer, closed bool) {
	m := t.sel.met
	t.sel.needs = append(t.sel.needs, m.event)
	t.op.arg = 1
	s := t.sel
	s.taken, s.part = anyStep, false
	x.leaveMulti(t)
	x.noteCase(s, m.i, false)
	return m.i, m.box, false
}

// findNothing is the end of a select of which no case is ready.
func (x *Explorer) findNothing(t *thread) (i int, box unsafe.Pointer, closed bool) {
	x.note1("select: none is ready")
	for _, id := range t.sel.chans {
		if id >= 0 {
			x.readChan(t, x.chans.at(id).obj)
		}
	}
	return -1, nil, false
}

// chosen is the alternative that this execution takes.
func (x *Explorer) chosen(t *thread) (a alternative, ok bool) {
	alts := t.sel.alts
	t.op.arg = int32(len(alts))
	if len(alts) == 0 {
		return alternative{i: -1}, false
	}
	if x.solo {
		return alts[0], true
	}
	n := &x.stack.nodes[x.exec.depth]
	if t.firing && x.cfg.Random {
		n.choice = x.walk.rng.Int32N(int32(len(alts))) // the alternatives were not known when the step was picked
	}
	n.choice %= int32(len(alts))
	if !t.firing && !x.wakes && (x.exec.depth >= x.stack.prefix || x.exec.depth == x.stack.fresh && n.tried == 0) {
		n.openChoices(t)
	}
	return alts[n.choice], true
}

// openChoices finds the alternatives of t's select that do not sleep at n, and chooses the
// first of them.
func (n *node) openChoices(t *thread) {
	n.left = n.left[:0]
	alts := t.sel.alts
	for k := range alts {
		c := (n.choice + int32(k)) % int32(len(alts))
		if !n.sleepsAs(t.id, alts[c].taken()) {
			n.left = append(n.left, c)
		}
	}
	if len(n.left) > 0 {
		n.choice, n.left = n.left[0], n.left[1:]
	}
}

// leaveMulti puts t's step into the execution.
func (x *Explorer) leaveMulti(t *thread) {
	if x.solo {
		return
	}
	k := Read
	if t.sel.foot.writes() {
		k = Write
	}
	x.commit(t, k)
	x.spins = 0
	if x.rec != nil {
		x.rec.step(x, t)
	}
}

// changedChan is called when a channel has changed, for spinning threads.
func (x *Explorer) changedChan(obj int32) {
	if x.solo {
		return
	}
	o := x.objs.at(obj)
	o.version++
	x.cur.forgetReads()
	x.cur.stamped.acts()
	x.wakeWaiters(obj, o.version)
}

func (x *Explorer) readChan(t *thread, obj int32) {
	t.forgetSections()
	if !x.solo {
		t.reads = append(t.reads, seen{obj: obj, version: x.objs.at(obj).version})
	}
}

// probeSelect is a select in a probe. It has no effect only if no case is ready.
// A case that was not ready is still not ready if its channel has not changed.
func (x *Explorer) probeSelect(t *thread) (int, unsafe.Pointer, bool) {
	s := t.sel
	if s.block || x.chans.canProceed(t) {
		x.deviateNow(t)
	}
	for _, id := range s.chans {
		if id >= 0 {
			x.probeRead(t, x.chans.at(id).obj)
		}
	}
	return -1, nil, false
}

// taken is what a select does if it takes a.
func (a alternative) taken() taken {
	if a.with.t == nil {
		return taken{int32(a.i), nothing, 0}
	}
	return taken{int32(a.i), a.with.t.id, int32(a.with.i)}
}
