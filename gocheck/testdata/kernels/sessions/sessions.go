// Package sessions keeps a table of sessions; each session has a lock of its own.
package sessions

import "sync"

type session struct {
	mu   sync.Mutex
	hits int
}

type table struct {
	mu   sync.RWMutex
	open map[string]*session
}

// touch finds a session and locks it while the table is locked for reading.
func (t *table) touch(id string) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if s := t.open[id]; s != nil {
		s.mu.Lock()
		s.hits++
		s.mu.Unlock()
	}
}

// closeBroken takes the session's lock before the table's.
func (t *table) closeBroken(id string, s *session) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.mu.Lock() // BUG deadlock: touch takes the table's lock before the session's, this the other way round
	defer t.mu.Unlock()
	delete(t.open, id)
	return s.hits
}

// closeFixed removes the session from the table, then locks it.
func (t *table) closeFixed(id string, s *session) int {
	t.mu.Lock()
	delete(t.open, id)
	t.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits
}
