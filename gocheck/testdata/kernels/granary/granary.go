// Package granary stores sacks; its books have a lock beside the store's.
package granary

import "sync"

type granary struct {
	books sync.Mutex
	mu    sync.Mutex
	some  *sync.Cond
	sacks int
	log   []string
}

func newGranary() *granary {
	g := &granary{}
	g.some = sync.NewCond(&g.mu)
	return g
}

func (g *granary) write(line string) {
	g.books.Lock()
	defer g.books.Unlock()
	g.log = append(g.log, line)
}

func (g *granary) put() {
	g.write("in")
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sacks++
	g.some.Signal()
}

func (g *granary) take() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.sacks == 0 {
		g.some.Wait() // BUG deadlock: Wait gives back the store's lock, not the books', which put needs
	}
	g.sacks--
}

// bookedBroken keeps the books locked while it waits for a sack.
func (g *granary) bookedBroken() {
	g.books.Lock()
	defer g.books.Unlock()
	g.take()
	g.log = append(g.log, "out")
}

// bookedFixed opens the books when it has the sack.
func (g *granary) bookedFixed() {
	g.take()
	g.write("out")
}
