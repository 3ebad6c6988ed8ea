// Package starter starts several runners with one shot.
package starter

type race struct {
	shot     chan bool
	finished chan int
}

func newRace() *race {
	return &race{shot: make(chan bool), finished: make(chan int)}
}

func (r *race) run(lane int) {
	<-r.shot // BUG deadlock: one value was sent for two runners
	r.finished <- lane
}

// startBroken sends one value.
func (r *race) startBroken() { r.shot <- true }

// startFixed closes the channel, which all runners see.
func (r *race) startFixed() { close(r.shot) }
