//go:build !amd64 && !arm64

package percpu

import "crosscall/internal/topology"

// identity is what a stripe is chosen by: the number of the CPU, because the identity of the
// goroutine takes microseconds here.
func identity() uintptr { return uintptr(topology.Current()) }
