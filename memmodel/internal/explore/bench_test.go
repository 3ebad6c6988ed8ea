package explore_test

import (
	"context"
	"fmt"
	"testing"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/rel"
)

func lkmm(tb testing.TB) *rel.Plan {
	tb.Helper()
	m, err := model.Load("lkmm")
	if err != nil {
		tb.Fatal(err)
	}
	return m.Plan
}

func count(tb testing.TB, p *ir.Program, m *rel.Plan, c explore.Config) explore.Stats {
	tb.Helper()
	stats, err := explore.Run(context.Background(), p, m, c, func(*explore.Execution) error { return nil })
	if err != nil {
		tb.Fatal(err)
	}
	return stats
}

// TestFamilies counts executions where there is a formula for them, with one
// worker and with several.
func TestFamilies(t *testing.T) {
	m := lkmm(t)
	for _, f := range families {
		for n := 2; n <= f.most && f.executions != nil; n++ {
			for _, workers := range []int{1, 3} {
				got := count(t, f.make(n), m, explore.Config{Workers: workers}).Executions
				if want := f.executions(n); got != want {
					t.Errorf("%s of %d, %d workers: %d executions, want %d", f.name, n, workers, got, want)
				}
			}
		}
	}
}

// BenchmarkFamilies shows how the time grows with the size of a program, and
// how many executions a second are explored.
func BenchmarkFamilies(b *testing.B) {
	m := lkmm(b)
	for _, f := range families {
		for n := 2; n <= f.most; n++ {
			p := f.make(n)
			b.Run(fmt.Sprintf("%s/%d", f.name, n), func(b *testing.B) {
				var total int64
				for b.Loop() {
					total += count(b, p, m, explore.Config{}).Executions
				}
				b.ReportMetric(float64(total)/float64(b.N), "executions")
				b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "executions/s")
			})
		}
	}
}
