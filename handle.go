package crosscall

import (
	"context"
	"sync/atomic"

	"crosscall/internal/callqueue"
)

// Handle is a call that its caller has not waited for yet: see [Caller]'s Async. A
// Handle that is never waited for is garbage as soon as the function has returned,
// and then the function's error is lost.
type Handle struct {
	w      wait
	csd    callqueue.CSD
	target *CPU
	fn     func(*CPU)
	waited atomic.Bool
}

// Async is Post for a function that the caller waits for later, or not at all. It waits for
// room as Post does. [Handle.Wait] says which callers may wait, and returns the function's error.
func (k *calls) Async(cpu int, fn func(*CPU)) (*Handle, error) {
	k.mustOpen()
	mustFunc(fn)
	k = k.self()
	h := &Handle{fn: fn}
	h.w = wait{k: k, cpu: k.executor(), csd: &h.csd}
	if h.w.cpu == nil {
		h.w.wake = make(chan struct{}, 1)
		h.csd.Arm(1, &h.w)
	} else {
		h.csd.ArmCounted(1, h.w.waiter())
	}
	if err := k.sendOrRetry(context.Background(), cpu, fn, &h.csd); err != nil {
		return nil, err
	}
	h.target = k.sys.cpus[cpu]
	return h, nil
}

// Done reports whether the function has returned. It does not wait. The function
// happens before a Done that returns true. Any goroutine may call it.
func (h *Handle) Done() bool { return h.csd.Done() }

// Wait waits until the function has returned, and returns its error: a *PanicError
// or ErrExited, or nil. The function happens before the return of Wait. When ctx
// ends first, Wait returns its error and may be called again; otherwise it may be
// called only once.
//
// A Handle that a function on a CPU has made is for functions on that CPU: they serve
// others while they wait, as in Call. Any other Handle is for goroutines that are not
// a CPU. Wait panics if it is called elsewhere, or again after it has returned the
// function's error. In the function of a Stop it returns ErrDeadlock, and may be
// called again later.
func (h *Handle) Wait(ctx context.Context) error {
	h.claim()
	if err := h.await(ctx); err != nil && !h.csd.Done() {
		h.waited.Store(false)
		return err
	}
	var errs []error
	h.csd.Errs(func(err error) { errs = append(errs, err) })
	return joined(errs)
}

// claim panics unless the caller may wait and no one has waited before.
func (h *Handle) claim() {
	c := Current()
	switch {
	case h.w.cpu == nil && c != nil:
		panic("crosscall: a function on a CPU waits for a goroutine's Handle")
	case h.w.cpu != c:
		panic("crosscall: Wait for a CPU's Handle elsewhere than on that CPU")
	case !h.waited.CompareAndSwap(false, true):
		panic("crosscall: second Wait for a Handle")
	}
}

func (h *Handle) await(ctx context.Context) error {
	if h.csd.Done() {
		return nil
	}
	if c := h.w.cpu; c != nil {
		if c.stopping {
			return ErrDeadlock
		}
		return c.wait(ctx, &h.csd, h.target, h.fn)
	}
	return h.w.park(ctx, h.target, h.fn)
}
