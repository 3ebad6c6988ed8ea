package bench

import (
	"context"
	"fmt"

	"crosscall"
)

// callArg is callAwake with an argument of 32 bytes and a result of 8, by a
// crosscall.Func.
type callArg struct{ onSystem }

type argument [4]uint64

func (a argument) sum() uint64 { return a[0] + a[1] + a[2] + a[3] }

var sumFunc = crosscall.NewFunc(func(_ *crosscall.CPU, a argument) uint64 { return a.sum() })

func openCallArg(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	return &callArg{sys}, err
}

func (p *callArg) sample(_ context.Context, n int) ([]float64, error) {
	return p.sums(n, func(c *crosscall.CPU, a argument) (uint64, error) {
		return sumFunc.Call(background, c, p.target, a)
	})
}

// callClosure is the same call by a function literal that captures the argument
// and the result.
type callClosure struct{ onSystem }

func openCallClosure(s *site) (probe, error) {
	sys, err := openSystem(s, crosscall.Options{})
	return &callClosure{sys}, err
}

func (p *callClosure) sample(_ context.Context, n int) ([]float64, error) {
	return p.sums(n, func(c *crosscall.CPU, a argument) (sum uint64, err error) {
		err = c.Call(background, p.target, func(*crosscall.CPU) { sum = a.sum() })
		return sum, err
	})
}

// sums times n calls that each return the sum of another argument.
func (o onSystem) sums(n int, call func(*crosscall.CPU, argument) (uint64, error)) (observed []float64, err error) {
	err = o.fromExecutor(func(c *crosscall.CPU) (err error) {
		observed, err = timed(n, func(n int) error {
			for i := range uint64(n) {
				a := argument{i, 1, 2, 3}
				sum, err := call(c, a)
				if err != nil {
					return err
				}
				if sum != a.sum() {
					return fmt.Errorf("sum %d of %v", sum, a)
				}
			}
			return nil
		})
		return err
	})
	return observed, err
}
