// Package internal has the sources that the overlay of crosscall gotest compiles
// into the standard library.
package internal

import "embed"

// Sources are those of the explorer and of the hooks' other side.
//
//go:embed sched/*.go hook/*.go report/*.go
var Sources embed.FS
