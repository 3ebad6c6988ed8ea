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
	cfg     *Config
	objs    *objects
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
	stamps  stamps
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
	stamp   int64          // the same
	feeds   unsafe.Pointer // the channel that it sends to
}

// lateTicks is how many times tickers still tick when the body has returned and
// nothing else is timed. A goroutine that checks a flag at each tick sees the flag
// then.
const lateTicks = 4

// afterTicks is how many times the clock moves when the body has returned: a
// goroutine may sleep again and again until the end of the process.
const afterTicks = 100

// manyTicks is how many times the clock moves at least before the body times out.
const manyTicks = 100

// reset begins a run.
func (v *virtualTime) reset() {
	clear(v.timers)
	clear(v.list)
	v.stamps.reset()
	*v = virtualTime{cfg: v.cfg, objs: v.objs, now: v.cfg.Epoch, obj: noObj, leap: firstLeap,
		barrier: v.barrier[:0], timers: v.timers, list: v.list[:0], passed: v.passed[:0], stamps: v.stamps}
}

// comesAt notes the time of t's last step.
func (v *virtualTime) comesAt(t *thread, when int64) {
	if v.cfg.TimersAnyTime {
		v.passed = append(v.passed, moment{t.last, when})
	}
}

// timer is the timer at p. At its first use it gets the number of a channel.
func (v *virtualTime) timer(p unsafe.Pointer, chans *channels) *timer {
	tm := v.timers[p]
	if tm == nil {
		tm = &timer{id: chans.add("timer", ChanState{}), firedAt: -1, since: noEvent}
		if v.timers == nil {
			v.timers = map[unsafe.Pointer]*timer{}
		}
		v.timers[p] = tm
		v.list = append(v.list, tm)
	}
	return tm
}

// isDue reports whether the timer's time has come.
func (v *virtualTime) isDue(tm *timer) bool {
	return tm.pending && (v.now >= tm.when || v.cfg.TimersAnyTime && (tm.period == 0 || tm.firedAt < 0))
}

// canFire reports whether the timer's thread can take a step.
func (v *virtualTime) canFire(tm *timer) bool { return tm != nil && (len(tm.owed) > 0 || v.isDue(tm)) }

// slept reports whether t's sleep may end.
func (v *virtualTime) slept(t *thread) bool { return v.now >= t.wake || v.cfg.TimersAnyTime }

// together is the largest difference of times at one tick, in nanoseconds.
const together = 1000

// lastOf is the last of the times that are at one tick with first.
func (v *virtualTime) lastOf(first int64, all threads) int64 {
	last := first
	add := func(w int64) {
		if w <= first+together {
			last = max(last, w)
		}
	}
	for _, t := range all {
		if t.live && t.op.code == sleep {
			add(t.wake)
		}
	}
	for _, tm := range v.list {
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
func (v *virtualTime) wakeWatchers(all threads) {
	if v.obj == noObj {
		return
	}
	for _, t := range all {
		if v.watches(t) {
			t.woken = true
		}
	}
	v.objs.at(v.obj).version++
}

// watches reports whether t spins until the clock has moved.
func (v *virtualTime) watches(t *thread) bool {
	return t.live && t.waiting && v.obj != noObj && contains(t.waits, seen{obj: v.obj, version: v.objs.at(v.obj).version})
}

// next is the next time to which the clock has to move. Timers do not keep
// an execution alive, and tickers do not matter if each has ticked since the
// last step of a goroutine. There are depth events so far.
func (v *virtualTime) next(all threads, depth int) (when int64, ok bool) {
	if !all.anyoneLeft() {
		return 0, false
	}
	when, ok, once, useful := v.soonest(all)
	if all[0].live {
		v.over = ok && v.timesOut(when, all[0])
		return when, ok && (once || useful) && !v.over
	}
	switch v.after++; {
	case v.after > afterTicks:
		return 0, false
	case v.after == afterTicks/2:
		v.recent = depth
	}
	if !once {
		v.late++
		useful = useful && v.late <= lateTicks
	}
	return when, ok && (once || useful)
}

// soonest is the earliest time that a thread or a timer waits for, if any does (ok). once
// reports whether one of them is no ticker, useful whether a timer has not fired since the
// last step of a goroutine.
func (v *virtualTime) soonest(all threads) (when int64, ok, once, useful bool) {
	at := func(w int64) {
		if !ok || w < when {
			when, ok = w, true
		}
	}
	once = v.sleeps > 0
	for _, t := range all {
		switch {
		case t.live && t.op.code == sleep:
			at(t.wake)
		case v.watches(t) && !t.idle:
			at(v.now + v.leap)
			v.leap *= 2
			once = true
		}
	}
	for _, tm := range v.list {
		if tm.pending {
			at(tm.when)
			once = once || tm.period == 0
			useful = useful || tm.firedAt < v.steps
		}
	}
	return when, ok, once, useful
}

// timesOut reports whether the clock has to stop before the time when, because the body
// takes longer than MaxClock. A body that waits for a time itself goes on, and so does
// one that takes long in a few ticks: a test may sleep for a day.
func (v *virtualTime) timesOut(when int64, body *thread) bool {
	return v.cfg.MaxClock > 0 && when-v.cfg.Epoch > int64(v.cfg.MaxClock) && v.ticks >= manyTicks && !v.isTimed(body)
}

// goesOn reports whether t, which waits when body has no step left, would go on
// in time: the body has returned, and only the end of the process ends t.
//
// If the clock was stopped, a thread that waits for something else may go on too: it
// does if it has taken steps recently.
func (v *virtualTime) goesOn(t, body *thread) bool {
	if body.live || v.cfg.TimedLeaks {
		return false
	}
	return v.isTimed(t) || v.after > afterTicks && int(t.last) >= v.recent
}

// isTimed reports whether t waits for a time.
func (v *virtualTime) isTimed(t *thread) bool {
	if t.op.code == sleep || v.watches(t) {
		return true
	}
	return t.op.code.multi() && t.sel != nil && slices.ContainsFunc(t.sel.cases, func(c Case) bool {
		return !c.Send && c.Chan != nil && v.isFed(c.Chan)
	})
}

// isFed reports whether a timer is going to send to channel c.
func (v *virtualTime) isFed(c unsafe.Pointer) bool {
	return slices.ContainsFunc(v.list, func(tm *timer) bool { return tm.pending && tm.feeds == c })
}

// timeOf is the text for the time of a step that waits for a time.
func (v *virtualTime) timeOf(c Code) string {
	if v.cfg.TimersAnyTime || c != sleep && c != timerFire {
		return ""
	}
	since := time.Duration(v.now - v.cfg.Epoch)
	if v.cfg.Late {
		since--
	}
	if c == sleep {
		return "Sleep: until " + since.String()
	}
	return "timer fires at " + since.String()
}

// moveTo is a tick: the clock moves to when. All steps so far come before those after it.
func (v *virtualTime) moveTo(when int64, all threads, exec *execution) {
	v.ticks++
	v.stamps.floor = v.stamps.top
	if v.now = when; v.cfg.Late {
		v.now = v.lastOf(when, all) + 1
	}
	if len(v.barrier) < exec.stride {
		v.barrier = exec.zeroClock(v.barrier)
	}
	for _, t := range all {
		if t.started && t.last >= 0 {
			join(v.barrier, exec.clock(t.last))
		}
		t.ticked = t.waiting
	}
	v.wakeWatchers(all)
}
