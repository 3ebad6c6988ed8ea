package bench

import (
	"context"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// From include/uapi/linux/futex.h.
const (
	futexWaitPrivate = 0 | 1<<7
	futexWakePrivate = 1 | 1<<7
)

// futex is a call to a sleeping CPU in its barest form: the caller wakes a
// thread that sleeps in a futex, and the thread answers. Before each call the
// caller is busy for idleGap, as in call-asleep, so that the peer's CPU has gone
// as deep into idleness in both.
type futex struct {
	pair
	call, reply futexWord
	await       func(*futexWord, uint32) // how the caller waits for the reply
}

type futexWord struct {
	_ [128]byte
	n atomic.Uint32
	_ [124]byte
}

// newFutex has a caller that sleeps until the peer wakes it in turn.
func newFutex(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	return &futex{pair: p, await: (*futexWord).sleepWhile}, err
}

// newFutexSpin has a caller that spins for the reply, as the library's does:
// the floor of any call to a sleeping CPU, one wake and no more.
func newFutexSpin(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	return &futex{pair: p, await: (*futexWord).spinWhile}, err
}

func (f *futex) sample(_ context.Context, n int) ([]float64, error) {
	observed := make([]float64, 0, n)
	f.call.n.Store(0)
	f.reply.n.Store(0)
	f.run(
		func() {
			for i := range uint32(n) {
				busy(idleGap)
				start := time.Now()
				f.call.set(i + 1)
				f.await(&f.reply, i)
				observed = append(observed, float64(time.Since(start)))
			}
		},
		func() {
			for i := range uint32(n) {
				f.call.sleepWhile(i)
				f.reply.set(i + 1)
			}
		},
	)
	return observed, nil
}

// set stores v, then wakes who sleeps. FUTEX_WAKE does not block, so a raw
// system call will do.
func (w *futexWord) set(v uint32) {
	w.n.Store(v)
	unix.RawSyscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&w.n)), futexWakePrivate, 1, 0, 0, 0)
}

// sleepWhile returns once the word is no longer v. Not by RawSyscall: the
// scheduler would take the sleeping thread for a running one, and the garbage
// collector would wait for it.
func (w *futexWord) sleepWhile(v uint32) {
	for w.n.Load() == v {
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&w.n)), futexWaitPrivate, uintptr(v), 0, 0, 0)
	}
}

func (w *futexWord) spinWhile(v uint32) {
	for w.n.Load() == v {
	}
}
