package bench

import (
	"fmt"

	"golang.org/x/sys/unix"
)

const canPin = true

// pin moves the calling thread to cpu and keeps it there.
func pin(cpu int) error {
	var set unix.CPUSet
	set.Set(cpu)
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("pin a thread to CPU %d: %w", cpu, err)
	}
	return nil
}
