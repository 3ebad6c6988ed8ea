package sched

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// A Place is a line of the source.
type Place struct {
	File string
	Line int
}

// String is the place for people, with the file as Short has it.
func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", Short(p.File), p.Line)
}

// places finds the innermost frame outside of this package and the drop-ins,
// and the one that called it.
func places() (at, caller Place) {
	var pcs [64]uintptr
	n := runtime.Callers(3, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	for {
		f, more := frames.Next()
		switch {
		case at.File == "":
			if !isDropIn(f.Function) && !isWrapper(f.File) {
				at = Place{f.File, f.Line}
			}
		case isWrapper(f.File):
		case isDropIn(f.Function):
			return at, caller
		default:
			return at, Place{f.File, f.Line}
		}
		if !more {
			return at, caller
		}
	}
}

// isWrapper reports whether a file is one of those in which a package puts the
// checker's names behind its own, in builds that explore: such a file is called
// gocheck.go.
func isWrapper(file string) bool { return path.Base(filepath.ToSlash(file)) == "gocheck.go" }

const room = "crosscall/gocheck"

func isDropIn(function string) bool {
	for _, p := range []string{room + "/internal/sched.", room + "/atomic.", room + "/sync.", room + ".", "iter.", "runtime."} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}

// Short is the name of a file in the form that go test uses: relative to the
// folder of the package, if it is near; otherwise as it is.
func Short(file string) string {
	dir, file := workingDir(), filepath.FromSlash(file)
	if dir == "" || !filepath.IsAbs(file) {
		return file
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil || !strings.HasPrefix(file, moduleRoot()) {
		return file
	}
	return rel
}

var workingDir = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return dir
})

// moduleRoot is the folder of the go.mod that the tests run under, with a
// separator behind it.
var moduleRoot = sync.OnceValue(func() string {
	start := workingDir()
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir + string(filepath.Separator)
		}
		if dir == filepath.Dir(dir) {
			return start + string(filepath.Separator)
		}
	}
})
