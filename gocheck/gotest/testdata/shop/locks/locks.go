// Package locks has what its tests use wrongly and rightly.
package locks

import (
	"sync"
	"sync/atomic"
)

// An account has money.
type account struct {
	mu    sync.Mutex
	money int
}

func move(from, to *account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.money -= n
	to.money += n
}

// A meter counts.
type meter struct{ n atomic.Int64 }

func (m *meter) right() { m.n.Add(1) }
func (m *meter) wrong() { m.n.Store(m.n.Load() + 1) }

// A cache computes a value once.
type cache struct {
	once  sync.Once
	known sync.Map
	value int
}

func (c *cache) get() int {
	c.once.Do(func() { c.value = 42 })
	return c.value
}
