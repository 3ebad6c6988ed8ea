// Package quota hands out units of a resource.
package quota

import (
	"errors"
	"sync"
)

var errEmpty = errors.New("no units left")

type quota struct {
	mu   sync.Mutex
	left int
}

// takeBroken keeps the lock when it returns the error.
func (q *quota) takeBroken() error {
	q.mu.Lock() // BUG deadlock: the call that found no units returned without Unlock
	if q.left == 0 {
		return errEmpty
	}
	q.left--
	q.mu.Unlock()
	return nil
}

// takeFixed releases the lock on every path.
func (q *quota) takeFixed() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left == 0 {
		return errEmpty
	}
	q.left--
	return nil
}
