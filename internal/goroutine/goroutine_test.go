package goroutine

import (
	"math/bits"
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// deepen grows the stack, which moves it.
func deepen(n int) uintptr {
	var pad [128]byte
	if n == 0 {
		return ID()
	}
	id := deepen(n - 1)
	runtime.KeepAlive(&pad)
	return id
}

func TestIDIsStable(t *testing.T) {
	id := ID()
	for range 100 {
		runtime.Gosched()
		if got := deepen(1000); got != id {
			t.Fatalf("ID %#x became %#x", id, got)
		}
		runtime.GC()
	}
	if id == 0 {
		t.Error("ID is 0")
	}
}

func TestLiveGoroutinesDiffer(t *testing.T) {
	const n = 1000
	var mu sync.Mutex
	ids, numbers := map[uintptr]bool{}, map[int64]bool{}
	var ready, done sync.WaitGroup
	ready.Add(n)
	for range n {
		done.Go(func() {
			mu.Lock()
			ids[ID()], numbers[Number()] = true, true
			mu.Unlock()
			ready.Done()
			ready.Wait() // all live at once
		})
	}
	done.Wait()
	if len(ids) != n || len(numbers) != n {
		t.Errorf("%d goroutines have %d IDs and %d numbers", n, len(ids), len(numbers))
	}
}

func TestLocal(t *testing.T) {
	var l Local[int]
	if l.Get() != nil {
		t.Error("the zero Local has a value")
	}
	a, b := new(int), new(int)
	l.Set(a)
	l.Set(b)
	done := make(chan *int)
	go func() { done <- l.Get() }()
	if got := <-done; got != nil {
		t.Error("another goroutine has the value")
	}
	if l.Get() != b {
		t.Error("not the value that was set last")
	}
	l.Clear()
	if l.Get() != nil || l.table.Load() != nil {
		t.Error("a value is left after Clear")
	}
}

// Goroutines come and go, with a value and without: each finds its own.
func TestLocalUnderChurn(t *testing.T) {
	var l Local[int]
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 100 {
				var one sync.WaitGroup
				one.Go(func() {
					if l.Get() != nil {
						t.Error("a new goroutine has a value")
					}
					v := new(int)
					if i%2 == 0 {
						l.Set(v)
						defer l.Clear()
					} else {
						v = nil
					}
					for range 10 {
						if got := l.Get(); got != v {
							t.Errorf("value %p, want %p", got, v)
						}
						runtime.Gosched()
					}
				})
				one.Wait()
			}
		})
	}
	all.Wait()
	if l.table.Load() != nil {
		t.Error("values are left")
	}
}

func TestTableAgainstAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.Map(rapid.UintptrRange(1, 1<<12), func(n uintptr) uintptr { return n * 448 })
		keys := rapid.SliceOfNDistinct(ids, 1, 300, rapid.ID).Draw(t, "IDs")
		values := make(map[uintptr]*int)
		for _, id := range keys {
			values[id] = new(int)
		}
		table := newTable(values)
		for id := range uintptr(1 << 12) {
			id = (id + 1) * 448
			if got := table.find(id); got != values[id] {
				t.Fatalf("ID %d has %p, want %p", id, got, values[id])
			}
		}
		if n := len(table.slots); n < 4*len(keys) || bits.OnesCount(uint(n)) != 1 {
			t.Fatalf("%d slots for %d values", n, len(keys))
		}
	})
}

func BenchmarkID(b *testing.B) {
	for b.Loop() {
		ID()
	}
}

func BenchmarkNumber(b *testing.B) {
	for b.Loop() {
		Number()
	}
}

// BenchmarkGetWithout is the common case: others have a value, the caller none.
func BenchmarkGetWithout(b *testing.B) {
	var l Local[int]
	hold := make(chan struct{})
	var ready, done sync.WaitGroup
	for range 8 {
		ready.Add(1)
		done.Go(func() {
			l.Set(new(int))
			defer l.Clear()
			ready.Done()
			<-hold
		})
	}
	ready.Wait()
	for b.Loop() {
		l.Get()
	}
	close(hold)
	done.Wait()
}
