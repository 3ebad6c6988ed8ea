package bench

import (
	"context"
	"time"
)

// chanPinned is the usual way to run a function on a given CPU: a goroutine
// locked to a thread that is pinned there, a channel of functions to it, and a
// channel of replies. Most of its cost is in the scheduler: a locked goroutine
// can run only on its own thread, so every wake of it passes a P from thread to
// thread.
type chanPinned struct {
	caller func(func())
	stop   func()
	calls  chan func()
	reply  chan struct{}
}

// newChanPinned makes one whose caller is locked and pinned as well, to
// callerCPU: the counterpart of a call from one executor to another.
func newChanPinned(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	if err != nil {
		return nil, err
	}
	return serveChan(p.caller.run, p.peer, p.close), nil
}

// newChanPinnedFromGoroutine makes one whose caller is an ordinary goroutine.
func newChanPinnedFromGoroutine(_, peerCPU int) (probe, error) {
	peer, err := startWorker(peerCPU)
	if err != nil {
		return nil, err
	}
	return serveChan(func(f func()) { f() }, peer, peer.stop), nil
}

func serveChan(caller func(func()), peer *worker, stop func()) *chanPinned {
	c := &chanPinned{
		caller: caller,
		stop:   stop,
		calls:  make(chan func()),
		reply:  make(chan struct{}),
	}
	peer.start(func() {
		for f := range c.calls {
			f()
			c.reply <- struct{}{}
		}
	})
	go func() {
		// Wait until the peer has finished, so that stop finds it idle.
		peer.wait()
		stop()
	}()
	return c
}

func (c *chanPinned) sample(_ context.Context, n int) ([]float64, error) {
	var took time.Duration
	c.caller(func() {
		c.call(warmup(n))
		start := time.Now()
		c.call(n)
		took = time.Since(start)
	})
	return mean(took.Nanoseconds(), n), nil
}

func (c *chanPinned) call(n int) {
	for range n {
		c.calls <- nothing
		<-c.reply
	}
}

func (c *chanPinned) close() { close(c.calls) }
