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
var prints bool // the test writes there

// beginInit is called before init functions run again.
func beginInit() {
	setInitializing(true)
	prints = prints || printed()
	mute(true)
}

// endInit is called when they have run.
func endInit() {
	setInitializing(false)
	printed()
}

func setInitializing(on bool) {
	if x := sched.Active(); x != nil {
		x.Initialize(on)
	}
}

func init() {
	operations[crosscallOutput] = func(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (muted uintptr, _ unsafe.Pointer) {
		if x.Initializing() {
			return 1, nil
		}
		prints = true
		if listing {
			return 0, nil
		}
		return 1, nil
	}
}
