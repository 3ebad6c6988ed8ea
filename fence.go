package crosscall

import (
	"context"
	"crosscall/internal/callqueue"
)

// Fence returns when every online CPU has passed a point where it held nothing: between two
// functions, not within one, even one that waits. So what was unlinked before Fence is in no
// function's hands after it. A function that calls Fence says that it holds nothing itself.
// ErrDeadlock: it was served during another function's wait, and that one waits neither in
// Fence nor in [CPU.HoldingNothing]. See kick_all_cpus_sync in kernel/smp.c.
func (s *System) Fence(ctx context.Context) error { return s.caller().fence(ctx) }

// Fence returns when every online CPU has passed a point where it held nothing: between two
// functions, not within one, even one that waits. So what was unlinked before Fence is in no
// function's hands after it. A function that calls Fence says that it holds nothing itself.
// ErrDeadlock: it was served during another function's wait, and that one waits neither in
// Fence nor in [CPU.HoldingNothing]. See kick_all_cpus_sync in kernel/smp.c.
func (c *CPU) Fence(ctx context.Context) error { return c.fence(ctx) }

func (k *calls) fence(ctx context.Context) error {
	if err := k.mayWait(); err != nil {
		return err
	}
	// An executor that is going offline may still hold something, so it is
	// asked too. Close must keep it running until then.
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
