// Package handshake lets two sides of a link wait for one another.
package handshake

import (
	"runtime"
	"sync/atomic"
)

type side struct {
	ready atomic.Bool
}

func (s *side) spin() {
	for !s.ready.Load() { // BUG livelock: both sides look for ever, as each says that it is ready only afterwards
		runtime.Gosched()
	}
}

// meetBroken says that it is ready when the other is.
func meetBroken(mine, theirs *side) {
	theirs.spin()
	mine.ready.Store(true)
}

// meetFixed says so first.
func meetFixed(mine, theirs *side) {
	mine.ready.Store(true)
	theirs.spin()
}
