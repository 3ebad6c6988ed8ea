package handshake

import (
	"sync"
	"testing"
)

func twoSides(t *testing.T, meet func(mine, theirs *side)) {
	var a, b side
	var wg sync.WaitGroup
	wg.Go(func() { meet(&a, &b) })
	meet(&b, &a)
	wg.Wait()
	if !a.ready.Load() || !b.ready.Load() {
		t.Error("a side is not ready")
	}
}

func TestBroken(t *testing.T) { twoSides(t, meetBroken) }
func TestFixed(t *testing.T)  { twoSides(t, meetFixed) }
