package crosscall

import (
	"context"
	"crosscall/internal/callqueue"
	"runtime"
	"time"
)

// Post has fn run on cpu and does not wait for it. Everything before Post happens before fn,
// and posts and calls of one caller to one CPU begin in their order. A panic in fn goes to
// Options.OnPanic.
//
// Post waits for room: 256 posts of a CPU to a CPU may be accepted and not have returned
// (64 in a System of more than 32 CPUs, 16 of more than 128), and as many of all goroutines
// together. A CPU serves others meanwhile; at its nesting limit ([MaxNesting]) it gets
// ErrFull instead. ErrOffline, ErrClosed: fn does not run.
func (k *calls) Post(cpu int, fn func(*CPU)) error {
	if k.sys == nil || fn == nil || !k.sys.queue.Online(cpu) {
		return k.postSlowly(cpu, fn)
	}
	t := k.sys.cpus[cpu]
	if k.cpu == nil {
		if c := k.sys.here(); c != nil {
			return c.Post(cpu, fn)
		}
		if !t.in.TryExternal(fn) {
			return k.postSlowly(cpu, fn)
		}
		if t.bell.Armed() {
			t.noteColocated()
		}
	} else if l := k.src.Opened(cpu); l == nil || !l.TryPost(fn) {
		return k.postSlowly(cpu, fn)
	}
	if t.bell.Armed() {
		t.ring()
	}
	return nil
}

// postSlowly is Post if the ring is full or not yet made, or if requests use
// another transport.
func (k *calls) postSlowly(cpu int, fn func(*CPU)) error {
	return k.PostContext(context.Background(), cpu, fn)
}

// PostContext is Post, but waits for room only until ctx ends. After the error of ctx, fn
// does not run.
func (k *calls) PostContext(ctx context.Context, cpu int, fn func(*CPU)) error {
	k.mustOpen()
	mustFunc(fn)
	return k.self().sendOrRetry(ctx, cpu, fn, nil)
}

// TryPost is Post that neither waits nor serves others: ErrFull if there is no room. A
// function that uses only TryPost is not interleaved with others.
func (k *calls) TryPost(cpu int, fn func(*CPU)) error {
	k.mustOpen()
	mustFunc(fn)
	return k.self().trySend(cpu, fn, nil)
}

// trySend posts one request if there is room.
func (k *calls) trySend(cpu int, fn func(*CPU), csd *callqueue.CSD) error {
	for {
		t, err := k.target(cpu)
		if err != nil {
			return err
		}
		if k.cpu == nil && t.bell.Armed() {
			t.noteColocated()
		}
		switch k.src.TryPost(cpu, fn, csd, false) {
		case callqueue.Posted:
			return nil
		case callqueue.Full:
			return ErrFull
		}
	}
}

// send posts one request, and waits for room until ctx ends. A CPU at its nesting
// limit does not wait for room for a post: the target may be limited too, and
// wait for room here.
func (k *calls) send(ctx context.Context, cpu int, fn func(*CPU), csd *callqueue.CSD) error {
	for spins := 0; ; spins++ {
		if err := k.trySend(cpu, fn, csd); err != ErrFull {
			return err
		}
		if c := k.executor(); !csd.Overbooks() && c != nil && c.in.Limited() {
			return ErrFull
		}
		if k.cpu == nil && spins%16 == 8 && k.sys.cpus[cpu].yieldToTarget() {
			continue
		}
		if err := k.relax(ctx, spins); err != nil {
			return err
		}
	}
}

// relax is one round of a wait for room, for a record or for the control lock.
// A CPU serves its inbox, so that two CPUs that wait for each other both make
// progress.
func (k *calls) relax(ctx context.Context, spins int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := k.mayWait(); err != nil {
		return err
	}
	if c := k.executor(); c == nil || c.serveOnce(callqueue.Never{}) == 0 {
		k.sys.yieldBackoff(spins)
	}
	return nil
}

// serveOnce serves the CPU for a function that waits for d.
func (c *CPU) serveOnce(d callqueue.Doner) int {
	outer := c.in.BeginWait(d)
	n := c.in.Poll()
	c.in.EndWait(outer)
	return n
}

// yieldBackoff lets other goroutines run for a moment, and serves no requests.
func (s *System) yieldBackoff(spins int) {
	switch {
	case spins < 100 && s.spinner.limit() > 0:
	case spins < 1000:
		runtime.Gosched()
	default:
		time.Sleep(50 * time.Microsecond)
	}
}
