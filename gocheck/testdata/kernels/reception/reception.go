// Package reception serves guests until it shuts, and then waits for those inside.
package reception

import "sync"

type reception struct {
	mu     sync.Mutex
	shut   bool
	guests sync.WaitGroup
}

// admitBroken adds a guest although somebody may be waiting for the last one.
func (r *reception) admitBroken() bool {
	r.guests.Add(1) // BUG misuse: the Add from zero is not ordered before the Wait in close
	return true
}

// admitFixed adds a guest only before the reception shuts.
func (r *reception) admitFixed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shut {
		return false
	}
	r.guests.Add(1)
	return true
}

func (r *reception) close() {
	r.mu.Lock()
	r.shut = true
	r.mu.Unlock()
	r.guests.Wait()
}
