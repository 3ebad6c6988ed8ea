//go:build unix

package gotest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var gokerDir = flag.String("goker", "", "the folder gobench/goker of GoBench, to explore its kernels")

// gokerGo is the version of Go that the kernels were written for: since 1.22 each
// iteration of a loop has its own variables.
const gokerGo = "1.19"

// The options with which each kernel is explored.
const (
	gokerLeast = 101
	gokerCPU   = time.Minute
)

// TestGoKer explores GoBench's kernels, each with its own bug, and prints docs/goker.md's
// table.
func TestGoKer(t *testing.T) {
	if *gokerDir == "" {
		t.Skip("no -goker folder with GoBench's kernels was given")
	}
	module, kernels := gokerModule(t, *gokerDir)
	o := gokerOptions(module)
	o.binaries = t.TempDir()
	nothing := o
	nothing.Run = "^$"
	gokerRun(t, nothing, kernels) // it builds
	idle := gokerRun(t, nothing, kernels)
	used := gokerRun(t, o, kernels)
	o.TimedLeaks, o.NoRaces = true, true
	used += gokerRun(t, o, gokerLeft(kernels))
	found := 0
	for _, k := range kernels {
		t.Log(k.row())
		if k.agrees() != "no" {
			found++
		}
	}
	t.Logf("%d of %d kernels, %.1f s of CPU; without exploring any, %.1f s", found, len(kernels), used.Seconds(), idle.Seconds())
	if found < gokerLeast {
		t.Errorf("%d kernels fail as documented, want at least %d", found, gokerLeast)
	}
	if used-idle > gokerCPU {
		t.Errorf("%v of CPU more than without exploring, want less than %v", used-idle, gokerCPU)
	}
}

func gokerOptions(module string) Options {
	return Options{Dir: module, Preemptions: -1, JSON: true, Time: 3 * time.Second, Timeout: 10 * time.Minute, Steps: DefaultSteps, Timers: Both}
}

// A gokerKernel has the documented bug of a kernel, and the result.
type gokerKernel struct {
	dir     string // below the module
	name    string // project and number
	readme  string
	source  []string // lines of its test
	again   bool     // explored a second time, with timed leaks and beyond races
	result  *exploration
	elapsed float64
}

// gokerModule copies the kernels to a module.
func gokerModule(t *testing.T, from string) (module string, kernels []*gokerKernel) {
	t.Helper()
	module = t.TempDir()
	write(t, filepath.Join(module, "go.mod"), "module goker\n\ngo "+gokerGo+"\n")
	tests, err := filepath.Glob(filepath.Join(from, "*", "*", "*", "*_test.go"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("no kernels in %s: %v", from, err)
	}
	for _, test := range tests {
		dir := filepath.Dir(test)
		number, project := filepath.Base(dir), filepath.Base(filepath.Dir(dir))
		k := &gokerKernel{dir: project + number, name: project + " " + number, readme: read(t, filepath.Join(dir, "README.md"))}
		source := read(t, test)
		k.source = strings.Split(source, "\n")
		write(t, filepath.Join(module, k.dir, filepath.Base(test)), source)
		kernels = append(kernels, k)
	}
	return module, kernels
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// gokerLeft are the kernels whose documented failure was not found.
func gokerLeft(all []*gokerKernel) (left []*gokerKernel) {
	for _, k := range all {
		if k.agrees() == "no" {
			k.again = true
			left = append(left, k)
		}
	}
	return left
}

// gokerRun runs kernels, and returns the CPU time that this has taken.
func gokerRun(t *testing.T, o Options, kernels []*gokerKernel) time.Duration {
	t.Helper()
	var patterns []string
	byPackage := map[string]*gokerKernel{}
	for _, k := range kernels {
		patterns = append(patterns, "./"+k.dir)
		byPackage["goker/"+k.dir] = k
	}
	before := childrensCPU(t)
	var out bytes.Buffer
	if _, err := Run(t.Context(), &o, patterns, &out, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	used := childrensCPU(t) - before
	for line := range bytes.Lines(out.Bytes()) {
		var e struct {
			Package, Test string
			Elapsed       float64
			Exploration   *exploration
		}
		if json.Unmarshal(line, &e) == nil && e.Exploration != nil {
			byPackage[e.Package].result, byPackage[e.Package].elapsed = e.Exploration, e.Elapsed
		}
	}
	return used
}

func childrensCPU(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// row is the kernel's line of the table.
func (k *gokerKernel) row() string {
	verdict, kind, how := "no result", "", ""
	var executions int64
	if r := k.result; r != nil {
		verdict, executions = r.Verdict, r.Executions
		if r.Failure != nil {
			kind = r.Failure.Kind
			how = k.how(r.Failure.Replay)
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %d | %.0f | %s | %s |", k.name, k.documented(), verdict, kind, executions, k.elapsed*1000, how, k.agrees())
}

// how says which executions, besides those by the clock, the failure needed.
func (k *gokerKernel) how(replay string) string {
	var how []string
	if strings.Contains(replay, "-timers=any") {
		how = append(how, "timers")
	}
	if strings.Contains(replay, "-seed=") {
		how = append(how, "seed")
	}
	if k.again {
		how = append(how, "second run")
	}
	return strings.Join(how, ", ")
}

var documentedRow = regexp.MustCompile(`(?m)^\|\[.*\|\s*(\w+)\s*\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|$`)

// documented is the class of the bug.
func (k *gokerKernel) documented() string {
	m := documentedRow.FindStringSubmatch(k.readme)
	if m == nil {
		return "?"
	}
	return m[2] + ": " + m[3]
}

// agrees says whether the result is the documented bug: the kind, and the place if one
// is named. It is "kind" if the documents name no function that the report names.
func (k *gokerKernel) agrees() string {
	switch {
	case k.result == nil || k.result.Failure == nil || !k.kindAgrees():
		return "no"
	case k.placeAgrees():
		return "yes"
	}
	return "kind"
}

var (
	onLock    = regexp.MustCompile(`waits in (R?Lock|Do)\b`)
	onChannel = regexp.MustCompile(`waits (to send|to receive|in a select|for a channel)|waits in Wait`)
)

func (k *gokerKernel) kindAgrees() bool {
	f := k.result.Failure
	stuck := slices.Contains([]string{"deadlock", "leak", "livelock"}, f.Kind)
	switch class, _, _ := strings.Cut(k.documented(), ": "); class {
	case "Resource Deadlock":
		return stuck && (onLock.MatchString(f.Message) || k.placeAgrees())
	case "Communication Deadlock":
		return stuck && onChannel.MatchString(f.Message)
	case "Mixed Deadlock":
		return stuck
	}
	return slices.Contains([]string{"race", "panic", "misuse", "assertion"}, f.Kind)
}

var named = regexp.MustCompile(`^func (?:\([^)]*\) )?(\w+)`)

// placeAgrees reports whether the documents, or a comment of the kernel, name one of
// the functions at which the report places the failure.
func (k *gokerKernel) placeAgrees() bool {
	text := k.readme
	for _, line := range k.source {
		if strings.HasPrefix(strings.TrimSpace(line), "//") || strings.HasPrefix(line, " *") {
			text += line + "\n"
		}
	}
	for _, s := range k.result.Failure.Schedule {
		if !s.Failing || s.Line < 1 || s.Line > len(k.source) || !strings.HasSuffix(s.File, "_test.go") {
			continue
		}
		for i := s.Line - 1; i >= 0; i-- {
			if m := named.FindStringSubmatch(k.source[i]); m != nil {
				if regexp.MustCompile(`\b` + m[1] + `\b`).MatchString(text) {
					return true
				}
				break
			}
		}
	}
	return false
}
