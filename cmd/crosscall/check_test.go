package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"crosscall/viewer/printable"
)

// butTime GOT WANT checks that file GOT, without herd's line of the time,
// equals file WANT.
func butTime(ts *testscript.TestScript, _ bool, args []string) {
	got := regexp.MustCompile(`(?m)^Time .*\n`).ReplaceAllString(ts.ReadFile(args[0]), "")
	if want := ts.ReadFile(args[1]); got != want {
		ts.Fatalf("got:\n%s\nwant:\n%s", got, want)
	}
}

// tooLarge is a test with more executions than a machine can list.
func tooLarge(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("C large\n{}\n")
	for p := range 8 {
		fmt.Fprintf(&b, "P%d(int *x, int *y)\n{\n", p)
		for i := range 4 {
			fmt.Fprintf(&b, "\tWRITE_ONCE(*x, %d);\n\tWRITE_ONCE(*y, %d);\n", 4*p+i+1, 4*p+i+1)
		}
		b.WriteString("}\n")
	}
	b.WriteString("locations [x; y]\nexists (x=0)\n")
	name := filepath.Join(t.TempDir(), "large.litmus")
	if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAnInterruptedCheckPrintsWhatIsKnown(t *testing.T) {
	large := tooLarge(t)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, []string{"check", "--json", large, large, large}, &stdout, &stderr); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	begun := strings.Count(stdout.String(), `"verdict":"incomplete"`) // two at a time on two CPUs
	if begun == 0 || !strings.Contains(stderr.String(), ": interrupted\n") ||
		begun < 3 && !strings.Contains(stderr.String(), fmt.Sprintf("Interrupted: %d tests were not run\n", 3-begun)) {
		t.Errorf("%d were begun, stderr:\n%s", begun, &stderr)
	}
}

func TestACheckThatTakesTooLong(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"check", "--timeout", "50ms", tooLarge(t)}, &stdout, &stderr); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	if !strings.Contains(stdout.String(), "\nUnknown\n") || !strings.Contains(stdout.String(), "Incomplete large timeout: more than 50ms\n") {
		t.Errorf("stdout:\n%s", &stdout)
	}
}

// A terminal does not obey, and does not reverse, the names and texts that it is shown.
func TestOthersTextsAreShownAsTheyAre(t *testing.T) {
	const turn = "\u202egnp\u2066\u009b31m"
	dir := t.TempDir()
	t.Chdir(dir)
	for name, src := range map[string]string{
		"a.litmus":      "C a" + turn + "\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n",
		"b.c":           "#include <crosscall.h>\nint x;\nvoid P0(void) { assert(x == sizeof(\"" + turn + "\")); }\n",
		turn + "c.c":    "int x" + turn + ";\n",
		"d.c":           "#include \"" + turn + "\"\nvoid P0(void) { }\n",
		"e.c":           "#error " + turn + "\nvoid P0(void) { }\n",
		"own.cat":       "\"own " + turn + "\"\nacyclic po | rf | co | fr as x\n",
		"expect" + turn: "file,observation\n",
	} {
		if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"check", "a.litmus"}, {"check", "--model", "sc,own.cat", "a.litmus"}, {"check", "--json", "--show", "a.litmus"}, {"check", "--html", "-", "b.c"},
		{"check", "--show", "b.c"}, {"check", "--github", "--summary", "."}, {"check", "--estimate", "a.litmus"}, {"check", turn + "c.c"}, {"check", "d.c"}, {"check", "e.c"},
		{"check", turn}, {"check", "--" + turn, "a.litmus"}, {"check", "--model", turn, "a.litmus"}, {"check", "--expect", "expect" + turn, "a.litmus"},
		{"audit", "a.litmus"}, {"audit", "--json", "a.litmus"}, {"audit", "b.c"}, {"run", "--time", "1ms", "a.litmus"}, {"run", "--json", "--time", "1ms", "a.litmus"}, {turn},
	} {
		var out bytes.Buffer
		run(t.Context(), args, &out, &out)
		if got := out.String(); printable.Text(got) != got || got == "" {
			t.Errorf("%q: %q", args, got)
		}
	}
}
