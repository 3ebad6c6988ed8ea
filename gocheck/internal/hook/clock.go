package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallNow] = now
	operations[crosscallSleep] = sleep
	operations[crosscallNewTimer] = newTimer
	operations[crosscallStopTimer] = stopTimer
	operations[crosscallResetTimer] = resetTimer
}

func now(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	n := x.Now()
	looked(x)
	return uintptr(n), nil
}

func sleep(x *sched.Explorer, _ unsafe.Pointer, d, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	x.Sleep(int64(d))
	return 0, nil
}

func newTimer(x *sched.Explorer, p unsafe.Pointer, when, period uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	x.StartTimer(p, int64(when), int64(period), func() {
		own(true)
		defer own(false)
		fire(p)
	})
	return 0, nil
}

func stopTimer(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	return b2u(x.StopTimer(p)), nil
}

func resetTimer(x *sched.Explorer, p unsafe.Pointer, when, period uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	return b2u(x.ResetTimer(p, int64(when), int64(period))), nil
}
