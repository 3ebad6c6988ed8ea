// Package barrier lets goroutines go on when all have come, round by round.
package barrier

import "sync"

type barrier struct {
	mu    sync.Mutex
	all   *sync.Cond
	size  int
	come  int
	round int
}

func newBarrier(size int) *barrier {
	b := &barrier{size: size}
	b.all = sync.NewCond(&b.mu)
	return b
}

// awaitBroken tells by the count alone whether its round is over.
func (b *barrier) awaitBroken() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.come++
	if b.come == b.size {
		b.come = 0
		b.all.Broadcast()
		return
	}
	for b.come != 0 {
		b.all.Wait() // BUG deadlock: the count is of the next round already when the waiter of this one looks
	}
}

// awaitFixed tells by the number of the round.
func (b *barrier) awaitFixed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.come++
	if b.come == b.size {
		b.come = 0
		b.round++
		b.all.Broadcast()
		return
	}
	for round := b.round; round == b.round; {
		b.all.Wait()
	}
}
