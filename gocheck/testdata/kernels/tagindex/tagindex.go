// Package tagindex maps tags to pages.
package tagindex

import "sync"

type index struct {
	mu    sync.Mutex
	pages map[string]int
}

func (x *index) remove(tag string) {
	x.mu.Lock() // BUG deadlock: renameBroken calls remove with the lock held, and a Mutex is not re-entrant
	defer x.mu.Unlock()
	x.removeLocked(tag)
}

func (x *index) removeLocked(tag string) {
	delete(x.pages, tag)
}

// renameBroken calls a method that takes the lock again.
func (x *index) renameBroken(old, tag string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.pages[tag] = x.pages[old]
	x.remove(old)
}

// renameFixed calls the variant for callers that hold the lock.
func (x *index) renameFixed(old, tag string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.pages[tag] = x.pages[old]
	x.removeLocked(old)
}
