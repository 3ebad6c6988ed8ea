package main

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// letOthersFinish makes threads of the process not preempt others when they wake
// (SCHED_BATCH). A client on the same CPU that has just sent a command can then
// send more, until it waits or its time slice ends: each wake has more commands.
// Later threads inherit it.
func letOthersFinish() error {
	done := make(map[int]bool)
	for more := true; more; { // a thread may begin while the list is read
		more = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		for _, t := range threads {
			id, err := strconv.Atoi(t.Name())
			if err != nil || done[id] {
				continue
			}
			if err := setBatch(id); err != nil && err != unix.ESRCH {
				return fmt.Errorf("SCHED_BATCH for thread %d: %w", id, err)
			}
			done[id], more = true, true
		}
	}
	return nil
}

// setBatch changes the policy and leaves the nice value as it is.
func setBatch(thread int) error {
	a, err := unix.SchedGetAttr(thread, 0)
	if err != nil {
		return err
	}
	a.Policy = unix.SCHED_BATCH
	return unix.SchedSetAttr(thread, a, 0)
}
