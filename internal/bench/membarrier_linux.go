package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// From include/uapi/linux/membarrier.h.
const (
	membarrierPrivateExpedited         = 1 << 3
	membarrierRegisterPrivateExpedited = 1 << 4
)

// membarrier is the kernel's own cross-CPU call, in the form that a program can
// request: the command PRIVATE_EXPEDITED interrupts every CPU that runs a
// thread of this process (smp_call_function_many in kernel/sched/membarrier.c)
// and waits for all of them. The peer's thread runs on its CPU all the while;
// were it idle, the kernel would skip it and nothing would cross.
type membarrier struct{ pair }

func newMembarrier(callerCPU, peerCPU int) (probe, error) {
	if err := membarrierCommand(membarrierRegisterPrivateExpedited); err != nil {
		return nil, err
	}
	p, err := startPair(callerCPU, peerCPU)
	if err != nil {
		return nil, err
	}
	return &membarrier{p}, nil
}

func (m *membarrier) sample(_ context.Context, n int) (observed []float64, err error) {
	var running, stop paddedBool
	m.run(
		func() {
			defer stop.Store(true)
			for !running.Load() {
			}
			if err = membarrierCalls(warmup(n)); err != nil {
				return
			}
			start := time.Now()
			err = membarrierCalls(n)
			observed = mean(time.Since(start).Nanoseconds(), n)
		},
		func() {
			running.Store(true)
			for !stop.Load() {
			}
		},
	)
	return observed, err
}

// A paddedBool is alone in its line: the peer spins on one while the caller works.
type paddedBool struct {
	_ [128]byte
	atomic.Bool
	_ [124]byte
}

func membarrierCalls(n int) error {
	for range n {
		if err := membarrierCommand(membarrierPrivateExpedited); err != nil {
			return err
		}
	}
	return nil
}

// membarrierCommand uses a raw system call, the cheapest: the command does not
// sleep, so the scheduler need not know about it.
func membarrierCommand(command uintptr) error {
	if _, _, errno := unix.RawSyscall(unix.SYS_MEMBARRIER, command, 0, 0); errno != 0 {
		return fmt.Errorf("membarrier command %#x: %w", command, errno)
	}
	return nil
}
