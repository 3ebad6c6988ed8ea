// Package replica applies updates that an updater fetches.
package replica

import "sync"

type replica struct {
	mu      sync.RWMutex
	version int
	applied chan int
}

func newReplica() *replica { return &replica{applied: make(chan int)} }

// apply reports each version that it has stored.
func (r *replica) apply(version int) {
	r.mu.Lock()
	r.version = version
	r.mu.Unlock()
	r.applied <- version
}

// awaitBroken holds the read lock while it waits for a writer's report.
func (r *replica) awaitBroken() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return <-r.applied // BUG deadlock: the updater needs the write lock before it reports
}

// awaitFixed looks at nothing that needs the lock.
func (r *replica) awaitFixed() int {
	return <-r.applied
}
