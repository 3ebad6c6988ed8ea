package check

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// FuzzExpectations checks that a table of expected results is read or refused with the
// table's name, and that all rows of one that is read are found again.
func FuzzExpectations(f *testing.F) {
	for _, seed := range []string{
		"file,observation\na.litmus,Never\n", "observation,states,flags,file\nSometimes,3,data-race;x,d/a.litmus\n", "\ufefffile,observation\n",
		"file,observation,states\n\"a\nb\",Always,\n", "file,file\n", "file,observation\na,b,c\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		x := &Expectations{name: "t.csv", dir: "/nowhere", byFile: map[string]Expected{}}
		if err := x.read("t.csv", csv.NewReader(bytes.NewReader(text))); err != nil {
			if !strings.HasPrefix(err.Error(), "t.csv:") {
				t.Fatalf("%q does not name the table", err)
			}
			return
		}
		for name, want := range x.byFile {
			if got := x.Of(File{Path: name, Rel: name}); !reflect.DeepEqual(got, want) {
				t.Fatalf("%q: %+v, want %+v", name, got, want)
			}
		}
		if err := x.Unused(); (err == nil) != (len(x.byFile) > 0) {
			t.Fatalf("%d rows: %v", len(x.byFile), err)
		}
	})
}

// FuzzJournal checks that a line that is taken is a result that would be written so that it
// is taken again, and that a file is refused or kept whatever it has.
func FuzzJournal(f *testing.F) {
	f.Add([]byte(`{"key":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","result":{"file":"a","test":"A","model":"sc","verdict":"holds","observation":"Sometimes","states":4,"positive":1,"negative":3,"flags":[],"executions":4,"seconds":0.1,"complete":true}}` + "\n"))
	f.Add([]byte(`{"key":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","result":{"file":"a.c","test":"a.c","model":"sc","verdict":"fails","observation":"Never","states":0,"positive":0,"negative":1,"executions":1,"seconds":0.1,"complete":true,"failure":"a.c:1:2: assert(x) fails","failure_kind":"assertion"}}` + "\n"))
	f.Add([]byte("{\"key\":\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		name := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(name)
		if err != nil {
			if !strings.HasPrefix(err.Error(), name) {
				t.Fatalf("%q does not name the file", err)
			}
			return
		}
		defer j.Close()
		again := &Journal{past: map[string]*journalLine{}}
		for key, entry := range j.past {
			line, err := json.Marshal(journalLine{key, entry.Result.result().toJSON()})
			if err != nil {
				t.Fatal(err)
			}
			if !again.load(line) {
				t.Fatalf("taken, and not again:\n%s", line)
			}
		}
	})
}

// FuzzSaid checks that what a C program says of its result is read alike with any comments
// around it.
func FuzzSaid(f *testing.F) {
	for _, seed := range []string{"holds", "fails: data race under rc11, lkmm", "fails under sc", "\"", "Result: holds", "holds */ int x; /* Result: fails"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parseSaid(text)
		said := saidInC([]byte(text))
		parseSaidInC(said, "rc11")
		if strings.ContainsAny(text, "\n\r\\\"'*/") || strings.TrimSpace(text) == "" {
			return
		}
		a, b := saidInC([]byte("// Result: "+text+"\n")), saidInC([]byte("int x;\n/*\n * Result: "+text+"\n */\n"))
		if a != b {
			t.Fatalf("%q in // is %q, in /* %q", text, a, b)
		}
	})
}
