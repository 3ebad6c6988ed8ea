// Package pulse counts ticks until it is stopped.
package pulse

import "time"

type pulse struct {
	quit  chan bool
	beats chan int
}

func start() *pulse {
	p := &pulse{quit: make(chan bool), beats: make(chan int)}
	go p.run(time.NewTicker(time.Millisecond))
	return p
}

func (p *pulse) run(ticker *time.Ticker) {
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ticker.C:
		case <-p.quit:
			return
		}
		select { // BUG leak: nobody receives the beats any more, and stopBroken has not said so
		case p.beats <- n:
		case <-p.quit:
			return
		}
	}
}

// stopBroken only stops receiving.
func (p *pulse) stopBroken() {}

// stopFixed closes the channel that the goroutine looks at.
func (p *pulse) stopFixed() { close(p.quit) }
