package hook

import (
	"slices"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallSelect] = choose
	operations[crosscallClose] = closeChannel
	operations[crosscallLen] = length
}

// channelState is the state of a channel at its first use in an execution. Explored goroutines do not wait in
// the queues of the runtime.
func channelState(p unsafe.Pointer) sched.ChanState {
	size, closed, boxes, waiters := channel(p)
	if x := sched.Active(); x != nil && waiters {
		x.Waits()
	}
	return sched.ChanState{Cap: size, Closed: closed, Boxes: boxes}
}

// choose is any operation on channels. It has n cases at p, which may be on a
// stack that moves.
func choose(x *sched.Explorer, p unsafe.Pointer, n, block uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	i, box, closed := x.Select(slices.Clone(unsafe.Slice((*sched.Case)(p), n)), block != 0, channelState)
	if i < 0 {
		looked(x)
		return 0, nil
	}
	return uintptr(i+1)<<1 | b2u(closed), box
}

func closeChannel(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	return b2u(x.CloseChan(p, channelState)), nil
}

func length(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	n := x.LenChan(p, channelState)
	looked(x)
	return uintptr(n), nil
}
