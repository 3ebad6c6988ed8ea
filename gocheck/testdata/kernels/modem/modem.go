// Package modem sends by a line that may be hung up.
package modem

import "sync"

type line struct {
	sent int
}

type modem struct {
	mu   sync.Mutex
	line *line
}

func (m *modem) connected() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.line != nil
}

func (m *modem) hangUp() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.line = nil
}

// sendBroken looks for the line and uses it under two locks.
func (m *modem) sendBroken() bool {
	if !m.connected() {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.line.sent++ // BUG panic: the line was hung up after the look at it, and is nil
	return true
}

// sendFixed looks and uses it under one.
func (m *modem) sendFixed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.line == nil {
		return false
	}
	m.line.sent++
	return true
}
