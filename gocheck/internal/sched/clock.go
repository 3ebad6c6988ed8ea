package sched

import "unsafe"

// Now is the time, in nanoseconds: that of the virtual clock, and a stamp. With
// TimersAnyTime it is the latest time of the timed events that come before. These times
// are consistent: if all steps are put in the order of these times, they are the times of
// a clock that never goes back.
func (x *Explorer) Now() int64 {
	x.alive()
	t := x.cur
	x.readClock(t)
	return x.clockAt(t) + x.stamp(t)
}

// clockAt is the time of the virtual clock for t.
func (x *Explorer) clockAt(t *thread) int64 {
	now := x.time.now
	if !x.cfg.TimersAnyTime || x.solo {
		return now
	}
	if t.firing {
		now = max(now, t.timer.when)
	}
	if t.last >= 0 {
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
	if x.probe.thread == t {
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
	x.readClock(t)
	t.wake = x.clockAt(t) + d
	x.stats.Timed = true
	x.time.sleeps++
	x.enter(nil, "", sleep, 0)
	x.time.sleeps--
	x.Leave(Read, false)
	t.forgetReads()
	x.time.comesAt(t, t.wake)
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
	tm := x.time.timer(p, &x.chans)
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
	x.time.comesAt(t, tm.when)
	tm.firedAt = x.time.steps
	if tm.pending = tm.period > 0; tm.pending {
		missed := max(0, x.time.now-tm.when) / tm.period
		tm.when += (1 + missed) * tm.period
	}
}

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
	tm := x.time.timer(p, &x.chans)
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
	if x.time.isDue(tm) {
		tm.owed = append(tm.owed, tm.since)
	}
	set(tm)
	if c == timerReset {
		tm.since, tm.stamp = t.last, x.stampBefore(t)
		t.release(&tm.clock)
	}
	x.changedChan(x.chans.at(tm.id).obj)
	return was
}

// tick moves the clock if no thread can run.
func (x *Explorer) tick() {
	if x.anyEnabled() || x.threads.overtaken() {
		return
	}
	if when, ok := x.time.next(x.threads, x.exec.depth); ok {
		x.time.moveTo(when, x.threads, &x.exec)
	}
}

func (x *Explorer) anyEnabled() bool {
	for _, t := range x.threads {
		if x.enabled(t) {
			return true
		}
	}
	return false
}

// Feeds says that the timer at p sends to channel c.
func (x *Explorer) Feeds(p, c unsafe.Pointer) { x.time.timer(p, &x.chans).feeds = c }
