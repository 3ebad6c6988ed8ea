package percpu_test

import (
	"runtime"
	"sync"
	"testing"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/percpu"

	"pgregory.net/rapid"
)

func total(s *percpu.Sharded[int64]) (sum int64) {
	s.Each(func(n *int64) { sum += *n })
	return sum
}

// The value beside one plain variable, under any mix of goroutines that add and folds that
// take the sum.
func TestShardedAgainstAVariable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := percpu.NewSharded[int64]()
		var want int64
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				n := rapid.Int64().Draw(t, "n")
				s.Do(func(v *int64) { *v += n })
				want += n
			},
			"add from goroutines": func(t *rapid.T) {
				var all sync.WaitGroup
				for _, n := range rapid.SliceOfN(rapid.Int64(), 0, 10).Draw(t, "n") {
					all.Go(func() { s.Do(func(v *int64) { *v += n }) })
					want += n
				}
				all.Wait()
			},
			"take": func(*rapid.T) {
				s.Each(func(v *int64) { want -= *v; *v = 0 })
				if want != 0 {
					t.Fatalf("what was taken is %d less than what was added", want)
				}
			},
			"": func(t *rapid.T) {
				if got := total(s); got != want {
					t.Fatalf("total %d, want %d", got, want)
				}
			},
		})
	})
}

// Goroutines and functions on CPUs add at once; totals taken meanwhile only grow.
func TestShardedUnderConcurrentDo(t *testing.T) {
	const adds, all = 5000, 8 * 5000
	sys := open(t, cpumask.Range(0, 3))
	s := percpu.NewSharded[int64]()
	add := func() {
		for range adds {
			s.Do(func(n *int64) { *n++ })
		}
	}
	var others sync.WaitGroup
	for range 4 {
		others.Go(add)
	}
	must(t, sys.PostEvery(func(*crosscall.CPU) { add() }))
	for last := int64(0); last < all; {
		sum := total(s)
		if sum < last || sum > all {
			t.Fatalf("total %d after %d, of %d", sum, last, all)
		}
		last = sum
	}
	others.Wait()
}

// A function that panics or ends its goroutine leaves no shard locked.
func TestShardedAfterAPanic(t *testing.T) {
	s := percpu.NewSharded[int64]()
	for _, end := range []func(){func() { panic("end") }, runtime.Goexit} {
		for _, use := range []func(func(*int64)){s.Do, s.Each} {
			var ended sync.WaitGroup
			ended.Go(func() {
				defer func() { _ = recover() }()
				use(func(n *int64) { *n++; end() })
			})
			ended.Wait()
		}
	}
	if got := total(s); got != 4 {
		t.Errorf("total %d, want 4", got)
	}
}
