package gocheck_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// The types of sync have no twin of their own. But the exploration must reach
// every final state that a random walk reaches. Walks leave nothing out: they
// do not use equivalence, sleep sets and wakeup trees.

// A machine has the objects of a random program.
type machine struct {
	mu   sync.Mutex
	rw   sync.RWMutex
	wg   sync.WaitGroup
	once sync.Once
	cond *sync.Cond
	pool sync.Pool
	x, y atomic.Int32
	n    int // under rw
}

var deeds = []struct {
	name string
	do   func(m *machine, say func(any))
}{
	{"lock", func(m *machine, say func(any)) { m.mu.Lock(); say(m.x.Add(1)); m.mu.Unlock() }},
	{"trylock", func(m *machine, say func(any)) {
		ok := m.mu.TryLock()
		if say(ok); ok {
			m.mu.Unlock()
		}
	}},
	{"takelock", func(m *machine, _ func(any)) {
		for !m.mu.TryLock() {
			gocheck.Spin()
		}
		m.mu.Unlock()
	}},
	{"write", func(m *machine, say func(any)) { m.rw.Lock(); m.n++; say(m.n); m.rw.Unlock() }},
	{"read", func(m *machine, say func(any)) { m.rw.RLock(); say(m.n); m.rw.RUnlock() }},
	{"tryread", func(m *machine, say func(any)) {
		if m.rw.TryRLock() {
			say(m.n)
			m.rw.RUnlock()
		}
	}},
	{"trywrite", func(m *machine, say func(any)) {
		if m.rw.TryLock() {
			m.n++
			m.rw.Unlock()
		} else {
			say("busy")
		}
	}},
	{"once", func(m *machine, say func(any)) { m.once.Do(func() { say(m.y.Add(1)) }) }},
	{"done", func(m *machine, _ func(any)) { m.wg.Done() }},
	{"wait", func(m *machine, say func(any)) { m.wg.Wait(); say(m.x.Load()) }},
	{"condwait", func(m *machine, say func(any)) {
		m.mu.Lock()
		for m.y.Load() == 0 {
			m.cond.Wait()
		}
		say(m.x.Load())
		m.mu.Unlock()
	}},
	{"signal", func(m *machine, _ func(any)) { m.y.Store(1); m.cond.Signal() }},
	{"broadcast", func(m *machine, _ func(any)) { m.mu.Lock(); m.y.Store(1); m.mu.Unlock(); m.cond.Broadcast() }},
	{"pool", func(m *machine, say func(any)) { v := m.pool.Get(); say(v); m.pool.Put(m.x.Add(1)) }},
	{"spin", func(m *machine, say func(any)) {
		for m.y.Load() == 0 {
			gocheck.Idle()
		}
		say(m.x.Load())
	}},
	{"either", func(m *machine, say func(any)) {
		for m.y.Load() == 0 && m.x.Load() == 0 {
			gocheck.Idle()
		}
		say(m.x.Load())
	}},
	{"load", func(m *machine, say func(any)) { say(m.x.Load()) }},
	{"store", func(m *machine, _ func(any)) { m.x.Store(5) }},
	{"spawn", func(m *machine, _ func(any)) {
		m.y.Load()
		gocheck.Go(func() { m.x.Add(1) })
	}},
	{"choose", nil},
}

func walkBody(threads [][]int, finals map[string]bool) func(*gocheck.T) {
	return func(t *gocheck.T) {
		m := &machine{}
		m.cond = sync.NewCond(&m.mu)
		for _, deeds := range threads {
			for _, d := range deeds {
				if d == doneDeed {
					m.wg.Add(1)
				}
			}
		}
		said := make([]strings.Builder, len(threads))
		for i, list := range threads {
			t.Go(func() {
				say := func(v any) { fmt.Fprint(&said[i], v, " ") }
				for _, d := range list {
					if deeds[d].do == nil {
						say(t.Choose(2))
						continue
					}
					deeds[d].do(m, say)
				}
			})
		}
		t.Final(func() {
			s := fmt.Sprint(m.x.Load(), m.y.Load(), m.n)
			for i := range said {
				s += "|" + said[i].String()
			}
			finals[s] = true
		})
	}
}

const doneDeed = 8

func TestWalks(t *testing.T) {
	if deeds[doneDeed].name != "done" {
		t.Fatal("doneDeed is another one")
	}
	compared, failed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 3).Draw(t, "threads")
		deed := rapid.IntRange(0, len(deeds)-1)
		threads := make([][]int, n)
		var names [][]string
		for i := range threads {
			threads[i] = rapid.SliceOfN(deed, 1, 4-n/2).Draw(t, "deeds")
			var row []string
			for _, d := range threads[i] {
				row = append(row, deeds[d].name)
			}
			names = append(names, row)
		}
		all, some := map[string]bool{}, map[string]bool{}
		r := explore(t, gocheck.Options{MaxExecutions: 20_000}, walkBody(threads, all))
		w := explore(t, gocheck.Options{RandomWalks: 300, Seed: 1}, walkBody(threads, some))
		switch {
		case r.Failure != nil:
			failed++
			return
		case !r.Complete:
			return
		case w.Failure != nil:
			t.Fatalf("%v: %v\nbut a walk:\n%v", names, r, w.Failure)
		}
		compared++
		for s := range some {
			if !all[s] {
				t.Fatalf("%v: %v\na walk ends in %q, the exploration in %q", names, r, s, slices.Sorted(maps.Keys(all)))
			}
		}
	})
	t.Logf("%d programs compared, %d fail", compared, failed)
}
