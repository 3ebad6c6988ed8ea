package bench

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscall/cpumask"
)

// A fake has given costs, and notes each sample in a log.
type fake struct {
	name   string
	cost   float64
	log    *[]string
	err    error
	onTurn func()
}

func (f *fake) sample(_ context.Context, n int) ([]float64, error) {
	*f.log = append(*f.log, f.name)
	if f.onTurn != nil {
		f.onTurn()
	}
	return []float64{f.cost}, f.err
}

func (f *fake) close() { *f.log = append(*f.log, "close "+f.name) }

func opens(p probe) func(*site) (probe, error) {
	return func(*site) (probe, error) { return p, nil }
}

func refuses(err error) func(*site) (probe, error) {
	return func(*site) (probe, error) { return nil, err }
}

func runContest(ctx context.Context, c contest, budget time.Duration) *Report {
	s := newSite(cpumask.Of(0, 1))
	r := newReport(s)
	c.run(ctx, s, budget, r)
	return r
}

func TestSidesTakeTurns(t *testing.T) {
	var log []string
	ctx, cancel := context.WithCancel(t.Context())
	turns := 0
	last := func() {
		if turns++; turns == 3 {
			cancel()
		}
	}
	r := runContest(ctx, contest{
		name: "m", ops: 1,
		open: opens(&fake{name: "m", cost: 3, log: &log}),
		against: []baseline{
			{name: "a", open: opens(&fake{name: "a", cost: 2, log: &log}), goal: 1.5},
			{name: "b", open: opens(&fake{name: "b", cost: 6, log: &log, onTurn: last}), goal: 0.1},
		},
	}, time.Hour)

	want := "m a b m a b m a b close b close a close m"
	if got := strings.Join(log, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(r.Measures) != 2 || len(r.Skipped) != 0 {
		t.Fatalf("rows %+v, skipped %v", r.Measures, r.Skipped)
	}
	a, b := r.Measures[0], r.Measures[1]
	if a.Baseline != "a" || a.Ratio != 1.5 || !a.Met() || a.Samples != 3 {
		t.Errorf("row beside a: %+v", a)
	}
	if b.Baseline != "b" || b.Ratio != 0.5 || b.Met() || b.Value != 3 || b.BaselineValue != 6 {
		t.Errorf("row beside b: %+v", b)
	}
}

func TestBudgetEndsAContest(t *testing.T) {
	var log []string
	r := runContest(t.Context(), contest{
		name: "m", ops: 1,
		open:    opens(&fake{name: "m", cost: 1, log: &log}),
		against: []baseline{{name: "a", open: opens(&fake{name: "a", cost: 1, log: &log})}},
	}, 0)
	if len(r.Measures) != 1 || r.Measures[0].Samples != 1 {
		t.Errorf("one round is always measured; got %+v", r.Measures)
	}
}

func TestWhatCannotBeMeasuredIsLeftOut(t *testing.T) {
	var log []string
	refused := errors.New("refused")
	works := opens(&fake{name: "works", cost: 1, log: &log})
	breaks := opens(&fake{name: "breaks", cost: 1, log: &log, err: errors.New("broke")})
	tests := map[string]struct {
		contest contest
		rows    int
		skipped []Skip
	}{
		"measure does not open": {
			contest{name: "m", ops: 1, open: refuses(refused), against: []baseline{{name: "a", open: works}}},
			0, []Skip{{"m", "", "refused"}},
		},
		"baseline does not open": {
			contest{name: "m", ops: 1, open: works, against: []baseline{{name: "a", open: refuses(refused)}, {name: "b", open: works}}},
			1, []Skip{{"m", "a", "refused"}},
		},
		"sample fails": {
			contest{name: "m", ops: 1, open: breaks, against: []baseline{{name: "a", open: works}}},
			0, []Skip{{"m", "", "broke"}},
		},
		"first sample of a baseline fails": {
			contest{name: "m", open: works, against: []baseline{{name: "a", open: breaks}}},
			0, []Skip{{"m", "a", "broke"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			log = nil
			r := runContest(t.Context(), test.contest, 0)
			if len(r.Measures) != test.rows || !slices.Equal(r.Skipped, test.skipped) {
				t.Errorf("%d rows, skipped %q; want %d, %q", len(r.Measures), r.Skipped, test.rows, test.skipped)
			}
			if strings.Contains(strings.Join(log, " "), "breaks") && !slices.Contains(log, "close breaks") {
				t.Errorf("the probe that failed was not closed: %v", log)
			}
		})
	}
}

// A counter costs a fixed time for each operation, and counts the requested
// operations.
type counter struct {
	cost  time.Duration
	asked []int
}

func (c *counter) sample(_ context.Context, n int) ([]float64, error) {
	c.asked = append(c.asked, n)
	return []float64{float64(c.cost)}, nil
}

func (c *counter) close() {}

func TestFillFindsTheBatch(t *testing.T) {
	for cost, want := range map[time.Duration]int{
		20 * time.Nanosecond:  200_000,
		30 * time.Microsecond: 133,
		time.Second:           1,
	} {
		c := &counter{cost: cost}
		ops, err := fill(t.Context(), c, 4*time.Millisecond)
		if err != nil || ops != want {
			t.Errorf("%v each: %d operations, %v; want %d", cost, ops, err, want)
		}
		for _, n := range c.asked {
			if n > want {
				t.Errorf("%v each: %d operations on the way to %d", cost, n, want)
			}
		}
	}
}
