// Package votes counts votes that come in by goroutines.
package votes

import "sync"

type poll struct {
	mu  sync.Mutex
	yes int
	all sync.WaitGroup
}

func (p *poll) vote() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.yes++
}

func (p *poll) start(n int) {
	for range n {
		p.all.Go(p.vote)
	}
}

// resultBroken waits for the voters with the lock that they need.
func (p *poll) resultBroken() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all.Wait() // BUG deadlock: the voters need the lock that is held here
	return p.yes
}

// resultFixed waits before it takes the lock.
func (p *poll) resultFixed() int {
	p.all.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.yes
}
