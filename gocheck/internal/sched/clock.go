package sched

import (
	"slices"
	"time"
	"unsafe"
)

// The clock is virtual. It stands still while any goroutine can run, and moves to
// the earliest time that somebody waits for when none can: this is a tick. All
// that is due then can run, in any order.
//
// A tick is no step, and comes after everything: before it nothing else could have
// been done, so no order of the steps before has it earlier, and none of them can
// be put after it. What runs next runs because of it, so the first steps after it
// come after all that was before (barrier), and so does whatever they lead to. So
// no race has an end on each side of a tick, and Now needs no step: between ticks it
// is constant, and equivalent executions have their ticks at the same place.
//
// With Late it moves a nanosecond beyond: no machine's clock shows the very time that
// was waited for, and programs ask whether a time is over by a comparison that may be
// strict. Times that are within a microsecond are waited for together then, so that
// what was due at one time still is: a goroutine that has waited twice would be a
// nanosecond late.
//
// To be after something in time is not to be after it in happens-before: a sleep
// orders nothing.
//
// With TimersAnyTime a sleep may end, and a timer fire, at any point after its
// start. The time is then not the same for all: see Now. Only tickers wait for
// ticks after their first one even so, or they could tick without end.
type virtualTime struct {
	now     int64
	barrier []uint32 // what was before the last tick
	timers  map[unsafe.Pointer]*timer
	list    []*timer // in the order of their starts
	sleeps  int      // threads that sleep
	late    int      // ticks since nothing was left but tickers
	after   int      // ticks since the body has returned
	recent  int      // how many events there were after half of them
	steps   int      // of goroutines, not timers
	obj     int32    // who looks at it sees this object
	leap    int64    // how far it moves for a loop that waits for it
	passed  []moment // with TimersAnyTime: what has been waited for
}

// firstLeap is how far the clock moves for a loop that looks at it, and at nothing
// that has changed; it doubles each time.
const firstLeap = 1000

// A moment is an event that comes at a time.
type moment struct {
	event int32
	when  int64
}

// A timer has a thread of its own, which fires it. It has a channel's number, but
// one side only: a step of it and the send that it is are one event.
type timer struct {
	id      int32
	when    int64
	period  int64
	pending bool
	fire    func()
	runs    bool           // its thread does
	since   int32          // the event that made it pending
	owed    []int32        // that of each firing that was due when it was stopped
	firedAt int            // what steps was when it fired last
	clock   []uint32       // of who started it
	feeds   unsafe.Pointer // the channel that it sends to
}

// lateTicks is how often tickers still tick when the body has returned and nothing
// else is timed: a goroutine that looks at a flag at each tick gets to see it.
const lateTicks = 4

// afterTicks is how often the clock moves at all when the body has returned: a
// goroutine may sleep again and again without end, which the end of a process ends.
const afterTicks = 100

func (x *Explorer) resetClock() {
	c := &x.time
	clear(c.timers)
	clear(c.list)
	*c = virtualTime{now: x.cfg.Epoch, obj: noObj, leap: firstLeap, barrier: c.barrier[:0], timers: c.timers, list: c.list[:0], passed: c.passed[:0]}
}

// Now is the time, in nanoseconds. With TimersAnyTime it is the latest time that
// anything waited for which comes before: if all steps are put in the order of these
// times, then a clock that never goes back shows them.
func (x *Explorer) Now() int64 {
	x.alive()
	t := x.cur
	x.readClock(t)
	now := x.time.now
	if x.cfg.TimersAnyTime && !x.solo && t.last >= 0 {
		for _, m := range x.time.passed {
			if x.after(t.last, m.event) {
				now = max(now, m.when)
			}
		}
	}
	return now
}

// readClock notes that t has looked at the clock, for loops that wait for a time.
func (x *Explorer) readClock(t *thread) {
	if x.solo {
		return
	}
	if x.time.obj == noObj {
		x.time.obj = x.addObject("clock")
	}
	if x.probing == t {
		x.probeRead(t, x.time.obj)
		return
	}
	x.readChan(t, x.time.obj)
}

// Sleep waits until d has passed.
func (x *Explorer) Sleep(d int64) {
	x.alive()
	if d <= 0 {
		return
	}
	t := x.cur
	if x.solo {
		x.time.now += d
		return
	}
	t.wake = x.Now() + d
	x.stats.Timed = true
	x.time.sleeps++
	x.enter(nil, "", sleep, 0)
	x.time.sleeps--
	x.Leave(Read, false)
	t.forgetReads()
	x.comesAt(t, t.wake)
}

// comesAt notes that t's last step came at a time.
func (x *Explorer) comesAt(t *thread, when int64) {
	if x.cfg.TimersAnyTime {
		x.time.passed = append(x.time.passed, moment{t.last, when})
	}
}

// StartTimer starts the timer at p: at when, and then each period if that is not
// 0, fire runs as a step of the clock. It may call Select without blocking, and Go.
func (x *Explorer) StartTimer(p unsafe.Pointer, when, period int64, fire func()) {
	x.startTimer(p, when, period, fire)
}

func (x *Explorer) startTimer(p unsafe.Pointer, when, period int64, fire func()) (was bool) {
	x.alive()
	if x.solo {
		return false // no time passes any more
	}
	tm := x.timer(p)
	tm.fire = fire
	x.stats.Timed = true
	was = x.ResetTimer(p, when, period)
	if tm.runs {
		return was
	}
	tm.runs = true
	parent := x.cur
	x.Go(func() { x.runTimer(tm) })
	t := parent.kids[parent.nkids-1]
	t.idle, t.timer = true, tm
	return was
}

func (x *Explorer) timer(p unsafe.Pointer) *timer {
	tm := x.time.timers[p]
	if tm == nil {
		tm = &timer{id: x.newChannel("timer", ChanState{}), firedAt: -1, since: noEvent}
		if x.time.timers == nil {
			x.time.timers = map[unsafe.Pointer]*timer{}
		}
		x.time.timers[p] = tm
		x.time.list = append(x.time.list, tm)
	}
	return tm
}

// runTimer is the thread of a timer. If it was due and is stopped, it takes a step
// even so: that the timer might have fired before the Stop is a race of the two.
func (x *Explorer) runTimer(tm *timer) {
	for {
		x.announce(timerFire, x.chans[tm.id].obj)
		t := x.cur
		if len(tm.owed) > 0 {
			foot := t.foot().with(tm.id*sides, Read)
			t.sel.foot = foot
			t.sel.since = tm.owed[0]
			tm.owed = tm.owed[1:]
			x.leaveMulti(t)
			x.note1("would have fired, but was stopped")
			continue
		}
		t.firing = true
		tm.fire()
		x.fires(t)
	}
}

// fires makes the firing of t a step of its own, if it has not been a send.
func (x *Explorer) fires(t *thread) {
	if t.firing {
		foot := t.foot()
		t.sel.foot = foot
		x.addFiring(t)
		x.leaveMulti(t)
		x.fired(t)
	}
}

// addFiring adds the timer to the footprint of its send.
func (x *Explorer) addFiring(t *thread) {
	if t.firing {
		t.sel.since = t.timer.since
		t.sel.foot = t.sel.foot.with(t.timer.id*sides, Write)
		joinSome(t.clock, t.timer.clock)
	}
}

// fired notes that t's timer has fired by its last step.
func (x *Explorer) fired(t *thread) {
	if !t.firing {
		return
	}
	tm := t.timer
	t.firing = false
	x.comesAt(t, tm.when)
	tm.firedAt = x.time.steps
	if tm.pending = tm.period > 0; tm.pending {
		missed := max(0, x.time.now-tm.when) / tm.period
		tm.when += (1 + missed) * tm.period
	}
}

// isDue says whether the timer's time has come.
func (x *Explorer) isDue(tm *timer) bool {
	return tm.pending && (x.time.now >= tm.when || x.cfg.TimersAnyTime && (tm.period == 0 || tm.firedAt < 0))
}

// canFire says whether the timer's thread can take a step.
func (x *Explorer) canFire(tm *timer) bool { return tm != nil && (len(tm.owed) > 0 || x.isDue(tm)) }

// StopTimer says whether the timer was pending.
func (x *Explorer) StopTimer(p unsafe.Pointer) bool {
	return x.setTimer(p, timerStop, func(tm *timer) { tm.pending = false })
}

// ResetTimer says whether the timer was pending.
func (x *Explorer) ResetTimer(p unsafe.Pointer, when, period int64) bool {
	return x.setTimer(p, timerReset, func(tm *timer) { tm.when, tm.period, tm.pending = when, period, true })
}

func (x *Explorer) setTimer(p unsafe.Pointer, c Code, set func(*timer)) bool {
	x.alive()
	tm := x.timer(p)
	t := x.cur
	if !x.announce(c, x.chans[tm.id].obj) {
		x.deviateNow(t)
	}
	was := tm.pending
	k := Write
	if !was && c == timerStop {
		k = Read
	}
	foot := t.foot().with(tm.id*sides, k)
	t.sel.foot = foot
	x.leaveMulti(t)
	if x.isDue(tm) {
		tm.owed = append(tm.owed, tm.since)
	}
	set(tm)
	if c == timerReset {
		tm.since = t.last
		x.release(t, &tm.clock)
	}
	x.changedChan(x.chans[tm.id].obj)
	return was
}

// slept says whether t's sleep may end.
func (x *Explorer) slept(t *thread) bool { return x.time.now >= t.wake || x.cfg.TimersAnyTime }

// tick moves the clock if nobody can run.
func (x *Explorer) tick() {
	c := &x.time
	if x.anyEnabled() || x.overtaken() {
		return
	}
	when, ok := x.nextTime()
	if !ok {
		return
	}
	if c.now = when; x.cfg.Late {
		c.now = x.lastOf(when) + 1
	}
	if len(c.barrier) < x.stride {
		c.barrier = x.zeroClock(c.barrier)
	}
	for _, t := range x.threads {
		if t.started && t.last >= 0 {
			join(c.barrier, x.clock(t.last))
		}
		t.ticked = t.waiting
	}
	x.wakeWatchers()
}

// together is how far apart times may be that come at one tick, in nanoseconds.
const together = 1000

// lastOf is the last of the times that come with first.
func (x *Explorer) lastOf(first int64) int64 {
	last := first
	add := func(w int64) {
		if w <= first+together {
			last = max(last, w)
		}
	}
	for _, t := range x.threads {
		if t.live && t.op.code == sleep {
			add(t.wake)
		}
	}
	for _, tm := range x.time.list {
		if tm.pending {
			add(tm.when)
		}
	}
	return last
}

// wakeWatchers wakes those who spin until the clock has moved. As all who spin, they
// go on after a tick in the same execution: no order has the tick before the round in
// which they looked, so no other execution has them look later.
func (x *Explorer) wakeWatchers() {
	if x.time.obj == noObj {
		return
	}
	for _, t := range x.threads {
		if x.watches(t) {
			t.woken = true
		}
	}
	x.objs[x.time.obj].version++
}

// watches says whether t spins until the clock has moved.
func (x *Explorer) watches(t *thread) bool {
	return t.live && t.waiting && x.time.obj != noObj && contains(t.waits, seen{obj: x.time.obj, version: x.objs[x.time.obj].version})
}

func (x *Explorer) anyEnabled() bool {
	for _, t := range x.threads {
		if x.enabled(t) {
			return true
		}
	}
	return false
}

// nextTime is the next time that matters. Timers do not keep an execution alive;
// and tickers help nobody if each has ticked since anybody took a step.
func (x *Explorer) nextTime() (when int64, ok bool) {
	if !x.anyoneLeft() {
		return 0, false
	}
	useful := false
	at := func(w int64) {
		if !ok || w < when {
			when, ok = w, true
		}
	}
	once := x.time.sleeps > 0
	for _, t := range x.threads {
		switch {
		case t.live && t.op.code == sleep:
			at(t.wake)
		case x.watches(t) && !t.idle:
			at(x.time.now + x.time.leap)
			x.time.leap *= 2
			once = true
		}
	}
	for _, tm := range x.time.list {
		if tm.pending {
			at(tm.when)
			once = once || tm.period == 0
			useful = useful || tm.firedAt < x.time.steps
		}
	}
	if x.threads[0].live {
		return when, ok && (once || useful)
	}
	switch x.time.after++; {
	case x.time.after > afterTicks:
		return 0, false
	case x.time.after == afterTicks/2:
		x.time.recent = x.depth
	}
	if !once {
		x.time.late++
		useful = useful && x.time.late <= lateTicks
	}
	return when, ok && (once || useful)
}

// goesOn says whether t, which waits at the end of an execution, would go on in
// time: the body has returned, and only the end of the process ends it.
//
// If the clock was stopped, then so may one that waits for something else: it does if
// it has taken steps of late.
func (x *Explorer) goesOn(t *thread) bool {
	if x.threads[0].live || x.cfg.TimedLeaks {
		return false
	}
	if t.op.code == sleep || x.watches(t) || x.time.after > afterTicks && int(t.last) >= x.time.recent {
		return true
	}
	return t.op.code.multi() && t.sel != nil && slices.ContainsFunc(t.sel.cases, func(c Case) bool {
		return !c.Send && c.Chan != nil && x.isFed(c.Chan)
	})
}

// isFed says whether a timer is going to send to channel c.
func (x *Explorer) isFed(c unsafe.Pointer) bool {
	return slices.ContainsFunc(x.time.list, func(tm *timer) bool { return tm.pending && tm.feeds == c })
}

// Feeds says that the timer at p sends to channel c.
func (x *Explorer) Feeds(p, c unsafe.Pointer) { x.timer(p).feeds = c }

// anyoneLeft says whether a goroutine has not ended that should.
func (x *Explorer) anyoneLeft() bool {
	for _, t := range x.threads {
		if t.live && !t.idle {
			return true
		}
	}
	return false
}

// timeOf says when a step comes that waits for a time, for people.
func (x *Explorer) timeOf(c Code) string {
	if x.cfg.TimersAnyTime || c != sleep && c != timerFire {
		return ""
	}
	since := time.Duration(x.time.now - x.cfg.Epoch)
	if x.cfg.Late {
		since--
	}
	if c == sleep {
		return "Sleep: until " + since.String()
	}
	return "timer fires at " + since.String()
}
