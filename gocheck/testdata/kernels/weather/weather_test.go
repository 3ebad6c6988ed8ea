package weather

import (
	"testing"
	"time"
)

func lateStation(t *testing.T, ask func(func() int, time.Duration) (int, error)) {
	hold := make(chan bool)
	_, err := ask(func() int {
		<-hold
		return 20
	}, time.Millisecond)
	if err != errLate {
		t.Errorf("the error is %v", err)
	}
	close(hold)
}

func TestBroken(t *testing.T) { lateStation(t, askBroken) }
func TestFixed(t *testing.T)  { lateStation(t, askFixed) }
