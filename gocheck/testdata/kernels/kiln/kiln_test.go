package kiln

import "testing"

func stopAndNext(t *testing.T, next func(*kiln) (int, bool)) {
	k := &kiln{stop: make(chan bool), pots: make(chan int, 1)}
	k.pots <- 1
	stopped := make(chan bool)
	go func() {
		close(k.stop)
		close(stopped)
	}()
	<-stopped
	if pot, ok := next(k); ok {
		t.Errorf("pot %d was fired after the stop", pot) // BUG assertion: both cases were ready, and select took the pot
	}
}

func TestBroken(t *testing.T) { stopAndNext(t, (*kiln).nextBroken) }
func TestFixed(t *testing.T)  { stopAndNext(t, (*kiln).nextFixed) }
