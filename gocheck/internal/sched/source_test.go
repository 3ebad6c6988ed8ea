package sched

import (
	"os"
	"path/filepath"
	"testing"
)

// At the end of a function its statement is the defer statement, also where the function is
// one line.
func TestStatement(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	text := `package a

func f() {
	defer g()
	h(
		1)
}

func one() { defer g(); h(2) }

func two() { defer g(); defer g(); h(2) }

func both() {
	defer g()
	defer g()
}

func nested() {
	defer func() { defer g(); h(3) }()
}
`
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[int]string{
		4: "defer g()", 6: "h(", 7: "defer g()", 9: "func one() { defer g(); h(2) }", 11: "func two() { defer g(); defer g(); h(2) }",
		16: "deferred calls", 19: "defer func() { defer g(); h(3) }()", 20: "defer func() { defer g(); h(3) }()", 40: "",
	} {
		if got := Statement(Place{file, line}); got != want {
			t.Errorf("line %d: %q, want %q", line, got, want)
		}
	}
}
