//go:build !linux

package bench

import "errors"

const canPin = false

func pin(int) error { return errors.New("threads can be pinned to a CPU on Linux only") }
