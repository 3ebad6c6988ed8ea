package sched

import (
	"math/rand/v2"
	"testing"
)

// An order in which one thread stays behind for long is found by a few ranked
// executions, and by no uniform ones.
func TestRankedWalk(t *testing.T) {
	for _, ranked := range []bool{false, true} {
		cfg := Config{Preemptions: -1, MaxSteps: 1000, Random: true, Ranked: ranked, MaxExecutions: 40}
		_, found, reason := Explore(cfg, lateReader)
		if (found != nil) != ranked {
			t.Errorf("ranked %v: found %v, %s", ranked, found, reason)
		}
	}
}

// lateReader fails if one thread has taken all its steps before the other's first.
func lateReader() {
	x := Active()
	var steps, first Header
	n := 0
	x.Go(func() {
		for range 50 {
			x.Enter(&steps, "steps", Add)
			n++
			x.Changed(true)
		}
	})
	x.Go(func() {
		x.Enter(&first, "first", Store)
		if n == 50 {
			x.Error("the reader is late")
		}
		x.Changed(true)
	})
}

// A loop that has run for long gets a lower rank than the threads that it may wait
// for.
func TestRankedWalkIsFair(t *testing.T) {
	cfg := Config{Preemptions: -1, MaxSteps: 2000, Random: true, Ranked: true, MaxExecutions: 20}
	stats, found, reason := Explore(cfg, func() {
		x := Active()
		var flag Header
		set := false
		x.Go(func() {
			x.Enter(&flag, "flag", Store)
			set = true
			x.Changed(true)
		})
		for done := false; !done; {
			x.Enter(&flag, "flag", Load)
			done = set
			x.Leave(Read, false)
		}
	})
	if found != nil || reason != "executions" || stats.Executions != 20 {
		t.Errorf("%+v: %v, %s", stats, found, reason)
	}
}

// A random execution that is run again need not follow its path: any other will do.
func TestRandomRunAgain(t *testing.T) {
	runs := 0
	cfg := Config{Preemptions: -1, MaxSteps: 2000, Random: true, MaxExecutions: 5}
	stats, found, reason := Explore(cfg, func() {
		x := Active()
		var word Header
		op := Load
		if runs++; runs > 1 {
			op = Store
		}
		x.Enter(&word, "word", op)
		x.Leave(Write, true)
		for range firstStride { // the clocks grow, and the execution is run again
			x.Go(func() {})
		}
	})
	if found != nil || reason != "executions" || stats.Executions != 5 || runs != 6 {
		t.Errorf("%d runs, %+v: %v, %s", runs, stats, found, reason)
	}
}

// A thread that falls behind runs when no other can.
func TestWalkRanks(t *testing.T) {
	w := walk{rng: rand.New(rand.NewPCG(1, 2))}
	can := []*thread{{id: 0}, {id: 2}}
	if w.begin(0, true); w.ranked {
		t.Error("every other walk is ranked")
	}
	w.begin(1, true)
	first := w.pick(0, can, 3)
	for d := 1; d < longStreak-1; d++ {
		if w.pick(d, can, 3) != first {
			t.Fatalf("step %d is of another thread, and no rank has changed", d)
		}
	}
	if w.pick(longStreak-1, can, 3) == first || w.pick(longStreak, []*thread{first}, 3) != first {
		t.Error("after a long streak the other thread comes first")
	}
}
