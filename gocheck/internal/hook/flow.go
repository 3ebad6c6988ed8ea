package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallGo] = startGoroutine
}

func startGoroutine(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	spawn(x, *(*func())(unsafe.Pointer(&p)))
	return 0, nil
}
