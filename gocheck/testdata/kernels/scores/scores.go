// Package scores adds up the points of a game.
package scores

import "sync"

type scores struct {
	mu     sync.Mutex
	points int
}

func (s *scores) addBroken(n int) {
	s.points += n // BUG race: subtests that run in parallel share the scores
}

// addFixed adds under the lock.
func (s *scores) addFixed(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.points += n
}
