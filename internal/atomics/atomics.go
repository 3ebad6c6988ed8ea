//go:build !gocheck

// Package atomics is the one door through which the call queue reaches shared
// memory. In a normal build every name is an alias of the standard library's,
// so it costs nothing; a build with the tag gocheck puts those of gocheck
// behind the same names, and then each access can be seen and each interleaving
// explored.
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
	Pool   = sync.Pool

	Pointer[T any] = atomic.Pointer[T]
)

// Explored says whether accesses are seen.
const Explored = false

// Read announces that the caller reads *p, a plain variable that goroutines
// share in turns: what orders them is to be shown. It comes next to the access,
// which checks p anyhow, so that in a normal build nothing is left of it.
func Read[V any](p *V) {}

// Write announces that the caller writes *p.
func Write[V any](p *V) {}
