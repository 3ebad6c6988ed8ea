package sched

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A failingProgram is a small program of atomic loads and stores, with one outcome of
// its loads that counts as a failure.
type failingProgram struct {
	ops   [][]int // by goroutine: variable*2, and 1 more for a store
	fails []int   // the failing result of each load, in the order of the goroutines
}

func (w failingProgram) run() {
	x := Active()
	var heads [2]Header
	var values [2]int
	var loads [3][]int
	for g, ops := range w.ops {
		x.Go(func() {
			for i, op := range ops {
				v := op / 2
				if op%2 == 0 {
					x.Enter(&heads[v], "v", Load)
					loads[g] = append(loads[g], values[v])
					x.Leave(Read, false)
					continue
				}
				x.Enter(&heads[v], "v", Store)
				values[v] = 10*g + i + 1
				x.Changed(true)
			}
		})
	}
	x.Final(func() {
		if all := slices.Concat(loads[:]...); w.fails != nil && slices.Equal(all, w.fails) {
			x.Error(fmt.Sprint(all))
		}
	})
}

func (w failingProgram) explore(cfg Config) *Found {
	cfg.MaxSteps = 100
	_, found, _ := Explore(cfg, w.run)
	return found
}

// schedules are all interleavings, by goroutine.
func (w failingProgram) schedules() (list [][]int32) {
	left := make([]int, len(w.ops))
	for g, ops := range w.ops {
		left[g] = len(ops)
	}
	var grow func(s []int32)
	grow = func(s []int32) {
		done := true
		for g := range left {
			if left[g] == 0 {
				continue
			}
			done = false
			left[g]--
			grow(append(s, int32(g+1)))
			left[g]++
		}
		if done {
			list = append(list, slices.Clone(s))
		}
	}
	grow(nil)
	return list
}

// fewest is the number of preemptions of the failing interleaving that has the
// fewest: the dumb twin tries them all.
func (w failingProgram) fewest() int {
	best := -1
	for _, s := range w.schedules() {
		f := w.explore(Config{Preemptions: -1, Schedule: &Schedule{Threads: s}})
		if f.Failed && (best < 0 || preemptionsOf(w, s) < best) {
			best = preemptionsOf(w, s)
		}
	}
	return best
}

// preemptionsOf counts the changes of goroutine before the end of one.
func preemptionsOf(w failingProgram, s []int32) (n int) {
	left := map[int32]int{}
	for g, ops := range w.ops {
		left[int32(g+1)] = len(ops)
	}
	for i, g := range s {
		if i > 0 && s[i-1] != g && left[s[i-1]] > 0 {
			n++
		}
		left[g]--
	}
	return n
}

// A failure that is found with Shrink fails again and has the number of preemptions that it
// reports, and no failing interleaving of a small program has fewer.
func TestShrinkTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w failingProgram
		for g := range rapid.IntRange(2, 3).Draw(t, "goroutines") {
			w.ops = append(w.ops, rapid.SliceOfN(rapid.IntRange(0, 3), 1, 3).Draw(t, fmt.Sprint("ops", g)))
		}
		all := w.schedules()
		w.fails = w.outcome(all[rapid.IntRange(0, len(all)-1).Draw(t, "schedule")])
		found := w.explore(Config{Preemptions: -1, Shrink: true})
		if found == nil {
			t.Fatal("it does not fail")
		}
		if found.MayShrink || found.Unsure {
			t.Fatalf("the search was ended (%v), or does not fail again (%v)", found.MayShrink, found.Unsure)
		}
		if n := preemptionsOf(w, found.Schedule.Threads); n != found.Preemptions {
			t.Fatalf("%d preemptions, and %d are said", n, found.Preemptions)
		}
		if n := w.fewest(); n != found.Preemptions {
			t.Fatalf("%d preemptions, and %d are enough", found.Preemptions, n)
		}
	})
}

// The result of mergeBlocks on any failing interleaving fails. It has no more
// preemptions than its input, and not fewer than the minimum.
func TestMergeBlocks(t *testing.T) {
	merged := 0
	rapid.Check(t, func(t *rapid.T) {
		var w failingProgram
		for g := range rapid.IntRange(2, 3).Draw(t, "goroutines") {
			w.ops = append(w.ops, rapid.SliceOfN(rapid.IntRange(0, 3), 1, 3).Draw(t, fmt.Sprint("ops", g)))
		}
		all := w.schedules()
		s := all[rapid.IntRange(0, len(all)-1).Draw(t, "schedule")]
		w.fails = w.outcome(s)
		found := w.explore(Config{Preemptions: -1, Schedule: &Schedule{Threads: s}})
		found.Schedule = &Schedule{Threads: s}
		less := mergeBlocks(Config{Preemptions: -1, MaxSteps: 100}, w.run, found)
		n := preemptionsOf(w, less.Schedule.Threads)
		again := w.explore(Config{Preemptions: -1, Schedule: less.Schedule})
		if !again.Failed || again.Unsure || n != less.Preemptions || n > found.Preemptions || n < w.fewest() {
			t.Fatalf("%v, of %d preemptions, became %v, of %d; %d are enough; it fails: %v", s, found.Preemptions, less.Schedule.Threads, less.Preemptions, w.fewest(), again.Failed)
		}
		if n < found.Preemptions {
			merged++
		}
	})
	if merged == 0 {
		t.Error("nothing was merged")
	}
}

// outcome is the results of the loads in an interleaving.
func (w failingProgram) outcome(s []int32) []int {
	var values [2]int
	loads := make([][]int, len(w.ops))
	pc := make([]int, len(w.ops))
	for _, t := range s {
		g := t - 1
		op := w.ops[g][pc[g]]
		if op%2 == 0 {
			loads[g] = append(loads[g], values[op/2])
		} else {
			values[op/2] = 10*int(g) + pc[g] + 1
		}
		pc[g]++
	}
	return append([]int{}, slices.Concat(loads...)...)
}
