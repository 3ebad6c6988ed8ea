package gocheck_test

import (
	"context"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// BenchmarkExecutions reports how many executions a second are explored.
func BenchmarkExecutions(b *testing.B) {
	for _, p := range []struct {
		name string
		body func(*gocheck.T)
	}{
		{"ainc5", func(t *gocheck.T) {
			var x atomic.Int32
			for range 5 {
				t.Go(func() { x.Add(1) })
			}
		}},
		{"fib3", func(t *gocheck.T) {
			var x, y atomic.Int64
			x.Store(1)
			y.Store(1)
			t.Go(func() {
				for range 3 {
					x.Store(x.Load() + y.Load())
				}
			})
			t.Go(func() {
				for range 3 {
					y.Store(x.Load() + y.Load())
				}
			})
		}},
		{"lastzero5", func(t *gocheck.T) {
			a := make([]atomic.Int32, 6)
			for i := range 5 {
				t.Go(func() { a[i+1].Store(a[i].Load() + 1) })
			}
			t.Go(func() {
				for i := 5; a[i].Load() != 0; i-- {
				}
			})
		}},
		{"readers7", func(t *gocheck.T) {
			var x atomic.Int32
			t.Go(func() { x.Store(1) })
			for range 7 {
				t.Go(func() { x.Load() })
			}
		}},
		{"pipeline", func(t *gocheck.T) { pipeline() }},
		{"lock4", func(t *gocheck.T) {
			var mu sync.Mutex
			var n gocheck.Var[int]
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					mu.Lock()
					n.Set(n.Get() + 1)
					mu.Unlock()
				})
			}
			wg.Wait()
			n.Get()
		}},
	} {
		b.Run(p.name, func(b *testing.B) {
			var n, blocked, steps int64
			b.ReportAllocs()
			for b.Loop() {
				r, err := gocheck.Explore(context.Background(), gocheck.Options{}, p.body)
				if err != nil || !r.Complete {
					b.Fatal(r, err)
				}
				n += r.Executions
				blocked += r.Blocked
				steps += r.Steps
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "exec/s")
			b.ReportMetric(float64(n)/float64(b.N), "execs")
			b.ReportMetric(float64(blocked)/float64(b.N), "blocked")
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(steps), "ns/step")
		})
	}
}
