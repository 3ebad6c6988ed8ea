// Package download notes whether it was cancelled.
package download

import (
	"context"
	"sync/atomic"
)

type download struct {
	plain  bool
	shared atomic.Bool
}

// watchBroken sets a plain variable in the function of AfterFunc, which runs in a
// goroutine of its own.
func (d *download) watchBroken(ctx context.Context) {
	context.AfterFunc(ctx, func() {
		d.plain = true // BUG race: cancel does not wait for this function
	})
}

func (d *download) cancelledBroken() bool { return d.plain }

// watchFixed sets an atomic one.
func (d *download) watchFixed(ctx context.Context) {
	context.AfterFunc(ctx, func() {
		d.shared.Store(true)
	})
}

func (d *download) cancelledFixed() bool { return d.shared.Load() }
