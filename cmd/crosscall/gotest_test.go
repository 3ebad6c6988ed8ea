package main

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The command that a failure prints can be copied into a shell: it runs that
// execution.
func TestTheReplayCommandWorks(t *testing.T) {
	if testing.Short() {
		t.Skip("the standard library of a test is built first")
	}
	t.Chdir("../../gocheck/gotest/testdata/failures")
	first := failingRun(t, "gotest", "--timers=any", "-run", "TestLostUpdate|TestSub/stuck")
	commands := regexp.MustCompile(`crosscall (gotest .*)`).FindAllStringSubmatch(first, -1)
	if len(commands) != 2 {
		t.Fatalf("%d commands in\n%s", len(commands), first)
	}
	for _, c := range commands {
		words, err := exec.Command("sh", "-c", `printf '%s\n' `+c[1]).Output()
		if err != nil {
			t.Fatal(err)
		}
		again := failingRun(t, strings.Split(strings.TrimSuffix(string(words), "\n"), "\n")...)
		_, schedule, _ := strings.Cut(again, "\n")
		schedule, _, _ = strings.Cut(schedule, "to run this execution again")
		if !strings.Contains(schedule, "schedule (") || !strings.Contains(first, schedule) {
			t.Errorf("%s\nprinted\n%s\nwhich is not in\n%s", c[1], again, first)
		}
	}
}

func failingRun(t *testing.T, args ...string) string {
	var out bytes.Buffer
	if code := run(t.Context(), args, &out, &out); code != 1 {
		t.Fatalf("%q: exit code %d:\n%s", args, code, out.String())
	}
	return out.String()
}

// Wrong flags have the errors of the go command.
func TestWrongFlags(t *testing.T) {
	for flag, want := range map[string]string{
		"-badflag":   "flag provided but not defined: -badflag\n",
		"--badflag":  "flag provided but not defined: -badflag\n",
		"-badflag=1": "flag provided but not defined: -badflag\n",
		"-x":         "flag provided but not defined: -x\n",
		"-count=x":   `invalid argument "x" for "--count" flag`,
	} {
		var out, errs bytes.Buffer
		code := run(t.Context(), []string{"gotest", flag}, &out, &errs)
		if code != 2 || out.Len() > 0 || !strings.HasPrefix(errs.String(), want) ||
			!strings.Contains(errs.String(), "\nusage: crosscall gotest [flags] [packages] [-args ...]\nRun 'crosscall gotest -help' for details.\n") {
			t.Errorf("%s: exit code %d, %q, %q", flag, code, out.String(), errs.String())
		}
	}
}
