package gotest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"crosscall/internal/golden"
)

var (
	testOutput = regexp.MustCompile(`(?ms)^--- FAIL: (\w+) \([\d.]+s\)\n(.*?)^(?:---|FAIL)`)
	seeds      = regexp.MustCompile(`-replay \w+`)
	totals     = regexp.MustCompile(`(executions, \d+ blocked), .*`)
)

// The output of failures, as documents. Seeds and steps are left out: they
// depend on the version of package testing.
func TestTranscripts(t *testing.T) {
	long(t)
	_, out := explore(t, Options{Preemptions: -1}, "failures")
	text := map[string]string{}
	for rest := out; ; {
		m := testOutput.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		text[rest[m[2]:m[3]]] = rest[m[4]:m[5]]
		rest = rest[m[5]:]
	}
	if len(text) != len(failing) {
		t.Fatalf("%d tests have failed, not %d:\n%s", len(text), len(failing), out)
	}
	for _, name := range failing {
		got := seeds.ReplaceAllString(text[name], "-replay SEED")
		got = totals.ReplaceAllString(got, "$1")
		golden.Compare(t, filepath.Join("testdata", "transcripts", name+".txt"), got)
		text[name] = got
	}
	documented(t, text["TestLostUpdate"])
}

// documented checks that the documents have the printed text.
func documented(t *testing.T, text string) {
	doc, err := os.ReadFile("../../docs/gotest.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if !bytes.Contains(doc, []byte("    "+line)) {
			t.Errorf("docs/gotest.md does not have %q", line)
		}
	}
}

var failing = []string{"TestRace", "TestLeak", "TestDeadlock", "TestSendOnClosed", "TestLostUpdate", "TestTimeout", "TestPanic", "TestSub"}

// Events are those of go test -json, with the results of tests. The pictures have
// all failures.
func TestEventsAndPictures(t *testing.T) {
	long(t)
	dir := t.TempDir()
	o := Options{Preemptions: -1, JSON: true, Run: "^(TestLostUpdate|TestPanic)$", HTML: filepath.Join(dir, "f.html"), SVG: filepath.Join(dir, "f.svg")}
	code, out := explore(t, o, "failures")
	if code != Failed {
		t.Errorf("exit code %d", code)
	}
	type event struct {
		Action, Package, Test, Output string
		Exploration                   *exploration
	}
	var last event
	ended := map[string]*exploration{}
	for d := json.NewDecoder(strings.NewReader(out)); d.More(); {
		last = event{}
		if err := d.Decode(&last); err != nil {
			t.Fatalf("%v:\n%s", err, out)
		}
		if last.Action == "fail" && last.Test != "" {
			ended[last.Test] = last.Exploration
		}
	}
	if last.Action != "fail" || last.Package != "example.com/failures" || last.Test != "" {
		t.Errorf("the last event is %+v", last)
	}
	lost := ended["TestLostUpdate"]
	if lost == nil || lost.Verdict != "fails" || lost.Executions != 2 || lost.Failure == nil || lost.Failure.Kind != "assertion" ||
		lost.Failure.Seed == "" || !slices.ContainsFunc(lost.Failure.Schedule, func(s step) bool { return s.Preempts == "G2" && s.Line == 24 }) {
		t.Errorf("TestLostUpdate ended with %+v:\n%s", lost, out)
	}
	pictures(t, dir)
}

func pictures(t *testing.T, dir string) {
	page, err := os.ReadFile(filepath.Join(dir, "f.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>2 failures</title>", "failures.TestLostUpdate", "failures.TestPanic", "assignment to entry in nil map"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("%q is not in the page", want)
		}
	}
	for _, name := range []string{"f.svg", "f-2.svg"} {
		if svg, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.HasPrefix(svg, []byte("<svg")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A package that does not build has the events of go test.
func TestEventsOfABrokenPackage(t *testing.T) {
	long(t)
	code, out := explore(t, Options{Preemptions: -1, JSON: true}, "failures", "./nothing")
	if code != Failed {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{`"Action":"build-output"`, `"Action":"build-fail"`, `"FailedBuild":`, `[setup failed]`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not in\n%s", want, out)
		}
	}
}
