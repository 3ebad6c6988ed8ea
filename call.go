package crosscall

import (
	"context"

	"crosscall/internal/callqueue"
)

// calls is the common part of System and CPU: a source of calls. Its methods
// are those of Caller, described there.
type calls struct {
	sys *System
	src *callqueue.Source[*CPU]
	cpu *CPU // whose source it is; nil for external callers
}

// Call runs fn on cpu and waits until it has returned. On the caller's own CPU it runs at once.
//
// Everything before Call happens before fn, and fn happens before Call returns. Calls and posts of
// one caller to one CPU begin in the order in which they were made. A panic in fn is a
// *PanicError, runtime.Goexit in fn is ErrExited. ErrOffline, ErrClosed: fn does not run.
// ErrDeadlock: the call could never return. When ctx ends, its error is returned; fn has
// run or will run, unless the request was still waiting for room. A CPU that waits serves
// the calls of others meanwhile. See smp_call_function_single in kernel/smp.c.
func (k *calls) Call(ctx context.Context, cpu int, fn func(*CPU)) error {
	// Written out for speed: the call by the mailbox of the lane from the caller to the target.
	if k.sys == nil || fn == nil || !k.sys.queue.Online(cpu) {
		return k.callByRecord(ctx, cpu, fn)
	}
	t := k.sys.cpus[cpu]
	c := k.cpu
	if c == nil {
		return k.callExternally(ctx, t, fn)
	}
	l := k.src.Opened(cpu)
	if l == nil || c == t || c.stopping || c.mayAbandon(ctx) || !l.TryCall(fn) {
		return k.callByRecord(ctx, cpu, fn)
	}
	if t.bell.Armed() {
		t.ring()
	}
	if c.countCall()%sampled == 0 {
		return c.finishTimed(ctx, l, t, fn)
	}
	return c.finish(ctx, l, t, fn)
}

// mayAbandon reports whether a call by mailbox may be abandoned in a mailbox for
// which a function further down on the stack waits. If that function's call was
// answered meanwhile, it would take the answer to this call for its own.
func (c *CPU) mayAbandon(ctx context.Context) bool { return ctx.Done() != nil && c.in.Waiting() }

// callExternally is Call for a goroutine that is no CPU. One goroutine at a time
// has the mailbox; the others use records.
func (k *calls) callExternally(ctx context.Context, t *CPU, fn func(*CPU)) error {
	if Current() != nil { // a function that uses a System: its CPU has to serve others meanwhile
		return k.callByRecord(ctx, t.id, fn)
	}
	l := t.in.TryExternalCall(fn)
	if l == nil {
		return k.callByRecord(ctx, t.id, fn)
	}
	if t.bell.Armed() {
		t.noteColocated()
		t.ring()
	}
	if t.tally.guests++; t.tally.guests%sampled == 0 {
		return t.tally.latency.time(func() error { return t.finishExternal(ctx, l, fn, nil) })
	}
	return t.finishExternal(ctx, l, fn, nil)
}

// self is the source that the calling goroutine should use. A function may call by
// its System, but is a CPU nevertheless.
func (k *calls) self() *calls {
	if k.cpu == nil {
		return k.sys.caller()
	}
	return k
}

// callByRecord is Call when the mailbox cannot be used: it is taken or not yet
// made, or the call is to the caller's own CPU.
func (k *calls) callByRecord(ctx context.Context, cpu int, fn func(*CPU)) error {
	k.mustOpen()
	mustFunc(fn)
	k = k.self()
	t, err := k.awaitTarget(ctx, cpu)
	if err != nil {
		return err
	}
	if err := k.mayWait(); err != nil {
		return err
	}
	if k.cpu == t {
		return t.in.Run(k.src, fn)
	}
	w := k.newWait()
	w.arm(1)
	if k.cpu == nil && t.bell.Armed() {
		t.noteColocated()
	}
	if err := k.sendOrRetry(ctx, t.id, fn, w.csd); err != nil {
		w.csd.Unlock()
		w.free()
		return err
	}
	if w.used++; w.used%sampled == 0 {
		return t.tally.latency.time(func() error { return w.wait(ctx, t, fn) })
	}
	return w.wait(ctx, t, fn)
}

// countCall counts a call by mailbox.
func (c *CPU) countCall() uint64 {
	n := c.called.Get() + 1
	c.called.Set(n)
	return n
}
