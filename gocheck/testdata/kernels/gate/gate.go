// Package gate keeps goroutines back until it is opened.
package gate

import "sync"

type gate struct {
	mu     sync.Mutex
	opened *sync.Cond
	open   bool
}

func newGate() *gate {
	g := &gate{}
	g.opened = sync.NewCond(&g.mu)
	return g
}

// passBroken waits without a look at what it waits for.
func (g *gate) passBroken() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened.Wait() // BUG deadlock: the gate was opened before, and a Broadcast is not remembered
}

// passFixed waits only while the gate is shut.
func (g *gate) passFixed() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		g.opened.Wait()
	}
}

func (g *gate) unlock() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = true
	g.opened.Broadcast()
}
