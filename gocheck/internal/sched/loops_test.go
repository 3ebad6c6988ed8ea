package sched

import (
	"slices"
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"
)

// The dumb twin of loops that wait: words are set and never unset, so the same
// words are set at the end of every interleaving. A loop ends if one of the words
// that end it is among them.

// A loopStep reads a word, or is one of the other kinds.
type loopStep struct {
	word int
	ends bool // the loop, if the word is set
}

const (
	yieldsNow  = -1 - iota
	writesOne  // writes 1 to a plain variable of the thread
	writesMore // writesMore that up to three, and from zero again
	firstOther
)

// A loopThread reads some words, waits in its loop if it has one, sleeps, and
// sets a word.
type loopThread struct {
	before []int
	loop   []loopStep
	sleeps int
	sets   int
}

const loopWords = 4

func (p loopThread) mayPass(set []bool) bool {
	return len(p.loop) == 0 || slices.ContainsFunc(p.loop, func(s loopStep) bool { return s.ends && set[s.word] })
}

// allEnd reports whether no thread waits forever.
func allEnd(program []loopThread) bool {
	set := make([]bool, loopWords)
	for range program {
		for _, p := range program {
			if p.mayPass(set) {
				set[p.sets] = true
			}
		}
	}
	return !slices.ContainsFunc(program, func(p loopThread) bool { return !p.mayPass(set) })
}

type loopMemory struct {
	own   [3]int
	heads [loopWords]Header
	set   [loopWords]bool
}

func (m *loopMemory) load(x *Explorer, word int) bool {
	x.Enter(&m.heads[word], "word", Load)
	v := m.set[word]
	x.Leave(Read, false)
	return v
}

// run is p as code without Spin: the thread's state is its position.
func (p loopThread) run(x *Explorer, m *loopMemory) {
	own := &m.own[x.Thread()-1]
	looked := func(at int) {
		if x.Repeats(func(uintptr) uint64 { return uint64(at) }) {
			x.Spin()
		}
	}
	for i, w := range p.before {
		m.load(x, w)
		looked(i)
	}
	for done := len(p.loop) == 0; !done; {
		done = p.round(x, m, own, looked)
	}
	for range p.sleeps {
		x.Sleep(int64(1 + p.sets))
	}
	x.Enter(&m.heads[p.sets], "word", Store)
	changed := !m.set[p.sets]
	m.set[p.sets] = true
	x.Changed(changed)
}

func (p loopThread) round(x *Explorer, m *loopMemory, own *int, looked func(int)) (done bool) {
	for i, s := range p.loop {
		v := false
		switch s.word {
		case yieldsNow:
		case writesOne:
			x.Access(unsafe.Pointer(own), 8, true)
			*own = 1
			continue
		case writesMore:
			x.Access(unsafe.Pointer(own), 8, false)
			x.Access(unsafe.Pointer(own), 8, true)
			*own = (*own + 1) % 4
			continue
		default:
			v = m.load(x, s.word)
		}
		looked(len(p.before) + i)
		if v && s.ends {
			return true
		}
	}
	return false
}

func exploreLoops(program []loopThread) (*Found, string) {
	_, found, reason := Explore(Config{MaxSteps: 2000, Preemptions: -1}, func() {
		x, m := Active(), new(loopMemory)
		for _, p := range program {
			x.Go(func() { p.run(x, m) })
		}
	})
	return found, reason
}

func genLoops(t *rapid.T) (program []loopThread) {
	word := rapid.IntRange(0, loopWords-1)
	for range rapid.IntRange(2, 3).Draw(t, "threads") {
		p := loopThread{sets: word.Draw(t, "sets"), sleeps: rapid.IntRange(0, 2).Draw(t, "sleeps")}
		if rapid.Bool().Draw(t, "waits") {
			p.before = rapid.SliceOfN(word, 0, 2).Draw(t, "before")
			p.loop = append(p.loop, loopStep{word.Draw(t, "word"), true})
			for range rapid.IntRange(0, 3).Draw(t, "more") {
				s := loopStep{rapid.IntRange(firstOther+1, loopWords-1).Draw(t, "word"), rapid.Bool().Draw(t, "ends")}
				p.loop = append(p.loop, loopStep{s.word, s.ends && s.word >= 0})
			}
			i := rapid.IntRange(0, len(p.loop)-1).Draw(t, "first")
			p.loop = slices.Concat(p.loop[i:], p.loop[:i])
		}
		program = append(program, p)
	}
	return program
}

func checkLoops(t rapid.TB, program []loopThread) {
	t.Helper()
	found, reason := exploreLoops(program)
	waits := found != nil && found.Failed && found.Kind == Livelock
	if reason != "" || found != nil && found.Failed && !waits || waits == allEnd(program) {
		t.Fatalf("%+v: all end: %v; found %+v %s", program, allEnd(program), found, reason)
	}
}

func TestLoopsTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkLoops(t, genLoops(t)) })
}

// The clock moves only when all others wait: its effect must reach the loop.
func TestLoopOfSleeper(t *testing.T) {
	loop := []loopStep{{word: 1, ends: true}}
	checkLoops(t, []loopThread{{sets: 1, sleeps: 1}, {loop: loop, sets: 3}})
	checkLoops(t, []loopThread{{sets: 0, sleeps: 1}, {loop: loop, sets: 3}})
}

// The loop reads what it waits for in the middle of its round.
func TestLoopMiddle(t *testing.T) {
	for _, loop := range [][]loopStep{
		{{word: 0}, {word: 1, ends: true}, {word: 2}},
		{{word: 0}, {word: 1, ends: true}, {word: 2}, {word: -1}},
		{{word: 1, ends: true}, {word: -1}, {word: 0}, {word: -1}},
	} {
		checkLoops(t, []loopThread{{sets: 1}, {before: []int{2}, loop: loop, sets: 3}})
		checkLoops(t, []loopThread{{sets: 0}, {before: []int{2}, loop: loop, sets: 3}})
	}
}

// TestLoopWrites: races of the writes of a waiting loop are found.
func TestLoopWrites(t *testing.T) {
	_, found, _ := Explore(Config{MaxSteps: 2000, Preemptions: -1}, func() {
		x, m := Active(), new(loopMemory)
		x.Go(func() {
			loopThread{loop: []loopStep{{word: writesOne}, {word: 1, ends: true}}, sets: 2}.run(x, m)
		})
		x.Go(func() {
			x.Access(unsafe.Pointer(&m.own[0]), 8, false)
			loopThread{sets: 1}.run(x, m)
		})
	})
	if found == nil || found.Kind != Race {
		t.Fatalf("%+v", found)
	}
}

// TestLoopHandsOver: memory that a loop writes and then publishes, by storing a value that is
// already there, is not private to the loop.
func TestLoopHandsOver(t *testing.T) {
	_, _, reason := Explore(Config{MaxSteps: 200, Preemptions: -1}, func() {
		x, m := Active(), new(loopMemory)
		x.Go(func() {
			for !m.load(x, 1) {
				x.Access(unsafe.Pointer(&m.own[0]), 8, true)
				m.own[0] = 1
				x.Enter(&m.heads[0], "word", Store)
				x.Changed(false)
				if x.Repeats(func(uintptr) uint64 { return 1 }) {
					x.Spin()
				}
			}
		})
	})
	if !strings.HasPrefix(reason, "steps") {
		t.Fatalf("the loop is taken for one that waits: %q", reason)
	}
}

// TestLoopCounts: a loop that writesMore its rounds, and goes on after some, does not wait.
func TestLoopCounts(t *testing.T) {
	for _, locked := range []bool{false, true} {
		_, found, reason := Explore(Config{MaxSteps: 2000, Preemptions: -1}, func() {
			x, m, n := Active(), new(loopMemory), new(int)
			x.Go(func() {
				for *n < 10 {
					if locked {
						x.Lock(&m.heads[0], "Mutex")
					} else {
						m.load(x, 0)
					}
					x.Access(unsafe.Pointer(n), 8, false)
					x.Access(unsafe.Pointer(n), 8, true)
					*n++
					if locked {
						x.Unlock(&m.heads[0], "Mutex")
						x.Unlocked(func(uintptr) uint64 { return 1 })
					} else if x.Repeats(func(uintptr) uint64 { return 1 }) {
						x.Spin()
					}
				}
			})
		})
		if found != nil || reason != "" {
			t.Errorf("locked %v: %+v %s", locked, found, reason)
		}
	}
}

// A thread that reads one word three times, and then another one, seems to wait in each of the 252 executions.
// Loops are recognized in all of them: that costs one run more for each.
func TestManyDeviations(t *testing.T) {
	_, found, reason := Explore(Config{MaxSteps: 2000, Preemptions: -1}, func() {
		x := Active()
		var word, a, b Header
		order := ""
		for id := range 2 {
			x.Go(func() {
				for range 5 {
					x.Enter(&word, "word", Add)
					order += string('0' + rune(id))
					x.Changed(true)
				}
				for _, h := range []*Header{&a, &a, &a, &b} {
					x.Enter(h, "word", Load)
					x.Leave(Read, false)
					if x.Repeats(func(uintptr) uint64 { return 0 }) {
						x.Spin()
					}
				}
			})
		}
		x.Final(func() {
			if order == "1111100000" {
				x.Error("the second thread comes first")
			}
		})
	})
	if found == nil || found.NoRounds {
		t.Errorf("%+v, %s", found, reason)
	}
}
