//go:build gocheck

package atomics

import (
	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
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

const Explored = true

func Read[V any](p *V)  { gocheck.Read(p) }
func Write[V any](p *V) { gocheck.Write(p) }
