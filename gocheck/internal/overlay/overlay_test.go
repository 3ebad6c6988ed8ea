package overlay

import (
	"go/parser"
	"go/token"
	"os"
	"strings"
	"sync"
	"testing"
)

// TestMakeTwice: two concurrent Makes make one overlay, and a later one finds
// it.
func TestMakeTwice(t *testing.T) {
	dir := t.TempDir()
	var made [2]*Overlay
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			o, err := Make(t.Context(), Go{}, dir)
			if err != nil {
				t.Error(err)
				return
			}
			made[i] = o
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	if made[0].File != made[1].File {
		t.Errorf("two overlays: %s, %s", made[0].File, made[1].File)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("left in the cache: %v %v", entries, err)
	}
}

func TestKnownVersions(t *testing.T) {
	for version, want := range map[string]bool{"go1.25": true, "go1.26.8": true, "go1.27rc1": true, "go1.27.4": true, "go1.28": false, "go1.24.3": false, "go1.2": false, "go1.260": false, "devel": false} {
		if isKnown(version) != want {
			t.Errorf("%s: %v", version, !want)
		}
	}
}

func parsed(t *testing.T, text string) *source {
	t.Helper()
	s := &source{path: "p", fset: token.NewFileSet()}
	f, err := parser.ParseFile(s.fset, "f.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	s.files = []*sourceFile{{name: "f.go", text: []byte(text), ast: f}}
	return s
}

func TestInsert(t *testing.T) {
	const text = "package p\n\ntype T int\n\nfunc (t *T) f(a, b int) bool {\n\treturn a < b\n}\n"
	s := parsed(t, text)
	if err := s.insert(hook{"(*T).f", sig("func(a, b int) bool"), "g(a)"}); err != nil {
		t.Fatal(err)
	}
	if got, want := string(s.files[0].result()), strings.Replace(text, "bool {", "bool { g(a); ", 1); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRefuse: a standard library that is not as expected is an error that names
// the difference.
func TestRefuse(t *testing.T) {
	for text, h := range map[string]hook{
		"package p\n\nfunc f(a int) {}\n":     {"f", sig("func(b int)"), ""},
		"package p\n\nfunc f(b int64) {}\n":   {"f", sig("func(b int)"), ""},
		"package p\n\nfunc f(b int)\n":        {"f", sig("func(b int)"), ""},
		"package p\n\nfunc (t T) f(b int) {}": {"f", sig("func(b int)"), ""},
	} {
		if err := parsed(t, text).insert(h); err == nil || !strings.Contains(err.Error(), "f") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
