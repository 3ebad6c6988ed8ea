package stack

import (
	"sync"
	"testing"
)

//go:noinline
func set(p *int) { *p = 1 }

// nest writes to memory of its own frame in each call, by a pointer, where the stack has
// to grow.
//
//go:noinline
func nest(depth int) int {
	x := 0
	set(&x)
	if depth == 0 {
		return x
	}
	return nest(depth-1) + x
}

// kept has some of the objects that refill makes, so that others are free beside them.
var kept [][]*int

func refill() {
	for i := range 4000 {
		b := make([]*int, 100+i%100)
		if i%7 == 0 {
			kept = append(kept, b)
		}
	}
}

// TestRightMoved has stacks move while an access to them is reported. What then is in the
// old memory are objects of the heap.
func TestRightMoved(t *testing.T) {
	for range 4 {
		for range 20 {
			var wg sync.WaitGroup
			wg.Go(func() { nest(2000) })
			wg.Wait()
		}
		refill()
	}
}
