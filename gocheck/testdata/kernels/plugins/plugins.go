// Package plugins registers plugins in variables of the package.
package plugins

import "sync"

var (
	mu      sync.Mutex
	ordinal = map[string]int{"core": 1}
	last    = len(ordinal)
)

// addBroken takes its number and stores it in two sections.
func addBroken(name string) {
	mu.Lock()
	n := last + 1
	mu.Unlock()
	mu.Lock()
	defer mu.Unlock()
	last = n
	ordinal[name] = n
}

// addFixed does both in one.
func addFixed(name string) {
	mu.Lock()
	defer mu.Unlock()
	last++
	ordinal[name] = last
}
