package topology

import (
	"fmt"
	"os"
	"syscall"

	"crosscall/cpumask"

	"golang.org/x/sys/unix"
)

// kernelMax is the most CPUs that Linux can be built for on any machine (x86 with MAXSMP).
// sched_getaffinity fails if the buffer is smaller than the possible number of CPUs (nr_cpu_ids).
// So a buffer for cpumask.Max would fail for every process on a large machine, even for one that
// is restricted to low CPUs.
const kernelMax = 8192

// Pin pins the calling thread to one CPU. It returns when the thread runs there. An error wraps the
// kernel's: EINVAL for a CPU that is offline or not in the process's cpuset.
//
// Lock the goroutine to its thread first, and let it end locked: then the thread ends with it. A
// thread that is unlocked while pinned runs other goroutines afterwards, on that one CPU.
func Pin(cpu int) error {
	var set unix.CPUSet
	if cpu < 0 || cpu >= cpumask.Max { // CPUSet would drop it or, for -1, use another
		return fmt.Errorf("topology: pin to CPU %d: %w", cpu, unix.EINVAL)
	}
	set.Set(cpu)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("topology: pin to CPU %d: %w", cpu, err)
	}
	return nil
}

// Unpin lets a thread of this process run on the CPUs of mask again, if it still exists and is
// pinned to cpu.
func Unpin(tid, cpu int, mask cpumask.Mask) error {
	// The kernel would also accept a thread of another process, if that has the number by now.
	if _, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", tid)); err != nil {
		return fmt.Errorf("topology: unpin thread %d: %w", tid, err)
	}
	if allowed, err := PinnedTo(tid); err != nil || allowed != cpumask.Of(cpu) {
		return err
	}
	var set unix.CPUSet
	for cpu := range mask.All() {
		set.Set(cpu)
	}
	if err := unix.SchedSetaffinity(tid, &set); err != nil {
		return fmt.Errorf("topology: unpin thread %d: %w", tid, err)
	}
	return nil
}

// PinnedTo returns the CPUs that a thread may run on, whether by Pin or otherwise; tid 0 is the
// calling thread. An error wraps the kernel's (ESRCH: there is no such thread), or says that the
// thread may run on a CPU that a Mask has no room for.
func PinnedTo(tid int) (cpumask.Mask, error) {
	set := unix.NewCPUSet(kernelMax)
	if err := unix.SchedGetaffinityDynamic(tid, set); err != nil {
		return cpumask.Mask{}, fmt.Errorf("topology: affinity of thread %d: %w", tid, err)
	}
	return maskOf(set)
}

func maskOf(set unix.CPUSetDynamic) (cpumask.Mask, error) {
	var m cpumask.Mask
	for cpu := range kernelMax {
		if !set.IsSet(cpu) {
			continue
		}
		if cpu >= cpumask.Max {
			return cpumask.Mask{}, fmt.Errorf("topology: this thread may run on CPU %d, but there is room for CPUs 0-%d only; start the program with taskset -c 0-%[2]d", cpu, cpumask.Max-1)
		}
		m.Set(cpu)
	}
	return m, nil
}

// ThreadID returns the kernel's number for the calling thread. It asks package syscall, for which
// crosscall gotest answers: explored goroutines have no thread of their own.
func ThreadID() int { return syscall.Gettid() }

// Yield lets another thread that is ready on this CPU run first (sched_yield). It does not tell the
// Go scheduler: the goroutine keeps its P.
func Yield() {
	_, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
}
