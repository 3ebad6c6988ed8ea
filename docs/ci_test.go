package docs

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The matcher for editors finds what a program does wrong, a race, and a mistake.
func TestTheProblemMatcherReadsWhatIsPrinted(t *testing.T) {
	page, err := os.ReadFile("ci.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "```json\n")
	block, _, _ := strings.Cut(after, "```")
	var task struct {
		ProblemMatcher struct {
			Pattern struct {
				Regexp                      string
				File, Line, Column, Message int
			}
		}
	}
	if err := json.Unmarshal([]byte(block), &task); err != nil {
		t.Fatal(err)
	}
	pattern := task.ProblemMatcher.Pattern
	matcher := regexp.MustCompile(pattern.Regexp)
	bin, dir := buildCommand(t), t.TempDir()
	var got []string
	for _, c := range []struct{ name, src string }{
		{"fails.c", "#include <crosscall.h>\nint x;\nvoid P0(void) { assert(x == 2); }\n"},
		{"race.litmus", "C race\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { *x = 2; }\nexists (x=1)\n"},
		{"bad.litmus", "C bad\n{}\nP0(int *x) { x = ; }\nexists (x=1)\n"},
	} {
		if err := os.WriteFile(filepath.Join(dir, c.name), []byte(c.src), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "crosscall"), "check", c.name)
		cmd.Dir = dir
		out, _ := cmd.CombinedOutput() // they fail
		for line := range strings.Lines(string(out)) {
			if m := matcher.FindStringSubmatch(strings.TrimSuffix(line, "\n")); m != nil {
				got = append(got, strings.Join([]string{m[pattern.File], m[pattern.Line], m[pattern.Column], m[pattern.Message]}, "|"))
			}
		}
	}
	want := []string{
		"fails.c|3|17|assert(x == 2) fails",
		"race.litmus|3|14|*x = 1 races with *x = 2 at race.litmus:4:14",
		"bad.litmus|3|18|this should be an expression, but is \";\"",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The script of the action has the exit codes of the command, and expands nothing.
func TestTheActionRunsTheCommand(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash")
	}
	script, err := filepath.Abs(filepath.Join(root, ".github", "run-action"))
	if err != nil {
		t.Fatal(err)
	}
	bin, dir := buildCommand(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "two words.litmus"), []byte("C two\n(* Result: Always *)\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		env   []string
		code  int
		wants string
	}{
		{"holds", []string{"COMMAND=check", "ARGUMENTS=--model sc\n'two words.litmus'"}, 0, "Observation two Always"},
		{"summary", []string{"COMMAND=check", "ARGUMENTS='two words.litmus'", "SUMMARY=true"}, 0, "Summary: 1 tests"},
		{"reports", []string{"COMMAND=check", "ARGUMENTS='two words.litmus'", "SARIF=a.sarif", "JUNIT=a.xml"}, 0, "Observation two Always"},
		{"nothing is expanded", []string{"COMMAND=check", "ARGUMENTS=$(echo\u00a0x) *"}, 2, "stat $(echo"},
		{"no arguments", []string{"COMMAND=check", "ARGUMENTS= "}, 2, "needs a FILE"},
		{"no such command", []string{"COMMAND=torture", "ARGUMENTS="}, 2, "command must be check or gotest"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "bash", script)
			cmd.Dir = dir
			cmd.Env = slices.Concat(os.Environ(), []string{"CROSSCALL=" + filepath.Join(bin, "crosscall"), "SUMMARY=false", "SARIF=", "JUNIT="}, c.env)
			out, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.wants) {
				t.Errorf("exit code %d, want %d and %q in\n%s", code, c.code, c.wants, out)
			}
		})
	}
	for _, file := range []string{"a.sarif", "a.xml"} {
		if _, err := os.Stat(filepath.Join(dir, file)); err != nil {
			t.Error(err)
		}
	}
}

// Each input of the action reaches what it runs.
func TestTheActionUsesItsInputs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	inputs, runs, _ := strings.Cut(string(text), "\nruns:\n")
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z-]+):$`).FindAllStringSubmatch(inputs, -1) {
		if m[1] != "using" && !strings.Contains(runs, "inputs."+m[1]) {
			t.Errorf("input %s is not used", m[1])
		}
	}
}
