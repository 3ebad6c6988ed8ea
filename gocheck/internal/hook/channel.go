package hook

import (
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

func init() {
	operations[crosscallSelect] = choose
	operations[crosscallClose] = closeChannel
	operations[crosscallLen] = length
}

func channelState(p unsafe.Pointer) sched.ChanState {
	size, closed, boxes := channel(p)
	return sched.ChanState{Cap: size, Closed: closed, Boxes: boxes}
}

// choose is any operation on channels: n cases at p. A case whose channel is nil
// is never ready.
func choose(x *sched.Explorer, p unsafe.Pointer, n, block uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	cases := unsafe.Slice((*sched.Case)(p), n)
	var live []sched.Case
	var at []int
	for i, c := range cases {
		if c.Chan != nil {
			live, at = append(live, c), append(at, i)
		}
	}
	i, box, closed := x.Select(live, block != 0, channelState)
	if i < 0 {
		looked(x)
		return 0, nil
	}
	return uintptr(at[i]+1)<<1 | b2u(closed), box
}

func closeChannel(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	return b2u(x.CloseChan(p, channelState)), nil
}

func length(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	n := x.LenChan(p, channelState)
	looked(x)
	return uintptr(n), nil
}
