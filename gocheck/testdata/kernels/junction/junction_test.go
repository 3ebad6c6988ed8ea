package junction

import (
	"sync"
	"testing"
)

func threeTrains(t *testing.T, enter func(r *ring, at int)) {
	var r ring
	var wg sync.WaitGroup
	for at := range r.blocks {
		wg.Go(func() { enter(&r, at) })
	}
	wg.Wait()
	if r.trips != [3]int{1, 1, 1} {
		t.Errorf("trips are %v", r.trips)
	}
}

func TestBroken(t *testing.T) { threeTrains(t, (*ring).enterBroken) }
func TestFixed(t *testing.T)  { threeTrains(t, (*ring).enterFixed) }
