package position

import (
	"sync"
	"testing"
)

func moveAndRead(t *testing.T, read func(*position) (x, y int32, ok bool)) {
	var p position
	var wg sync.WaitGroup
	wg.Go(func() { p.move(3) })
	if x, y, ok := read(&p); ok && x != y {
		t.Errorf("the position is %d, %d", x, y) // BUG assertion: the pair changed between the two loads
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { moveAndRead(t, (*position).readBroken) }
func TestFixed(t *testing.T)  { moveAndRead(t, (*position).readFixed) }
