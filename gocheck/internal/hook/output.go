package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

//go:linkname mute
func mute(on bool)

//go:linkname printed
func printed() bool

// What a test writes to the standard output and error is shown once, of the execution
// that list runs: each execution writes it. What init functions write was shown when the
// program began.
var (
	prints       bool // the test writes there
	initializing bool // init functions run again
)

func beginInit() {
	initializing, prints = true, prints || printed()
	mute(true)
}

func endInit() {
	initializing = false
	printed()
}

func init() {
	operations[crosscallOutput] = func(*sched.Explorer, unsafe.Pointer, uintptr, uintptr, unsafe.Pointer) (muted uintptr, _ unsafe.Pointer) {
		if initializing {
			return 1, nil
		}
		prints = true
		if listing {
			return 0, nil
		}
		return 1, nil
	}
}
