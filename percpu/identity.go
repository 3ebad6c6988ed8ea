//go:build amd64 || arm64

package percpu

import "crosscall/internal/goroutine"

// identity is what a stripe is chosen by.
func identity() uintptr { return goroutine.ID() }
