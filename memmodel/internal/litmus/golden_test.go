package litmus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/internal/primitive"

	"github.com/google/go-cmp/cmp"
)

func table(t testing.TB, file string) *primitive.Macros {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := primitive.ParseMacros(filepath.Base(file), src)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestLowering compiles every testdata/TABLE/NAME.litmus with testdata/TABLE.def
// and compares the program with NAME.txt.
func TestLowering(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.litmus")
	if err != nil || len(files) == 0 {
		t.Fatal("no tests", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(file, "testdata/"), ".litmus"), func(t *testing.T) {
			m := table(t, filepath.Dir(file)+".def")
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			ast, err := Parse(filepath.Base(file), src)
			if err != nil {
				t.Fatal(err)
			}
			test, err := ast.Compile(m)
			if err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, strings.TrimSuffix(file, "litmus")+"txt", dump(test))
			roundTrip(t, ast)
		})
	}
}

// roundTrip checks that what Format writes reads as the same test.
func roundTrip(t *testing.T, a *AST) {
	t.Helper()
	text := a.Format()
	b, err := Parse("formatted.litmus", text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if d := cmp.Diff(string(text), string(b.Format())); d != "" {
		t.Errorf("formatted twice (-once +twice):\n%s", d)
	}
}
