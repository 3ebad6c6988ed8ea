package check

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
)

func openJournal(t *testing.T, name string) *Journal {
	t.Helper()
	j, err := OpenJournal(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

func rowOf(path string, results ...*Result) *Row {
	for _, r := range results {
		r.File, r.Test, r.Model = path, "T", "lkmm"
	}
	return &Row{File: File{Path: path}, Results: results}
}

func TestAJournalKeepsFinishedResults(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	src, targets := "C test", []target{{lkmm(t), "bound 1"}, {lkmm(t), "bound 2"}}
	done := func() *Result {
		return &Result{Test: "T", Verdict: Holds, Observation: Always, Complete: true, Positive: 2, Executions: 2, stateCount: 2}
	}
	rows := map[string]*Row{
		"done":        rowOf("done", done(), done()),
		"timeout":     rowOf("timeout", done(), &Result{Verdict: Incomplete, Reason: "timeout"}),
		"interrupted": rowOf("interrupted", done(), &Result{Verdict: Incomplete, Reason: interrupted}),
		"error":       rowOf("error", done(), &Result{Verdict: Error, Err: errors.New("no")}),
	}
	j := openJournal(t, name)
	for _, row := range rows {
		if j.find(row, src, targets) {
			t.Errorf("%s: found in an empty journal", row.File.Path)
		}
		if err := j.add(row); err != nil {
			t.Fatal(err)
		}
	}
	j.Close()
	j = openJournal(t, name)
	for path, want := range map[string]bool{"done": true, "timeout": true, "interrupted": false, "error": false} {
		row := rowOf(path)
		if got := j.find(row, src, targets); got != want || row.Resumed != want {
			t.Errorf("%s: found %t", path, got)
		}
		if want && (len(row.Results) != 2 || row.Results[0].States() != 2) {
			t.Errorf("%s: %+v", path, row)
		}
	}
	if j.find(rowOf("done"), "C changed", targets) {
		t.Error("a changed file is found")
	}
	if j.find(rowOf("done"), src, []target{{lkmm(t), "bound 1"}, {lkmm(t), "bound 3"}}) {
		t.Error("options that did not run are found")
	}
}

func TestATornLineIsDropped(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	src, targets := "C test", []target{{lkmm(t), "bound 1"}}
	j := openJournal(t, name)
	for _, path := range []string{"a", "b"} {
		row := rowOf(path, &Result{Verdict: Holds, Observation: Never, Complete: true})
		j.find(row, src, targets)
		if err := j.add(row); err != nil {
			t.Fatal(err)
		}
	}
	j.Close()
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	second := strings.Index(string(whole), "\n") + 1
	for cut := second; cut < len(whole); cut++ {
		write(t, name, string(whole[:cut]))
		j := openJournal(t, name)
		row := rowOf("b", &Result{Verdict: Holds, Observation: Never, Complete: true})
		if !j.find(rowOf("a"), src, targets) || j.find(row, src, targets) {
			t.Fatalf("cut at %d: the first line is lost, or half of the second found", cut)
		}
		if err := j.add(row); err != nil {
			t.Fatal(err)
		}
		if got, _ := os.ReadFile(name); string(got) != string(whole) {
			t.Fatalf("cut at %d, added again:\n%s", cut, got)
		}
		j.Close()
	}
}

func TestAJournalIsAFile(t *testing.T) {
	if _, err := OpenJournal(os.DevNull); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("error %v", err)
	}
}

func TestAJournalLeavesOtherFilesAlone(t *testing.T) {
	for _, content := range []string{
		"# Notes\n\nof mine\n", "{}\n", "{\"key\":\"x\"}\n", "one line, not ended", "{\"other\"", "{\"key\":\"x\",\"result\":{}}\nnotes",
	} {
		name := filepath.Join(t.TempDir(), "notes")
		write(t, name, content)
		if _, err := OpenJournal(name); err == nil || !strings.Contains(err.Error(), "--resume") || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%q: error %v", content, err)
		}
		if got, _ := os.ReadFile(name); string(got) != content {
			t.Errorf("%q became %q", content, got)
		}
	}
}

// Lines that are read back decide exit codes, so a line that no run can have written is
// refused.
func TestADamagedLineIsRefused(t *testing.T) {
	const fine = `{"key":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","result":{"file":"f","test":"t","model":"m","verdict":"holds","observation":"Never","states":1,"positive":0,"negative":1,"flags":[],"executions":1,"seconds":0.1,"complete":true}}`
	for _, c := range []struct{ old, new string }{
		{"", ""},
		{`"holds"`, `"hnlds"`},
		{`"verdict":"holds",`, ``},
		{`"Never"`, `"Nevr"`},
		{`"file":"f",`, ``},
		{`"states":1`, `"states":-1`},
		{`"complete":true`, `"complete":false`},
		{`"verdict":"holds"`, `"verdict":"incomplete"`},
		{`"complete":true`, `"complete":true,"error":"no"`},
		{`"key":"0123`, `"key":"123`},
		{`"key":"0123`, `"key":"x123`},
		{`"executions":1`, `"executions":2`},
		{`"positive":0,"negative":1,"flags":[],"executions":1`, `"positive":1,"negative":1,"flags":[],"executions":2`}, // Sometimes
		{`"complete":true`, `"complete":true,"failure":"x"`},
		{`"file":"f","test":"t","model":"m","verdict":"holds"`, `"file":"f.c","test":"t","model":"m","verdict":"fails"`},
		{`"holds","observation":"Never","states":1,"positive":0,"negative":1`, `"fails","observation":"Sometimes","states":1,"positive":0,"negative":1`},
	} {
		name := filepath.Join(t.TempDir(), "journal")
		write(t, name, strings.Replace(fine, c.old, c.new, 1)+"\n")
		j, err := OpenJournal(name)
		if (err == nil) != (c.old == "") {
			t.Errorf("%q in place of %q: %v", c.new, c.old, err)
		}
		if err == nil {
			j.Close()
		}
	}
}

// A key is a hash that nobody can turn round, but a result names what it is of.
func TestALineOfAnotherTestIsNotUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.litmus")
	write(t, file, "C a\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n")
	journal := filepath.Join(t.TempDir(), "journal")
	resumed := func() (resumed bool) {
		j := openJournal(t, journal)
		defer j.Close()
		b := &Batch{Files: []File{{file, file}}, Models: []*model.Model{lkmm(t)}, Journal: j}
		if err := b.Run(t.Context(), func(r *Row) error { resumed = r.Resumed; return nil }); err != nil {
			t.Fatal(err)
		}
		return resumed
	}
	if resumed() || !resumed() {
		t.Fatal("a result is not used again")
	}
	lines, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	write(t, journal, strings.Replace(string(lines), `"model":"lkmm"`, `"model":"sc"`, 1))
	if resumed() {
		t.Error("a result under sc is used for lkmm")
	}
}

func TestOneRunHasAJournal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, name)
	if other, err := OpenJournal(name); err == nil {
		other.Close()
		if runtime.GOOS != "windows" {
			t.Error("two runs have one journal")
		}
	} else if !strings.Contains(err.Error(), "another run has it") {
		t.Error(err)
	}
	j.Close()
	openJournal(t, name)
}

// A verdict of a C program is used again only if its headers, macros and folders
// are the same.
func TestAJournalKnowsWhatCProgramsAreMadeOf(t *testing.T) {
	dir := t.TempDir()
	program, header, journal := filepath.Join(dir, "a.c"), filepath.Join(dir, "v.h"), filepath.Join(dir, "journal")
	write(t, program, "#include <crosscall.h>\n#include \"v.h\"\n#ifndef W\n#define W 0\n#endif\nint x;\nvoid P0(void) { x = V; }\nvoid final(void) { assert(x + W == 1); }\n")
	lkmm, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	check := func(c csource.Options) (row *Row) {
		j := openJournal(t, journal)
		defer j.Close()
		b := &Batch{Files: []File{{program, program}}, Models: []*model.Model{lkmm}, C: c, Journal: j}
		if err := b.Run(t.Context(), func(r *Row) error { row = r; return nil }); err != nil {
			t.Fatal(err)
		}
		return row
	}
	for _, step := range []struct {
		v       string
		c       csource.Options
		want    Verdict
		resumed bool
	}{
		{"1", csource.Options{}, Holds, false},
		{"1", csource.Options{}, Holds, true},
		{"2", csource.Options{}, Fails, false},
		{"2", csource.Options{Defines: map[string]string{"W": "-1"}}, Holds, false},
		{"2", csource.Options{Include: []string{dir}}, Fails, false},
		{"1", csource.Options{}, Holds, true},
	} {
		write(t, header, "#define V "+step.v+"\n")
		row := check(step.c)
		if got := row.Results[0]; got.Verdict != step.want || row.Resumed != step.resumed {
			t.Errorf("V is %s, %+v: %s, resumed %v, want %s, %v (%v)", step.v, step.c, got.Verdict, row.Resumed, step.want, step.resumed, got.Err)
		}
	}
}

func TestWhatAResultDependsOn(t *testing.T) {
	lkmm, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	base, err := identify(lkmm, Options{})
	if err != nil {
		t.Fatal(err)
	}
	other := *lkmm
	other.Def = append([]byte("// changed\n"), lkmm.Def...)
	for what, c := range map[string]struct {
		model   *model.Model
		options Options
	}{
		"bound":   {lkmm, Options{Bound: 3}},
		"timeout": {lkmm, Options{Timeout: 1}},
		"verdict": {lkmm, Options{VerdictOnly: true}},
		"table":   {&other, Options{}},
	} {
		if got, err := identify(c.model, c.options); err != nil || got == base {
			t.Errorf("%s makes no difference (%v)", what, err)
		}
	}
	if again, _ := identify(lkmm, Options{Picture: true}); again != base {
		t.Error("not the same for the same")
	}
}
