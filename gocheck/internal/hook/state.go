package hook

import (
	"os"
	"strconv"
	"strings"
	"unsafe"
)

// Package variables are put back before each execution, for an execution must not
// see what another has left. Their memory gets the contents that it had before the
// program began, and the packages are initialized again, by the first goroutine of
// the execution; so what variables point to is new as well. Where a TestMain has
// prepared something, variables get back what they held after it; then what they
// point to stays as it is.

//go:linkname restore
func restore(spans []span, saved []byte)

//go:linkname save
func save(spans []span) []byte

//go:linkname inits
func inits(f func(function string, task unsafe.Pointer))

//go:linkname initAgain
func initAgain(task unsafe.Pointer)

//go:linkname setReinit
func setReinit(on bool)

// A span is memory of package variables.
type span struct{ from, to uintptr }

var state struct {
	spans []span
	tasks []unsafe.Pointer // of packages that are explored, in order
	saved []byte           // after TestMain, if there is one
}

// prepareState finds what is to be put back.
func prepareState() {
	state.spans = readSpans(set.spans)
	if set.testMain {
		state.saved = save(state.spans)
		return
	}
	inits(func(function string, task unsafe.Pointer) {
		if !standard[packageOf(function)] && packageOf(function) != "main" {
			state.tasks = append(state.tasks, task)
		}
	})
}

// readSpans reads addresses of variables, two in a line, from the file that the
// command has made from the program's symbols.
func readSpans(name string) (list []span) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(data)) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), " ")
		a, err1 := strconv.ParseUint(from, 16, 64)
		b, err2 := strconv.ParseUint(to, 16, 64)
		if err1 == nil && err2 == nil && a < b {
			list = append(list, span{uintptr(a), uintptr(b)})
		}
	}
	return list
}

// restoreState is called where no goroutine is explored.
func restoreState() { restore(state.spans, state.saved) }

// initialize runs the init functions again, as part of an execution.
func initialize() {
	if state.saved != nil || len(state.spans) == 0 {
		return
	}
	setReinit(true)
	defer setReinit(false)
	for _, t := range state.tasks {
		initAgain(t)
	}
}
