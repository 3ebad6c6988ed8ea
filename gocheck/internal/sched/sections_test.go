package sched

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The dumb twin of loops that wait under a lock runs a few rounds of each loop, as steps like
// all others. The outcomes of a program must be the same with it.

type lockedAction struct {
	kind  string // set, look, try, wait
	words []int  // of wait, each under its lock; otherwise the first
}

const (
	lockedWords = 3
	lockedLocks = 2
)

type lockedMemory struct {
	locks [lockedLocks]Header
	words [lockedWords]int
	log   [3]strings.Builder
	gave  bool // a loop has been given up
	stuck bool // and at the end no word that it waits for is set
	stop  []func()
}

// A lockedRun is a way to run such a program.
type lockedRun struct {
	x      *Explorer
	m      *lockedMemory
	thread int
	rounds int // of a loop; 0: until it ends, and Unlocked is called
}

// section runs f under the lock of a word. The goroutine's state is its position,
// and the result of f.
func (r lockedRun) section(word, at int, f func(w *int) int) int {
	h := &r.m.locks[word%lockedLocks]
	r.x.Lock(h, "Mutex")
	v := f(&r.m.words[word])
	r.x.Unlock(h, "Mutex")
	if r.rounds == 0 {
		r.x.Unlocked(func(uintptr) uint64 { return uint64(at+1000*v) + noise() })
	}
	return v
}

// noise makes states differ now and then, like unused words on a stack, at other
// times in each execution.
func noise() uint64 {
	if rand.IntN(8) > 0 {
		return 0
	}
	return rand.Uint64() << 32
}

func value(w *int) int { return *w }

func (r lockedRun) note(format string, args ...any) {
	fmt.Fprintf(&r.m.log[r.thread], format+" ", args...)
}

func (r lockedRun) act(i int, a lockedAction) (goOn bool) {
	word, at := a.words[0], i*10
	switch a.kind {
	case "set":
		r.section(word, at, func(w *int) int {
			*w++
			r.x.cur.forgetSections() // as Access does
			return 0
		})
	case "look":
		r.note("%d", r.section(word, at, value))
		r.x.cur.forgetSections() // the note is an effect
	case "try":
		h := &r.m.locks[word%lockedLocks]
		ok := r.x.TryLock(h, "Mutex")
		if ok {
			r.x.Unlock(h, "Mutex")
			if r.rounds == 0 {
				r.x.Unlocked(func(uintptr) uint64 { return uint64(at) + noise() })
			}
		}
		r.note("%v", ok)
		r.x.cur.forgetSections()
	case "wait":
		return r.wait(at, a.words)
	}
	return true
}

func (r lockedRun) wait(at int, words []int) bool {
	for n := 0; r.rounds == 0 || n < r.rounds; n++ {
		for i, w := range words {
			if r.section(w, at+i, value) > 0 {
				r.note("w%d", w)
				return true
			}
		}
	}
	r.m.gave = true
	r.m.stop = append(r.m.stop, func() {
		if !slices.ContainsFunc(words, func(w int) bool { return r.m.words[w] > 0 }) {
			r.m.stuck = true
		}
	})
	return false
}

// comesTo returns the outcomes of a program, and whether a loop waits forever. complete is
// false if there are too many executions, or an endless one.
func comesTo(t rapid.TB, program [][]lockedAction, rounds int) (outcomes []string, stuck, complete bool) {
	t.Helper()
	seen := map[string]bool{}
	_, found, reason := Explore(Config{MaxSteps: 200, MaxExecutions: 10_000, Preemptions: -1}, func() {
		x, m := Active(), new(lockedMemory)
		for i, actions := range program {
			x.Go(func() {
				r := lockedRun{x, m, i, rounds}
				for j, a := range actions {
					if !r.act(j, a) {
						return
					}
				}
			})
		}
		x.Final(func() {
			for _, f := range m.stop {
				f()
			}
			stuck = stuck || m.stuck
			if !m.gave {
				seen[fmt.Sprint(m.log[0].String(), "|", m.log[1].String(), "|", m.log[2].String(), m.words)] = true
			}
		})
	})
	switch {
	case found != nil && found.Failed && found.Kind == Livelock && rounds == 0:
		stuck = true
	case found != nil && found.Failed || reason != "" && reason != "executions" && !strings.HasPrefix(reason, "steps"):
		t.Fatalf("%+v: %+v, %q", program, found, reason)
	}
	return slices.Sorted(maps.Keys(seen)), stuck, reason == ""
}

func checkSections(t rapid.TB, program [][]lockedAction) {
	t.Helper()
	rounds := 2
	for _, actions := range program {
		rounds += len(actions)
	}
	want, wantStuck, complete := comesTo(t, program, rounds)
	got, stuck, known := comesTo(t, program, 0)
	if tries := slices.ContainsFunc(slices.Concat(program...), func(a lockedAction) bool { return a.kind == "try" }); !known && !stuck && !tries {
		t.Fatalf("%v is incomplete", program)
	}
	if !complete || !known && !stuck {
		return
	}
	if stuck != wantStuck || !stuck && !slices.Equal(got, want) {
		t.Fatalf("%v:\ncomes to %q, %v\nnot      %q, %v", program, got, stuck, want, wantStuck)
	}
}

func genLocked(t *rapid.T) (program [][]lockedAction) {
	word := rapid.IntRange(0, lockedWords-1)
	waits := 0
	for range 2 {
		var actions []lockedAction
		for range rapid.IntRange(1, 3).Draw(t, "actions") {
			a := lockedAction{rapid.SampledFrom([]string{"set", "set", "look", "try", "wait"}).Draw(t, "kind"), []int{word.Draw(t, "word")}}
			if a.kind == "wait" {
				if waits++; waits > 1 {
					a.kind = "look"
				} else {
					a.words = rapid.SliceOfNDistinct(word, 1, 2, rapid.ID).Draw(t, "words")
				}
			}
			actions = append(actions, a)
		}
		program = append(program, actions)
	}
	return program
}

func TestSectionsTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkSections(t, genLocked(t)) })
}

// With TryLock no goroutine is held back: the TryLocks of two locks, one after
// the other, may each fail, in a round of their own each.
func TestTryLocksBesideLoop(t *testing.T) {
	var actions []lockedAction
	for range 4 {
		actions = append(actions, lockedAction{"try", []int{0}}, lockedAction{"try", []int{1}})
	}
	program := [][]lockedAction{append(actions, lockedAction{"set", []int{0}}), {{"wait", []int{0, 1}}}}
	if outcomes, stuck, complete := comesTo(t, program, 0); complete && !stuck {
		t.Errorf("%d outcomes are said to be all", len(outcomes))
	}
}
