// Package reload waits for a signal to read settings again.
package reload

type watcher struct {
	signal chan string
	seen   []string
}

func newBroken() *watcher {
	return &watcher{}
}

// newFixed makes the channel, too.
func newFixed() *watcher {
	return &watcher{signal: make(chan string)}
}

func (w *watcher) watch() {
	w.seen = append(w.seen, <-w.signal) // BUG deadlock: the channel was never made, and nil is never ready
}

func (w *watcher) notify(file string) {
	w.signal <- file
}
