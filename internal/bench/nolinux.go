//go:build !linux

package bench

import "errors"

// The contests of these baselines need pinning, and are left out elsewhere
// than on Linux before any is opened.
var errLinuxOnly = errors.New("a system call of Linux")

func newMembarrier(int, int) (probe, error) { return nil, errLinuxOnly }
func newFutex(int, int) (probe, error)      { return nil, errLinuxOnly }
func newFutexSpin(int, int) (probe, error)  { return nil, errLinuxOnly }
