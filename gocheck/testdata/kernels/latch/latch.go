// Package latch waits for a flag that is set beside the lock of its Cond.
package latch

import (
	"sync"
	"sync/atomic"
)

type latch struct {
	mu   sync.Mutex
	cond *sync.Cond
	set  atomic.Bool
}

func newLatch() *latch {
	l := &latch{}
	l.cond = sync.NewCond(&l.mu)
	return l
}

func (l *latch) wait() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.set.Load() {
		l.cond.Wait() // BUG deadlock: the flag was set and signalled between the look at it and this Wait
	}
}

// releaseBroken sets the flag without the lock.
func (l *latch) releaseBroken() {
	l.set.Store(true)
	l.cond.Signal()
}

// releaseFixed sets the flag under the lock, which wait gives back only in Wait.
func (l *latch) releaseFixed() {
	l.mu.Lock()
	l.set.Store(true)
	l.mu.Unlock()
	l.cond.Signal()
}
