//go:build amd64 || arm64

package percpu

import "crosscall/internal/goroutine"

// identity is the input of the choice of a stripe.
func identity() uintptr { return goroutine.ID() }
