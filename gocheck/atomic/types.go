package atomic

import (
	"sync/atomic"

	"crosscall/gocheck/internal/sched"
)

// Bool is atomic.Bool.
type Bool struct {
	h sched.Header
	v atomic.Bool
}

// Load returns the value.
func (a *Bool) Load() bool { return load[bool](&a.h, &a.v, "Bool") }

// Store sets the value.
func (a *Bool) Store(v bool) { store(&a.h, &a.v, "Bool", v) }

// Swap sets the value and returns the one before.
func (a *Bool) Swap(v bool) bool { return swap(&a.h, &a.v, "Bool", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Bool) CompareAndSwap(old, v bool) bool {
	return compareAndSwap(&a.h, &a.v, "Bool", old, v)
}

// Pointer is atomic.Pointer.
type Pointer[T any] struct {
	h sched.Header
	v atomic.Pointer[T]
}

// Load returns the value.
func (a *Pointer[T]) Load() *T { return load[*T](&a.h, &a.v, "Pointer") }

// Store sets the value.
func (a *Pointer[T]) Store(v *T) { store(&a.h, &a.v, "Pointer", v) }

// Swap sets the value and returns the one before.
func (a *Pointer[T]) Swap(v *T) *T { return swap(&a.h, &a.v, "Pointer", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Pointer[T]) CompareAndSwap(old, v *T) bool {
	return compareAndSwap(&a.h, &a.v, "Pointer", old, v)
}

// GocheckHeader is for gocheck.T.Name.
func (a *Bool) GocheckHeader() (*sched.Header, string) { return &a.h, "Bool" }

// GocheckHeader is for gocheck.T.Name.
func (a *Pointer[T]) GocheckHeader() (*sched.Header, string) { return &a.h, "Pointer" }
