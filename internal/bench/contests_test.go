package bench

import (
	"context"
	"slices"
	"testing"
	"time"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

func TestContestsAreWhatTheProjectPromises(t *testing.T) {
	for _, name := range []string{
		"call-awake", "call-asleep", "call-many-shared", "call-many-per-target", "post", "idle-cpu", "kv-get", "matrix",
	} {
		if !slices.Contains(Names(), name) {
			t.Errorf("no measure %s", name)
		}
	}
	goals := map[[2]string]float64{
		{"call-awake", "pingpong"}:                 1.3,
		{"call-awake", "chan-pinned"}:              1.0 / 60,
		{"call-awake", "membarrier"}:               1.0 / 8,
		{"call-arg", "pingpong"}:                   1.6,
		{"call-closure", "pingpong"}:               0,
		{"call-asleep", "futex"}:                   1.2,
		{"call-goroutine", "chan-pinned"}:          1.0 / 15,
		{"call-goroutine-same-cpu", "chan-pinned"}: 1,
		{"post", "chan-buffered"}:                  1.0 / 10,
		{"post-goroutine", "chan-buffered"}:        1.0 / 5,
		{"http-call", "mutex"}:                     1.3,
		{"call-cancellable", "pingpong"}:           1.2,
		{"owner-counter", "mutex"}:                 1 / 4.1,
		{"owner-map", "mutex"}:                     1 / 2.7,
		{"owner-heap", "mutex"}:                    1 / 1.4,
		{"owner-lru", "mutex"}:                     1 / 2.0,
		{"owner-counter-call", "mutex"}:            0,
		{"owner-map-call", "mutex"}:                0,
		{"owner-heap-call", "mutex"}:               0,
		{"owner-lru-call", "mutex"}:                0,
		{"percpu-add-any", "atomic-add"}:           1,
		{"fence-idle", "limit"}:                    1,
		{"fence-idle-poll", "limit"}:               1,
		{"idle-cpu", "limit"}:                      1,
		{"kv-get", "sharded-mutex"}:                0,
	}
	for _, c := range contests {
		for _, b := range c.against {
			row := [2]string{c.name, b.name}
			if want, listed := goals[row]; listed && b.goal != want {
				t.Errorf("%v: goal %v, want %v", row, b.goal, want)
			}
			delete(goals, row)
		}
	}
	for row := range goals {
		t.Errorf("no row %v", row)
	}
}

func usable(t *testing.T) cpumask.Mask {
	t.Helper()
	topo, err := topology.Read()
	if err != nil {
		t.Fatal(err)
	}
	return topo.Usable
}

// allButIdle leaves out the one measure whose duration is fixed.
func allButIdle() []string {
	return slices.DeleteFunc(Names(), func(name string) bool { return name == "idle-cpu" })
}

// With -short, every eighth measure is run.
func TestRunMeasuresOrSaysWhyNot(t *testing.T) {
	only := allButIdle()
	if testing.Short() {
		n := 0
		only = slices.DeleteFunc(only, func(string) bool { n++; return n%8 != 1 })
	}
	r, err := Run(t.Context(), Options{CPUs: usable(t), Only: only, Time: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range only {
		measured := slices.ContainsFunc(r.Measures, func(m Measure) bool { return m.Name == name })
		measured = measured || name == matrixName && len(r.Matrix) > 0
		skipped := slices.ContainsFunc(r.Skipped, func(s Skip) bool { return s.Name == name })
		if !measured && !skipped {
			t.Errorf("%s is neither measured nor skipped", name)
		}
	}
	for _, m := range r.Measures {
		if !(m.Value > 0 && m.BaselineValue > 0 && m.Min <= m.Value && m.Value <= m.P95) {
			t.Errorf("%s beside %s: %+v", m.Name, m.Baseline, m)
		}
	}
	for _, s := range r.Skipped {
		t.Log(s)
	}
}

func TestOneCPUSkipsWhatNeedsTwo(t *testing.T) {
	one := usable(t)
	one = cpumask.Of(one.First())
	r, err := Run(t.Context(), Options{CPUs: one, Only: []string{"call-awake", matrixName}, Time: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Measures) != 0 || len(r.Matrix) != 0 || len(r.Skipped) != 2 {
		t.Errorf("measured %v, matrix %v, skipped %v", r.Measures, r.Matrix, r.Skipped)
	}
}

func TestAnEndedContextStopsARun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var asked []string
	r, err := Run(ctx, Options{
		CPUs:     usable(t),
		Only:     []string{"kv-get", "idle-cpu"},
		Time:     time.Millisecond,
		Progress: func(name string) { asked = append(asked, name); cancel() },
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(asked, []string{"kv-get"}) {
		t.Errorf("after the end of the context it went on: %v", asked)
	}
	if len(r.Matrix) != 0 {
		t.Errorf("matrix %v", r.Matrix)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	cpus := cpumask.Of(0)
	for name, o := range map[string]Options{
		"no CPU":        {},
		"unknown name":  {CPUs: cpus, Only: []string{"post", "pots"}},
		"negative time": {CPUs: cpus, Time: -1},
	} {
		if _, err := Run(t.Context(), o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
