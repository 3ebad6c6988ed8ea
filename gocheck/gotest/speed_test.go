package gotest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"crosscall/gocheck"
	"crosscall/gocheck/sync"
)

// dropIns explores the program of TestStack in testdata/speed, with gocheck's
// drop-ins.
func dropIns(t testing.TB) (executions int64, d time.Duration) {
	t.Helper()
	r := gocheck.Check(t, gocheck.Options{}, func(t *gocheck.T) {
		s := &stack{}
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Add(1)
			t.Go(func() {
				s.push(i)
				s.pop()
				wg.Done()
			})
		}
		wg.Wait()
	})
	return r.Executions, r.Elapsed
}

var measured = regexp.MustCompile(`holds: (\d+) executions, .* ([\d.]+m?s)\n`)

// unmodified explores it by gotest, without changes.
func unmodified(t testing.TB) (executions int64, d time.Duration) {
	t.Helper()
	o := options()
	o.Dir = filepath.Join("testdata", "speed")
	var out strings.Builder
	if _, err := Run(t.Context(), &o, nil, &out, &out); err != nil {
		t.Fatal(err)
	}
	m := measured.FindStringSubmatch(out.String())
	if m == nil {
		t.Fatal(out.String())
	}
	executions, _ = strconv.ParseInt(m[1], 10, 64)
	d, _ = time.ParseDuration(m[2])
	return executions, d
}

// TestSamePrograms: the compared programs differ only in their imports, and have
// the same number of executions.
func TestSamePrograms(t *testing.T) {
	ours, err := os.ReadFile("stack_test.go")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadFile("testdata/speed/stack.go")
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.NewReplacer("package speed", "package gotest", "sync/atomic", "crosscall/gocheck/atomic").Replace(string(theirs)); string(ours) != want {
		t.Error("stack_test.go and testdata/speed/stack.go are different programs")
	}
	if testing.Short() {
		return
	}
	a, _ := dropIns(t)
	b, _ := unmodified(t)
	if a != b || a != 68892 {
		t.Errorf("%d executions with the drop-ins, %d without; want 68892", a, b)
	}
}

// BenchmarkExecutions explores one program with the drop-ins and unmodified, in turns.
func BenchmarkExecutions(b *testing.B) {
	var dropIn, gotest, ratio []float64
	for b.Loop() {
		n, d := dropIns(b)
		m, e := unmodified(b)
		dropIn = append(dropIn, float64(n)/d.Seconds())
		gotest = append(gotest, float64(m)/e.Seconds())
		ratio = append(ratio, d.Seconds()/e.Seconds())
	}
	b.ReportMetric(median(dropIn), "drop-ins/s")
	b.ReportMetric(median(gotest), "gotest/s")
	b.ReportMetric(median(ratio), "gotest/drop-ins")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
