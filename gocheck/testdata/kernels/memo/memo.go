// Package memo remembers the squares of numbers.
package memo

import "sync"

type memo struct {
	mu      sync.RWMutex
	squares map[int]int
}

// getBroken asks for the write lock before it gives back the read lock.
func (m *memo) getBroken(n int) int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if s, ok := m.squares[n]; ok {
		return s
	}
	m.mu.Lock() // BUG deadlock: a read lock cannot be upgraded; its holder waits for itself
	defer m.mu.Unlock()
	m.squares[n] = n * n
	return n * n
}

// getFixed releases the read lock first, and computes a value again at worst.
func (m *memo) getFixed(n int) int {
	m.mu.RLock()
	s, ok := m.squares[n]
	m.mu.RUnlock()
	if ok {
		return s
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.squares[n] = n * n
	return n * n
}
