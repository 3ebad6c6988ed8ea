package tickets

import (
	"sync"
	"sync/atomic"
	"testing"
)

func twoVisitors(t *testing.T, next func(*atomic.Int64) int64) {
	var last atomic.Int64
	var got [2]int64
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = next(&last) })
	}
	wg.Wait()
	if got[0] == got[1] {
		t.Errorf("both visitors have number %d", got[0]) // BUG assertion: both read the number before either wrote it
	}
}

func TestBroken(t *testing.T) { twoVisitors(t, nextBroken) }
func TestFixed(t *testing.T)  { twoVisitors(t, nextFixed) }
