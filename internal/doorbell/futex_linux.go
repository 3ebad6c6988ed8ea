package doorbell

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const haveFutex = true

const (
	futexPrivateWait = 0 | 128 // FUTEX_WAIT | FUTEX_PRIVATE_FLAG
	futexPrivateWake = 1 | 128
)

// futexWait sleeps while *word is val, or returns early for no reason. It is a
// Syscall, not a RawSyscall: the runtime must know that the thread is in a
// system call, because otherwise the garbage collector would wait for the
// sleeping thread to reach a safe point.
func futexWait(word *uint32, val uint32) {
	_, _, _ = syscall.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexPrivateWait, uintptr(val), 0, 0, 0)
}

// futexWaitFor is futexWait for d at most.
func futexWaitFor(word *uint32, val uint32, d time.Duration) {
	timeout := unix.NsecToTimespec(int64(d))
	_, _, _ = syscall.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexPrivateWait, uintptr(val), uintptr(unsafe.Pointer(&timeout)), 0, 0)
}

// futexWake does not block, so RawSyscall is right and saves the bookkeeping.
func futexWake(word *uint32) {
	_, _, _ = syscall.RawSyscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexPrivateWake, 1, 0, 0, 0)
}
