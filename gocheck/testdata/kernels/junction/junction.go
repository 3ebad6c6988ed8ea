// Package junction reserves blocks of a circular railway: a train holds its own
// block while it enters the next.
package junction

import "sync"

type ring struct {
	blocks [3]sync.Mutex
	trips  [3]int
}

// enterBroken takes the next block of the ring, also from the last to the first.
func (r *ring) enterBroken(at int) {
	next := (at + 1) % len(r.blocks)
	r.blocks[at].Lock()
	defer r.blocks[at].Unlock()
	r.blocks[next].Lock() // BUG deadlock: three trains each hold a block and wait for the next one
	defer r.blocks[next].Unlock()
	r.trips[at]++
}

// enterFixed takes the block with the smaller number first, so that no circle closes.
func (r *ring) enterFixed(at int) {
	next := (at + 1) % len(r.blocks)
	low, high := min(at, next), max(at, next)
	r.blocks[low].Lock()
	defer r.blocks[low].Unlock()
	r.blocks[high].Lock()
	defer r.blocks[high].Unlock()
	r.trips[at]++
}
