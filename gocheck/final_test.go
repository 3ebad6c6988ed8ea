package gocheck_test

import (
	"slices"
	"strings"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// A shelf has one variable of each drop-in. A goroutine uses them all before the
// functions of Final run, so that these find used variables.
type shelf struct {
	mu, held   sync.Mutex
	rw, read   sync.RWMutex
	wg, one    sync.WaitGroup
	once, done sync.Once
	cond       *sync.Cond
	pool       sync.Pool
	i32        atomic.Int32
	i64        atomic.Int64
	u32        atomic.Uint32
	u64        atomic.Uint64
	uptr       atomic.Uintptr
	flag       atomic.Bool
	ptr        atomic.Pointer[int]
	plain      gocheck.Var[int]
}

func pass(l sync.Locker) {
	l.Lock()
	defer l.Unlock()
}

func newShelf(t *gocheck.T) *shelf {
	s := &shelf{}
	s.cond = sync.NewCond(&s.mu)
	t.Go(func() {
		s.mu.Lock()
		s.cond.Broadcast()
		s.mu.Unlock()
		s.held.Lock()
		pass(&s.rw)
		s.read.RLock()
		s.wg.Add(1)
		s.wg.Done()
		s.one.Add(1)
		s.done.Do(func() {})
		s.pool.Put(1)
		s.i32.Store(1)
		s.plain.Set(1)
	})
	return s
}

// inFinal are operations within Final, with their results or failures.
var inFinal = []struct {
	name string
	do   func(t *gocheck.T, s *shelf) bool
	kind gocheck.Kind
	says string
}{
	{name: "Mutex", do: func(_ *gocheck.T, s *shelf) bool {
		pass(&s.mu)
		return s.mu.TryLock() && !s.mu.TryLock()
	}},
	{name: "TryLock of a held Mutex", do: func(_ *gocheck.T, s *shelf) bool { return !s.held.TryLock() }},
	{name: "Unlock of a held Mutex", do: func(_ *gocheck.T, s *shelf) bool { s.held.Unlock(); return s.held.TryLock() }},
	{name: "Lock of a held Mutex", do: func(_ *gocheck.T, s *shelf) bool { s.held.Lock(); return true }, kind: gocheck.Deadlock, says: "Final"},
	{name: "Unlock of a free Mutex", do: func(_ *gocheck.T, s *shelf) bool { s.mu.Unlock(); return true }, kind: gocheck.Misuse, says: "not locked"},
	{name: "RWMutex", do: func(_ *gocheck.T, s *shelf) bool {
		pass(&s.rw)
		s.rw.RLock()
		ok := s.rw.TryRLock() && !s.rw.TryLock()
		s.rw.RUnlock()
		s.rw.RLocker().Unlock()
		return ok && s.rw.TryLock() && !s.rw.TryRLock()
	}},
	{name: "Lock of an RWMutex with a reader", do: func(_ *gocheck.T, s *shelf) bool { s.read.Lock(); return true }, kind: gocheck.Deadlock, says: "Final"},
	{name: "RUnlock of a free RWMutex", do: func(_ *gocheck.T, s *shelf) bool { s.rw.RUnlock(); return true }, kind: gocheck.Misuse},
	{name: "WaitGroup", do: func(_ *gocheck.T, s *shelf) bool { s.wg.Add(2); s.wg.Done(); s.wg.Done(); s.wg.Wait(); return true }},
	{name: "Done after a goroutine's Add", do: func(_ *gocheck.T, s *shelf) bool { s.one.Done(); s.one.Wait(); return true }},
	{name: "Wait for what is not done", do: func(_ *gocheck.T, s *shelf) bool { s.one.Wait(); return true }, kind: gocheck.Deadlock, says: "Final"},
	{name: "negative counter", do: func(_ *gocheck.T, s *shelf) bool { s.wg.Done(); return true }, kind: gocheck.Misuse, says: "negative"},
	{name: "WaitGroup.Go", do: func(_ *gocheck.T, s *shelf) bool { s.wg.Go(func() {}); return true }, kind: gocheck.Misuse, says: "Go in a function that was given to Final"},
	{name: "Once", do: func(_ *gocheck.T, s *shelf) bool {
		n := 0
		s.once.Do(func() { n++ })
		s.once.Do(func() { n++ })
		s.done.Do(func() { n++ })
		return n == 1
	}},
	{name: "Once within itself", do: func(_ *gocheck.T, s *shelf) bool { s.once.Do(func() { s.once.Do(func() {}) }); return true }, kind: gocheck.Deadlock, says: "Final"},
	{name: "Signal", do: func(_ *gocheck.T, s *shelf) bool { s.cond.Signal(); return true }},
	{name: "Broadcast", do: func(_ *gocheck.T, s *shelf) bool { s.cond.Broadcast(); return true }},
	{name: "Cond.Wait", do: func(_ *gocheck.T, s *shelf) bool { s.mu.Lock(); s.cond.Wait(); return true }, kind: gocheck.Deadlock, says: "Final"},
	{name: "Pool", do: func(_ *gocheck.T, s *shelf) bool {
		s.pool.Put(2)
		a, b, c := s.pool.Get(), s.pool.Get(), s.pool.Get()
		return a == 2 && b == 1 && c == nil
	}},
	{name: "New of a Pool", do: func(_ *gocheck.T, _ *shelf) bool {
		p := sync.Pool{New: func() any { return 7 }}
		return p.Get() == 7
	}},
	{name: "Int32", do: func(_ *gocheck.T, s *shelf) bool { return s.i32.Load() == 1 && numbers(&s.i32) }},
	{name: "Int64", do: func(_ *gocheck.T, s *shelf) bool { return numbers(&s.i64) }},
	{name: "Uint32", do: func(_ *gocheck.T, s *shelf) bool { return numbers(&s.u32) }},
	{name: "Uint64", do: func(_ *gocheck.T, s *shelf) bool { return numbers(&s.u64) }},
	{name: "Uintptr", do: func(_ *gocheck.T, s *shelf) bool { return numbers(&s.uptr) }},
	{name: "Bool", do: func(_ *gocheck.T, s *shelf) bool {
		s.flag.Store(true)
		return s.flag.Swap(false) && s.flag.CompareAndSwap(false, true) && s.flag.Load()
	}},
	{name: "Pointer", do: func(_ *gocheck.T, s *shelf) bool {
		p := new(int)
		s.ptr.Store(p)
		return s.ptr.Swap(nil) == p && s.ptr.CompareAndSwap(nil, p) && s.ptr.Load() == p
	}},
	{name: "Var", do: func(_ *gocheck.T, s *shelf) bool { s.plain.Set(s.plain.Get() + 1); return s.plain.Get() == 2 }},
	{name: "Name", do: func(t *gocheck.T, s *shelf) bool { t.Name(&s.flag, "flag"); t.Name(&s.mu, "mu"); return true }},
	{name: "Choose", do: func(t *gocheck.T, _ *shelf) bool { t.Choose(2); return true }, kind: gocheck.Misuse, says: "Choose"},
	{name: "Go", do: func(t *gocheck.T, _ *shelf) bool { t.Go(func() {}); return true }, kind: gocheck.Misuse, says: "Go in"},
	{name: "Spin", do: func(*gocheck.T, *shelf) bool { gocheck.Spin(); return true }, kind: gocheck.Livelock},
	{name: "Idle", do: func(*gocheck.T, *shelf) bool { gocheck.Idle(); return true }, kind: gocheck.Livelock},
	{name: "Errorf", do: func(t *gocheck.T, _ *shelf) bool { t.Errorf("wrong"); return true }, kind: gocheck.Assertion, says: "wrong"},
	{name: "Fatalf", do: func(t *gocheck.T, _ *shelf) bool { t.Fatalf("wrong"); return true }, kind: gocheck.Assertion, says: "wrong"},
	{name: "panic", do: func(*gocheck.T, *shelf) bool { panic("mine") }, kind: gocheck.Panic, says: "mine"},
	{name: "Final", do: func(t *gocheck.T, _ *shelf) bool { t.Final(func() { t.Errorf("in the second") }); return true }, kind: gocheck.Assertion, says: "in the second"},
}

// integer is what the integers of gocheck/atomic have.
type integer[N any] interface {
	Load() N
	Store(N)
	Swap(N) N
	CompareAndSwap(N, N) bool
	Add(N) N
	And(N) N
	Or(N) N
}

func numbers[N int32 | int64 | uint32 | uint64 | uintptr](a integer[N]) bool {
	a.Store(1)
	got := []N{a.Load(), a.Swap(2), a.Add(1), a.And(2), a.Or(5), a.Load()}
	return slices.Equal(got, []N{1, 1, 3, 3, 2, 7}) && a.CompareAndSwap(7, 8) && !a.CompareAndSwap(7, 9)
}

func TestFinal(t *testing.T) {
	for _, c := range inFinal {
		t.Run(c.name, func(t *testing.T) {
			body := func(t *gocheck.T) {
				s := newShelf(t)
				t.Final(func() {
					if !c.do(t, s) {
						t.Errorf("a wrong result")
					}
				})
			}
			if c.kind == "" {
				gocheck.Check(t, gocheck.Options{}, body)
				return
			}
			r := explore(t, gocheck.Options{}, body)
			if f := r.Failure; f == nil || f.Kind != c.kind || !strings.Contains(f.Message, c.says) {
				t.Errorf("%v\n%v\nwant %s, %q", r, r.Failure, c.kind, c.says)
			}
		})
	}
}
