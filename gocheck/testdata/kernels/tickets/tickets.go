// Package tickets numbers visitors.
package tickets

import "sync/atomic"

// nextBroken reads and writes in two steps.
func nextBroken(last *atomic.Int64) int64 {
	n := last.Load() + 1
	last.Store(n)
	return n
}

// nextFixed adds in one.
func nextFixed(last *atomic.Int64) int64 {
	return last.Add(1)
}
