package main

import (
	"fmt"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// startAs starts a program with a scheduling policy, which it inherits from the
// thread that starts it. A thread that wakes under SCHED_BATCH does not preempt
// the running thread.
func startAs(policy string, cmd *exec.Cmd) error {
	switch policy {
	case "normal":
		return cmd.Start()
	case "batch":
	default:
		return fmt.Errorf("there is no policy %q: use normal or batch", policy)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := setPolicy(unix.SCHED_BATCH); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	return setPolicy(unix.SCHED_NORMAL)
}

func setPolicy(policy uint32) error {
	a, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return err
	}
	a.Policy = policy
	return unix.SchedSetAttr(0, a, 0)
}
