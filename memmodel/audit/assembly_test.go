package audit_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
)

// TestAssembly audits tests in assembly: barriers, acquire and release, dependencies.
func TestAssembly(t *testing.T) {
	var all strings.Builder
	files, err := filepath.Glob("testdata/assembly/*.litmus")
	if err != nil || len(files) == 0 {
		t.Fatal("no tests: ", err)
	}
	for _, name := range files {
		in, err := audit.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := check.LoadModel(check.DefaultModel(name, src, check.COptions{}))
		if err != nil {
			t.Fatal(err)
		}
		r, err := audit.Run(t.Context(), in, audit.Options{Models: []*check.Model{m}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.WriteText(&all, audit.TextOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	golden.Compare(t, "testdata/assembly.out", all.String())
}
