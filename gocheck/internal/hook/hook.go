// Package hook is between the hooks that the overlay puts into the standard
// library and the explorer. It is compiled as a package of the standard library,
// internal/crosscall/hook, into the binaries of tests that are explored.
package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// The runtime's side.

//go:linkname install
func install(report func(op uintptr, p unsafe.Pointer, a, b uintptr, q unsafe.Pointer, depth uintptr) (uintptr, unsafe.Pointer),
	accesses func(p unsafe.Pointer, n uintptr, write, library bool, depth uintptr),
	enterAtomic func(p unsafe.Pointer, size, code uintptr),
	leaveAtomic func(p unsafe.Pointer, code, changed, depth uintptr))

//go:linkname functions
func functions(f func(name string, entry uintptr)) (end uintptr)

//go:linkname setRanges
func setRanges(r []textRange)

//go:linkname own
func own(on bool)

//go:linkname seed
func seed(s uint64)

//go:linkname drawn
func drawn() uint64

//go:linkname channel
func channel(p unsafe.Pointer) (size int, closed bool, boxes []unsafe.Pointer, waiters bool)

//go:linkname fire
func fire(p unsafe.Pointer)

//go:linkname timerChannel
func timerChannel(p unsafe.Pointer) unsafe.Pointer

//go:linkname blocked
func blocked() (id, count uint64, reason string)

//go:linkname running
func running() (id, count uint64)

//go:linkname disown
func disown(id, count uint64) bool

// An operation is reported with its object p and further arguments.
type operation func(x *sched.Explorer, p unsafe.Pointer, a, b uintptr, q unsafe.Pointer) (uintptr, unsafe.Pointer)

var operations [crosscallOps]operation

// handle is called by a hook, while hooks are off. The caller has depth bytes of its stack.
func handle(op uintptr, p unsafe.Pointer, a, b uintptr, q unsafe.Pointer, depth uintptr) (uintptr, unsafe.Pointer) {
	x := sched.Active()
	if x == nil {
		return 0, nil
	}
	x.Reaches(depth)
	plainRun = 0
	if op != crosscallGosched {
		yields = 0
	}
	return operations[op](x, p, a, b, q)
}

// beginExecution clears the state of the last execution.
func beginExecution(randomness uint64) {
	headers.clear()
	if len(owners) > 0 {
		clear(owners)
	}
	identities = identities[:0]
	finalizes = false
	restoreState(randomness)
	seed(firstSeed + randomness*0x9fb21c651e98df25)
	lastLog, hasFailed = "", false
	clearOutside()
}

func b2u(b bool) uintptr {
	if b {
		return 1
	}
	return 0
}

// spawn starts fn as an explored goroutine.
func spawn(x *sched.Explorer, fn func()) {
	x.Go(func() {
		own(true)
		defer func() {
			own(false)
			x.Ends()
		}()
		fn()
	})
}
