package locker

import (
	"sync"
	"testing"
)

func twoPersons(t *testing.T, borrow func(*locker) bool) {
	var l locker
	var got [2]bool
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = borrow(&l) })
	}
	wg.Wait()
	if got[0] == got[1] {
		t.Errorf("borrowed: %v", got)
	}
}

func TestBroken(t *testing.T) { twoPersons(t, (*locker).borrowBroken) }
func TestFixed(t *testing.T)  { twoPersons(t, (*locker).borrowFixed) }
