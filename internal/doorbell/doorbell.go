// Package doorbell wakes a CPU's thread: the user-space IPI.
//
// # Ordering contract
//
// A Bell orders like a message with a full barrier on each side, the first of
// the two contracts under which the kernel's IPI is discussed. The CPU arms the
// bell, then checks once more for work, then sleeps. A caller publishes its
// request, then rings. All four steps are sequentially consistent atomics, so
// at least one side sees the other (store buffering is ruled out): either the
// last check finds the request, or Ring finds the bell armed. A caller that
// rings an armed bell disarms it in the same operation, so of many callers one
// pays for the wake.
//
// Everything before Ring happens before the return of the Sleep that it ends.
//
// A CPU that waits for file descriptors too sleeps in its poller, not in Sleep.
// The contract is the same: it arms by ArmPoller, checks for work, waits in the
// poller and then calls Disarm, whatever ended the wait. A caller that rings swaps
// the state before it writes to the poller's eventfd. The write may come after
// Disarm. It then ends the next wait in the poller early, which is harmless, and
// Wakes counts it, so that the eventfd is not closed before it. The write cannot
// be lost: if it follows ArmPoller, it follows all events that were fetched
// before. Disarm reads the state that the swap has written, so everything before
// Ring happens before the return of that Disarm.
package doorbell

import (
	"runtime"
	"sync/atomic"
	"time"
)

// States of a bell. The CPU chooses how it sleeps when it arms.
const (
	awake     = iota
	inFutex   // in the kernel: 1 wake, no scheduler; the fastest
	inChannel // parked with the Go scheduler
	inPoller  // in the kernel, with file descriptors: 1 write to an eventfd
)

// Poller is where a CPU sleeps that waits for file descriptors.
type Poller interface {
	Wake() // ends its wait, the present one or the next
}

// Bell wakes one CPU. Arm, Disarm and Sleep are for one sleeper at a time; any
// goroutine may Ring.
type Bell struct {
	_     [64]byte
	state uint32 // by sync/atomic: the kernel compares it in FUTEX_WAIT
	_     [60]byte

	how    uint32 // the state that the CPU armed it with, the CPU's own copy
	parked chan struct{}
	poller Poller // set once, before the first state inPoller
	wakes  uint64 // of the poller: made, or still to be made by a caller that has rung
}

// New makes the bell of a CPU that is awake.
func New() *Bell { return &Bell{parked: make(chan struct{}, 1)} }

// Ring wakes the CPU if its bell is armed, and reports whether it was.
func (b *Bell) Ring() bool { return atomic.LoadUint32(&b.state) != awake && b.wake() }

func (b *Bell) wake() bool {
	switch atomic.SwapUint32(&b.state, awake) {
	case inFutex:
		futexWake(&b.state)
	case inChannel:
		b.parked <- struct{}{}
	case inPoller:
		b.poller.Wake()
	default:
		return false // another caller has rung
	}
	return true
}

// Armed reports whether the CPU sleeps or is about to.
func (b *Bell) Armed() bool { return atomic.LoadUint32(&b.state) != awake }

// Arm announces sleep. The CPU must check for work after it, and then Sleep or
// Disarm.
func (b *Bell) Arm() {
	if !haveFutex || runtime.GOMAXPROCS(0) == 1 {
		// A thread in a system call keeps its P until the runtime's monitor takes
		// it away, up to 10 ms later. If there is only one P, no other goroutine
		// runs.
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

// ArmPoller is Arm for a sleep in p, which must be the same each time. If it
// returns false, the CPU has to park by Sleep, as after Arm, and to arrange that
// the bell is rung if p has an event.
func (b *Bell) ArmPoller(p Poller) bool {
	if runtime.GOMAXPROCS(0) == 1 {
		b.ArmParked()
		return false
	}
	if b.poller == nil { // the last caller of Ring may be reading it
		b.poller = p
	}
	b.how = inPoller
	atomic.StoreUint32(&b.state, inPoller)
	return true
}

// InPoller reports whether the bell was last armed for a sleep in the poller. Only
// the CPU may call it.
func (b *Bell) InPoller() bool { return b.how == inPoller }

// Disarm undoes Arm, and ends a sleep in the poller.
func (b *Bell) Disarm() {
	if atomic.CompareAndSwapUint32(&b.state, b.how, awake) {
		return
	}
	switch b.how { // rung since Arm
	case inChannel:
		<-b.parked // its token must not end the next Sleep
	case inPoller:
		b.wakes++
	}
}

// Wakes is the number of wakes of the poller, including those that a caller of
// Ring has decided on and not made yet. Only the CPU may call it.
func (b *Bell) Wakes() uint64 { return b.wakes }

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

// SleepFor is Sleep that ends after d too, or early for no reason, and disarms the
// bell.
func (b *Bell) SleepFor(d time.Duration) {
	if b.how == inChannel {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-b.parked:
		case <-timer.C:
			b.Disarm()
		}
		return
	}
	if atomic.LoadUint32(&b.state) == inFutex {
		futexWaitFor(&b.state, inFutex, d)
	}
	b.Disarm()
}
