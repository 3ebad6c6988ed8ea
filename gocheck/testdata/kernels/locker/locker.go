// Package locker lends a locker to one person at a time.
package locker

import "sync"

type locker struct {
	mu    sync.Mutex
	taken bool
}

// borrowBroken releases the lock of a taken locker, and once more at the end.
func (l *locker) borrowBroken() bool {
	l.mu.Lock()
	free := !l.taken
	if free {
		l.taken = true
	} else {
		l.mu.Unlock()
	}
	l.mu.Unlock() // BUG misuse: the path of a taken locker has released the lock already
	return free
}

// borrowFixed releases it once.
func (l *locker) borrowFixed() bool {
	l.mu.Lock()
	free := !l.taken
	if free {
		l.taken = true
	}
	l.mu.Unlock()
	return free
}
