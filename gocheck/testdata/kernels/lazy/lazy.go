// Package lazy builds a table at its first use.
package lazy

import (
	"sync"
	"sync/atomic"
)

type table struct {
	mu    sync.Mutex
	ready atomic.Bool
	cells []int
}

func (t *table) build() {
	t.cells = []int{1, 1, 2, 3, 5}
}

// cellBroken says that the table is ready before it is.
func (t *table) cellBroken(i int) int {
	if !t.ready.Load() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !t.ready.Swap(true) {
			t.build()
		}
	}
	return t.cells[i] // BUG race: the flag is set, but the table is still being built
}

// cellFixed says so afterwards.
func (t *table) cellFixed(i int) int {
	if !t.ready.Load() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !t.ready.Load() {
			t.build()
			t.ready.Store(true)
		}
	}
	return t.cells[i]
}
