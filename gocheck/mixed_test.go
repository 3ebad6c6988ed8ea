package gocheck_test

import (
	"strings"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// stats is a struct that is copied as a whole.
type stats struct {
	n    atomic.Uint64
	name [3]uint8
	mu   sync.Mutex
}

// copied reads all of s, as a copy does.
func copied(s *stats) { gocheck.Read(s) }

// Atomic and plain accesses to the same memory are a race unless something
// orders them.
func TestMixed(t *testing.T) {
	for _, c := range []struct {
		name string
		kind gocheck.Kind // empty: it is right
		says string
		body func(*gocheck.T)
	}{
		{"copy beside Add", gocheck.Race, "writes atomically", func(t *gocheck.T) {
			var s stats
			t.Go(func() { s.n.Add(1) })
			copied(&s)
		}},
		{"Add beside a copy", gocheck.Race, "atomically", func(t *gocheck.T) {
			var s stats
			t.Go(func() { copied(&s) })
			s.n.Add(1)
		}},
		{"copy beside Load", "", "", func(t *gocheck.T) {
			var s stats
			t.Go(func() { s.n.Load() })
			copied(&s)
		}},
		{"copy beside a CompareAndSwap that fails", "", "", func(t *gocheck.T) {
			var s stats
			t.Go(func() { s.n.CompareAndSwap(5, 6) })
			copied(&s)
		}},
		{"overwriting beside Load", gocheck.Race, "reads atomically", func(t *gocheck.T) {
			var s stats
			t.Go(func() { s.n.Load() })
			gocheck.Write(&s)
		}},
		{"copy beside Lock", gocheck.Race, "atomically", func(t *gocheck.T) {
			var s stats
			t.Go(func() { s.mu.Lock() })
			copied(&s)
		}},
		{"copy under a lock, and a Load outside", gocheck.Race, "reads atomically", func(t *gocheck.T) {
			var s stats
			var mu sync.Mutex
			t.Go(func() {
				mu.Lock()
				gocheck.Write(&s.n)
				mu.Unlock()
			})
			s.n.Load()
		}},
		{"all under a lock", "", "", func(t *gocheck.T) {
			var s stats
			var mu sync.Mutex
			for range 2 {
				t.Go(func() {
					mu.Lock()
					s.n.Add(1)
					copied(&s)
					gocheck.Write(&s.n)
					mu.Unlock()
				})
			}
		}},
		{"copy before the goroutine starts and after it is done", "", "", func(t *gocheck.T) {
			var s stats
			var wg sync.WaitGroup
			copied(&s)
			wg.Go(func() { s.n.Add(1) })
			wg.Wait()
			gocheck.Write(&s)
		}},
		{"an atomic hands over what was written before it", "", "", func(t *gocheck.T) {
			var s stats
			var ready atomic.Bool
			t.Go(func() {
				gocheck.Write(&s)
				ready.Store(true)
			})
			for !ready.Load() {
				gocheck.Spin()
			}
			s.n.Add(1)
		}},
		{"bytes side by side", "", "", func(t *gocheck.T) {
			var s stats
			for i := range s.name {
				t.Go(func() { gocheck.Write(&s.name[i]) })
			}
			s.n.Add(1)
			s.mu.Lock()
		}},
		{"a byte within a copy", gocheck.Race, "G1 writes", func(t *gocheck.T) {
			var s stats
			t.Go(func() { gocheck.Write(&s.name[1]) })
			copied(&s)
		}},
		{"a value that has moved is another variable", gocheck.Race, "", func(t *gocheck.T) {
			var v gocheck.Var[int]
			a := make([]atomic.Int32, 2)
			a[0].Store(1)
			moveInt(&a[1], &a[0])
			t.Go(func() { v.Set(1); a[0].Store(2) })
			a[1].Load() // orders nothing for a[0]
			v.Get()
		}},
		{"a copy keeps its value", "", "", func(t *gocheck.T) {
			a := make([]atomic.Int32, 2)
			a[0].Store(1)
			moveInt(&a[1], &a[0])
			a[0].Store(2)
			if a[1].Load() != 1 {
				t.Errorf("it is %d", a[1].Load())
			}
		}},
		{"a copy of a locked Mutex", gocheck.Misuse, "must not be copied", func(*gocheck.T) {
			m := make([]sync.Mutex, 2)
			m[0].Lock()
			moveMutex(&m[1], &m[0])
			m[1].Unlock()
		}},
		{"a variable set back to its zero", gocheck.Race, "atomically", func(t *gocheck.T) {
			var s stats
			t.Go(func() { s.n.Add(1) })
			s.n = atomic.Uint64{}
			s.n.Load()
			copied(&s)
		}},
		{"a struct is not its first field", gocheck.Race, "G0 reads s,", func(t *gocheck.T) {
			var s struct{ a, b gocheck.Var[int] }
			s.a.Set(1)
			t.Go(func() { s.b.Set(1) })
			gocheck.Read(&s)
		}},
		{"nothing is read", "", "", func(t *gocheck.T) {
			var none struct{}
			t.Go(func() { gocheck.Write(&none) })
			gocheck.Write(&none)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, gocheck.Options{}, c.body)
			f := r.Failure
			if c.kind == "" && !r.Complete {
				t.Fatalf("%v\n%v", r, f)
			}
			if c.kind != "" && (f == nil || f.Kind != c.kind || !strings.Contains(f.Message, c.says)) {
				t.Fatalf("%v\n%v\nwant %s, %q", r, f, c.kind, c.says)
			}
			if c.kind == gocheck.Race && strings.Count(f.Message, "mixed_test.go:") != 2 {
				t.Errorf("it does not name both places: %v", f)
			}
		})
	}
}

// moveInt and moveMutex make copies that go vet would reject.
func moveInt(to, from *atomic.Int32) { move(to, from) }

func moveMutex(to, from *sync.Mutex) { move(to, from) }

func move[V any](to, from *V) { *to = *from }
