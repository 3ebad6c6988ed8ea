package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallAltered] = func(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		x.Alters()
		return 0, nil
	}
	operations[crosscallRefused] = func(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		x.Unexplorable("measures time, and the clock is virtual")
		return 0, nil
	}
	operations[crosscallFinalizer] = func(*sched.Explorer, unsafe.Pointer, uintptr, uintptr, unsafe.Pointer) (uintptr, unsafe.Pointer) {
		finalizes = true
		return 0, nil
	}
	operations[crosscallCollect] = collect
}

// finalizes reports whether finalizers, cleanups or weak pointers have been made in
// this execution.
var finalizes bool

// collect is runtime.GC. A program can notice it only by values that Pools lose,
// which the explorer handles, and by finalizers and weak pointers, which are not
// explored.
func collect(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	x.Collect()
	if finalizes {
		x.Alters()
	}
	return 0, nil
}
