//go:build !linux

package kvserver

import (
	"errors"
	"fmt"
	"runtime"
)

func startOwners(Config) (Server, error) {
	return nil, fmt.Errorf("kvserver: the engine of owners needs Linux, this is %s: use -engine mutex: %w", runtime.GOOS, errors.ErrUnsupported)
}
