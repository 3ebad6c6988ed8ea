package bench

import (
	"context"
	"time"
)

// chanBufferedDepth is so large that the consumer never waits while the
// producer is ahead. A larger depth changes nothing.
const chanBufferedDepth = 1024

// chanBuffered is the usual way to pass functions to a given CPU without
// waiting: a buffered channel of functions, and a goroutine, locked to a thread
// pinned there, that runs them.
type chanBuffered struct {
	producer func(func())
	stop     func()
	calls    chan func()
}

// newChanBuffered makes one whose producer is locked and pinned to callerCPU:
// the counterpart of an executor that posts to another.
func newChanBuffered(callerCPU, peerCPU int) (probe, error) {
	p, err := startPair(callerCPU, peerCPU)
	if err != nil {
		return nil, err
	}
	return drainChan(p.caller.run, p.peer, p.close), nil
}

// newChanBufferedFromGoroutine makes one whose producer is an ordinary
// goroutine.
func newChanBufferedFromGoroutine(_, peerCPU int) (probe, error) {
	peer, err := startWorker(peerCPU)
	if err != nil {
		return nil, err
	}
	return drainChan(func(f func()) { f() }, peer, peer.stop), nil
}

func drainChan(producer func(func()), peer *worker, stop func()) *chanBuffered {
	c := &chanBuffered{
		producer: producer,
		stop:     stop,
		calls:    make(chan func(), chanBufferedDepth),
	}
	peer.start(func() {
		for f := range c.calls {
			f()
		}
	})
	go func() {
		peer.wait()
		stop()
	}()
	return c
}

// sample times from the first send until the last function has run: a rate
// that is sustained, not the speed at which a buffer fills.
func (c *chanBuffered) sample(_ context.Context, n int) ([]float64, error) {
	var took time.Duration
	c.producer(func() {
		c.send(warmup(n))
		start := time.Now()
		c.send(n)
		took = time.Since(start)
	})
	return mean(took.Nanoseconds(), n), nil
}

func (c *chanBuffered) send(n int) {
	for range n {
		c.calls <- nothing
	}
	ran := make(chan struct{})
	c.calls <- func() { close(ran) }
	<-ran
}

func (c *chanBuffered) close() { close(c.calls) }
