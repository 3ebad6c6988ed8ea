package percpu_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"crosscall"
	"crosscall/percpu"
)

// openReal opens a System of the CPUs that there are.
func openReal(b *testing.B) *crosscall.System {
	sys, err := crosscall.Open(crosscall.Options{})
	must(b, err)
	b.Cleanup(func() { must(b, sys.Close()) })
	return sys
}

// onAll has every CPU run adds, which adds b.N times, all at once: ns/op are those
// of one add while all others add too.
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

// BenchmarkAtomicAdd is the same by the one word that all CPUs add to.
func BenchmarkAtomicAdd(b *testing.B) {
	var n atomic.Int64
	onAll(b, openReal(b), func(*crosscall.CPU) {
		for range b.N {
			n.Add(1)
		}
	})
}

// BenchmarkCounterSum is the price of it.
func BenchmarkCounterSum(b *testing.B) {
	sys := openReal(b)
	k := percpu.NewCounter(sys)
	for b.Loop() {
		if _, err := k.Sum(b.Context(), sys); err != nil {
			b.Fatal(err)
		}
	}
}
