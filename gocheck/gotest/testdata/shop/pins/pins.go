// Package pins has counters for each processor, as modules have that get the runtime's
// procPin by a linkname.
package pins

import (
	"runtime"
	"sync/atomic"
	_ "unsafe"
)

//go:linkname procPin runtime.procPin
func procPin() int

//go:linkname procUnpin runtime.procUnpin
func procUnpin()

//go:linkname syncPin sync.runtime_procPin
func syncPin() int

//go:linkname syncUnpin sync.runtime_procUnpin
func syncUnpin()

type counter struct{ slots []int64 }

func newCounter() *counter { return &counter{make([]int64, runtime.GOMAXPROCS(0))} }

// add counts in the slot of the processor.
func (c *counter) add() {
	p := procPin()
	c.slots[p]++
	procUnpin()
}

// addAtomic is add that other processors may look at.
func (c *counter) addAtomic() {
	p := syncPin()
	atomic.AddInt64(&c.slots[p], 1)
	syncUnpin()
}

func (c *counter) sum() (n int64) {
	for i := range c.slots {
		n += atomic.LoadInt64(&c.slots[i])
	}
	return n
}
