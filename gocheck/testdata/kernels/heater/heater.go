// Package heater runs a control loop that ends by itself or is stopped.
package heater

type heater struct {
	quit  chan bool
	ended chan bool
}

func newHeater() *heater {
	return &heater{quit: make(chan bool), ended: make(chan bool)}
}

// control ends at a reading above 20, or when it is told to quit.
func (h *heater) control(readings <-chan int) {
	defer close(h.ended)
	for {
		select {
		case r := <-readings:
			if r > 20 {
				return
			}
		case <-h.quit:
			return
		}
	}
}

// stopBroken sends to a loop that may have ended.
func (h *heater) stopBroken() {
	h.quit <- true // BUG deadlock: the loop has ended by itself, and nobody receives
	<-h.ended
}

// stopFixed closes the channel, which needs no receiver.
func (h *heater) stopFixed() {
	close(h.quit)
	<-h.ended
}
