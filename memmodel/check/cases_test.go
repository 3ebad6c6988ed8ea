package check

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestCases checks small programs of many kinds against a table of what is right; where
// there is a folder of such programs by others, under the same names, those too.
func TestCases(t *testing.T) {
	a, err := txtar.ParseFile("testdata/cases/cases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string][]byte{}
	for _, f := range a.Files {
		sources[f.Name] = f.Data
	}
	rows, err := csv.NewReader(bytes.NewReader(sources["expected.csv"])).ReadAll()
	if err != nil || len(rows) != len(a.Files) {
		t.Fatalf("%d rows of %d files: %v", len(rows)-1, len(a.Files)-1, err)
	}
	others := "../../../shared/cases"
	for i, row := range rows[1:] {
		if testing.Short() && i%3 != 0 {
			continue
		}
		t.Run(row[0], func(t *testing.T) {
			checkCase(t, row, sources[row[0]])
			src, err := os.ReadFile(filepath.Join(others, row[0]))
			if err == nil {
				checkCase(t, row, src)
			} else if !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
		})
	}
	checkAllCases(t, filepath.Join(others, "expected.csv"), rows)
}

// checkCase checks a source as a row says: file, model, defines, want, flag, executions.
func checkCase(t *testing.T, row []string, src []byte) {
	t.Helper()
	m, err := model.Load(row[1])
	if err != nil {
		t.Fatal(err)
	}
	o := csource.Options{}
	if name, value, ok := strings.Cut(row[2], "="); ok {
		o.Defines = map[string]string{name: value}
	}
	r := Source(t.Context(), row[0], src, m, Options{Timeout: time.Minute}, o)
	got := string(r.Verdict)
	switch {
	case r.Failure != nil:
		got += ": " + string(r.Failure.Kind)
	case r.Err != nil:
		got += ": " + r.Err.Error()[strings.LastIndex(r.Err.Error(), ": ")+2:]
	}
	most, err := strconv.ParseInt(row[5], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if got != row[3] || row[4] != "" && !slices.Contains(r.Flags, row[4]) || most > 0 && r.Executions > most {
		t.Errorf("%s, flags %v, %d executions; want %s %s; %v %v\n%s", got, r.Flags, r.Executions, row[3], row[4], r.Failure, r.Reason, src)
	}
}

// checkAllCases checks that no row of another table is left out.
func checkAllCases(t *testing.T, name string, rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Log("no other table: ", err)
		return
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1 // commas in its remarks
	theirs, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, their := range theirs[1:] {
		if !slices.ContainsFunc(rows, func(row []string) bool { return row[0] == their[0] }) {
			t.Errorf("%s is in %s and not in the table here", their[0], name)
		}
	}
}
