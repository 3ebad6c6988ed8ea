// Package locker lends a locker to one person at a time.
package locker

import "sync"

type locker struct {
	mu    sync.Mutex
	taken bool
}

// borrowBroken gives the lock back on one path and once more at the end.
func (l *locker) borrowBroken() bool {
	l.mu.Lock()
	defer l.mu.Unlock() // BUG misuse: the path of a taken locker has released the lock already
	if l.taken {
		l.mu.Unlock()
		return false
	}
	l.taken = true
	return true
}

// borrowFixed gives it back once.
func (l *locker) borrowFixed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken {
		return false
	}
	l.taken = true
	return true
}
