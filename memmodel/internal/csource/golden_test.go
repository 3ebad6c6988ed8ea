package csource_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/internal/golden"
	"crosscall/memmodel/internal/csource"
)

// TestDump compiles testdata/dump/*.c and compares the programs with those
// beside them. Programs with pthreads are compiled for rc11, the others for lkmm.
func TestDump(t *testing.T) {
	files, err := filepath.Glob("testdata/dump/*.c")
	if err != nil || len(files) == 0 {
		t.Fatal("no files: ", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s, err := csource.Parse(filepath.Base(file), src, csource.Options{})
			if err != nil {
				t.Fatal(err)
			}
			model := "lkmm"
			if strings.Contains(string(src), "<pthread.h>") {
				model = "rc11"
			}
			test, err := s.Compile(table(t, model), nil)
			if err != nil {
				t.Fatal(err)
			}
			golden.Compare(t, strings.TrimSuffix(file, ".c")+".txt", dump(test.Prog))
		})
	}
}
