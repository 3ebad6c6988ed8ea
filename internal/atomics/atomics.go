// Package atomics is the one door through which the call queue reaches shared
// memory. In a normal build every name is an alias of the standard library's,
// so it costs nothing; a build that explores interleavings puts its own types
// behind the same names and then sees each access.
package atomics

import (
	"sync"
	"sync/atomic"
)

type (
	Bool   = atomic.Bool
	Int32  = atomic.Int32
	Uint32 = atomic.Uint32
	Uint64 = atomic.Uint64
	Mutex  = sync.Mutex

	Pointer[T any] = atomic.Pointer[T]
)
