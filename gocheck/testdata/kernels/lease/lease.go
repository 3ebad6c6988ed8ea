// Package lease ends by a timer unless it is renewed.
package lease

import (
	"sync"
	"time"
)

type lease struct {
	mu    sync.Mutex
	timer *time.Timer
	term  int
	over  bool
}

// expire ends the lease, unless it was renewed since the given term.
func (l *lease) expire(term int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if term == l.term {
		l.over = true
	}
}

func newLease() *lease {
	l := &lease{}
	l.timer = time.AfterFunc(0, func() { l.expire(0) })
	return l
}

// renewBroken stops the timer, whose function may run already.
func (l *lease) renewBroken() bool {
	l.mu.Lock()
	over := l.over
	l.mu.Unlock()
	l.timer.Stop()
	return !over
}

// renewFixed begins another term, so that the old timer does no harm.
func (l *lease) renewFixed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return false
	}
	l.term++
	l.timer.Stop()
	return true
}

func (l *lease) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}
