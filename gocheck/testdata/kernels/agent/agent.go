// Package agent runs a loop in the background until it is closed.
package agent

import "sync"

type agent struct {
	mu     sync.Mutex
	beats  int
	tick   chan bool
	quit   chan bool
	ended  chan bool
	closed bool
}

func startAgent() *agent {
	a := &agent{tick: make(chan bool, 1), quit: make(chan bool), ended: make(chan bool)}
	go a.loop()
	return a
}

func (a *agent) loop() {
	defer close(a.ended)
	for {
		select {
		case <-a.tick:
			a.mu.Lock()
			a.beats++
			a.mu.Unlock()
		case <-a.quit:
			return
		}
	}
}

// closeBroken waits for the loop with the lock that the loop may want.
func (a *agent) closeBroken() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closed = true
	close(a.quit)
	<-a.ended // BUG deadlock: the loop has taken a tick and wants the lock that is held here
}

// closeFixed waits without the lock.
func (a *agent) closeFixed() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	close(a.quit)
	<-a.ended
}
