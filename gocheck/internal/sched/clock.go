package sched

import (
	"slices"
	"time"
	"unsafe"
)

// The clock is virtual. It does not move while any goroutine can run. When none
// can, it moves to the earliest time that a goroutine or a timer waits for: this
// is a tick. All that are due then can run, in any order.
//
// A tick is no step, and comes after all earlier steps: when it happens no other
// step is possible, so no order of these steps has the tick earlier, and none of
// them can be moved after it. Steps after the tick run because of it, so they come
// after all steps before it (barrier). So no race has its two events on different
// sides of a tick, and Now needs no step: it is constant between ticks, and
// equivalent executions have their ticks at the same places.
//
// With Late the clock moves a nanosecond further: a real clock never shows exactly
// the time that was waited for, and programs may compare strictly. Times within a
// microsecond are then one tick, so that events which are due at one time stay
// together: a goroutine that has waited twice would be a nanosecond late.
//
// An order in time is no order in happens-before: a sleep orders nothing.
//
// With TimersAnyTime a sleep may end, and a timer fire, at any point after its
// start. The time is then not the same for all goroutines: see Now. But tickers
// wait for ticks of the clock after their first one, because otherwise they
// could tick endlessly.
type virtualTime struct {
	now     int64
	barrier []uint32 // the clock of all before the last tick
	timers  map[unsafe.Pointer]*timer
	list    []*timer // in the order of their starts
	sleeps  int      // threads that sleep
	late    int      // ticks since only tickers were left
	after   int      // ticks since the body has returned
	ticks   int      // all of them
	over    bool     // the clock has stopped at MaxClock
	recent  int      // how many events there were after half of them
	steps   int      // of goroutines, not timers
	obj     int32    // the object that reads of the clock access
	leap    int64    // how far the clock moves for a loop that waits for it
	passed  []moment // with TimersAnyTime: the events with a time so far
}

// firstLeap is how far the clock moves for a loop that reads it, and reads nothing
// else that has changed. It doubles each time.
const firstLeap = 1000

// A moment is an event with a time.
type moment struct {
	event int32
	when  int64
}

// A timer has a thread of its own, which fires it. It is numbered as a channel
// with one side. Its firing and the send that the firing makes are one event.
type timer struct {
	id      int32
	when    int64
	period  int64
	pending bool
	fire    func()
	runs    bool           // its thread is live
	since   int32          // the event that made it pending
	owed    []int32        // the same, for each firing that was due when the timer was stopped
	firedAt int            // the value of steps when it fired last
	clock   []uint32       // of the goroutine that started it
	feeds   unsafe.Pointer // the channel that it sends to
}

// lateTicks is how many times tickers still tick when the body has returned and
// nothing else is timed, so that a goroutine that checks a flag at each tick sees
// it.
const lateTicks = 4

// afterTicks is how many times the clock moves when the body has returned: a
// goroutine may sleep again and again until the end of the process.
const afterTicks = 100

// manyTicks is how many times the clock moves at least before the body times out.
const manyTicks = 100

func (x *Explorer) resetClock() {
	c := &x.time
	clear(c.timers)
	clear(c.list)
	*c = virtualTime{now: x.cfg.Epoch, obj: noObj, leap: firstLeap, barrier: c.barrier[:0], timers: c.timers, list: c.list[:0], passed: c.passed[:0]}
}

// Now is the time, in nanoseconds. With TimersAnyTime it is the latest time of the
// timed events that come before. These times are consistent: if all steps are put in
// the order of these times, they are the times of a clock that never goes back.
func (x *Explorer) Now() int64 {
	x.alive()
	t := x.cur
	x.readClock(t)
	now := x.time.now
	if x.cfg.TimersAnyTime && !x.solo && t.last >= 0 {
		for _, m := range x.time.passed {
			if x.exec.after(t.last, m.event) {
				now = max(now, m.when)
			}
		}
	}
	return now
}

// readClock notes that t has read the clock, for loops that wait for a time.
func (x *Explorer) readClock(t *thread) {
	if x.solo {
		return
	}
	if x.time.obj == noObj {
		x.time.obj = x.objs.add("clock")
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

// comesAt notes the time of t's last step.
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
		return false // the clock does not move any more
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
		tm = &timer{id: x.chans.add("timer", ChanState{}), firedAt: -1, since: noEvent}
		if x.time.timers == nil {
			x.time.timers = map[unsafe.Pointer]*timer{}
		}
		x.time.timers[p] = tm
		x.time.list = append(x.time.list, tm)
	}
	return tm
}

// runTimer is the thread of a timer. If a timer is stopped when it is due, its
// thread still takes a step: the timer might have fired before the Stop, and that
// is a race of the two.
func (x *Explorer) runTimer(tm *timer) {
	for {
		x.announce(timerFire, x.chans.at(tm.id).obj)
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

// fires makes the firing of t a step of its own, if the firing was no send.
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

// isDue reports whether the timer's time has come.
func (x *Explorer) isDue(tm *timer) bool {
	return tm.pending && (x.time.now >= tm.when || x.cfg.TimersAnyTime && (tm.period == 0 || tm.firedAt < 0))
}

// canFire reports whether the timer's thread can take a step.
func (x *Explorer) canFire(tm *timer) bool { return tm != nil && (len(tm.owed) > 0 || x.isDue(tm)) }

// StopTimer stops the timer at p, and reports whether it was pending.
func (x *Explorer) StopTimer(p unsafe.Pointer) bool {
	return x.setTimer(p, timerStop, func(tm *timer) { tm.pending = false })
}

// ResetTimer restarts the timer at p, and reports whether it was pending.
func (x *Explorer) ResetTimer(p unsafe.Pointer, when, period int64) bool {
	return x.setTimer(p, timerReset, func(tm *timer) { tm.when, tm.period, tm.pending = when, period, true })
}

func (x *Explorer) setTimer(p unsafe.Pointer, c Code, set func(*timer)) bool {
	x.alive()
	tm := x.timer(p)
	t := x.cur
	if !x.announce(c, x.chans.at(tm.id).obj) {
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
		t.release(&tm.clock)
	}
	x.changedChan(x.chans.at(tm.id).obj)
	return was
}

// slept reports whether t's sleep may end.
func (x *Explorer) slept(t *thread) bool { return x.time.now >= t.wake || x.cfg.TimersAnyTime }

// tick moves the clock if no thread can run.
func (x *Explorer) tick() {
	c := &x.time
	if x.anyEnabled() || x.threads.overtaken() {
		return
	}
	when, ok := x.nextTime()
	if !ok {
		return
	}
	c.ticks++
	if c.now = when; x.cfg.Late {
		c.now = x.lastOf(when) + 1
	}
	if len(c.barrier) < x.exec.stride {
		c.barrier = x.exec.zeroClock(c.barrier)
	}
	for _, t := range x.threads {
		if t.started && t.last >= 0 {
			join(c.barrier, x.exec.clock(t.last))
		}
		t.ticked = t.waiting
	}
	x.wakeWatchers()
}

// together is the largest difference of times at one tick, in nanoseconds.
const together = 1000

// lastOf is the last of the times that are at one tick with first.
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

// wakeWatchers wakes the threads that spin until the clock has moved. Like all
// spinning threads, they go on after a tick in the same execution: no order has the
// tick before the round in which they read the clock, so no other execution has that
// read later.
func (x *Explorer) wakeWatchers() {
	if x.time.obj == noObj {
		return
	}
	for _, t := range x.threads {
		if x.watches(t) {
			t.woken = true
		}
	}
	x.objs.at(x.time.obj).version++
}

// watches reports whether t spins until the clock has moved.
func (x *Explorer) watches(t *thread) bool {
	return t.live && t.waiting && x.time.obj != noObj && contains(t.waits, seen{obj: x.time.obj, version: x.objs.at(x.time.obj).version})
}

func (x *Explorer) anyEnabled() bool {
	for _, t := range x.threads {
		if x.enabled(t) {
			return true
		}
	}
	return false
}

// nextTime is the next time to which the clock has to move. Timers do not keep
// an execution alive, and tickers do not matter if each has ticked since the
// last step of a goroutine.
func (x *Explorer) nextTime() (when int64, ok bool) {
	if !x.threads.anyoneLeft() {
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
		x.time.over = ok && x.timesOut(when)
		return when, ok && (once || useful) && !x.time.over
	}
	switch x.time.after++; {
	case x.time.after > afterTicks:
		return 0, false
	case x.time.after == afterTicks/2:
		x.time.recent = x.exec.depth
	}
	if !once {
		x.time.late++
		useful = useful && x.time.late <= lateTicks
	}
	return when, ok && (once || useful)
}

// timesOut reports whether the clock has to stop before the time when, because the body
// takes longer than MaxClock. A body that waits for a time itself goes on, and so does
// one that takes long in a few ticks: a test may sleep for a day.
func (x *Explorer) timesOut(when int64) bool {
	return x.cfg.MaxClock > 0 && when-x.cfg.Epoch > int64(x.cfg.MaxClock) && x.time.ticks >= manyTicks && !x.isTimed(x.threads[0])
}

// goesOn reports whether t, which waits at the end of an execution, would go on
// in time: the body has returned, and only the end of the process ends t.
//
// If the clock was stopped, a thread that waits for something else may go on too: it
// does if it has taken steps recently.
func (x *Explorer) goesOn(t *thread) bool {
	if x.threads[0].live || x.cfg.TimedLeaks {
		return false
	}
	return x.isTimed(t) || x.time.after > afterTicks && int(t.last) >= x.time.recent
}

// isTimed reports whether t waits for a time.
func (x *Explorer) isTimed(t *thread) bool {
	if t.op.code == sleep || x.watches(t) {
		return true
	}
	return t.op.code.multi() && t.sel != nil && slices.ContainsFunc(t.sel.cases, func(c Case) bool {
		return !c.Send && c.Chan != nil && x.isFed(c.Chan)
	})
}

// isFed reports whether a timer is going to send to channel c.
func (x *Explorer) isFed(c unsafe.Pointer) bool {
	return slices.ContainsFunc(x.time.list, func(tm *timer) bool { return tm.pending && tm.feeds == c })
}

// Feeds says that the timer at p sends to channel c.
func (x *Explorer) Feeds(p, c unsafe.Pointer) { x.timer(p).feeds = c }

// timeOf is the text for the time of a step that waits for a time.
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
