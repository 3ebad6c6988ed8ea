// Package turnstile counts visitors by an atomic operation.
package turnstile

import "sync/atomic"

type turnstile struct {
	passed int64
}

func (s *turnstile) pass() {
	atomic.AddInt64(&s.passed, 1)
}

// totalBroken reads the number as a plain variable.
func (s *turnstile) totalBroken() int64 {
	return s.passed // BUG race: the number is added to atomically and read plainly
}

// totalFixed reads it atomically.
func (s *turnstile) totalFixed() int64 {
	return atomic.LoadInt64(&s.passed)
}
