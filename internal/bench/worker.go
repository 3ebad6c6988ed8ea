package bench

import "runtime"

// A worker is a goroutine that keeps a thread of its own, pinned to one CPU.
// The baselines run on workers, not on executors: they must not use the library
// that they are compared with.
type worker struct {
	jobs chan func()
	done chan struct{}
}

// startWorker returns once the thread runs on cpu.
func startWorker(cpu int) (*worker, error) {
	w := &worker{jobs: make(chan func()), done: make(chan struct{})}
	pinned := make(chan error)
	go func() {
		// No UnlockOSThread: when the goroutine ends so does its thread,
		// and no other goroutine inherits the affinity.
		runtime.LockOSThread()
		err := pin(cpu)
		pinned <- err
		if err != nil {
			return
		}
		for f := range w.jobs {
			f()
			w.done <- struct{}{}
		}
	}()
	if err := <-pinned; err != nil {
		return nil, err
	}
	return w, nil
}

func (w *worker) start(f func()) { w.jobs <- f }
func (w *worker) wait()          { <-w.done }
func (w *worker) stop()          { close(w.jobs) }

func (w *worker) run(f func()) {
	w.start(f)
	w.wait()
}

// A pair is the two workers of a baseline: a caller, and a peer that serves it
// from another CPU.
type pair struct{ caller, peer *worker }

func startPair(callerCPU, peerCPU int) (pair, error) {
	caller, err := startWorker(callerCPU)
	if err != nil {
		return pair{}, err
	}
	peer, err := startWorker(peerCPU)
	if err != nil {
		caller.stop()
		return pair{}, err
	}
	return pair{caller, peer}, nil
}

// run runs both sides at once and returns when both have ended.
func (p pair) run(call, serve func()) {
	p.peer.start(serve)
	p.caller.run(call)
	p.peer.wait()
}

func (p pair) close() {
	p.caller.stop()
	p.peer.stop()
}
