package sched

import "unsafe"

// Temporary: until the virtual clock is here, a timer fires whenever it likes.
type shimTimer struct {
	h    Header
	gen  int
	live bool
	fire func()
}

var shimTimers map[unsafe.Pointer]*shimTimer
var shimRun uint64

func (x *Explorer) Now() int64    { return 0 }
func (x *Explorer) Sleep(d int64) {}
func (x *Explorer) StartTimer(p unsafe.Pointer, when, period int64, fire func()) {
	if shimRun != x.run {
		shimTimers, shimRun = map[unsafe.Pointer]*shimTimer{}, x.run
	}
	t := &shimTimer{live: true, fire: fire}
	shimTimers[p] = t
	x.startShim(t)
}
func (x *Explorer) startShim(t *shimTimer) {
	gen := t.gen
	x.Go(func() {
		x.Enter(&t.h, "Timer", Swap)
		ok := t.live && t.gen == gen
		x.Changed(ok)
		if ok {
			t.live = false
			t.fire()
		}
	})
}
func (x *Explorer) StopTimer(p unsafe.Pointer) bool {
	t := shimTimers[p]
	if t == nil {
		return false
	}
	x.Enter(&t.h, "Timer", Swap)
	x.Changed(true)
	was := t.live
	t.live = false
	t.gen++
	return was
}
func (x *Explorer) ResetTimer(p unsafe.Pointer, when, period int64) bool {
	was := x.StopTimer(p)
	t := shimTimers[p]
	t.live = true
	x.startShim(t)
	return was
}
