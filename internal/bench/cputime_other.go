//go:build !unix && !windows

package bench

import (
	"errors"
	"time"
)

// processCPUTime is not known on this platform.
func processCPUTime() (time.Duration, error) {
	return 0, errors.ErrUnsupported
}
