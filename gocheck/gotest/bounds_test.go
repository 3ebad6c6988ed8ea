package gotest

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWalks: in random executions no waiting loop is reported as waiting forever.
func TestWalks(t *testing.T) {
	long(t)
	o := options()
	o.Walks, o.AllowIncomplete, o.Run = 200, true, "^TestRight"
	if code, out := explore(t, o, "shop", "./loops"); code != OK {
		t.Errorf("exit code %d: %s", code, out)
	}
}

var counts = regexp.MustCompile(`\d+ executions, \d+ blocked, \d+ steps`)

// TestSameSteps: the frequency of garbage collections does not change executions.
func TestSameSteps(t *testing.T) {
	long(t)
	o := options()
	o.Run = "^TestRightFormat$"
	var seen []string
	for _, percent := range []string{"off", "1"} {
		t.Setenv("GOGC", percent)
		_, out := explore(t, o, "shop", "./collect")
		seen = append(seen, counts.FindString(out))
	}
	if seen[0] == "" || seen[0] != seen[1] {
		t.Errorf("without collections %q, with many %q", seen[0], seen[1])
	}
}

// TestNoTime: with no time at all each test is incomplete, and nothing else is
// reported.
func TestNoTime(t *testing.T) {
	long(t)
	of := func(set func(*Options)) {
		o := options()
		set(&o)
		o.Run = "^TestRight(Format|Collect)$"
		code, out := explore(t, o, "shop", "./collect")
		n := len(regexp.MustCompile(`incomplete: timeout: \d+ executions`).FindAllString(out, -1))
		if code != Failed || n != 2 || strings.Contains(out, "goroutine ") {
			t.Errorf("exit code %d, %d tests: %s", code, n, out)
		}
	}
	of(func(o *Options) { o.Time = 1 })
	of(func(o *Options) { o.Timeout = 1 })
}

// TestHardTimeout: the timeout of the test binary itself takes effect only if
// explorations do not end.
func TestHardTimeout(t *testing.T) {
	o := options()
	o.Timeout = time.Minute
	if !slices.Contains(o.testFlags(), "-test.timeout=1m16s") {
		t.Error(o.testFlags())
	}
	o.Timeout = 0
	if !slices.Contains(o.testFlags(), "-test.timeout=0s") {
		t.Error(o.testFlags())
	}
}

// TestInterrupt: an interrupt ends an exploration as a bound does.
func TestInterrupt(t *testing.T) {
	long(t)
	o := options()
	code, out := explore(t, o, "shop", "./signal")
	if code != Failed || !strings.Contains(out, "incomplete: stopped: ") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// TestGoFlags: with build flags from the environment, variables are still reset, or else
// a message says that they are not.
func TestGoFlags(t *testing.T) {
	long(t)
	o := options()
	o.Run = "^TestRight"
	t.Setenv("GOFLAGS", "-buildmode=pie")
	if code, out := explore(t, o, "shop", "./state"); code != OK || strings.Count(out, "--- PASS") < 3 {
		t.Errorf("position-independent: exit code %d: %s", code, out)
	}
	t.Setenv("GOFLAGS", "-ldflags=-s")
	if code, out := explore(t, o, "shop", "./state"); code != Failed || !strings.Contains(out, "the test binary has no symbols") {
		t.Errorf("without symbols: exit code %d: %s", code, out)
	}
}
