package percpu

import (
	"math/bits"
	"runtime"
	"sync/atomic"

	"crosscall/internal/goroutine"
)

// stripes is a set of T that any goroutine may use, each in cache lines of its own. A
// goroutine uses the same one until it meets another goroutine there.
//
// The choice is by a hash of the goroutine, not by the number of the CPU: reading that
// takes several times as long as the identity of the goroutine, and longer than the
// atomic add to a line that no other CPU has. With a hash alone, two goroutines that
// collide would collide forever. So the hash also selects a word of offsets, which is
// added to it. A goroutine that finds its stripe in use increments that word, and uses
// the next stripe from then on. Two goroutines that share the stripe and the word move
// together and continue to collide: one pair in len(offsets) times the number of
// stripes.
type stripes[T any] []slot[T]

// newStripes makes a power of two of stripes, four for each thread that runs Go
// code, because a random choice among as many as there are threads collides often.
func newStripes[T any]() stripes[T] {
	threads := runtime.GOMAXPROCS(0)
	if threads == 1 {
		return make(stripes[T], 1)
	}
	return make(stripes[T], 1<<bits.Len(uint(4*threads-1)))
}

// offsets is read by every goroutine and rarely written.
var offsets [1024]atomic.Uint32

// choice is a goroutine's choice of a stripe.
type choice struct {
	hash   uint32
	offset *atomic.Uint32
}

func choose() choice {
	h := goroutine.Hash(identity())
	return choice{uint32(h >> 22), &offsets[h>>54]} // different bits, the high ones
}

// at is the stripe of c.
func (s stripes[T]) at(c choice) *T {
	return &s[int(c.hash+c.offset.Load())&(len(s)-1)].v
}

// move changes c to another stripe, because this one is in use.
func (c choice) move() { c.offset.Add(1) }
