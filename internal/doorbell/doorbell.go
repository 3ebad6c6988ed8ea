// Package doorbell wakes a CPU's thread: the user-space IPI.
//
// # Ordering contract
//
// A Bell orders like a message with a full barrier on each side, the first of
// the two contracts under which the kernel's IPI is discussed. The CPU arms the
// bell, then looks once more for work, then sleeps; a caller publishes its
// request, then rings. Both steps of both are sequentially consistent atomics,
// so at least one of the two sees the other (store buffering is ruled out):
// either the last look finds the request, or Ring finds the bell armed. Who
// rings an armed bell disarms it in the same operation, so of many callers one
// pays for the wake.
//
// What happens before Ring happens before the return of the Sleep that it ends.
package doorbell

import (
	"runtime"
	"sync/atomic"
)

// States of a bell. How a CPU sleeps is its own choice, made when it arms.
const (
	awake     = iota
	inFutex   // in the kernel: 1 wake, no scheduler; the fast way
	inChannel // parked with the Go scheduler
)

// Bell wakes one CPU. Arm, Disarm and Sleep are for one sleeper at a time;
// anybody may Ring.
type Bell struct {
	_     [64]byte
	state uint32 // by sync/atomic: the kernel compares it in FUTEX_WAIT
	_     [60]byte

	how    uint32 // what the CPU armed it as, its own copy
	parked chan struct{}
}

// New makes the bell of a CPU that is awake.
func New() *Bell { return &Bell{parked: make(chan struct{}, 1)} }

// Ring wakes the CPU if its bell is armed, and says whether it was.
func (b *Bell) Ring() bool { return atomic.LoadUint32(&b.state) != awake && b.wake() }

func (b *Bell) wake() bool {
	switch atomic.SwapUint32(&b.state, awake) {
	case inFutex:
		futexWake(&b.state)
	case inChannel:
		b.parked <- struct{}{}
	default:
		return false // somebody else has rung
	}
	return true
}

// Armed says whether the CPU sleeps or is about to.
func (b *Bell) Armed() bool { return atomic.LoadUint32(&b.state) != awake }

// Arm announces sleep. The CPU must look for work after it, and then Sleep or
// Disarm.
func (b *Bell) Arm() {
	if !haveFutex || runtime.GOMAXPROCS(0) == 1 {
		// A thread in a system call keeps its P until the runtime's monitor takes
		// it away, up to 10 ms later. Where there is one P, nobody else runs.
		b.ArmParked()
		return
	}
	b.how = inFutex
	atomic.StoreUint32(&b.state, inFutex)
}

// ArmParked is Arm for a sleep that is parked with the Go scheduler: slower to
// wake from, but it holds neither a thread nor a P.
func (b *Bell) ArmParked() {
	b.how = inChannel
	atomic.StoreUint32(&b.state, inChannel)
}

// Disarm takes Arm back.
func (b *Bell) Disarm() {
	if !atomic.CompareAndSwapUint32(&b.state, b.how, awake) && b.how == inChannel {
		<-b.parked // rung between Arm and here: its token must not end the next Sleep
	}
}

// Sleep returns once the bell is rung, at once if it has been since Arm.
func (b *Bell) Sleep() {
	if b.how == inChannel {
		<-b.parked
		return
	}
	for atomic.LoadUint32(&b.state) == inFutex {
		futexWait(&b.state, inFutex)
	}
}
