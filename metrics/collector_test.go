package metrics

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"crosscall"
	"crosscall/cpumask"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// fixed are figures of two CPUs: one with all kinds of them, one with none.
func fixed() crosscall.Stats {
	busy := crosscall.CPUStats{
		CPU: 3, Online: true, Pinned: true,
		Sent: 11, Received: 22, DoorbellsRung: 5, DoorbellsAvoided: 17, Depth: 4,
		Longest: 1500 * time.Microsecond, LongestFunc: `main.flush[...]"`,
		Panics: 2, Stalls: 1,
	}
	for i := range busy.Latency.Counts {
		busy.Latency.Counts[i] = uint64(i)
	}
	busy.Latency.Sum = 3 * time.Second
	return crosscall.Stats{CPUs: []crosscall.CPUStats{busy, {CPU: 64}}}
}

func TestExposition(t *testing.T) {
	const file = "testdata/exposition.txt"
	k := &collector{fixed}
	got := exposition(t, k)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got); diff != "" {
		t.Errorf("%s (-want +got), go test -update to accept:\n%s", file, diff)
	}
}

// exposition returns the text of a scrape of k, after all the checks of a
// pedantic registry.
func exposition(t *testing.T, k prometheus.Collector) string {
	t.Helper()
	r := prometheus.NewPedanticRegistry()
	if err := r.Register(k); err != nil {
		t.Fatal(err)
	}
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&text, f); err != nil {
			t.Fatal(err)
		}
	}
	return text.String()
}

func TestLint(t *testing.T) {
	problems, err := testutil.CollectAndLint(&collector{fixed})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// Cumulative counts, compared with counts of the durations below each bound,
// one by one.
func TestBuckets(t *testing.T) {
	stats := fixed()
	h := &stats.CPUs[0].Latency
	got := buckets(h)
	if len(got) != lastBucket-firstBucket+1 {
		t.Errorf("%d buckets", len(got))
	}
	for bound, n := range got {
		var want uint64
		for i, count := range h.Counts {
			if ends := time.Duration(1) << i; ends.Seconds() <= bound {
				want += count
			}
		}
		if n != want {
			t.Errorf("%d calls up to %v s, want %d", n, bound, want)
		}
	}
}

func TestCollectorOfSystem(t *testing.T) {
	sys, err := crosscall.Open(crosscall.Options{CPUs: cpumask.Of(0, 1, 65), Virtual: true})
	if err != nil {
		t.Fatal(err)
	}
	defer sys.Close()
	r := prometheus.NewPedanticRegistry()
	if err := r.Register(NewCollector(sys)); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if err := sys.Call(t.Context(), 65, func(*crosscall.CPU) {}); err != nil {
			t.Fatal(err)
		}
	}
	_ = sys.Call(t.Context(), 1, func(*crosscall.CPU) { panic("counted") })
	if err := sys.Offline(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	got := scrape(t, r)
	for _, want := range []struct {
		metric, cpu string
		least       float64
	}{
		{"crosscall_functions_run_total", "65", 10},
		{"crosscall_panics_total", "1", 1},
		{"crosscall_cpu_online", "1", 1},
		{"crosscall_cpu_online", "65", 1},
	} {
		if v, ok := got[want.metric][want.cpu]; !ok || v < want.least {
			t.Errorf("%s of CPU %s is %v (there: %v), want at least %v", want.metric, want.cpu, v, ok, want.least)
		}
	}
	if v, ok := got["crosscall_cpu_online"]["0"]; !ok || v != 0 {
		t.Errorf("CPU 0 is offline, and crosscall_cpu_online is %v (there: %v)", v, ok)
	}
}

// scrape returns counters and gauges by name and CPU.
func scrape(t *testing.T, r prometheus.Gatherer) map[string]map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]map[string]float64)
	for _, f := range families {
		out[f.GetName()] = make(map[string]float64)
		for _, m := range f.GetMetric() {
			out[f.GetName()][m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return out
}
