// Package mailslot holds one letter; senders and receivers share one Cond.
package mailslot

import "sync"

type slot struct {
	mu     sync.Mutex
	change *sync.Cond
	full   bool
	letter int
	wake   func(*sync.Cond)
}

func newSlot(wake func(*sync.Cond)) *slot {
	s := &slot{wake: wake}
	s.change = sync.NewCond(&s.mu)
	return s
}

func (s *slot) put(letter int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.full {
		s.change.Wait()
	}
	s.letter, s.full = letter, true
	s.wake(s.change)
}

func (s *slot) take() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.full {
		s.change.Wait() // BUG deadlock: one Signal wakes any waiter, perhaps one of the same side, and it is lost
	}
	s.full = false
	s.wake(s.change)
	return s.letter
}

func wakeBroken(c *sync.Cond) { c.Signal() }

// wakeFixed wakes both sides.
func wakeFixed(c *sync.Cond) { c.Broadcast() }
