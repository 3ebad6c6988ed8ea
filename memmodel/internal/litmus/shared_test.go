package litmus

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const sharedTests = "../../../../shared/litmus"

// sharedFiles are the tests that others wrote, beside the project.
func sharedFiles(t testing.TB) []string {
	var files []string
	err := filepath.WalkDir(sharedTests, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".litmus") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Skip("no tests in", sharedTests)
	}
	return files
}

// TestShared compiles every one of them. A primitive that the kernel no longer
// has is an error.
func TestShared(t *testing.T) {
	m := table(t, "testdata/kernel.def")
	for _, file := range sharedFiles(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ast, err := Parse(file, src)
		if err != nil {
			t.Error(err)
			continue
		}
		test, err := ast.Compile(m)
		if gone := strings.Contains(string(src), "spin_unlock_wait("); err != nil {
			if !gone {
				t.Error(err)
			}
			continue
		} else if gone {
			t.Errorf("%s: spin_unlock_wait is accepted", file)
		}
		checkProgram(t, test)
		roundTrip(t, ast)
	}
}

// BenchmarkShared reads and compiles the small tests of one folder.
func BenchmarkShared(b *testing.B) {
	m := table(b, "testdata/kernel.def")
	var srcs [][]byte
	for _, file := range sharedFiles(b) {
		if strings.Contains(file, "/luc/") {
			src, err := os.ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			srcs = append(srcs, src)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range srcs {
			ast, err := Parse("t", src)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := ast.Compile(m); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(srcs)), "ns/test")
}
