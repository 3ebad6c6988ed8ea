package courtesy

import (
	"sync"
	"testing"
)

func twoGuests(t *testing.T, enter func(d *door, me int) bool) {
	var d door
	visits := 0
	var wg sync.WaitGroup
	for me := range 2 {
		wg.Go(func() {
			if enter(&d, me) {
				visits++ // BUG race: both saw the other's flag down, and both are inside
				d.leave(me)
			}
		})
	}
	wg.Wait()
	if visits > 2 {
		t.Errorf("%d visits", visits)
	}
}

func TestBroken(t *testing.T) { twoGuests(t, (*door).enterBroken) }
func TestFixed(t *testing.T)  { twoGuests(t, (*door).enterFixed) }
