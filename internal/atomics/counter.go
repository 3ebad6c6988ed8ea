//go:build !race

package atomics

import "sync/atomic"

// Counter is a figure that one goroutine, its owner, keeps and that others look
// at, for statistics alone: a look orders nothing, and may find any value since
// the owner's last synchronization with who looks. An atomic store would cost the
// owner as much as a tenth of a call; the plain store of one word is whole on
// every machine that Go runs on with 64 bits, and the Go memory model promises
// that a racing look finds a value that was stored.
//
// A build for the race detector stores atomically.
type Counter struct{ n uint64 }

// Set stores n. The owner's alone.
func (c *Counter) Set(n uint64) { c.n = n }

// Get returns what the owner set last. The owner's alone.
func (c *Counter) Get() uint64 { return c.n }

// Peek returns a value that the owner has set. Any goroutine may call it.
func (c *Counter) Peek() uint64 { return atomic.LoadUint64(&c.n) }
