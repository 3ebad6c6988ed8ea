package percpu_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"crosscall"
	"crosscall/percpu"
)

// openReal opens a System of the real CPUs.
func openReal(b *testing.B) *crosscall.System {
	sys, err := crosscall.Open(crosscall.Options{})
	must(b, err)
	b.Cleanup(func() { must(b, sys.Close()) })
	return sys
}

// onAll runs adds, which adds b.N times, on every CPU at the same time: ns/op is
// the time of one add while all other CPUs add too.
func onAll(b *testing.B, sys *crosscall.System, adds func(*crosscall.CPU)) {
	online := sys.OnlineMask()
	var ready, done sync.WaitGroup
	ready.Add(online.Weight())
	done.Add(online.Weight())
	must(b, sys.PostEvery(func(c *crosscall.CPU) {
		defer done.Done()
		ready.Done()
		ready.Wait()
		adds(c)
	}))
	done.Wait()
}

func BenchmarkCounterAdd(b *testing.B) {
	sys := openReal(b)
	k := percpu.NewCounter(sys)
	onAll(b, sys, func(c *crosscall.CPU) {
		for range b.N {
			k.Add(c, 1)
		}
	})
	if sum, err := k.Sum(b.Context(), sys); err != nil || sum%int64(b.N) != 0 {
		b.Fatal(sum, err)
	}
}

// BenchmarkAtomicAdd is the same with one word that all CPUs add to.
func BenchmarkAtomicAdd(b *testing.B) {
	var n atomic.Int64
	onAll(b, openReal(b), func(*crosscall.CPU) {
		for range b.N {
			n.Add(1)
		}
	})
}

// BenchmarkCounterSum is the cost of a Sum.
func BenchmarkCounterSum(b *testing.B) {
	sys := openReal(b)
	k := percpu.NewCounter(sys)
	for b.Loop() {
		if _, err := k.Sum(b.Context(), sys); err != nil {
			b.Fatal(err)
		}
	}
}

// fromGoroutines has one goroutine a CPU, pinned to nothing, add b.N times each.
func fromGoroutines(b *testing.B, add func()) {
	var ready, done sync.WaitGroup
	threads := runtime.GOMAXPROCS(0)
	ready.Add(threads)
	for range threads {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			for range b.N {
				add()
			}
		})
	}
	done.Wait()
}

// BenchmarkCounterFromGoroutines has all threads add at once: by AddAny, by one atomic variable,
// by one mutex, and by Sharded.
func BenchmarkCounterFromGoroutines(b *testing.B) {
	k := percpu.NewCounter(openReal(b)) // not in AddAny's own time
	b.Run("AddAny", func(b *testing.B) {
		fromGoroutines(b, func() { k.AddAny(1) })
	})
	b.Run("atomic", func(b *testing.B) {
		var n atomic.Int64
		fromGoroutines(b, func() { n.Add(1) })
	})
	b.Run("Sharded", func(b *testing.B) {
		s := percpu.NewSharded[int]()
		fromGoroutines(b, func() { s.Do(func(n *int) { *n++ }) })
	})
	b.Run("mutex", func(b *testing.B) {
		var mu sync.Mutex
		n := 0
		fromGoroutines(b, func() {
			mu.Lock()
			n++
			mu.Unlock()
		})
	})
}
