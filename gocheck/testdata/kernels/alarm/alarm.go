// Package alarm rings by a timer.
package alarm

import (
	"sync"
	"time"
)

type alarm struct {
	mu    sync.Mutex
	timer *time.Timer
	rung  chan bool
	rings int
}

func set(after time.Duration) *alarm {
	a := &alarm{rung: make(chan bool)}
	a.timer = time.AfterFunc(after, a.ring)
	return a
}

func (a *alarm) ring() {
	a.mu.Lock()
	a.rings++
	a.mu.Unlock()
	close(a.rung)
}

// offBroken waits for a ring under way with the lock that the ring needs.
func (a *alarm) offBroken() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.timer.Stop() {
		<-a.rung // BUG deadlock: the ring has begun and wants the lock that is held here
	}
	return a.rings
}

// offFixed waits before it takes the lock.
func (a *alarm) offFixed() int {
	if !a.timer.Stop() {
		<-a.rung
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.rings
}
