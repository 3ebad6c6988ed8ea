package sched

import (
	"testing"
	"time"
	"unsafe"
)

// A newClock is a clock at 1000 beside threads that are alive; the first is the body.
func newClock(cfg Config, n int) (*virtualTime, threads) {
	cfg.Epoch = 1000
	v := &virtualTime{cfg: &cfg, objs: &objects{}}
	v.reset()
	var all threads
	for range n {
		all.add(nil, nil).live = true
	}
	return v, all
}

func sleeps(v *virtualTime, t *thread, until int64) {
	t.op.code, t.wake = sleep, until
	v.sleeps++
}

func TestNextTime(t *testing.T) {
	v, all := newClock(Config{}, 2)
	if _, ok := v.next(all, 0); ok {
		t.Error("nobody waits for a time")
	}
	sleeps(v, all[1], 1500)
	one := v.timer(unsafe.Pointer(new(int)), newTable())
	one.when, one.pending = 1300, true
	if when, ok := v.next(all, 0); !ok || when != 1300 {
		t.Errorf("%d, %v: the timer comes before the sleep", when, ok)
	}
	exec := newExecution()
	v.moveTo(1300, all, &exec)
	if v.now != 1300 || !v.isDue(one) || !v.canFire(one) || v.slept(all[1]) {
		t.Error("at 1300 the timer is due, and the sleep goes on")
	}
	one.pending = false
	if when, ok := v.next(all, 0); !ok || when != 1500 {
		t.Errorf("%d, %v: only the sleep is left", when, ok)
	}
	all[0].live, all[1].live, v.sleeps = false, false, 0
	if _, ok := v.next(all, 0); ok {
		t.Error("the clock stands still when nobody is left")
	}
}

// A ticker alone moves the clock as long as someone takes steps in between.
func TestTickersAlone(t *testing.T) {
	v, all := newClock(Config{}, 1)
	tick := v.timer(unsafe.Pointer(new(int)), newTable())
	tick.when, tick.period, tick.pending = 1010, 10, true
	if _, ok := v.next(all, 0); !ok {
		t.Error("its first tick may matter")
	}
	tick.firedAt = v.steps
	if _, ok := v.next(all, 0); ok {
		t.Error("it has ticked since the last step")
	}
	v.steps++
	if _, ok := v.next(all, 0); !ok {
		t.Error("there was a step since")
	}
}

// Late moves the clock beyond all times that are within a microsecond.
func TestLateTick(t *testing.T) {
	v, all := newClock(Config{Late: true}, 3)
	sleeps(v, all[0], 2000)
	sleeps(v, all[1], 2000+together)
	sleeps(v, all[2], 2001+together)
	exec := newExecution()
	if v.moveTo(2000, all, &exec); v.now != 2001+together || !v.slept(all[1]) {
		t.Errorf("the clock is at %d", v.now)
	}
}

func TestMaxClock(t *testing.T) {
	v, all := newClock(Config{MaxClock: time.Second}, 2)
	sleeps(v, all[1], int64(2*time.Second))
	if v.timesOut(all[1].wake, all[0]) {
		t.Error("a few ticks may take long")
	}
	v.ticks = manyTicks
	if _, ok := v.next(all, 0); ok || !v.over {
		t.Error("the clock stops at MaxClock")
	}
	if v.timesOut(all[1].wake, all[1]) {
		t.Error("a body that sleeps goes on")
	}
	if v.goesOn(all[1], all[0]) {
		t.Error("the body has not returned")
	}
	if all[0].live = false; !v.goesOn(all[1], all[0]) {
		t.Error("who sleeps goes on")
	}
}
