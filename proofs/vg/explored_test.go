//go:build !gocheck

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of a normal build do not see what is under the tag. This one runs
// those that do. With -short they are left to the tests of package proofs, which
// explore the small scenarios to answer the questions.
func TestExplored(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	readSources(t)
	t.Log(goCommand(t, "test", "-tags", "gocheck", "."))
}

// readSources reads what the explored program is made of: go test notes that, and
// runs this test again when it has changed, not only when this package has.
func readSources(t *testing.T) {
	for _, dir := range []string{"internal/atomics", "internal/callqueue", "gocheck"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") {
				_, err = os.ReadFile(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
