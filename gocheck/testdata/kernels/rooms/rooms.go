// Package rooms opens a chat room at its first use.
package rooms

import "sync"

type room struct {
	name string
}

type house struct {
	mu    sync.Mutex
	rooms map[string]*room
}

// openBroken looks and stores in two sections.
func (h *house) openBroken(name string) *room {
	h.mu.Lock()
	r := h.rooms[name]
	h.mu.Unlock()
	if r == nil {
		r = &room{name}
		h.mu.Lock()
		h.rooms[name] = r
		h.mu.Unlock()
	}
	return r
}

// openFixed looks and stores in one.
func (h *house) openFixed(name string) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[name]
	if r == nil {
		r = &room{name}
		h.rooms[name] = r
	}
	return r
}
