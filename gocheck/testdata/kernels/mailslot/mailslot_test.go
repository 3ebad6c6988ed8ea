package mailslot

import (
	"sync"
	"testing"
)

func twoLetters(t *testing.T, wake func(*sync.Cond)) {
	s := newSlot(wake)
	var got [2]int
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = s.take() })
	}
	wg.Go(func() {
		s.put(3)
		s.put(4)
	})
	wg.Wait()
	if got[0]+got[1] != 7 {
		t.Errorf("the letters are %v", got)
	}
}

func TestBroken(t *testing.T) { twoLetters(t, wakeBroken) }
func TestFixed(t *testing.T)  { twoLetters(t, wakeFixed) }
