package topology

import (
	"runtime"
	"strings"
	"unsafe"
)

// segmentLimit returns the limit of the segment that the kernel keeps for the number of the CPU, or
// -1 if there is no such segment.
func segmentLimit() int64

// cpuid executes CPUID with ecx 0.
func cpuid(leaf uint32) (eax, ebx, ecx, edx uint32)

// userCurrent reports whether currentUser is right in this process.
var userCurrent = !rosetta() && agrees(currentUser)

// currentUser is Current without a system call, -1 if that cannot be.
//
// Linux has a segment in each CPU's descriptor table (GDT) that describes no memory. Its limit has
// the number of the CPU in the low 12 bits, and the number of the node above. The vDSO's getcpu reads
// it with LSL, unless the CPU has RDPID. LSL is always used here: every CPU has it, it does not
// fault, and on all virtual machines the descriptor table belongs to the guest. The register that
// RDPID and RDTSCP read depends on the hypervisor, and RDTSCP waits for earlier instructions.
func currentUser() int {
	limit := segmentLimit()
	if limit < 0 {
		return -1
	}
	return int(limit & (1<<12 - 1))
}

// agrees compares current with the system call, several times. The thread may move to another
// CPU in between, so a comparison counts only if the system call returns the same before and
// after.
func agrees(current func() int) bool {
	const enough, tries = 8, 1000
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	same := 0
	for range tries {
		before := currentSyscall()
		got := current()
		if before < 0 || got < 0 {
			return false
		}
		if currentSyscall() != before {
			continue
		}
		if got != before {
			return false
		}
		if same++; same == enough {
			return true
		}
	}
	return false
}

// rosetta reports whether Rosetta translates this program to arm64. Ordinary programs do
// not use LSL; a translator that does not know it would end the process.
func rosetta() bool {
	if highest, _, _, _ := cpuid(0x80000000); highest < 0x80000004 {
		return false
	}
	var brand [12]uint32
	for i := range 3 {
		a, b, c, d := cpuid(0x80000002 + uint32(i))
		copy(brand[4*i:], []uint32{a, b, c, d})
	}
	text := unsafe.String((*byte)(unsafe.Pointer(&brand)), int(unsafe.Sizeof(brand)))
	return strings.Contains(text, "VirtualApple")
}
