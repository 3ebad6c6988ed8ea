package csource_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"crosscall/memmodel/csource"
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
			golden(t, strings.TrimSuffix(file, ".c")+".txt", csource.Dump(test.Prog))
		})
	}
}

// golden compares got with what a file has, or writes it there.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-update writes it anew):\n%s", file, diff)
	}
}
