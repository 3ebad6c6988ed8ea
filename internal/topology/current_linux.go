package topology

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Current returns the CPU that the calling thread is on, or -1 if the kernel does not say. Unless
// the thread is pinned, it may have moved before the caller uses the result. On amd64 it takes
// some nanoseconds; elsewhere, and in a sandbox or emulator that replaces the kernel, it is a
// system call.
func Current() int {
	if userCurrent {
		if cpu := currentUser(); cpu >= 0 {
			return cpu
		}
	}
	return currentSyscall()
}

// currentSyscall is Current by a system call.
func currentSyscall() int {
	var cpu uint32
	_, _, errno := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&cpu)), 0, 0)
	if errno != 0 {
		return -1
	}
	return int(cpu)
}
