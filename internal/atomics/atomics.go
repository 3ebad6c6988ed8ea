//go:build !gocheck

// Package atomics has all operations by which the call queue accesses shared
// memory. In a normal build every name is an alias of the standard library's,
// at no cost. In a build with the tag gocheck the names are aliases of
// gocheck's types, so that each interleaving of accesses can be explored.
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

// Explored reports whether this build is explored.
const Explored = false

// Read announces that the caller reads *p, a plain variable that goroutines use
// one after the other: the exploration checks that they are ordered. It stands
// next to the access, which checks p in any case, so it costs nothing in a
// normal build.
func Read[V any](p *V) {}

// Write announces that the caller writes *p.
func Write[V any](p *V) {}
