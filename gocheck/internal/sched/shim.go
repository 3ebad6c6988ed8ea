package sched

import "unsafe"

type Case struct {
	Chan unsafe.Pointer
	Send bool
	Box  unsafe.Pointer
}
type ChanState struct {
	Cap    int
	Closed bool
	Boxes  []unsafe.Pointer
}
type shimSend struct {
	box   unsafe.Pointer
	taken bool
}
type shimChan struct {
	ChanState
	q    []*shimSend
	recv int
}

var shimAll, shimCond Header
var shims map[unsafe.Pointer]*shimChan
var shimRun uint64

func (x *Explorer) shim(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) *shimChan {
	if shimRun != x.run {
		shims, shimAll, shimCond, shimRun = map[unsafe.Pointer]*shimChan{}, Header{}, Header{}, x.run
	}
	c := shims[p]
	if c == nil {
		c = &shimChan{ChanState: state(p)}
		shims[p] = c
	}
	return c
}
func (x *Explorer) Select(cases []Case, block bool, state func(unsafe.Pointer) ChanState) (int, unsafe.Pointer, bool) {
	var mine []*shimSend
	for first := true; ; first = false {
		for _, k := range cases {
			x.shim(k.Chan, state)
		}
		if shimRun != x.run {
			x.shim(nil, func(unsafe.Pointer) ChanState { return ChanState{} })
		}
		x.Enter(&shimAll, "channels", Add)
		x.Changed(true)
		for i, m := range mine {
			if m != nil && m.taken {
				return i, nil, false
			}
		}
		for i, k := range cases {
			c := shims[k.Chan]
			switch {
			case k.Send && c.Closed:
				return i, nil, true
			case k.Send && len(c.Boxes) < c.Cap:
				c.Boxes = append(c.Boxes, k.Box)
			case !k.Send && len(c.Boxes) > 0:
				b := c.Boxes[0]
				c.Boxes = c.Boxes[1:]
				x.SignalCond(&shimCond, "channels", true)
				return i, b, false
			case !k.Send && len(c.q) > 0:
				s := c.q[0]
				c.q = c.q[1:]
				s.taken = true
				x.SignalCond(&shimCond, "channels", true)
				return i, s.box, false
			case !k.Send && c.Closed:
				return i, nil, true
			default:
				continue
			}
			x.SignalCond(&shimCond, "channels", true)
			return i, nil, false
		}
		if !block {
			return -1, nil, false
		}
		if first {
			for _, k := range cases {
				if k.Send && shims[k.Chan].Cap == 0 {
					s := &shimSend{box: k.Box}
					mine = append(mine, s)
					shims[k.Chan].q = append(shims[k.Chan].q, s)
				} else {
					mine = append(mine, nil)
				}
			}
		}
		ticket := x.EnqueueCond(&shimCond, "channels")
		x.AwaitCond(&shimCond, "channels", ticket)
	}
}
func (x *Explorer) CloseChan(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) bool {
	c := x.shim(p, state)
	x.Enter(&shimAll, "channels", Add)
	x.Changed(true)
	if c.Closed {
		return false
	}
	c.Closed = true
	x.SignalCond(&shimCond, "channels", true)
	return true
}
func (x *Explorer) LenChan(p unsafe.Pointer, state func(unsafe.Pointer) ChanState) int {
	return len(x.shim(p, state).Boxes)
}
func (x *Explorer) Now() int64                                                   { return 0 }
func (x *Explorer) Sleep(d int64)                                                {}
func (x *Explorer) StartTimer(p unsafe.Pointer, when, period int64, fire func()) {}
func (x *Explorer) StopTimer(p unsafe.Pointer) bool                              { return true }
func (x *Explorer) ResetTimer(p unsafe.Pointer, when, period int64) bool         { return true }
