package litmus

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/memmodel/internal/primitive"
)

func seeds(f *testing.F, pattern string) {
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
}

// placed checks that an error has a place in the file.
func placed(t *testing.T, err error) {
	t.Helper()
	var e *primitive.Error
	if !errors.As(err, &e) || e.Pos.Line < 1 || e.Pos.Col < 1 || e.Pos.File == "" {
		t.Fatalf("%v has no place", err)
	}
}

// FuzzParse checks that a test that can be parsed can be formatted, and parses
// as the same test again.
func FuzzParse(f *testing.F) {
	seeds(f, "testdata/*/*.litmus")
	f.Fuzz(func(t *testing.T, src []byte) {
		a, err := Parse("fuzz.litmus", src)
		if err != nil {
			placed(t, err)
			return
		}
		text := a.Format()
		b, err := Parse("fuzz.litmus", text)
		if err != nil {
			if strings.Contains(err.Error(), "nested more than") {
				return // brackets were added
			}
			t.Fatalf("%v in\n%s", err, text)
		}
		if again := b.Format(); !bytes.Equal(text, again) {
			t.Fatalf("once:\n%s\ntwice:\n%s", text, again)
		}
	})
}

func FuzzParseMacros(f *testing.F) {
	seeds(f, "testdata/*.def")
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, err := primitive.ParseMacros("fuzz.def", src); err != nil {
			placed(t, err)
		}
	})
}

// FuzzCompile checks the program of each test that can be parsed and compiled.
func FuzzCompile(f *testing.F) {
	seeds(f, "testdata/*/*.litmus")
	tables := []*primitive.Macros{table(f, "testdata/kernel.def"), table(f, "testdata/machine.def")}
	f.Fuzz(func(t *testing.T, src []byte) {
		a, err := Parse("fuzz.litmus", src)
		if err != nil {
			return
		}
		for _, m := range tables {
			test, err := a.Compile(m)
			if err != nil {
				placed(t, err)
				continue
			}
			checkProgram(t, test)
		}
	})
}

// FuzzTable compiles a fixed test with any table that can be parsed.
func FuzzTable(f *testing.F) {
	seeds(f, "testdata/*.def")
	src, err := os.ReadFile("testdata/kernel/rmw.litmus")
	if err != nil {
		f.Fatal(err)
	}
	a, err := Parse("rmw.litmus", src)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, def []byte) {
		m, err := primitive.ParseMacros("fuzz.def", def)
		if err != nil {
			return
		}
		if test, err := a.Compile(m); err == nil {
			checkProgram(t, test)
		} else {
			placed(t, err)
		}
	})
}
