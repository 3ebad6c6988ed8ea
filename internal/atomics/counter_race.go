//go:build race

package atomics

import "sync/atomic"

// Counter is described in counter.go. Here its stores are atomic.
type Counter struct{ n atomic.Uint64 }

// Set stores n. Only the owner may call it.
func (c *Counter) Set(n uint64) { c.n.Store(n) }

// Get returns the last value that was set. Only the owner may call it.
func (c *Counter) Get() uint64 { return c.n.Load() }

// Peek returns a value that the owner has set. Any goroutine may call it.
func (c *Counter) Peek() uint64 { return c.n.Load() }
