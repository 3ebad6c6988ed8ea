package check

import (
	"os"
	"path/filepath"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/explore"

	"github.com/google/go-cmp/cmp"
)

func TestWhatAProgramSaysOfItself(t *testing.T) {
	nothing := Expected{States: -1}
	holds := Expected{States: -1, Verdict: Holds}
	fails := Expected{States: -1, Verdict: Fails}
	for _, c := range []struct {
		src  string
		want Expected
	}{
		{"int x;", nothing},
		{"// Result: holds\n", holds},
		{"/*\n * Two threads.\n *\n * Result: fails\n */", fails},
		{"/* Result: fails: data race */", Expected{States: -1, Verdict: Fails, Kind: explore.Race}},
		{"// Result: fails under lkmm, power\n", fails},
		{"// Result: fails under power\n", nothing},
		{"// Result: fails under power\n// Result: holds\n", holds},
		{"// Result: Never\n", nothing},
		{"// Result: fails: something\n", nothing},
		{"// Result: holds: assertion\n", nothing},
		{"// no Result: holds\n", nothing},
		{`char *s = "// Result: holds";`, nothing},
		{"char c = '\"'; // Result: holds", holds},
	} {
		if diff := cmp.Diff(c.want, parseSaidInC(saidInC([]byte(c.src)), "lkmm")); diff != "" {
			t.Errorf("%q: %s", c.src, diff)
		}
	}
}

func TestAProgramIsComparedWithWhatItSays(t *testing.T) {
	const body = "#include <crosscall.h>\nint x;\nvoid P0(void) { assert(x == 1); }\n"
	for _, c := range []struct {
		said string
		how  Comparison
		why  string
	}{
		{"// Result: fails\n", Agrees, ""},
		{"// Result: fails: assertion\n", Agrees, ""},
		{"// Result: fails: deadlock\n", Differs, "t.c:4:17: assert(x == 1) fails, expected fails: deadlock"},
		{"// Result: holds\n", Differs, "t.c:4:17: assert(x == 1) fails"},
		{"//\n", Differs, "t.c:4:17: assert(x == 1) fails"},
	} {
		src := []byte(c.said + body)
		r := Source(t.Context(), "t.c", src, lkmm(t), Options{}, csource.Options{})
		how, why := Compare(r, parseSaidInC(saidInC(src), "lkmm"))
		if how != c.how || why != c.why {
			t.Errorf("%q: %v %q, want %v %q", c.said, how, why, c.how, c.why)
		}
	}
	r := &Result{Verdict: Holds, Safety: true, Complete: true}
	if how, why := Compare(r, Expected{States: -1, Verdict: Fails}); how != Differs || why != "holds, expected fails" {
		t.Errorf("%v %q", how, why)
	}
	r = &Result{Verdict: Incomplete, Reason: "timeout", Safety: true}
	if how, why := Compare(r, Expected{States: -1, Verdict: Fails}); how != NotFinished || why != "timeout" {
		t.Errorf("%v %q", how, why)
	}
}

func TestSVCOMPSaysBesideTheProgram(t *testing.T) {
	file := func(verdicts ...string) string {
		text := "format_version: '2.0'\n\ninput_files: 't.c'\n\nproperties:\n"
		for i := 0; i < len(verdicts); i += 2 {
			text += "  - property_file: ../properties/" + verdicts[i] + ".prp\n    expected_verdict: " + verdicts[i+1] + "\n"
		}
		return text
	}
	for _, c := range []struct{ text, want string }{
		{file("unreach-call", "true", "no-data-race", "true"), "holds"},
		{file("termination", "true", "unreach-call", "false"), "fails: assertion"},
		{file("unreach-call", "true", "no-data-race", "false"), "fails: data race"},
		{file("valid-memsafety", "false"), "fails"},
		{file("unreach-call", "true"), ""},
		{"something: else", ""},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "t.yml"), []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := saidBeside(filepath.Join(dir, "t.c")); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if got := saidBeside("nosuch.c"); got != "" {
		t.Errorf("no file: %q", got)
	}
}
