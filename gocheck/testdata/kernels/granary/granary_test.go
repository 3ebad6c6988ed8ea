package granary

import (
	"sync"
	"testing"
)

func oneSack(t *testing.T, take func(*granary)) {
	g := newGranary()
	var wg sync.WaitGroup
	wg.Go(func() { take(g) })
	wg.Go(g.put)
	wg.Wait()
	if g.sacks != 0 || len(g.log) != 2 {
		t.Errorf("%d sacks, and the books say %q", g.sacks, g.log)
	}
}

func TestBroken(t *testing.T) { oneSack(t, (*granary).bookedBroken) }
func TestFixed(t *testing.T)  { oneSack(t, (*granary).bookedFixed) }
