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

// Package variables are put back before each execution, because an execution must not
// see what another has left. In the first one their memory gets the contents that it had
// before the program began, and the packages are initialized again, by the first
// goroutine; so what variables point to is new as well. The others get a snapshot
// of what is there then, if that is all in memory, and begin as the first if not. Where a TestMain has
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

//go:linkname setUnseen
func setUnseen(on bool)

//go:linkname imagePointers
func imagePointers(s span, f func(target uintptr))

// A span is memory of package variables.
type span struct{ from, to uintptr }

var state struct {
	spans []span
	tasks []unsafe.Pointer // of packages that are explored, in order
	saved []byte           // after TestMain, if there is one

	initialized [2]*snapshot // with the random numbers of most executions, and with others
	hopeless    bool         // there can be none
	warming     bool         // one may be taken: no execution that is explored begins with init after another without
}

// snapshotOf is where the snapshot is for random numbers of this seed: nil if there is none.
func snapshotOf(seed uint64) **snapshot { return &state.initialized[min(seed, 1)] }

// prepareState finds what is to be put back.
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

// unnamed is the memory that the program's variables point to from the beginning:
// that of a composite literal is a variable without a symbol. It extends to where
// something else begins: a variable, or what another pointer points to.
func unnamed(program, others []span) (found []span) {
	named := slices.Concat(program, others)
	slices.SortFunc(named, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var starts []uintptr
	imagePointers(span{}, func(target uintptr) { starts = append(starts, target) })
	for _, s := range named {
		starts = append(starts, s.from)
	}
	slices.Sort(starts)
	seen := map[uintptr]bool{}
	for queue := slices.Clone(program); len(queue) > 0; queue = queue[1:] {
		imagePointers(queue[0], func(target uintptr) {
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

// lacksSnapshot says whether one for random numbers of this seed is to be taken.
func lacksSnapshot(seed uint64) bool {
	return state.saved == nil && len(state.spans) > 0 && len(state.tasks) > 0 && !state.hopeless && !(*snapshotOf(seed)).fits(seed)
}

// restoreState is called where no goroutine is explored.
func restoreState(seed uint64) {
	if s := *snapshotOf(seed); s.fits(seed) {
		s.restore()
		return
	}
	restore(state.spans, state.saved)
}

// initialize has the packages as their init functions leave them; these run as part of
// the execution, where there is no snapshot. Until one of them starts a goroutine or
// a timer, its plain accesses happen before all that any other goroutine does: they
// cannot race, and are not looked at.
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
		own(true)
	}
}
