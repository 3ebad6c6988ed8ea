// Package kiln fires pots until it is told to stop.
package kiln

type kiln struct {
	stop chan bool
	pots chan int
}

// nextBroken takes whichever case select picks.
func (k *kiln) nextBroken() (pot int, ok bool) {
	select {
	case <-k.stop:
		return 0, false
	case pot = <-k.pots:
		return pot, true
	}
}

// nextFixed looks whether it was stopped first.
func (k *kiln) nextFixed() (pot int, ok bool) {
	select {
	case <-k.stop:
		return 0, false
	default:
	}
	return k.nextBroken()
}
