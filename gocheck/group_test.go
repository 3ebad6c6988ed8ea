package gocheck_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// The dumb twin of counters: it takes every interleaving of a small random
// program one by one, with the set of events that happen before each, and looks for
// what the documentation of sync calls a misuse.

type groupVerb int

const (
	gAdd     groupVerb = iota // one
	gAddTwo                   //
	gDone                     //
	gWait                     //
	gRLock                    // of an RWMutex that has no writers
	gRUnlock                  //
	gSet                      // a flag
	gAwait                    // wait for the flag
	gLock                     //
	gUnlock                   //
)

func (v groupVerb) String() string {
	return [...]string{"add", "addtwo", "done", "wait", "rlock", "runlock", "set", "await", "lock", "unlock"}[v]
}

type groupTwin struct {
	p             [][]groupVerb
	misuse, stuck bool
	count         int
}

// A groupState is a point of one interleaving. A set of events is a word.
type groupState struct {
	pc       []int
	past     []uint64 // of each goroutine
	next     int      // number of the next event
	count    int      // of the WaitGroup
	readers  int      //
	flag     bool     //
	held     bool     //
	done     uint64   // what the Dones hand over
	set      uint64   // what the flag does
	unlocked uint64   // what the lock does
	adds     []groupEvent
	waits    []groupEvent
}

type groupEvent struct {
	bit, past uint64
}

func (w *groupTwin) run(s groupState) {
	moved := false
	for t := range w.p {
		if s.pc[t] == len(w.p[t]) || !s.can(w.p[t][s.pc[t]]) {
			continue
		}
		moved = true
		c := s
		c.pc, c.past = slices.Clone(s.pc), slices.Clone(s.past)
		c.adds, c.waits = slices.Clip(s.adds), slices.Clip(s.waits)
		if c.step(t, w.p[t][s.pc[t]]) {
			w.misuse = true
			continue
		}
		w.run(c)
	}
	if !moved {
		w.count++
		for t := range w.p {
			w.stuck = w.stuck || s.pc[t] < len(w.p[t])
		}
	}
}

func (s *groupState) can(v groupVerb) bool {
	switch v {
	case gWait:
		return s.count == 0
	case gAwait:
		return s.flag
	case gLock:
		return !s.held
	}
	return true
}

// step says whether the step is a misuse.
func (s *groupState) step(t int, v groupVerb) bool {
	bit := uint64(1) << s.next
	e := groupEvent{bit, s.past[t]}
	s.next++
	s.pc[t]++
	s.past[t] |= bit
	switch v {
	case gAdd, gAddTwo:
		if s.count == 0 {
			s.adds = append(s.adds, e)
		}
		s.count += 1 + int(v-gAdd)
	case gDone:
		s.count--
		s.done |= s.past[t]
	case gWait:
		s.waits = append(s.waits, e)
		s.past[t] |= s.done
	case gRLock:
		s.readers++
	case gRUnlock:
		s.readers--
	case gSet:
		s.flag, s.set = true, s.past[t]
	case gAwait:
		s.past[t] |= s.set
	case gLock:
		s.held = true
		s.past[t] |= s.unlocked
	case gUnlock:
		s.held = false
		s.unlocked = s.past[t]
	}
	return s.count < 0 || s.readers < 0 || s.beside()
}

// beside says whether an Add from zero is beside a Wait.
func (s *groupState) beside() bool {
	for _, a := range s.adds {
		for _, w := range s.waits {
			if a.past&w.bit == 0 && w.past&a.bit == 0 {
				return true
			}
		}
	}
	return false
}

// groupBody is the program for the explorer. The counter is set to first before
// any goroutine starts.
func groupBody(first int, p [][]groupVerb) func(*gocheck.T) {
	return func(t *gocheck.T) {
		var wg sync.WaitGroup
		wg.Add(first)
		var rw sync.RWMutex
		var mu sync.Mutex
		var flag atomic.Bool
		do := [...]func(){
			gAdd:     func() { wg.Add(1) },
			gAddTwo:  func() { wg.Add(2) },
			gDone:    wg.Done,
			gWait:    wg.Wait,
			gRLock:   rw.RLock,
			gRUnlock: rw.RUnlock,
			gSet:     func() { flag.Store(true) },
			gAwait: func() {
				for !flag.Load() {
					gocheck.Spin()
				}
			},
			gLock:   mu.Lock,
			gUnlock: mu.Unlock,
		}
		for _, code := range p {
			t.Go(func() {
				for _, v := range code {
					do[v]()
				}
			})
		}
	}
}

// genGroup is a program whose goroutines hold the lock around some of what they do.
func genGroup(t *rapid.T) (p [][]groupVerb) {
	n := rapid.IntRange(2, 4).Draw(t, "threads")
	verbs := []groupVerb{gAdd, gAdd, gAddTwo, gDone, gDone, gDone, gWait, gRLock, gRUnlock, gSet, gAwait, gLock}
	for range n {
		var code []groupVerb
		for range rapid.IntRange(1, []int{0, 0, 5, 3, 2}[n]).Draw(t, "length") {
			v := rapid.SampledFrom(verbs).Draw(t, "verb")
			if v >= gLock {
				v = gLock
				if locked(code) {
					v = gUnlock
				}
			}
			code = append(code, v)
		}
		if locked(code) {
			code = append(code, gUnlock)
		}
		p = append(p, code)
	}
	return p
}

func locked(code []groupVerb) bool {
	n := 0
	for _, v := range code {
		switch v {
		case gLock:
			n++
		case gUnlock:
			n--
		}
	}
	return n > 0
}

func TestGroupTwin(t *testing.T) {
	var holds, misused, both int
	rapid.Check(t, func(t *rapid.T) {
		first, p := rapid.IntRange(0, 3).Draw(t, "first"), genGroup(t)
		w := &groupTwin{p: p}
		w.run(groupState{count: first, pc: make([]int, len(p)), past: make([]uint64, len(p))})
		r := explore(t, gocheck.Options{}, groupBody(first, p))
		f := r.Failure
		switch {
		case f == nil:
			if w.misuse || w.stuck || !r.Complete {
				t.Fatalf("%d %v: %v, but the twin: misuse %t, stuck %t", first, p, r, w.misuse, w.stuck)
			}
			holds++
		case f.Kind == gocheck.Misuse:
			if !w.misuse {
				t.Fatalf("%d %v: the twin has no misuse in %d interleavings:\n%v", first, p, w.count, f)
			}
			misused++
		case !w.stuck:
			t.Fatalf("%d %v: the twin is never stuck:\n%v", first, p, f)
		case w.misuse:
			both++
		}
	})
	t.Logf("%d hold, %d are misuses, %d are found stuck and are misuses too", holds, misused, both)
}

func TestAddBesideWait(t *testing.T) {
	for _, c := range []struct {
		name string
		says string // empty: it is right
		body func(*gocheck.T)
	}{
		{"Add in the goroutine", "Add beside Wait of wg", func(t *gocheck.T) {
			var wg sync.WaitGroup
			t.Name(&wg, "wg")
			t.Go(func() {
				wg.Add(1)
				wg.Done()
			})
			wg.Wait()
		}},
		{"Add in the goroutine, of a counter that another one takes to zero", "Add beside Wait", func(t *gocheck.T) {
			var wg sync.WaitGroup
			wg.Add(1)
			t.Go(func() { wg.Add(1); wg.Done() })
			t.Go(func() { wg.Done() })
			wg.Wait()
		}},
		{"reuse before another Wait has returned", "Add beside Wait", func(t *gocheck.T) {
			var wg sync.WaitGroup
			wg.Go(func() {})
			t.Go(wg.Wait)
			wg.Wait()
			wg.Go(func() {})
			wg.Wait()
		}},
		{"Add within what is counted", "", func(t *gocheck.T) {
			var wg sync.WaitGroup
			wg.Go(func() {
				wg.Go(func() {})
				wg.Go(func() {})
			})
			wg.Wait()
		}},
		{"reuse after all Waits", "", func(t *gocheck.T) {
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {})
				wg.Wait()
			}
		}},
		{"Add under a lock that closes", "", func(t *gocheck.T) {
			var mu sync.Mutex
			var wg sync.WaitGroup
			closed := false
			t.Go(func() {
				mu.Lock()
				if !closed {
					wg.Add(1)
				}
				add := !closed
				mu.Unlock()
				if add {
					wg.Done()
				}
			})
			mu.Lock()
			closed = true
			mu.Unlock()
			wg.Wait()
		}},
		{"Done before the Add in another order", "negative counter", func(t *gocheck.T) {
			var wg sync.WaitGroup
			t.Go(func() { wg.Add(1) })
			t.Go(func() { wg.Done() })
		}},
		{"RUnlock before another's RLock in another order", "RUnlock of mu, which no goroutine holds for reading in another order", func(t *gocheck.T) {
			var mu sync.RWMutex
			t.Go(func() { mu.RLock() })
			t.Go(func() { mu.RUnlock() })
		}},
		{"many at once", "", func(t *gocheck.T) {
			var wg sync.WaitGroup
			wg.Add(1 << 20)
			t.Go(func() { wg.Add(-1 << 19) })
			t.Go(func() { wg.Add(-1 << 19) })
			wg.Wait()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, gocheck.Options{}, c.body)
			switch f := r.Failure; {
			case c.says == "" && !r.Complete:
				t.Errorf("%v\n%v", r, f)
			case c.says == "":
			case f == nil || f.Kind != gocheck.Misuse || !strings.Contains(f.Message, c.says):
				t.Errorf("%v\n%v", r, f)
			case strings.Count(f.Message, "group_test.go:") == 0:
				t.Errorf("no place: %v", f)
			}
		})
	}
}

// The second place is found whichever of the two ran first.
func TestAddBesideWaitPlaces(t *testing.T) {
	r := explore(t, gocheck.Options{}, func(t *gocheck.T) {
		var wg sync.WaitGroup
		t.Go(wg.Wait)
		t.Go(func() { wg.Add(1); wg.Done() })
	})
	if f := r.Failure; f == nil || !strings.Contains(f.Message, "G2 adds at ") || !strings.Contains(f.Message, "G1 waits at ") {
		t.Error(fmt.Sprint(r), r.Failure)
	}
}
