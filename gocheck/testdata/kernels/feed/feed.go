// Package feed sends posts to a reader until it is closed.
package feed

import "sync"

type feed struct {
	mu     sync.Mutex
	closed bool
	posts  chan string
}

func newFeed() *feed { return &feed{posts: make(chan string, 2)} }

// postBroken looks whether the feed is closed, and sends later.
func (f *feed) postBroken(p string) {
	f.mu.Lock()
	closed := f.closed
	f.mu.Unlock()
	if !closed {
		f.posts <- p // BUG panic: the feed was closed between the look and the send
	}
}

// postFixed sends under the lock of the look; the buffer has room.
func (f *feed) postFixed(p string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.posts <- p
	}
}

func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	close(f.posts)
}
