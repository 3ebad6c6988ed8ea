package crosscall

import (
	"context"
	"crosscall/internal/callqueue"
)

// Fence implements Caller.
func (s *System) Fence(ctx context.Context) error { return s.caller().fence(ctx) }

// Fence implements Caller.
func (c *CPU) Fence(ctx context.Context) error { return c.fence(ctx) }

func (k *calls) fence(ctx context.Context) error {
	if err := k.mayWait(); err != nil {
		return err
	}
	// An executor that is going offline may hold something yet, so it is asked
	// too; Close has to leave it running until then.
	k.sys.fences.RLock()
	defer k.sys.fences.RUnlock()
	if k.sys.closed.Load() {
		return ErrClosed
	}
	if k.cpu != nil {
		outer, ok := k.cpu.in.BeginQuiet()
		if !ok {
			return ErrDeadlock
		}
		defer k.cpu.in.EndQuiet(outer)
	}
	others, _ := k.split(&k.sys.possible)
	return k.force(ctx, &others, func(*CPU) {}, (*callqueue.CSD).ArmFence)
}
