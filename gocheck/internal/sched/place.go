package sched

import (
	"cmp"
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

// String is the place for messages, with the file's name shortened by Short.
func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", Short(p.File), p.Line)
}

// A frame is the present place of a goroutine in the program.
type frame struct {
	at, caller Place  // caller called the function that at is in
	via        string // the function that is called at at; if an operation within it is not of the same function, that one
}

// own reports whether the place is in the program: a goroutine may be outside of
// it.
func (f frame) own() bool { return f.via != "" }

// direct reports whether the program calls an operation there. Otherwise the
// operation is within a function that it calls.
func (f frame) direct() bool { return f.own() && IsOperation(f.via) }

// IsOperation reports whether a function is an operation itself, and not a
// function of the standard library with operations within.
func IsOperation(function string) bool {
	if isOfRoom(function) {
		return true
	}
	for _, p := range []string{"runtime.", "internal/race.", "sync.", "sync/atomic.", "time.Sleep", "time.(*Timer).", "time.(*Ticker)."} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}

// isInner reports whether a function may be within an operation.
func isInner(function string) bool {
	return IsOperation(function) || strings.HasPrefix(function, "internal/") || strings.HasPrefix(function, "time.") || strings.HasPrefix(function, "iter.")
}

// isOf reports whether a type may be the receiver's type of the called method:
// a Cond's Wait has an Unlock of another variable within.
func (f frame) isOf(typ string) bool {
	_, method, ok := strings.Cut(f.via, "sync.(*")
	receiver, _, _ := strings.Cut(method, ")")
	return !ok || receiver == typ || f.dropIn()
}

func (f frame) dropIn() bool { return isOfRoom(f.via) }

func isOfRoom(function string) bool { return strings.HasPrefix(function, room) }

func (f frame) method() string { return Method(f.via) }

// Method is the name of a function or method, without its package and type.
func Method(function string) string {
	name := function
	if open, end := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']'); open >= 0 && end > open {
		name = name[:open] + name[end+1:]
	}
	return name[strings.LastIndexByte(name, '.')+1:]
}

// places finds the innermost frame outside of this package and the drop-ins,
// and the one that called it.
func places() (f frame) {
	var pcs [64]uintptr
	n := runtime.Callers(3, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	called, within := "", ""
	for {
		c, more := frames.Next()
		switch {
		case f.at.File == "":
			if !isDropIn(c.Function) && !isWrapper(c.File) {
				f.at, f.via = Place{c.File, c.Line}, called
				if IsOperation(called) {
					f.via = cmp.Or(within, called)
				}
				break
			}
			called = c.Function
			if within == "" && !isInner(called) {
				within = called
			}
		case isWrapper(c.File):
		case isDropIn(c.Function):
			return f
		default:
			f.caller = Place{c.File, c.Line}
			return f
		}
		if !more {
			return f
		}
	}
}

// isWrapper reports whether a file is one in which a package wraps the
// checker's names in its own, in builds that explore: such a file is named
// gocheck.go.
func isWrapper(file string) bool { return path.Base(filepath.ToSlash(file)) == "gocheck.go" }

const room = "crosscall/gocheck"

// IsLibrary, if not nil, reports whether a function is no part of the program.
var IsLibrary func(function string) bool

func isDropIn(function string) bool {
	if IsLibrary != nil {
		return IsLibrary(function)
	}
	for _, p := range []string{room + "/internal/sched.", room + "/atomic.", room + "/sync.", room + ".", "iter.", "runtime."} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}

// Short is the name of a file in the form that go test uses: relative to the
// folder of the package, if it is in the same module. A file of the module cache
// has the name that go build -trimpath gives it, module@version/file.
func Short(file string) string {
	dir, file := workingDir(), filepath.FromSlash(file)
	if dir == "" || !filepath.IsAbs(file) {
		return file
	}
	if rel, err := filepath.Rel(dir, file); err == nil && strings.HasPrefix(file, moduleRoot()) {
		return rel
	}
	if _, cached, ok := strings.Cut(file, filepath.FromSlash("/pkg/mod/")); ok && strings.Contains(cached, "@v") {
		return cached
	}
	return file
}

var workingDir = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return dir
})

// moduleRoot is the folder of the tests' go.mod, with a separator at its end.
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
