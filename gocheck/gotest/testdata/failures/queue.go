// Package failures has what goes wrong in tests.
package failures

import (
	"sync"
	"sync/atomic"
)

type queue struct {
	mu    sync.Mutex
	items []int
	count atomic.Int64
}

func (q *queue) push(v int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
}

func (q *queue) size() int { return len(q.items) }

func (q *queue) tick() {
	n := q.count.Load()
	q.count.Store(n + 1)
}
