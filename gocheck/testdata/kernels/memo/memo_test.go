package memo

import (
	"sync"
	"testing"
)

func getTwice(t *testing.T, get func(*memo, int) int) {
	m := &memo{squares: map[int]int{}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if got := get(m, 3); got != 9 {
				t.Errorf("the square of 3 is %d", got)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { getTwice(t, (*memo).getBroken) }
func TestFixed(t *testing.T)  { getTwice(t, (*memo).getFixed) }
