// Package doorbell wakes a worker that has a list of jobs.
package doorbell

import "sync"

type worker struct {
	mu   sync.Mutex
	jobs []int
	bell chan bool
	sum  int
}

// newBroken has a bell that rings only while the worker listens.
func newBroken() *worker { return &worker{bell: make(chan bool)} }

// newFixed has a bell that remembers one ring.
func newFixed() *worker { return &worker{bell: make(chan bool, 1)} }

func (w *worker) add(job int) {
	w.mu.Lock()
	w.jobs = append(w.jobs, job)
	w.mu.Unlock()
	select {
	case w.bell <- true:
	default:
	}
}

// run does n jobs and returns.
func (w *worker) run(n int) {
	for n > 0 {
		<-w.bell // BUG deadlock: the bell rang before the worker listened, and the ring was dropped
		w.mu.Lock()
		for _, job := range w.jobs {
			w.sum += job
			n--
		}
		w.jobs = nil
		w.mu.Unlock()
	}
}
