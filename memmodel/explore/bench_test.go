package explore_test

import (
	"context"
	"fmt"
	"testing"

	"crosscall/memmodel/explore"
	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
	"crosscall/memmodel/twin"
)

func count(tb testing.TB, p *program.Program, m *rel.Plan) explore.Stats {
	tb.Helper()
	stats, err := explore.Run(context.Background(), p, m, explore.Config{}, func(*explore.Execution) error { return nil })
	if err != nil {
		tb.Fatal(err)
	}
	return stats
}

// BenchmarkFamilies shows how the time grows with the size of a program, and
// how many executions a second are explored.
func BenchmarkFamilies(b *testing.B) {
	m := twin.Weak()
	for _, f := range families {
		for n := 2; n <= f.most; n++ {
			p := f.make(n)
			b.Run(fmt.Sprintf("%s/%d", f.name, n), func(b *testing.B) {
				var total int64
				for b.Loop() {
					total += count(b, p, m).Executions
				}
				b.ReportMetric(float64(total)/float64(b.N), "executions")
				b.ReportMetric(float64(total)/b.Elapsed().Seconds(), "executions/s")
			})
		}
	}
}
