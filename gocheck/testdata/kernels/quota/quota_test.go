package quota

import (
	"sync"
	"testing"
)

func takeThree(t *testing.T, take func(*quota) error) {
	q := &quota{left: 1}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { _ = take(q) })
	}
	wg.Wait()
	if q.left != 0 {
		t.Errorf("%d units are left, want 0", q.left)
	}
}

func TestBroken(t *testing.T) { takeThree(t, (*quota).takeBroken) }
func TestFixed(t *testing.T)  { takeThree(t, (*quota).takeFixed) }
