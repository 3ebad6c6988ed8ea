// Package dealer deals the cards of a sequence to players.
package dealer

import (
	"iter"
	"sync"
)

type dealer struct {
	mu   sync.Mutex
	next func() (int, bool)
	left int
}

// newDealer has cards from 0 to n-1.
func newDealer(n int) (d *dealer, stop func()) {
	d = &dealer{left: n}
	var cards iter.Seq[int] = func(yield func(int) bool) {
		for card := 0; card < n && yield(card); card++ {
			d.left--
		}
	}
	d.next, stop = iter.Pull(cards)
	return d, stop
}

// dealBroken asks the sequence for a card without a lock.
func (d *dealer) dealBroken() int {
	card, _ := d.next() // BUG race: next is not to be called by two goroutines at a time
	return card
}

// dealFixed asks under the lock.
func (d *dealer) dealFixed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	card, _ := d.next()
	return card
}
