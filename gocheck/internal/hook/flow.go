package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallGo] = startGoroutine
	operations[crosscallGosched] = gosched
}

func startGoroutine(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	spawn(x, *(*func())(unsafe.Pointer(&p)))
	return 0, nil
}

// gosched is no step: every goroutine may be interrupted everywhere.
func gosched(*sched.Explorer, unsafe.Pointer, uintptr, uintptr, unsafe.Pointer) (uintptr, unsafe.Pointer) {
	return 0, nil
}
