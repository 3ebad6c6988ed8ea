package gotest

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"crosscall/internal/golden"
)

// inTurn checks that text has the parts, in this order.
func inTurn(t *testing.T, text string, parts ...string) {
	t.Helper()
	rest := text
	for _, p := range parts {
		_, after, ok := strings.Cut(rest, p)
		if !ok {
			t.Fatalf("%q is not where it should be:\n%s", p, text)
		}
		rest = after
	}
}

// TestEnds: a test that ends its process fails, or is incomplete, and those after it run.
func TestEnds(t *testing.T) {
	long(t)
	o := options()
	code, out := explore(t, o, "ends", "./ends")
	if code != Failed || strings.Count(out, "\ngoroutine ") != 1 || strings.Contains(out, "PASS\n") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	inTurn(t, out, "=== RUN   TestFirst\n    holds: ", "--- PASS: TestFirst",
		"=== RUN   TestExit\n    exit: G0 calls os.Exit(3)\n", "--- FAIL: TestExit",
		"=== RUN   TestOverflow\n", "fatal error: stack overflow\n", "--- FAIL: TestOverflow", "\n    crash: the process has ended in this test: exit status 2: fatal error: stack overflow\n",
		"=== RUN   TestMiddle\n    assertion: middle fails\n", "--- FAIL: TestMiddle",
		"=== RUN   TestEndless\n--- FAIL: TestEndless", "\n    incomplete: a goroutine computes for 10s without an operation that is explored: ends_test.go:3", ": 0 executions",
		"=== RUN   TestLast\n    holds: ", "--- PASS: TestLast", "\nFAIL\nFAIL\texample.com/ends/ends\t", "\nFAIL\n")
}

// TestEndsEvents: the events are those of go test -json, and name what ended the process.
func TestEndsEvents(t *testing.T) {
	long(t)
	o := Options{Preemptions: -1, JSON: true, Run: "^Test(First|Overflow|Last)$"}
	_, out := explore(t, o, "ends", "./ends")
	ended := map[string]string{}
	for line := range strings.Lines(out) {
		var e struct {
			Action, Test string
			Exploration  *exploration
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if e.Exploration != nil || e.Test == "" {
			ended[e.Test] = e.Action
		}
		if e.Test == "TestOverflow" && e.Exploration != nil && e.Exploration.Failure.Kind != "crash" {
			t.Errorf("%+v", e.Exploration.Failure)
		}
	}
	if ended["TestFirst"] != "pass" || ended["TestOverflow"] != "fail" || ended["TestLast"] != "pass" || ended[""] != "fail" {
		t.Errorf("%v:\n%s", ended, out)
	}
}

// TestBubbles: a failure within a synctest bubble fails the test.
func TestBubbles(t *testing.T) {
	long(t)
	code, out := explore(t, options(), "ends", "./bubble")
	if code != Failed {
		t.Errorf("exit code %d", code)
	}
	for _, want := range [][]string{
		{"TestRightBubble\n    holds: ", "--- PASS: TestRightBubble"},
		{"TestWrongAssertion\n    assertion: the bubble fails\n", "--- FAIL: TestWrongAssertion"},
		{"TestWrongGoroutine\n    assertion: its goroutine fails\n", "--- FAIL: TestWrongGoroutine"},
		{"TestWrongOuter\n    assertion: the outer test fails\n", "--- FAIL: TestWrongOuter"},
		{"TestWrongBeside\n    assertion: the goroutine was faster\n", "--- FAIL: TestWrongBeside"},
		{"TestWrongDeadlock\n    panic: deadlock: all goroutines in bubble are blocked\n", "--- FAIL: TestWrongDeadlock"},
		{"TestWrongPanic\npanic: boom\n", "--- FAIL: TestWrongPanic", "crash: ", "exit status 2: panic: boom\n"},
		{"TestRightAfter\n    holds: ", "--- PASS: TestRightAfter"},
	} {
		inTurn(t, out, want...)
	}
}

var times = regexp.MustCompile(`\d+\.\d+s|[\d.]+m?s\n`)

// TestSubtests: subtests have the lines that go test prints for them.
func TestSubtests(t *testing.T) {
	long(t)
	normal := func(out string) string {
		out = seeds.ReplaceAllString(out, "-replay SEED")
		return times.ReplaceAllString(totals.ReplaceAllString(out, "$1"), "TIME")
	}
	_, out := explore(t, options(), "ends", "./subs")
	golden.Compare(t, filepath.Join("testdata", "transcripts", "subtests-v.txt"), normal(out))
	o := options()
	o.Verbose = false
	_, out = explore(t, o, "ends", "./subs")
	golden.Compare(t, filepath.Join("testdata", "transcripts", "subtests.txt"), normal(out))
}

// TestSubtestsEvents: so do their events.
func TestSubtestsEvents(t *testing.T) {
	long(t)
	_, out := explore(t, Options{Preemptions: -1, JSON: true, Run: "TestFail|TestPass"}, "ends", "./subs")
	var got []string
	for line := range strings.Lines(out) {
		var e struct{ Action, Test string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if e.Action != "output" && strings.Contains(e.Test, "/") {
			got = append(got, e.Action+" "+e.Test)
		}
	}
	inTurn(t, strings.Join(got, "\n")+"\n", "run TestPass/a\n", "run TestPass/a/deep\n", "run TestPass/skipped\n", "pass TestPass/a/deep\n", "pass TestPass/a\n", "skip TestPass/skipped\n",
		"run TestFail/second\n", "pass TestFail/first\n", "fail TestFail/second\n", "pass TestFail/third\n")
}
