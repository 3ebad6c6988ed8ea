// Package inbox is a queue that several readers wait at, until it is closed.
package inbox

import "sync"

type inbox struct {
	mu     sync.Mutex
	change *sync.Cond
	mail   []string
	closed bool
}

func newInbox() *inbox {
	b := &inbox{}
	b.change = sync.NewCond(&b.mu)
	return b
}

// read reports false when the inbox is closed and empty.
func (b *inbox) read() (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.mail) == 0 && !b.closed {
		b.change.Wait() // BUG deadlock: closing woke one reader of two
	}
	if len(b.mail) == 0 {
		return "", false
	}
	m := b.mail[0]
	b.mail = b.mail[1:]
	return m, true
}

// closeBroken wakes one reader.
func (b *inbox) closeBroken() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.change.Signal()
}

// closeFixed wakes them all.
func (b *inbox) closeFixed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.change.Broadcast()
}
