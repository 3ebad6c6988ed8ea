package crosscall

import (
	"context"
)

// lock takes the System's control lock. A CPU serves meanwhile, for the holder
// may be waiting for it; but one that is going offline gives up, for the holder
// waits until it is out of this very function. So does one that has the lock
// already, further down on this stack.
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

// locked is the end of lock: after Close there is nothing left to control.
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
