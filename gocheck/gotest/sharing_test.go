//go:build unix

package gotest

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// exploreShared explores tests that are shared with another process as soon as it is there.
// shared reports whether it was there before they ended.
func exploreShared(t *testing.T, o Options, module string, patterns ...string) (output string, shared bool) {
	t.Helper()
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	o.shareAfter = time.Millisecond
	done, saw := make(chan struct{}), make(chan bool)
	go func() {
		shared := false
		for {
			select {
			case <-done:
				saw <- shared
				return
			default:
				reports, _ := filepath.Glob(filepath.Join(tmp, "*", "*", "claims", "task-*"))
				shared = shared || len(reports) > 0
				time.Sleep(time.Millisecond)
			}
		}
	}()
	_, output = explore(t, o, module, patterns...)
	close(done)
	return output, <-saw
}

var durations = regexp.MustCompile(`, [\d.]+m?s\n|\([\d.]+s\)|\t[\d.]+s`)

// TestShared: a test that two processes explore has the result that it has with one.
func TestShared(t *testing.T) {
	long(t)
	for _, pattern := range []string{".", "./late"} {
		o := options()
		_, want := explore(t, o, "speed", pattern)
		shared := false
		for try := 0; try < 20 && !shared; try++ { // the second process may come too late
			var got string
			got, shared = exploreShared(t, o, "speed", pattern)
			if got, want := durations.ReplaceAllString(got, ""), durations.ReplaceAllString(want, ""); got != want {
				t.Errorf("%s: with two processes:\n%s\nwith one:\n%s", pattern, got, want)
			}
		}
		if !shared {
			t.Errorf("%s: no second process has come in time", pattern)
		}
	}
}

// BenchmarkShared explores a test that takes long with one process and with two, in turns.
func BenchmarkShared(b *testing.B) {
	var ratio, cpu []float64
	run := func(alone bool) (elapsed, used time.Duration) {
		o := options()
		o.Dir, o.binaries, o.Time, o.FailFast = filepath.Join("testdata", "speed"), binaries, 0, alone
		var out strings.Builder
		before := childrensCPU(b)
		if _, err := Run(b.Context(), &o, []string{"./long"}, &out, &out); err != nil {
			b.Fatal(err)
		}
		m := measured.FindStringSubmatch(out.String())
		if m == nil || m[1] != "761656" {
			b.Fatal(out.String())
		}
		elapsed, _ = time.ParseDuration(m[2])
		return elapsed, childrensCPU(b) - before
	}
	run(true) // builds it
	for b.Loop() {
		one, oneCPU := run(true)
		two, twoCPU := run(false)
		ratio = append(ratio, one.Seconds()/two.Seconds())
		cpu = append(cpu, twoCPU.Seconds()/oneCPU.Seconds())
	}
	b.ReportMetric(median(ratio), "one/two")
	b.ReportMetric(median(cpu), "CPU-two/one")
}
