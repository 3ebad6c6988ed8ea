//go:build !gocheck

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The tests of a normal build do not include files with the tag. This test runs
// those. With -short it is skipped: the tests of package proofs explore the
// small scenarios to answer the questions.
func TestExplored(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	readSources(t)
	t.Log(goCommand(t, "test", "-tags", "gocheck", "."))
}

// readSources reads the sources of the explored program. go test notes these
// reads, and so runs this test again when a source has changed, not only when
// this package has.
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
