package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

//go:linkname mute
func mute(on bool)

//go:linkname printed
func printed() bool

// The output of a test is shown once, that of the execution that list runs, because each
// execution writes it. The output of init functions was shown when the program began.
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
