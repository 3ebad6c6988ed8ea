package hook

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// Package variables are reset before each execution, because an execution must not see the effects of
// another. In the first execution their memory gets the contents that it had before the program began.
// The first goroutine initializes the packages again, so the objects to which variables point are
// new as well. Later executions begin with a snapshot of that state, if it is all in memory, and
// otherwise as the first one does. With a TestMain, variables get the values that they had after its
// preparation, and the objects to which they point are not reset.

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

//go:linkname setUnseen
func setUnseen(on bool)

//go:linkname imagePointers
func imagePointers(s span, f func(target, end uintptr))

// A span is memory of package variables.
type span struct{ from, to uintptr }

var state struct {
	spans []span
	tasks []unsafe.Pointer // initialization tasks of explored packages, in order
	saved []byte           // after TestMain, if there is one

	initialized [2]*snapshot // for the random numbers of most executions, and for others
	hopeless    bool         // there can be no snapshot
	warming     bool         // a snapshot may be taken: all explored executions must begin in the same way
}

// snapshotOf is the place of the snapshot for random numbers of this seed. It has nil if there is
// none.
func snapshotOf(seed uint64) **snapshot { return &state.initialized[min(seed, 1)] }

// prepareState finds the memory that is reset.
func prepareState() {
	program, others, again := readSpans(set.spans)
	state.spans = append(program, unnamed(program, others)...)
	if set.testMain {
		state.saved = save(state.spans)
		return
	}
	inits(func(function string, task unsafe.Pointer) {
		if p := packageOf(function); !standard[p] && p != "main" || again[p] {
			state.tasks = append(state.tasks, task)
		}
	})
}

// readSpans reads addresses of variables from the file that the command has made
// from the program's symbols, and which packages of the standard library are
// initialized again.
func readSpans(name string) (program, others []span, again map[string]bool) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, nil
	}
	again = map[string]bool{}
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		switch {
		case len(f) < 2:
			continue
		case f[0] == "init":
			again[f[1]] = true
			continue
		}
		a, err1 := strconv.ParseUint(f[0], 16, 64)
		b, err2 := strconv.ParseUint(f[1], 16, 64)
		switch s := (span{uintptr(a), uintptr(b)}); {
		case err1 != nil || err2 != nil || a >= b:
		case len(f) > 2:
			program = append(program, s)
		default:
			others = append(others, s)
		}
	}
	return program, others, again
}

// unnamed is the static memory to which the program's variables point at the
// start: a composite literal is a variable without a symbol. It may be zero at first, as that
// of &T{}. Each piece ends where another variable, or the target of another pointer, begins,
// or where its section ends.
func unnamed(program, others []span) (found []span) {
	named := slices.Concat(program, others)
	slices.SortFunc(named, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var starts []uintptr
	imagePointers(span{}, func(target, end uintptr) { starts = append(starts, target, end) })
	for _, s := range named {
		starts = append(starts, s.from)
	}
	slices.Sort(starts)
	seen := map[uintptr]bool{}
	for queue := slices.Clone(program); len(queue) > 0; queue = queue[1:] {
		imagePointers(queue[0], func(target, _ uintptr) {
			if seen[target] || isNamed(named, target) {
				return
			}
			seen[target] = true
			i, _ := slices.BinarySearch(starts, target+1)
			if i < len(starts) {
				found = append(found, span{target, starts[i]})
				queue = append(queue, span{target, starts[i]})
			}
		})
	}
	return found
}

func isNamed(named []span, p uintptr) bool {
	i, _ := slices.BinarySearchFunc(named, p+1, func(s span, p uintptr) int { return cmp.Compare(s.from, p) })
	return i > 0 && p < named[i-1].to
}

// lacksSnapshot reports whether a snapshot for random numbers of this seed should be taken.
func lacksSnapshot(seed uint64) bool {
	return state.saved == nil && len(state.spans) > 0 && len(state.tasks) > 0 && !state.hopeless && !(*snapshotOf(seed)).fits(seed)
}

// restoreState is called while no goroutine is explored.
func restoreState(seed uint64) {
	if s := *snapshotOf(seed); s.fits(seed) {
		s.restore()
		return
	}
	restore(state.spans, state.saved)
}

// initialize brings the packages to the state after their init functions. Without a
// snapshot, these run as part of the execution. Until one of them starts a goroutine
// or a timer, its plain accesses happen before all operations of other goroutines:
// they cannot race, and are not checked.
func initialize(seed uint64) {
	if state.saved != nil || len(state.spans) == 0 || len(state.tasks) == 0 {
		return
	}
	if s := *snapshotOf(seed); s.fits(seed) {
		s.resume()
		return
	}
	random, coros := drawn(), coroutines()
	setReinit(true)
	setUnseen(true)
	beginInit()
	defer func() { setReinit(false); setUnseen(false); endInit() }()
	for _, t := range state.tasks {
		initAgain(t)
	}
	if x := sched.Active(); x != nil && state.warming && !state.hopeless && coros == coroutines() {
		own(false)
		s := takeSnapshot(x, seed, random)
		*snapshotOf(seed), state.hopeless = s, s == nil
		if s != nil {
			s.continueTime()
		}
		own(true)
	}
}
