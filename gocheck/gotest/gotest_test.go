package gotest

import (
	"bytes"
	"cmp"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// explore runs gotest in a module of testdata.
func explore(t *testing.T, o Options, module string, patterns ...string) (code int, output string) {
	t.Helper()
	o.Dir = filepath.Join("testdata", module)
	o.binaries = binaries
	var out bytes.Buffer
	code, err := Run(t.Context(), &o, patterns, &out, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return code, out.String()
}

// long skips a test in the short form, which explores nothing: the first exploration
// builds the standard library.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("the long form: it builds tests of its own")
	}
}

// binaries is the folder in which tests keep test binaries for each other.
var binaries string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "gotest-binaries-")
	if err != nil {
		panic(err)
	}
	binaries = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func options() Options {
	return Options{Preemptions: -1, Verbose: true, Steps: 500, Time: time.Minute, Timeout: 5 * time.Minute}
}

// wanted has the expected output for tests that are wrong, and for some others. All
// tests with TestRight in their names hold, those with TestRaced race, and those with
// TestUnexplored are not explored.
var wanted = map[string]string{
	"TestWrongFirst": "leak", "TestWrongFirstIsRed": "assertion", "TestWrongStop": "panic", "TestWrongBook": "assertion",
	"TestWrongRange": "deadlock", "TestWrongHelpers": "assertion",

	"TestWrongNegative": "misuse", "TestWrongAfterNegative": "deadlock", "TestWrongFirstPanics": "assertion", "TestWrongSecondPanics": "assertion",
	"TestWrongOneRecovers": "misuse", "TestWrongOtherPanic": "panic",
	"TestWrongBesidePin": "assertion", "TestWrongUnpin": "misuse", "TestWrongPinned": "assertion", "TestWrongAwait": "deadlock",

	"TestWrongMove": "deadlock", "TestWrongMeter": "assertion", "TestWrongPlain": "race", "TestWrongMap": "race",
	"TestWrongCopy": "race", "TestWrongMixed": "race", "TestWrongSyncMap": "assertion", "TestWrongCond": "deadlock",
	"TestWrongMapKeys": "race", "TestWrongMapNumbers": "race", "TestWrongMapSmall": "race", "TestWrongMapFat": "race", "TestWrongMapFatOK": "race",
	"TestWrongUnlock": "misuse", "TestWrongPriceLate": "race", "TestWrongPush": "assertion",

	"TestWrongNoCancel": "leak", "TestWrongReply": "leak", "TestWrongStoppedPulse": "leak", "TestWrongBesidePulse": "leak",
	"TestWrongPulse": "panic", "TestWrongBesideSweep": "timeout", "TestWrongSpare": "assertion",
	"TestWrongBoth": "assertion", "TestWrongBothReverse": "assertion",

	"TestWrongEarly": "race",

	"TestWrongBuffer": "race", "TestWrongFprint": "race", "TestWrongIOCopy": "race", "TestWrongBuilder": "race", "TestWrongReader": "race",
	"TestWrongWriter": "race", "TestWrongScanner": "race", "TestWrongClone": "race", "TestWrongPrints": "race", "TestWrongPrinted": "race",

	"TestWrongOrderOfLines": "assertion",

	"TestWrongCollect": "race", "TestWrongDiary": "panic", "TestWrongHandshake": "livelock",

	"TestWrongSub": "race", "TestWrongSubFails": "assertion", "TestWrongPanic": "panic", "TestWrongLate": "panic",
	"TestWrongCounted": "assertion", "TestWrongBesideStats": "race", "TestWrongContext": "deadlock", "TestSkipped": "skipped",

	"TestWrongGate": "livelock", "TestWrongGates": "livelock", "TestWrongGateRace": "race",
	"TestWrongTill": "livelock", "TestWrongUntil": "assertion", "TestWrongAfterPoll": "assertion", "TestWrongPublish": "assertion", "TestWrongCondCopy": "panic", "TestWrongNil": "panic",
	"TestWrongWorkerStarts": "leak", "TestWrongWorkerWaits": "deadlock", "TestWrongBesideHelper": "deadlock",
	"TestWrongCount": "assertion", "TestWrongSpin": "livelock", "TestWrongEndless": "incomplete", "TestWrongInterrupted": "incomplete",
}

var (
	declared = regexp.MustCompile(`(?m)^func (Test(?:Right|Wrong|Raced|Skipped|Unexplored)\w*)\(t \*testing\.T\)`)
	verdict  = regexp.MustCompile(`(?m)^=== RUN   (\w+)\n    ([\w ]+):`)
	skipped  = regexp.MustCompile(`(?m)^--- SKIP: (\w+)`)
)

func TestModule(t *testing.T) {
	long(t)
	testModule(t)
}

func testModule(t *testing.T) {
	t.Helper()
	want := map[string]string{}
	files, err := filepath.Glob("testdata/shop/*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(src), -1) {
			want[m[1]] = cmp.Or(wanted[m[1]], "holds")
			switch {
			case strings.HasPrefix(m[1], "TestUnexplored"):
				want[m[1]] = "not explored"
			case strings.HasPrefix(m[1], "TestRaced"):
				want[m[1]] = "race"
			}
		}
	}
	code, out := explore(t, options(), "shop", "./...")
	if code != Failed {
		t.Errorf("exit code %d", code)
	}
	got := map[string]string{}
	for _, m := range verdict.FindAllStringSubmatch(out, -1) {
		got[m[1]] = m[2]
	}
	for _, m := range skipped.FindAllStringSubmatch(out, -1) {
		got[m[1]] = cmp.Or(got[m[1]], "skipped")
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s: %q, want %q", name, got[name], want[name])
		}
	}
	if !strings.Contains(out, "Examples were not run: init functions have started goroutines") {
		t.Error("it does not say that the example of package worker was not run")
	}
	if t.Failed() {
		t.Log(out)
	}
}

// TestReplay runs the command that a failure prints.
func TestReplay(t *testing.T) {
	long(t)
	o := options()
	o.Run = "^TestWrongMeter$"
	_, out := explore(t, o, "shop", "./locks")
	m := regexp.MustCompile(`crosscall gotest -run '(.*)' -replay (\w+) (?:-\S+ )*(\S+)`).FindStringSubmatch(out)
	if m == nil {
		t.Fatal(out)
	}
	o.Run, o.Replay = m[1], m[2]
	code, again := explore(t, o, "shop", m[3])
	if code != Failed || !strings.Contains(again, "assertion: counted 1") {
		t.Fatalf("exit code %d: %s", code, again)
	}
}

func TestOutputAndExitCodes(t *testing.T) {
	long(t)
	o := options()
	o.Verbose, o.Run = false, "TestRightMeter"
	if code, out := explore(t, o, "shop", "./locks"); code != OK || !regexp.MustCompile(`^ok  \texample.com/shop/locks\t[\d.]+s\n$`).MatchString(out) {
		t.Errorf("exit code %d: %s", code, out)
	}
	o.Run = "TestNone"
	if code, out := explore(t, o, "shop", "./locks"); code != OK || !regexp.MustCompile(`^ok  \texample.com/shop/locks\t[\d.]+s \[no tests to run\]\n$`).MatchString(out) {
		t.Errorf("exit code %d: %s", code, out)
	}
	o.Run, o.Verbose, o.Count = "TestRightMeter", true, 2
	if code, out := explore(t, o, "shop", "./locks"); code != OK || strings.Count(out, "--- PASS: TestRightMeter") != 2 {
		t.Errorf("exit code %d: %s", code, out)
	}
	o.Verbose, o.Count = false, 1
	if code, out := explore(t, o, "shop", "./nothing"); code != Failed {
		t.Errorf("exit code %d: %s", code, out)
	}
	o.Run = "TestWrongEndless"
	o.Steps = 50
	if code, out := explore(t, o, "shop", "./loops"); code != Failed || !strings.Contains(out, "--- FAIL: TestWrongEndless") {
		t.Errorf("exit code %d: %s", code, out)
	}
	o.AllowIncomplete = true
	if code, out := explore(t, o, "shop", "./loops"); code != OK {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// TestPlainGo: go test accepts the module without changes.
func TestPlainGo(t *testing.T) {
	long(t)
	c := exec.Command("go", "vet", "-copylocks=false", "-lostcancel=false", "-unusedresult=false", "./...")
	c.Dir = "testdata/shop"
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func TestValidate(t *testing.T) {
	long(t)
	for _, o := range []Options{
		{Steps: -1, Preemptions: -1}, {Executions: -1, Preemptions: -1}, {Time: -1, Preemptions: -1}, {Walks: -1, Preemptions: -1},
		{Timeout: -1, Preemptions: -1}, {Walks: 1}, {Preemptions: -1, Replay: "0c00"}, {Preemptions: -1, Replay: "!", Run: "x"},
	} {
		if o.Validate() == nil {
			t.Errorf("no error for %+v", o)
		}
	}
	o := options()
	if err := o.Validate(); err != nil {
		t.Error(err)
	}
}
