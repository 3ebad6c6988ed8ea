package bench

import (
	"context"

	"crosscall"
)

// post is calls without waiting, from one executor to another, at the rate that
// the target sustains. A sample ends when the last function has run: then a
// waiting call after it returns, because calls of one caller run in order.
type post struct{ onSystem }

func openPost(o crosscall.Options) func(*site) (probe, error) {
	return func(s *site) (probe, error) {
		sys, err := openSystem(s, o)
		return &post{sys}, err
	}
}

func (p *post) sample(_ context.Context, n int) (observed []float64, err error) {
	err = p.fromExecutor(func(c *crosscall.CPU) (err error) {
		observed, err = timed(n, func(n int) error {
			for range n {
				if err := c.Post(p.target, empty); err != nil {
					return err
				}
			}
			return c.Call(background, p.target, empty)
		})
		return err
	})
	return observed, err
}

// postGoroutine is the same from a goroutine that is no executor.
type postGoroutine struct{ onSystem }

func openPostGoroutine(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	return &postGoroutine{sys}, err
}

func (p *postGoroutine) sample(_ context.Context, n int) ([]float64, error) {
	defer p.awaitSleep()
	return timed(n, func(n int) error {
		for range n {
			if err := p.sys.Post(p.target, empty); err != nil {
				return err
			}
		}
		return p.sys.Call(background, p.target, empty)
	})
}
