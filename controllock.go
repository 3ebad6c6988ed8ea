package crosscall

import (
	"context"
)

// lock takes the System's control lock. A CPU serves others meanwhile, because
// the holder may be waiting for it. A CPU that is going offline fails instead,
// because the holder waits until the present function returns. A CPU that has
// the lock already, further down on this stack, fails too.
func (k *calls) lock(ctx context.Context) error {
	if k.cpu == nil {
		select {
		case k.sys.control <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		return k.locked()
	}
	if k.cpu.controls {
		return ErrDeadlock
	}
	for spins := 0; ; spins++ {
		select {
		case k.sys.control <- struct{}{}:
			return k.locked()
		default:
		}
		if !k.cpu.Online() {
			if err := k.sys.offline(k.cpu.id); err != nil {
				return err
			}
		}
		if err := k.relax(ctx, spins); err != nil {
			return err
		}
	}
}

// locked is called with the lock held. After Close it releases the lock and
// returns ErrClosed.
func (k *calls) locked() error {
	if k.sys.closed.Load() {
		k.unlock()
		return ErrClosed
	}
	if k.cpu != nil {
		k.cpu.controls = true
	}
	return nil
}

func (k *calls) unlock() {
	if k.cpu != nil {
		k.cpu.controls = false
	}
	<-k.sys.control
}
