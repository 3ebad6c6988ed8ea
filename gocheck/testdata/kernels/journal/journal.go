// Package journal passes entries from writers to a flusher.
package journal

import "sync"

type journal struct {
	mu      sync.Mutex
	written int
	entries chan string
}

func newJournal() *journal { return &journal{entries: make(chan string)} }

// appendBroken sends with the lock held.
func (j *journal) appendBroken(e string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.written++
	j.entries <- e // BUG deadlock: the flusher wants the lock before it receives
}

// appendFixed releases the lock before it sends.
func (j *journal) appendFixed(e string) {
	j.mu.Lock()
	j.written++
	j.mu.Unlock()
	j.entries <- e
}

// flush looks at the count, then receives an entry.
func (j *journal) flush() (int, string) {
	j.mu.Lock()
	n := j.written
	j.mu.Unlock()
	return n, <-j.entries
}
