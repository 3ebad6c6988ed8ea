package check

import (
	"crosscall/internal/golden"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const sharedAsm = "../../../shared/asm"

// asmExpected are the tests in assembly that others computed verdicts for, by machine: the
// path, and whether the condition holds.
func asmExpected(t *testing.T) map[string]map[string]bool {
	t.Helper()
	file, err := os.Open(filepath.Join(sharedAsm, "expected.csv"))
	if err != nil {
		t.Skip("no tests in assembly: ", err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]bool{}
	for _, r := range records[1:] {
		machine, _, _ := strings.Cut(r[0], "/")
		if all[machine] == nil {
			all[machine] = map[string]bool{}
		}
		all[machine][r[0]] = r[2] == "1"
	}
	return all
}

// asmMachines are the machines whose tests are read.
var asmMachines = []string{"X86", "AARCH64", "PPC", "RISCV"}

// TestAsmVerdicts has the verdict that others have for every test. Those that access a
// variable in two sizes are refused.
func TestAsmVerdicts(t *testing.T) {
	all := asmExpected(t)
	for _, machine := range asmMachines {
		checkAsm(t, machine, all[machine])
	}
}

func checkAsm(t *testing.T, machine string, holds map[string]bool) {
	var files []File
	for name := range holds {
		files = append(files, File{filepath.Join(sharedAsm, name), name})
	}
	b := &Batch{Files: files, Default: true, Models: []*Model{lkmm(t)}, Options: Options{VerdictOnly: true, Timeout: time.Minute}}
	refused := 0
	err := b.Run(t.Context(), func(row *Row) error {
		r := row.Results[0]
		mixed := strings.Contains(row.File.Rel, "/mixed/")
		switch {
		case mixed && r.Err != nil && strings.Contains(r.Err.Error(), "mixed-size"):
			refused++
		case r.Err != nil:
			t.Error(r.Err)
		case r.Verdict != Holds && r.Verdict != Fails || (r.Verdict == Holds) != holds[row.File.Rel]:
			t.Errorf("%s: %s", row.File.Rel, r.Verdict)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d tests, %d of them refused as mixed-size", machine, len(files), refused)
}

// TestAsmText has this project's own tests: each holds, and what is printed of it is in a
// file.
func TestAsmText(t *testing.T) {
	var files []File
	for _, name := range inFolder(t, "testdata/asm/*.litmus") {
		files = append(files, File{name, name})
	}
	var all strings.Builder
	b := &Batch{Files: files, Default: true, Models: []*Model{lkmm(t)}, KeepStates: true}
	err := b.Run(t.Context(), func(row *Row) error {
		r := row.Results[0]
		if r.Verdict != Holds {
			t.Errorf("%s: %s %v", row.File.Path, r.Verdict, r.Err)
		}
		all.WriteString("model " + r.Model + "\n" + text(t, r))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	golden.Compare(t, "testdata/asm.out", all.String())
}

// TestAsmModels asks other models than that of the machine.
func TestAsmModels(t *testing.T) {
	src := []byte("X86 t\n{}\n P0 | P1 ;\n MOV [x],$1 | MOV [y],$1 ;\n MOV EAX,[y] | MOV EAX,[x] ;\nexists (0:EAX=0 /\\ 1:EAX=0)\n")
	for _, c := range []struct{ model, want string }{
		{"x86-tso", "holds"},
		{"sc", "fails"},
		{"armv8", "t is in the assembly of X86, which model armv8 does not speak of: its model is x86-tso"},
		{"lkmm", "t is in the assembly of X86, which model lkmm does not speak of: its model is x86-tso"},
	} {
		m, err := LoadModel(c.model)
		if err != nil {
			t.Fatal(err)
		}
		r := Source(t.Context(), "t.litmus", src, m, Options{}, COptions{})
		got := string(r.Verdict)
		if r.Err != nil {
			got = r.Err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.model, got, c.want)
		}
	}
	if got := DefaultModel("t.litmus", src, COptions{}); got != "x86-tso" {
		t.Errorf("the default is %s", got)
	}
}
