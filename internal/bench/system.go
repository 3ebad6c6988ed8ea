package bench

import (
	"context"
	"time"

	"crosscall"
)

// onSystem is the common part of the library's probes: an open System.
type onSystem struct {
	sys            *crosscall.System
	caller, target int
}

func openSystem(s *site, o crosscall.Options) (onSystem, error) {
	o.CPUs = s.cpus
	sys, err := crosscall.Open(o)
	return onSystem{sys, s.caller, s.target}, err
}

func (o onSystem) close() { o.sys.Close() }

// fromExecutor runs f on the executor of the calling CPU and returns when it
// has ended and the executors are asleep again. It posts f and sleeps: a
// goroutine in a waiting call may spin, on the very CPU that f is to call.
func (o onSystem) fromExecutor(f func(*crosscall.CPU) error) error {
	defer o.awaitSleep()
	ended := make(chan error, 1)
	if err := o.sys.Post(o.caller, func(c *crosscall.CPU) { ended <- f(c) }); err != nil {
		return err
	}
	return <-ended
}

// awaitSleep returns when every executor sleeps, so that none spins while a
// baseline is measured.
func (o onSystem) awaitSleep() {
	for giveUp := time.Now().Add(100 * time.Millisecond); !o.asleep() && time.Now().Before(giveUp); {
		time.Sleep(100 * time.Microsecond)
	}
}

func (o onSystem) asleep() bool {
	for _, c := range o.sys.Stats().CPUs {
		if c.Online && !c.Asleep {
			return false
		}
	}
	return true
}

// timed performs n operations after a warm-up, by the function perform.
func timed(n int, perform func(n int) error) ([]float64, error) {
	if err := perform(warmup(n)); err != nil {
		return nil, err
	}
	start := time.Now()
	err := perform(n)
	return mean(time.Since(start).Nanoseconds(), n), err
}

// background bounds no wait: the call is measured, without the cost of a
// context that can end.
var background = context.Background()

// empty is the function that calls send. It captures nothing.
func empty(*crosscall.CPU) {}
