// Package late has a test that fails in few of its executions, and not in the first ones.
package late

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestLate(t *testing.T) {
	var tickets, last atomic.Int32
	var order [3]int32
	var wg sync.WaitGroup
	for i := range order {
		wg.Go(func() {
			order[i] = tickets.Add(1)
			for range 3 {
				last.Swap(int32(i))
			}
			tickets.Add(1)
		})
	}
	wg.Wait()
	if order == [3]int32{3, 2, 1} && last.Load() == 0 {
		t.Error("they came in the reverse order")
	}
}
