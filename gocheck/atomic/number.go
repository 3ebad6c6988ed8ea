package atomic

import (
	"sync/atomic"

	"crosscall/gocheck/internal/sched"
)

// Int32 is atomic.Int32.
type Int32 struct {
	h sched.Header
	v atomic.Int32
}

// Load returns the value.
func (a *Int32) Load() int32 { return load[int32](&a.h, &a.v, "Int32") }

// Store sets the value.
func (a *Int32) Store(v int32) { store(&a.h, &a.v, "Int32", v) }

// Swap sets the value and returns the one before.
func (a *Int32) Swap(v int32) int32 { return swap(&a.h, &a.v, "Int32", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Int32) CompareAndSwap(old, v int32) bool {
	return compareAndSwap(&a.h, &a.v, "Int32", old, v)
}

// Add adds v and returns the sum.
func (a *Int32) Add(v int32) int32 { return add(&a.h, &a.v, "Int32", v) }

// And masks the value and returns the one before.
func (a *Int32) And(v int32) int32 { return and(&a.h, &a.v, "Int32", v) }

// Or sets bits and returns the value before.
func (a *Int32) Or(v int32) int32 { return or(&a.h, &a.v, "Int32", v) }

// Int64 is atomic.Int64.
type Int64 struct {
	h sched.Header
	v atomic.Int64
}

// Load returns the value.
func (a *Int64) Load() int64 { return load[int64](&a.h, &a.v, "Int64") }

// Store sets the value.
func (a *Int64) Store(v int64) { store(&a.h, &a.v, "Int64", v) }

// Swap sets the value and returns the one before.
func (a *Int64) Swap(v int64) int64 { return swap(&a.h, &a.v, "Int64", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Int64) CompareAndSwap(old, v int64) bool {
	return compareAndSwap(&a.h, &a.v, "Int64", old, v)
}

// Add adds v and returns the sum.
func (a *Int64) Add(v int64) int64 { return add(&a.h, &a.v, "Int64", v) }

// And masks the value and returns the one before.
func (a *Int64) And(v int64) int64 { return and(&a.h, &a.v, "Int64", v) }

// Or sets bits and returns the value before.
func (a *Int64) Or(v int64) int64 { return or(&a.h, &a.v, "Int64", v) }

// Uint32 is atomic.Uint32.
type Uint32 struct {
	h sched.Header
	v atomic.Uint32
}

// Load returns the value.
func (a *Uint32) Load() uint32 { return load[uint32](&a.h, &a.v, "Uint32") }

// Store sets the value.
func (a *Uint32) Store(v uint32) { store(&a.h, &a.v, "Uint32", v) }

// Swap sets the value and returns the one before.
func (a *Uint32) Swap(v uint32) uint32 { return swap(&a.h, &a.v, "Uint32", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Uint32) CompareAndSwap(old, v uint32) bool {
	return compareAndSwap(&a.h, &a.v, "Uint32", old, v)
}

// Add adds v and returns the sum.
func (a *Uint32) Add(v uint32) uint32 { return add(&a.h, &a.v, "Uint32", v) }

// And masks the value and returns the one before.
func (a *Uint32) And(v uint32) uint32 { return and(&a.h, &a.v, "Uint32", v) }

// Or sets bits and returns the value before.
func (a *Uint32) Or(v uint32) uint32 { return or(&a.h, &a.v, "Uint32", v) }

// Uint64 is atomic.Uint64.
type Uint64 struct {
	h sched.Header
	v atomic.Uint64
}

// Load returns the value.
func (a *Uint64) Load() uint64 { return load[uint64](&a.h, &a.v, "Uint64") }

// Store sets the value.
func (a *Uint64) Store(v uint64) { store(&a.h, &a.v, "Uint64", v) }

// Swap sets the value and returns the one before.
func (a *Uint64) Swap(v uint64) uint64 { return swap(&a.h, &a.v, "Uint64", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Uint64) CompareAndSwap(old, v uint64) bool {
	return compareAndSwap(&a.h, &a.v, "Uint64", old, v)
}

// Add adds v and returns the sum.
func (a *Uint64) Add(v uint64) uint64 { return add(&a.h, &a.v, "Uint64", v) }

// And masks the value and returns the one before.
func (a *Uint64) And(v uint64) uint64 { return and(&a.h, &a.v, "Uint64", v) }

// Or sets bits and returns the value before.
func (a *Uint64) Or(v uint64) uint64 { return or(&a.h, &a.v, "Uint64", v) }

// Uintptr is atomic.Uintptr.
type Uintptr struct {
	h sched.Header
	v atomic.Uintptr
}

// Load returns the value.
func (a *Uintptr) Load() uintptr { return load[uintptr](&a.h, &a.v, "Uintptr") }

// Store sets the value.
func (a *Uintptr) Store(v uintptr) { store(&a.h, &a.v, "Uintptr", v) }

// Swap sets the value and returns the one before.
func (a *Uintptr) Swap(v uintptr) uintptr { return swap(&a.h, &a.v, "Uintptr", v) }

// CompareAndSwap sets the value to v if it is old.
func (a *Uintptr) CompareAndSwap(old, v uintptr) bool {
	return compareAndSwap(&a.h, &a.v, "Uintptr", old, v)
}

// Add adds v and returns the sum.
func (a *Uintptr) Add(v uintptr) uintptr { return add(&a.h, &a.v, "Uintptr", v) }

// And masks the value and returns the one before.
func (a *Uintptr) And(v uintptr) uintptr { return and(&a.h, &a.v, "Uintptr", v) }

// Or sets bits and returns the value before.
func (a *Uintptr) Or(v uintptr) uintptr { return or(&a.h, &a.v, "Uintptr", v) }

// GocheckHeader is for gocheck.T.Name.
func (v *Int32) GocheckHeader() (*sched.Header, string) { return &v.h, "Int32" }

// GocheckHeader is for gocheck.T.Name.
func (v *Int64) GocheckHeader() (*sched.Header, string) { return &v.h, "Int64" }

// GocheckHeader is for gocheck.T.Name.
func (v *Uint32) GocheckHeader() (*sched.Header, string) { return &v.h, "Uint32" }

// GocheckHeader is for gocheck.T.Name.
func (v *Uint64) GocheckHeader() (*sched.Header, string) { return &v.h, "Uint64" }

// GocheckHeader is for gocheck.T.Name.
func (v *Uintptr) GocheckHeader() (*sched.Header, string) { return &v.h, "Uintptr" }
