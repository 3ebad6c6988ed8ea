//go:build unix

package kvserver

import (
	"time"

	"golang.org/x/sys/unix"
)

// cpuTime is what the process has used.
func cpuTime() (user, sys time.Duration) {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}
