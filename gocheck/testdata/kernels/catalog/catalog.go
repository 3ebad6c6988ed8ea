// Package catalog lists books. Its lock prefers writers, as every RWMutex does.
package catalog

import "sync"

type catalog struct {
	mu    sync.RWMutex
	books []string
}

func (c *catalog) add(title string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.books = append(c.books, title)
}

func (c *catalog) size() int {
	c.mu.RLock() // BUG deadlock: a writer waits between the two RLocks of one reader, and stops the second
	defer c.mu.RUnlock()
	return len(c.books)
}

// summaryBroken takes the read lock twice.
func (c *catalog) summaryBroken() (first string, n int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.books[0], c.size()
}

// summaryFixed takes it once.
func (c *catalog) summaryFixed() (first string, n int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.books[0], len(c.books)
}
