// Package flight lets one caller compute a value for all that ask at that time.
package flight

import (
	"errors"
	"sync"
)

var errLoad = errors.New("cannot load")

type call struct {
	done  chan bool
	value int
	err   error
}

type flight struct {
	mu      sync.Mutex
	current *call
}

// join returns the call under way, or a new one that the caller has to lead.
func (f *flight) join() (c *call, lead bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current != nil {
		return f.current, false
	}
	f.current = &call{done: make(chan bool)}
	return f.current, true
}

// getBroken leaves the others waiting when the load fails.
func (f *flight) getBroken(load func() (int, error)) (int, error) {
	c, lead := f.join()
	if !lead {
		<-c.done // BUG deadlock: the leader returned with its error and did not close the channel
		return c.value, c.err
	}
	c.value, c.err = load()
	if c.err != nil {
		return 0, c.err
	}
	close(c.done)
	return c.value, nil
}

// getFixed closes the channel however the load ends.
func (f *flight) getFixed(load func() (int, error)) (int, error) {
	c, lead := f.join()
	if !lead {
		<-c.done
		return c.value, c.err
	}
	defer close(c.done)
	c.value, c.err = load()
	return c.value, c.err
}
