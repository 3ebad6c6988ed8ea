package explore_test

import (
	"math"
	"testing"
	"time"

	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// TestTwinEstimate: the mean of many probes is the number of executions that are found.
func TestTwinEstimate(t *testing.T) {
	for _, name := range []string{"sc", "lkmm", "rc11"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 8, func(t *rapid.T) {
				waits := rapid.Bool().Draw(t, "waits")
				p := wildPrograms(oracle.Dialects[name], features{waits: waits}).Draw(t, "program").Program
				c := explore.Config{Bound: 2, OfAlike: true}
				stats, err := explore.Run(&patience{Context: t.Context()}, p, m.Plan, c, func(*explore.Execution) error { return nil })
				if err != nil || stats.BoundHit || stats.Executions > 2000 {
					t.Skip("fails, goes on, or has many")
				}
				e, err := explore.FindEstimate(t.Context(), p, m.Plan, c, 300*time.Millisecond)
				if err != nil {
					t.Fatal(err)
				}
				// Doubtful ones may be far off; of the others one in a million is six errors off.
				if off := math.Abs(e.Executions - float64(stats.Executions)); e.Doubt() == "" && off > 6*e.Error+0.5 {
					t.Fatalf("%d executions, estimated %+v\n%s", stats.Executions, e, oracle.Text(p))
				}
			})
		})
	}
}
