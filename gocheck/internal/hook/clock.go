package hook

import (
	"time"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

//go:linkname setEpoch
func setEpoch(seconds, mono int64)

//go:linkname nanotime runtime.nanotime
func nanotime() int64

// startClock sets the date and the monotonic clock with which each execution begins. State that
// a TestMain has prepared has the machine's times, and must not be from the future.
func startClock() {
	if set.testMain {
		set.epoch, set.config.Epoch = time.Now().Unix()+1, nanotime()
	}
	setEpoch(set.epoch, set.config.Epoch)
}

func init() {
	operations[crosscallNow] = now
	operations[crosscallSleep] = sleep
	operations[crosscallNewTimer] = newTimer
	operations[crosscallStopTimer] = stopTimer
	operations[crosscallResetTimer] = resetTimer
}

func now(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	n := x.Now()
	looked(x) // a loop may read only the time
	return uintptr(n), nil
}

func sleep(x *sched.Explorer, _ unsafe.Pointer, d, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	x.Sleep(int64(d))
	return 0, nil
}

// newTimer starts the timer at p, which sends to channel c, if that is not nil.
func newTimer(x *sched.Explorer, p unsafe.Pointer, when, period uintptr, c unsafe.Pointer) (uintptr, unsafe.Pointer) {
	setUnseen(false)
	if c != nil {
		x.UseChan(c, channelState)
		x.Feeds(p, c)
	}
	x.StartTimer(p, x.Due(int64(when)), int64(period), func() {
		own(true)
		defer own(false)
		fire(p)
	})
	return 0, nil
}

func stopTimer(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	return b2u(stop(x, p)), nil
}

func resetTimer(x *sched.Explorer, p unsafe.Pointer, at, period uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	when := x.Due(int64(at))
	if timerChannel(p) == nil {
		return b2u(x.ResetTimer(p, when, int64(period))), nil
	}
	was := stop(x, p)
	x.ResetTimer(p, when, int64(period))
	return b2u(was), nil
}

// stop stops the timer at p, and removes a value that it has sent and that no
// goroutine has received. Since Go 1.23 no such value is left after Stop and Reset,
// and they report such a timer as not fired.
func stop(x *sched.Explorer, p unsafe.Pointer) bool {
	was := x.StopTimer(p)
	c := timerChannel(p)
	if c == nil {
		return was
	}
	i, _, _ := x.Select([]sched.Case{{Chan: c}}, false, channelState)
	return i >= 0 || was
}
