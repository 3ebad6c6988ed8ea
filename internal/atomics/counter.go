//go:build !race

package atomics

import "sync/atomic"

// Counter is a figure that one goroutine, its owner, writes and that others read,
// for statistics only. A read orders nothing, and may return any value since the
// owner's last synchronization with the reader. An atomic store would cost the
// owner a tenth of a call. The plain store of one word is not torn on any 64-bit
// machine of Go, and the Go memory model promises that a racing read returns a
// value that was stored.
//
// A build for the race detector stores atomically.
type Counter struct{ n uint64 }

// Set stores n. Only the owner may call it.
func (c *Counter) Set(n uint64) { c.n = n }

// Get returns the last value that was set. Only the owner may call it.
func (c *Counter) Get() uint64 { return c.n }

// Peek returns a value that the owner has set. Any goroutine may call it.
func (c *Counter) Peek() uint64 { return atomic.LoadUint64(&c.n) }
