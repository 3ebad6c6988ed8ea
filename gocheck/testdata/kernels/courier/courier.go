// Package courier delivers parcels; a failed delivery is counted, too.
package courier

import "sync"

type courier struct {
	open   sync.WaitGroup
	mu     sync.Mutex
	failed int
}

func (c *courier) fail() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed++
}

// deliverBroken says Done for a failed delivery twice.
func (c *courier) deliverBroken(ok bool) {
	if !ok {
		c.fail()
		c.open.Done()
	}
	c.open.Done() // BUG misuse: a failed delivery is done twice, and the counter falls below zero
}

// deliverFixed says it once.
func (c *courier) deliverFixed(ok bool) {
	if !ok {
		c.fail()
	}
	c.open.Done()
}
