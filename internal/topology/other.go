//go:build !linux

package topology

import (
	"errors"
	"fmt"
	"runtime"

	"crosscall/cpumask"
)

// Read returns as many CPUs as the Go runtime counts, all usable and in one node. The affinity is
// not known and there is no quota. There is no error.
func Read() (*Topology, error) {
	usable := cpumask.Range(0, min(runtime.NumCPU(), cpumask.Max)-1)
	t := &Topology{
		Usable: usable,
		Nodes:  []Node{{ID: 0, CPUs: usable}},
		Notes:  []string{"on " + runtime.GOOS + " only the number of CPUs is known"},
	}
	for cpu := range usable.All() {
		t.CPUs = append(t.CPUs, aloneCPU(cpu))
	}
	return t, nil
}

// Pin fails with [errors.ErrUnsupported]: threads cannot be tied to a CPU here.
func Pin(cpu int) error {
	return fmt.Errorf("topology: pin to CPU %d on %s: %w", cpu, runtime.GOOS, errors.ErrUnsupported)
}

// Unpin fails with [errors.ErrUnsupported].
func Unpin(tid, cpu int, mask cpumask.Mask) error {
	return fmt.Errorf("topology: unpin thread %d on %s: %w", tid, runtime.GOOS, errors.ErrUnsupported)
}

// PinnedTo fails with [errors.ErrUnsupported].
func PinnedTo(tid int) (cpumask.Mask, error) {
	return cpumask.Mask{}, fmt.Errorf("topology: affinity of thread %d on %s: %w", tid, runtime.GOOS, errors.ErrUnsupported)
}

// Current returns -1: the CPU is not known.
func Current() int { return -1 }

// ThreadID returns -1: the number is not known.
func ThreadID() int { return -1 }

// Yield does nothing. Callers do not need it, because Current does not know the CPU.
func Yield() {}
