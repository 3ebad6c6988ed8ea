//go:build !amd64 && !arm64

package cpurelax

import "unsafe"

// Relax does nothing here.
func Relax() {}

// PrefetchW does nothing here.
func PrefetchW(unsafe.Pointer) {}
