package csource_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/csource"
)

// TestVerdicts explores testdata/programs under several models. The table of
// their verdicts is testdata/verdicts.txt. With -short only the first model is taken, and
// of the programs every sixth.
func TestVerdicts(t *testing.T) {
	files, err := filepath.Glob("testdata/programs/*.c")
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	wanted, err := os.ReadFile("testdata/verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for i, file := range files {
		if testing.Short() && i%6 != 0 {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := csource.Parse(filepath.Base(file), src, csource.Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		models := []string{"lkmm", "sc", "armv8"}
		if strings.Contains(string(src), "int main(") {
			models = []string{"rc11", "sc", "armv8", "power"}
		}
		if testing.Short() {
			models = models[:1]
		}
		rows := filepath.Base(file) + "\n"
		for _, name := range models {
			rows += fmt.Sprintf("\t%-6s %s\n", name, verdict(t, s, name))
		}
		if testing.Short() && !strings.Contains(string(wanted), rows) {
			t.Errorf("testdata/verdicts.txt does not have\n%s", rows)
		}
		all.WriteString(rows)
	}
	if !testing.Short() {
		golden.Compare(t, "testdata/verdicts.txt", all.String())
	}
}

func verdict(t *testing.T, s *csource.Source, name string) string {
	t.Helper()
	test, err := s.Compile(table(t, name), nil)
	if err != nil {
		return err.Error()
	}
	switch r := check.Run(context.Background(), test, load(t, name), check.Options{NoSymmetry: true}); {
	case r.Err != nil:
		t.Error(r.Err)
		return "error"
	case r.Failure != nil:
		return fmt.Sprintf("%v: %v", r.Verdict, r.Failure)
	case !r.Complete:
		return fmt.Sprintf("%v: %s", r.Verdict, r.Reason)
	default:
		return fmt.Sprintf("%v, %d executions %s", r.Verdict, r.Executions, strings.Join(r.Flags, " "))
	}
}
