// Package gauges keeps named numbers.
package gauges

import "sync"

type gauges struct {
	mu     sync.Mutex
	values map[string]int
}

func (g *gauges) set(name string, v int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.values[name] = v
}

// getBroken reads the map without the lock.
func (g *gauges) getBroken(name string) int {
	return g.values[name] // BUG race: the map is read while another goroutine writes to it
}

// getFixed reads it under the lock.
func (g *gauges) getFixed(name string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.values[name]
}
