package doorbell

import (
	"sync"
	"testing"
)

func addTwo(t *testing.T, w *worker) {
	var wg sync.WaitGroup
	wg.Go(func() { w.run(2) })
	w.add(5)
	w.add(6)
	wg.Wait()
	if w.sum != 11 {
		t.Errorf("the sum is %d, want 11", w.sum)
	}
}

func TestBroken(t *testing.T) { addTwo(t, newBroken()) }
func TestFixed(t *testing.T)  { addTwo(t, newFixed()) }
