package csource_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
)

// FuzzParse looks for C that makes the front end panic, or errors that do not
// say where. Run it with -fuzzminimizetime 1x: coverage differs a little from run to
// run, and so minimizing an input would always take its whole minute.
func FuzzParse(f *testing.F) {
	if testing.Short() {
		f.Skip("the long form: other tests compile the programs that are its seeds")
	}
	files, err := filepath.Glob("testdata/*/*.c")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<12 || strings.Contains(src, "#include \"") || strings.Contains(src, "#include</") || strings.Contains(src, "..") {
			t.Skip() // it may include files of this machine
		}
		s, err := csource.Parse("fuzz.c", []byte(src), csource.Options{})
		if err != nil {
			checkError(t, err)
			return
		}
		for _, model := range []string{"lkmm", "rc11"} {
			if _, err := s.Compile(table(t, model), nil); err != nil {
				checkError(t, err)
			}
		}
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	e := new(csource.Error)
	if !errors.As(err, &e) {
		t.Fatalf("not an *Error: %v", err)
	}
	if e.Pos.File == "" || e.Pos.Line < 1 || e.Pos.Col < 1 || e.Msg == "" {
		t.Fatalf("without place or words: %q", err)
	}
}
