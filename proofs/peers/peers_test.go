package peers

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"
)

var (
	suites = flag.String("suites", "", "the folder `tests` of a clone of GenMC")
	genmc  = flag.String("genmc", "", "the `program` genmc; without it crosscall runs alone")
	only   = flag.String("only", "", "run what this regular `expression` matches")
	limit  = flag.Int("limit", 30, "give up on a program after so many `seconds` of CPU time")
	over   = flag.Duration("over", 0, "print those runs alone that take one of the two longer")
	times  = flag.Int("times", 1, "run each so often, and take the median")
)

// TestGenMC prints a table of every program of GenMC's suites, with the executions,
// CPU seconds and verdict of both.
func TestGenMC(t *testing.T) {
	if *suites == "" {
		t.Skip("needs -suites DIR, the folder tests of a clone of MPI-SWS/genmc")
	}
	dir, err := filepath.Abs(*suites)
	if err != nil {
		t.Fatal(err)
	}
	runs, err := Runs(dir)
	if err != nil {
		t.Fatal(err)
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		t.Fatal(err)
	}
	ours := build(t)
	fmt.Println("| program | crosscall | executions | CPU s | GenMC | executions | CPU s |\n| --- | --- | --- | --- | --- | --- | --- |")
	for _, r := range runs {
		if !pattern.MatchString(r.Name) {
			continue
		}
		var mine, other []result
		for range *times {
			mine = append(mine, run(ours, r.own(dir), readOwn))
			if *genmc != "" {
				other = append(other, run(*genmc, r.peer(), readGenMC))
			}
		}
		a, b := median(mine), median(other)
		if a.cpu >= *over || b.cpu >= *over {
			fmt.Printf("| %s %s | %s | %s |\n", r.Suite, r.Name, a, b)
		}
	}
}

// build compiles the command, and returns where it is.
func build(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "crosscall")
	if out, err := exec.Command("go", "build", "-o", file, "crosscall/cmd/crosscall").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

// A result is the output of a process, and its CPU time.
type result struct {
	verdict    string
	executions int64
	cpu        time.Duration
}

func (r result) String() string {
	return fmt.Sprintf("%s | %d | %.2f", r.verdict, r.executions, r.cpu.Seconds())
}

// median is the result with the median time; empty if there is none.
func median(list []result) result {
	if len(list) == 0 {
		return result{}
	}
	slices.SortFunc(list, func(a, b result) int { return int(a.cpu - b.cpu) })
	return list[len(list)/2]
}

// run runs a program and calls read with its output.
func run(file string, args []string, read func(out []byte) result) result {
	script := fmt.Sprintf(`ulimit -t %d; exec "$@"`, *limit)
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "sh", file}, args...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	r := read(out.Bytes())
	e := (*exec.ExitError)(nil)
	switch {
	case err == nil:
	case !errors.As(err, &e):
		return result{verdict: err.Error()}
	case !e.Exited(): // the limit was reached
		r = result{verdict: "none"}
	}
	r.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return r
}

func readOwn(out []byte) result {
	var line struct {
		Verdict    string
		Executions int64
	}
	if err := json.Unmarshal(out, &line); err != nil {
		return result{verdict: "error"}
	}
	return result{verdict: line.Verdict, executions: line.Executions}
}

var (
	genmcExecutions = regexp.MustCompile(`complete executions explored: (\d+)`)
	genmcError      = regexp.MustCompile(`(?m)^Error: (.*)|^(WARNING: .*bound)`)
)

func readGenMC(out []byte) result {
	r := result{verdict: "error"}
	if m := genmcExecutions.FindSubmatch(out); m != nil {
		r.verdict = "holds"
		fmt.Sscan(string(m[1]), &r.executions)
	}
	if m := genmcError.FindSubmatch(out); m != nil {
		r.verdict = "fails"
	}
	return r
}

func TestRuns(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"correct/synthetic/a/variants/a0.c":     "",
		"correct/synthetic/a/variants/a1.cpp":   "",
		"correct/synthetic/a/args.rc11.mo.in":   "-unroll=3 | -DN=2\n-disable-sr | -DN=3 -I./tests/correct/x\n",
		"correct/fs2/b/variants/b.c":            "",
		"correct/fs2/b/args.rc11.mo.in":         "-persevere |\n",
		"wrong/safety/c/variants/c.c":           "",
		"wrong/safety/d/there are no variants.": "",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := Runs(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, r := range runs {
		got = append(got, append([]string{r.Suite, r.Name}, r.own(dir)[6:]...))
	}
	file := filepath.Join(dir, "correct/synthetic/a/variants/a0.c")
	want := [][]string{
		{"correct", "synthetic/a/a0 -DN=2", "-DN=2", "--bound", "3", file},
		{"correct", "synthetic/a/a0 -DN=3 -I./tests/correct/x", "-DN=3", "-I", filepath.Join(dir, "correct/x"), file},
		{"wrong", "safety/c/c", filepath.Join(dir, "wrong/safety/c/variants/c.c")},
	}
	if !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}
