package gocheck_test

import (
	"strings"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

type ring struct {
	head, tail atomic.Uint32
	slots      [2]atomic.Pointer[int]
	inner      struct{ mu sync.RWMutex }
	size       gocheck.Var[int]
	raw        int
}

func (r *ring) push(v *int) {
	t := r.tail.Load()
	r.slots[t%2].Store(v)
	r.tail.Store(t + 1)
}

func twoLoads(a, b *atomic.Uint32) uint32 { return a.Load() + b.Load() }

func loadOne(a *atomic.Uint32) { a.Load() }

// The names that a schedule gives its variables, its operations and their places.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		name string
		want string // all of these lines, in this order
		body func(*gocheck.T)
	}{
		{"fields", `
			G0   r.tail: Load() = 0       names_test.go:21 (from names_test.go:
			G0   r.slots[t%2]: Store(&1)  names_test.go:22 (from names_test.go:
			G0   r.tail: Store(1)         names_test.go:23 (from names_test.go:
		`, func(*gocheck.T) { new(ring).push(new(int)) }},
		{"a field that methods call by other names", `
			G0   tail: Load() = 0
			G0   r.slots[t%2]: Store(&1)
			G0   tail: Store(1)
			G0   tail: Load() = 1; other.head: CompareAndSwap(5, 6) = false: it is 0
			G0   tail: Load() = 1
		`, func(*gocheck.T) {
			var other ring
			other.push(new(int))
			p := &other.tail
			_, _ = p.Load(), other.head.CompareAndSwap(5, 6)
			other.tail.Load()
		}},
		{"two variables of one name", `
			G0   a#1: Load() = 0
			G0   a#2: Load() = 0
		`, func(*gocheck.T) {
			var r ring
			loadOne(&r.head)
			loadOne(&r.tail)
		}},
		{"an address that is stored", `
			G0   first: Store(&1)
		`, func(*gocheck.T) {
			var first atomic.Pointer[ring]
			var r ring
			first.Store(&r)
		}},
		{"two calls in a line", `
			G0   Uint32#0: Load() = 0; Uint32#1: Load() = 0
		`, func(*gocheck.T) {
			var r ring
			twoLoads(&r.head, &r.tail)
		}},
		{"plain variables", `
			G0   r.size: Write
			G0   r.raw: Read
			G0   r.size: Read
		`, func(*gocheck.T) {
			var r ring
			r.size.Set(1)
			gocheck.Read(&r.raw)
			r.size.Get()
		}},
		{"read and write locks", `
			G0   r.inner.mu: Lock: all readers have left
			G0   r.inner.mu: TryRLock() = false
			G0   r.inner.mu: Unlock
			G0   r.inner.mu: RLock
			G0   r.inner.mu: TryLock() = false
			G0   r.inner.mu: RUnlock
		`, func(*gocheck.T) {
			var r ring
			r.inner.mu.Lock()
			r.inner.mu.TryRLock()
			r.inner.mu.Unlock()
			r.inner.mu.RLock()
			r.inner.mu.TryLock()
			r.inner.mu.RUnlock()
		}},
		{"goroutines that are methods", `
			G0   wg: Add(2): 2 left  names_test.go:
			G1   wg: Done: 1 left    names_test.go:
			G2   wg: Done: 0 left    names_test.go:
			G0   wg: Wait            names_test.go:
		`, func(t *gocheck.T) {
			var wg sync.WaitGroup
			wg.Add(2)
			t.Go(wg.Done)
			t.Go(wg.Done)
			wg.Wait()
		}},
		{"what a WaitGroup starts", `
			G0   wg: Add(1): 1 left  names_test.go:
			G1   once: Do: runs f; Do: f has returned  names_test.go:
			G1   wg: Done: 0 left    names_test.go:
		`, func(t *gocheck.T) {
			var wg sync.WaitGroup
			var once sync.Once
			wg.Go(func() { once.Do(func() {}) })
			wg.Wait()
		}},
		{"pool and choice", `
			G0   Choose(1) = 0  names_test.go:
			G0   p: Put(7)
			G0   p: Get() = 7
			G0   p: Get: empty
		`, func(t *gocheck.T) {
			t.Choose(1)
			p := sync.Pool{}
			p.Put(7)
			p.Get()
			p.Get()
		}},
		{"in Final", `
			G0   fails in Final: it fails  names_test.go:
		`, func(t *gocheck.T) {
			t.Final(func() { t.Errorf("it fails") })
		}},
		{"a panic", `
			G1   panic: mine  names_test.go:
		`, func(t *gocheck.T) {
			t.Go(func() { panic("mine") })
		}},
		{"a lock that readers hold", `
			G0   r.inner.mu: RLock
			G0   r.inner.mu: Lock: new readers wait
			G0   waits in Lock (for readers to leave) of r.inner.mu forever  names_test.go:
		`, func(*gocheck.T) {
			var r ring
			r.inner.mu.RLock()
			r.inner.mu.Lock()
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, gocheck.Options{}, func(t *gocheck.T) {
				c.body(t)
				if !strings.Contains(c.want, "fails") && !strings.Contains(c.want, "forever") && !strings.Contains(c.want, "panic") {
					t.Errorf("the end")
				}
			})
			if r.Failure == nil {
				t.Fatal(r)
			}
			left := squeezed(r.Failure.String())
			for line := range strings.Lines(c.want) {
				line = squeezed(line)
				_, rest, ok := strings.Cut(left, line)
				if !ok {
					t.Fatalf("%q is not in what is left of\n%v", line, r.Failure)
				}
				left = rest
			}
		})
	}
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// A failure's output says how much was explored, and how to run it again.
func TestReport(t *testing.T) {
	text := failsWith(func(t testing.TB) { gocheck.Check(t, gocheck.Options{}, lostUpdate) })
	for _, want := range []string{
		"\nfails: 2 executions, 0 blocked, ",
		"\nto run this execution again: GOCHECK_REPLAY=0m004081081g20g00c go test -run '^TestX$' crosscall/gocheck",
		" transcript_test.go:",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "/transcript_test.go") {
		t.Errorf("paths have two forms:\n%s", text)
	}
}
