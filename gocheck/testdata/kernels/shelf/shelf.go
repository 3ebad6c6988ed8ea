// Package shelf counts how often a book was looked up.
package shelf

import "sync"

type shelf struct {
	mu      sync.RWMutex
	books   map[string]string
	lookups int
}

// findBroken writes under the read lock.
func (s *shelf) findBroken(title string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.lookups++ // BUG race: two readers hold the read lock and both write
	return s.books[title]
}

// findFixed writes under the write lock.
func (s *shelf) findFixed(title string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lookups++
	return s.books[title]
}
