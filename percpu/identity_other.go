//go:build !amd64 && !arm64

package percpu

import "crosscall/internal/topology"

// identity is the input of the choice of a stripe. Here it is the number of the CPU, because
// the identity of the goroutine takes microseconds.
func identity() uintptr { return uintptr(topology.Current()) }
