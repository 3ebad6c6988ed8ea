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

// futex is the minimal call to a sleeping CPU: the caller wakes a thread that
// sleeps in a futex, and the thread answers. Before each call the caller is busy
// for idleGap, as in call-asleep, so that the peer's CPU is in the same idle
// state in both.
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

// newFutex makes one whose caller sleeps until the peer wakes it.
func newFutex(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	return &futex{pair: p, await: (*futexWord).sleepWhile}, err
}

// newFutexSpin makes one whose caller spins for the reply, as the library's
// does. It is the lower limit of any call to a sleeping CPU: a single wake.
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

// set stores v, then wakes the sleeping thread. FUTEX_WAKE does not block, so a
// raw system call is enough.
func (w *futexWord) set(v uint32) {
	w.n.Store(v)
	unix.RawSyscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(&w.n)), futexWakePrivate, 1, 0, 0, 0)
}

// sleepWhile returns once the word is no longer v. It does not use RawSyscall:
// for the scheduler the sleeping thread would be running, and the garbage
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
