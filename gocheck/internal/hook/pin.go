package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallPin] = func(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		x.Pin()
		return 0, nil
	}
	operations[crosscallUnpin] = func(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		if x.Unpin() {
			x.Unlocked(stack)
		}
		return 0, nil
	}
}
