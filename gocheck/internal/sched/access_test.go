package sched

import (
	"fmt"
	"slices"
	"testing"
	"time"
	"unsafe"

	"pgregory.net/rapid"
)

// The dumb twin of races: it runs every interleaving of a small random program one
// by one, keeps each memAccess to each byte with the set of events that happen
// before it, and compares all pairs.

type accessVerb int

const (
	aRead         accessVerb = iota // plain, of bytes lo to hi
	aWrite                          //
	aLibraryRead                    // plain, by the standard library
	aLibraryWrite                   //
	aLoad                           // atomic, of a word
	aStore                          //
	aAdd                            //
	aLock
	aUnlock
)

type memAccess struct {
	verb   accessVerb
	lo, hi int
}

func (a memAccess) String() string {
	return fmt.Sprintf("%s[%d:%d]", [...]string{"read", "write", "library reads", "library writes", "load", "store", "add", "lock", "unlock"}[a.verb], a.lo, a.hi)
}

func (a memAccess) atomic() bool { return a.verb >= aLoad }
func (a memAccess) writes() bool { return a.verb != aRead && a.verb != aLoad && a.verb != aLibraryRead }
func (a memAccess) byStd() bool  { return a.verb == aLibraryRead || a.verb == aLibraryWrite }

// words are the places of atomic accesses: two halves, a whole, and a half again.
var words = [][2]int{{0, 4}, {4, 8}, {8, 16}, {20, 24}}

const memoryBytes = 24

type accessTwin struct {
	p     [][]memAccess
	races bool
}

type accessState struct {
	pc       []int
	past     []uint64
	next     int
	held     bool
	released map[int]uint64 // by words, of the last Store or Add; -1: the lock
	done     []doneAccess
}

type doneAccess struct {
	memAccess
	bit uint64
}

func (w *accessTwin) run(s accessState) {
	for t, code := range w.p {
		if s.pc[t] == len(code) || code[s.pc[t]].verb == aLock && s.held {
			continue
		}
		c := s
		c.pc, c.past, c.done = slices.Clone(s.pc), slices.Clone(s.past), slices.Clip(s.done)
		c.released = map[int]uint64{}
		for k, v := range s.released {
			c.released[k] = v
		}
		w.races = w.races || c.step(t, code[s.pc[t]])
		if !w.races {
			w.run(c)
		}
	}
}

// step reports whether the access races with an earlier one.
func (s *accessState) step(t int, a memAccess) bool {
	bit := uint64(1) << s.next
	s.next++
	s.pc[t]++
	switch a.verb {
	case aLock:
		s.held = true
		s.past[t] |= bit | s.released[-1]
		return false
	case aUnlock:
		s.held = false
		s.past[t] |= bit
		s.released[-1] = s.past[t]
		return false
	case aLoad, aAdd:
		s.past[t] |= s.released[a.lo]
	}
	for _, d := range s.done {
		if d.lo < a.hi && a.lo < d.hi && (d.writes() || a.writes()) && !(d.atomic() && a.atomic()) && !(d.byStd() && a.byStd()) && s.past[t]&d.bit == 0 {
			return true
		}
	}
	s.done = append(s.done, doneAccess{a, bit})
	s.past[t] |= bit
	if a.verb == aStore || a.verb == aAdd {
		s.released[a.lo] = s.past[t]
	}
	return false
}

// exploreAccesses runs the program in the explorer.
func exploreAccesses(p [][]memAccess) *Found {
	_, f, _ := Explore(Config{MaxSteps: 1000, Preemptions: -1}, func() {
		x := Active()
		mem := new([memoryBytes / 8]uint64)
		heads := map[int]*Header{}
		for _, w := range words {
			heads[w[0]] = new(Header)
		}
		mu := new(Header)
		for _, code := range p {
			x.Go(func() {
				for _, a := range code {
					a.run(x, unsafe.Pointer(mem), heads[a.lo], mu)
				}
			})
		}
	})
	return f
}

func (a memAccess) run(x *Explorer, mem unsafe.Pointer, h, mu *Header) {
	p, size := unsafe.Add(mem, a.lo), uintptr(a.hi-a.lo)
	switch a.verb {
	case aRead, aWrite:
		x.Access(p, size, a.verb == aWrite)
	case aLibraryRead, aLibraryWrite:
		x.LibraryAccess(p, size, a.verb == aLibraryWrite)
	case aLoad:
		x.EnterWord(h, "word", Load, p, size)
		x.Leave(Read, false)
	case aStore:
		x.EnterWord(h, "word", Store, p, size)
		x.Changed(true)
	case aAdd:
		x.EnterWord(h, "word", Add, p, size)
		x.Changed(true)
	case aLock:
		x.Lock(mu, "Mutex")
	case aUnlock:
		x.Unlock(mu, "Mutex")
	}
}

func genAccesses(t *rapid.T, more ...accessVerb) (p [][]memAccess) {
	verbs := append([]accessVerb{aRead, aRead, aWrite, aLoad, aStore, aAdd, aLock, aLock}, more...)
	n := rapid.IntRange(2, 3).Draw(t, "threads")
	for range n {
		var code []memAccess
		locked := false
		for range rapid.IntRange(1, []int{0, 0, 5, 3}[n]).Draw(t, "length") {
			a := memAccess{verb: rapid.SampledFrom(verbs).Draw(t, "verb")}
			switch {
			case a.verb == aLock:
				if locked {
					a.verb = aUnlock
				}
				locked = !locked
			case a.atomic():
				w := rapid.SampledFrom(words).Draw(t, "word")
				a.lo, a.hi = w[0], w[1]
			default:
				a.lo = rapid.IntRange(0, memoryBytes-1).Draw(t, "lo")
				a.hi = rapid.IntRange(a.lo+1, min(a.lo+10, memoryBytes)).Draw(t, "hi")
			}
			code = append(code, a)
		}
		if locked {
			code = append(code, memAccess{verb: aUnlock})
		}
		p = append(p, code)
	}
	return p
}

func TestAccessTwin(t *testing.T) {
	compareAccesses(t, true, aLibraryRead, aLibraryRead)
}

// A write by the library takes the place of what the library did before with that memory.
// So some races are not found; there is no other difference.
func TestLibraryTwin(t *testing.T) {
	compareAccesses(t, false, aLibraryRead, aLibraryWrite, aLibraryWrite)
}

func compareAccesses(t *testing.T, all bool, more ...accessVerb) {
	var races, missed, holds int
	rapid.Check(t, func(t *rapid.T) {
		p := genAccesses(t, more...)
		w := &accessTwin{p: p}
		w.run(accessState{pc: make([]int, len(p)), past: make([]uint64, len(p))})
		f := exploreAccesses(p)
		if f != nil && (f.Kind != Race || !f.Failed) {
			t.Fatalf("%v: %v", p, f)
		}
		switch got := f != nil; {
		case got != w.races && (all || got):
			t.Fatalf("%v: race %t, the twin %t", p, got, w.races)
		case got != w.races:
			missed++
		case got:
			races++
		default:
			holds++
		}
	})
	t.Logf("%d race, %d are not found, %d do not", races, missed, holds)
	if races == 0 || holds == 0 || missed > races/4 {
		t.Error("one kind is not generated, or too many are not found")
	}
}

// Each byte of a large range is tracked separately.
func TestLargeRange(t *testing.T) {
	const size = 1 << 20
	for _, at := range []uintptr{0, 1023, 1024, size / 2, size - 1} {
		_, f, _ := Explore(Config{Preemptions: -1}, func() {
			x := Active()
			mem := make([]byte, size+1)
			p := unsafe.Pointer(&mem[0])
			x.Access(p, size, true)
			x.Go(func() { x.Access(unsafe.Add(p, at), 1, true) })
			x.Access(p, at, false)
			x.Access(unsafe.Add(p, at+1), size-at-1, false)
		})
		if f != nil {
			t.Fatalf("byte %d: %v", at, f.Text)
		}
		_, f, _ = Explore(Config{Preemptions: -1}, func() {
			x := Active()
			mem := make([]byte, size+1)
			p := unsafe.Pointer(&mem[0])
			x.Go(func() { x.Access(unsafe.Add(p, at), 1, true) })
			x.Access(p, size, false)
		})
		if f == nil || f.Kind != Race {
			t.Fatalf("byte %d: no race", at)
		}
	}
}

// BenchmarkAccess measures one execution in which a range is read and written.
func BenchmarkAccess(b *testing.B) {
	for _, size := range []int{8, 64, 1024, 1 << 16} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			mem := make([]uint64, size/8)
			p := unsafe.Pointer(&mem[0])
			var each time.Duration
			for b.Loop() {
				Explore(Config{Preemptions: -1}, func() {
					x := Active()
					x.Access(p, uintptr(size), true)
					start := time.Now()
					for range 100 {
						x.Access(p, uintptr(size), false)
						x.Access(p, uintptr(size), true)
					}
					each += time.Since(start)
				})
			}
			b.ReportMetric(float64(each)/float64(b.N)/200/float64(size/8), "ns/word")
		})
	}
}
