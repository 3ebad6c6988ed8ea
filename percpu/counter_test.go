package percpu_test

import (
	"errors"
	"sync"
	"testing"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/percpu"

	"pgregory.net/rapid"
)

// The counter beside one plain variable, under any mix of adds, hotplug and sums
// from any caller.
func TestCounterAgainstAVariable(t *testing.T) {
	const cpus = 4
	sys := open(t, cpumask.Range(0, cpus-1))
	rapid.Check(t, func(t *rapid.T) {
		online := sys.OnlineMask()
		k := percpu.NewCounter(sys)
		var want int64
		anyCPU := rapid.IntRange(0, cpus-1)
		sum := func(from crosscall.Caller) {
			if got, err := k.Sum(t.Context(), from); err != nil || got != want {
				t.Errorf("Sum from %T is %d, %v, want %d", from, got, err, want)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				cpu, n := anyCPU.Draw(t, "cpu"), rapid.Int64().Draw(t, "n")
				err := sys.Call(t.Context(), cpu, func(c *crosscall.CPU) { k.Add(c, n) })
				if online.Test(cpu) {
					want += n
				} else if !errors.Is(err, crosscall.ErrOffline) {
					t.Fatal(err)
				}
			},
			"add from a goroutine": func(t *rapid.T) {
				n := rapid.Int64().Draw(t, "n")
				done := make(chan struct{})
				go func() { k.AddAny(n); close(done) }()
				<-done
				want += n
			},
			"add on a CPU as any goroutine": func(t *rapid.T) {
				cpu, n := anyCPU.Draw(t, "cpu"), rapid.Int64().Draw(t, "n")
				if sys.Call(t.Context(), cpu, func(*crosscall.CPU) { k.AddAny(n) }) == nil {
					want += n
				}
			},
			"sum":        func(*rapid.T) { sum(sys) },
			"sum on CPU": func(t *rapid.T) { _ = sys.Call(t.Context(), anyCPU.Draw(t, "cpu"), func(c *crosscall.CPU) { sum(c) }) },
			"offline": func(t *rapid.T) {
				if cpu := anyCPU.Draw(t, "cpu"); online.Test(cpu) && online.Weight() > 1 {
					online.Clear(cpu)
					if err := sys.Offline(t.Context(), cpu); err != nil {
						t.Fatal(err)
					}
				}
			},
			"online": func(t *rapid.T) {
				cpu := anyCPU.Draw(t, "cpu")
				online.Set(cpu)
				if err := sys.Online(t.Context(), cpu); err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}

// Every CPU and some goroutines add at once, and some sums are taken meanwhile: they only grow.
func TestCounterUnderConcurrentAdds(t *testing.T) {
	const adds, total = 20000, 4*20000 + 4*3*20000
	sys := open(t, cpumask.Range(0, 3))
	k := percpu.NewCounter(sys)
	var others sync.WaitGroup
	defer others.Wait()
	for range 4 {
		others.Go(func() {
			for range adds {
				k.AddAny(1)
			}
		})
	}
	must(t, sys.PostEvery(func(c *crosscall.CPU) {
		for i := range adds {
			k.Add(c, 1)
			k.AddAny(2)
			if i%16 == 0 {
				c.Poll()
			}
		}
	}))
	var last int64
	for last < total {
		sum, err := k.Sum(t.Context(), sys)
		must(t, err)
		if sum < last || sum > total {
			t.Fatalf("Sum is %d after %d, of %d adds", sum, last, total)
		}
		last = sum
	}
}
