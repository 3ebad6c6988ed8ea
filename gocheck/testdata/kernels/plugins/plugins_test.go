package plugins

import (
	"sync"
	"testing"
)

func addTwo(t *testing.T, add func(name string)) {
	before := last
	var wg sync.WaitGroup
	wg.Go(func() { add("maps") })
	wg.Go(func() { add("mail") })
	wg.Wait()
	if last != before+2 {
		t.Errorf("the last number is %d, want %d", last, before+2) // BUG assertion: both plugins took the same number
	}
}

func TestBroken(t *testing.T) { addTwo(t, addBroken) }
func TestFixed(t *testing.T)  { addTwo(t, addFixed) }
