package heater

import "testing"

func stopWarm(t *testing.T, stop func(*heater)) {
	h := newHeater()
	readings := make(chan int, 2)
	readings <- 18
	readings <- 21
	go h.control(readings)
	stop(h)
	select {
	case <-h.ended:
	default:
		t.Error("the loop has not ended")
	}
}

func TestBroken(t *testing.T) { stopWarm(t, (*heater).stopBroken) }
func TestFixed(t *testing.T)  { stopWarm(t, (*heater).stopFixed) }
