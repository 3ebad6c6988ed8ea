package lazy

import (
	"sync"
	"testing"
)

func twoLooks(t *testing.T, cell func(t *table, i int) int) {
	var tab table
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if got := cell(&tab, 4); got != 5 {
				t.Errorf("the cell is %d, want 5", got)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { twoLooks(t, (*table).cellBroken) }
func TestFixed(t *testing.T)  { twoLooks(t, (*table).cellFixed) }
