package bench

import (
	"fmt"
	"time"

	"golang.org/x/sys/windows"
)

// processCPUTime is the CPU time, user and kernel, of all threads of this
// process so far.
func processCPUTime() (time.Duration, error) {
	var created, exited, kernel, user windows.Filetime
	err := windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user)
	if err != nil {
		return 0, fmt.Errorf("GetProcessTimes: %w", err)
	}
	return filetime(kernel) + filetime(user), nil
}

// filetime converts a duration in units of 100 ns. Filetime.Nanoseconds would
// convert it as a date.
func filetime(f windows.Filetime) time.Duration {
	return time.Duration(uint64(f.HighDateTime)<<32|uint64(f.LowDateTime)) * 100
}
