// Package hub tells subscribers of news; a subscriber may leave when it is told.
package hub

import "sync"

type hub struct {
	mu   sync.Mutex
	subs map[int]func(string)
}

func (h *hub) leave(id int) {
	h.mu.Lock() // BUG deadlock: tellBroken calls subscribers with the lock held, and one of them leaves
	defer h.mu.Unlock()
	delete(h.subs, id)
}

// tellBroken calls foreign code with the lock held.
func (h *hub) tellBroken(news string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.subs {
		f(news)
	}
}

// tellFixed copies the subscribers and calls them without the lock.
func (h *hub) tellFixed(news string) {
	h.mu.Lock()
	var all []func(string)
	for _, f := range h.subs {
		all = append(all, f)
	}
	h.mu.Unlock()
	for _, f := range all {
		f(news)
	}
}
