package bench

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"crosscall/cpumask"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// sample is a report with a row of every kind.
func sample() *Report {
	allocs := 0.0
	row := func(name, unit string, value float64, baseline string, baselineValue, goal float64) Measure {
		return Measure{
			Name: name, Value: value, Unit: unit, Min: value * 0.9, P95: value * 1.5,
			Baseline: baseline, BaselineValue: baselineValue, BaselineMin: baselineValue * 0.9, BaselineP95: baselineValue * 1.5,
			Ratio: value / baselineValue, PairedRatio: value / baselineValue, Goal: goal, Samples: 6,
			observed:         []float64{value * 0.9, value, value, value, value * 1.1, value * 9},
			baselineObserved: []float64{baselineValue, baselineValue, baselineValue, baselineValue * 1.2, baselineValue * 2},
		}
	}
	awake := row("call-awake", "ns", 61.5, "pingpong", 55.25, 1.3)
	awake.Allocs = &allocs
	changed := row("call-awake", "ns", 61.5, "membarrier", 9276, 1.0/8)
	changed.PairedRatio = 1.0 / 90
	idle := row("idle-cpu", "%", 0.031, "limit", 0.5, 1)
	idle.observed, idle.baselineObserved = []float64{0.031}, []float64{0.5}
	return &Report{
		Machine: Machine{
			OS: "linux", Arch: "amd64", Go: "go1.26", CPUs: cpumask.Of(0, 2, 3), Caller: 0, Target: 2, GOMAXPROCS: 3,
			Pair:     &Pair{hyperthreads, distantCores, 243.4, 1.02},
			Measured: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		},
		Measures: []Measure{
			awake,
			changed,
			row("call-asleep", "ns", 48_000, "futex", 36_000, 1.2),
			row("post", "ns", 8.04, "chan-buffered", 110, 0.1),
			row("background-idle", "ns", 1_230_000, "no-system", 1_220_000, 0),
			idle,
		},
		Matrix:  [][]float64{{4.2, 61.5, 330}, {60.9, 4.3, 331}, {329, 333, 4.1}},
		Skipped: []Skip{{"kv-get", "", "needs two CPUs"}, {"call-awake", "membarrier", "a < b & c"}},
	}
}

func TestText(t *testing.T) {
	var got bytes.Buffer
	if err := sample().Text(&got); err != nil {
		t.Fatal(err)
	}
	const transcript = "testdata/report.txt"
	if *update {
		if err := os.WriteFile(transcript, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(transcript)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFormatValueKeepsThreeDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0:           "0.00 ns",
		4.2:         "4.20 ns",
		9.996:       "10.0 ns",
		99.96:       "100 ns",
		999.4:       "999 ns",
		999.6:       "1.00 us",
		31_234:      "31.2 us",
		999_600:     "1.00 ms",
		1_234_000e3: "1234 ms",
	} {
		if got := formatValue(v, "ns"); got != want {
			t.Errorf("%v ns: %s, want %s", v, got, want)
		}
	}
	if got := formatValue(0.031, "%"); got != "0.03 %" {
		t.Errorf("got %s", got)
	}
}

func TestFormatRatio(t *testing.T) {
	for ratio, want := range map[float64]string{
		0: "0.00", 0.0077: "1/130", 0.5: "1/2.0", 0.987: "0.99", 1: "1.00", 1.094: "1.09", 14: "14.00",
	} {
		if got := formatRatio(ratio); got != want {
			t.Errorf("%v: %s, want %s", ratio, got, want)
		}
	}
}

// Other programs read this form.
func TestJSONShape(t *testing.T) {
	var b bytes.Buffer
	if err := sample().JSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Measures []map[string]any
		Matrix   [][]float64
		Skipped  []map[string]string
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Measures) != 6 || len(got.Matrix) != 3 || len(got.Skipped) != 2 {
		t.Fatalf("got %+v", got)
	}
	for _, m := range got.Measures {
		for _, key := range []string{"name", "value", "unit", "baseline", "baseline_value", "ratio", "min", "p95"} {
			if _, ok := m[key]; !ok {
				t.Errorf("%v: no %s", m["name"], key)
			}
		}
		if m["ratio"].(float64) != m["value"].(float64)/m["baseline_value"].(float64) {
			t.Errorf("%v: ratio is not value / baseline_value", m)
		}
	}
	if _, stated := got.Measures[4]["goal"]; stated {
		t.Error("a goal where none is stated")
	}
}

func TestJSONOfNothingHasLists(t *testing.T) {
	var b bytes.Buffer
	if err := newReport(newSite(cpumask.Of(0))).JSON(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("null for an empty list:\n%s", &b)
	}
}

// The page is written as XML, of which there is a strict parser.
func elements(t *testing.T, page []byte) []xml.StartElement {
	t.Helper()
	var all []xml.StartElement
	for d := xml.NewDecoder(bytes.NewReader(page)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			all = append(all, e.Copy())
		}
	}
}

func TestPageNeedsNothingElse(t *testing.T) {
	var page bytes.Buffer
	if err := sample().HTML(&page); err != nil {
		t.Fatal(err)
	}
	fetches := []string{"script", "link", "img", "image", "iframe", "object", "embed", "use", "base"}
	for _, e := range elements(t, page.Bytes()) {
		if slices.Contains(fetches, e.Name.Local) {
			t.Errorf("element %s", e.Name.Local)
		}
		for _, a := range e.Attr {
			if slices.Contains([]string{"href", "src", "srcset", "data"}, a.Name.Local) {
				t.Errorf("%s %s=%q", e.Name.Local, a.Name.Local, a.Value)
			}
		}
	}
	for _, fetch := range []string{"url(", "@import", "http:", "https:"} {
		if strings.Contains(page.String(), fetch) {
			t.Errorf("the page has %q", fetch)
		}
	}
}

func TestPageShowsTheReport(t *testing.T) {
	var page bytes.Buffer
	r := sample()
	if err := r.HTML(&page); err != nil {
		t.Fatal(err)
	}
	count := make(map[string]int)
	for _, e := range elements(t, page.Bytes()) {
		count[e.Name.Local]++
	}
	// idle-cpu has only one observation, and no distribution to draw.
	if want := len(r.Measures) - 1; count["figure"] != want {
		t.Errorf("%d distributions, want %d", count["figure"], want)
	}
	for _, want := range []string{"61.5 ns", "1/151", "from CPU 3 to CPU 2: 333.0 ns", "a &lt; b &amp; c", "2026-01-02", "by the kernel: two hyperthreads of one core;"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestPageOfNothing(t *testing.T) {
	var page bytes.Buffer
	if err := newReport(newSite(cpumask.Of(0))).HTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, e := range elements(t, page.Bytes()) {
		if slices.Contains([]string{"table", "figure", "ul", "h2"}, e.Name.Local) {
			t.Errorf("an empty report has a %s", e.Name.Local)
		}
	}
}

func TestTicksAreOnTheAxis(t *testing.T) {
	for _, axis := range [][2]float64{{45, 62}, {45, 400}, {300, 310}, {50, 60_000}, {1.2e4, 6e6}, {0.9, 1.1}, {5, 5e8}} {
		marks := ticks(axis[0], axis[1], "ns")
		if len(marks) < 2 || len(marks) > 10 {
			t.Errorf("%v: %d ticks: %v", axis, len(marks), marks)
		}
		for i, m := range marks {
			if m.X < 0 || m.X > panelWidth || i > 0 && (m.X <= marks[i-1].X || m.Label == marks[i-1].Label) {
				t.Errorf("%v: ticks %v", axis, marks)
			}
		}
	}
}

func TestHeatmapShades(t *testing.T) {
	h := sample().heatmap()
	if h.Low != 60.9 || h.High != 333 {
		t.Errorf("scale from %v to %v, want the extremes off the diagonal, 60.9 and 333", h.Low, h.High)
	}
	for i, row := range h.Rows {
		for j, cell := range row {
			if i == j && cell.Shade != 0 || i != j && (cell.Shade < 15 || cell.Shade > 100) {
				t.Errorf("from %d to %d: %+v", i, j, cell)
			}
		}
	}
	noise := Report{Machine: Machine{CPUs: cpumask.Of(0, 1)}, Matrix: [][]float64{{4, 141}, {142, 4}}}
	n := noise.heatmap()
	if n.Rows[1][0].Shade-n.Rows[0][1].Shade > 2 {
		t.Errorf("141 and 142 ns look different: %+v", n.Rows)
	}
}
