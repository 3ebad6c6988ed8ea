package crosscall

import (
	"context"
	"errors"
	"fmt"

	"crosscall/cpumask"
	"crosscall/internal/callqueue"
)

// leaving is an Offline, or a Close, that is under way.
type leaving struct {
	mask    cpumask.Mask
	closing bool
	// decided is closed when the CPUs are offline, or online again. Nil: no context
	// can cancel it, so there is nothing to wait for.
	decided chan struct{}
}

// leave announces that the CPUs of mask go offline. It is called before the first
// of them refuses a call, so that every refused caller finds it, until it is
// decided.
func (s *System) leave(ctx context.Context, mask *cpumask.Mask, closing bool) *leaving {
	l := &leaving{mask: *mask, closing: closing}
	if ctx.Done() != nil {
		l.decided = make(chan struct{})
	}
	s.leaving.Store(l)
	return l
}

// decide is called when the CPUs are offline, or online again.
func (s *System) decide(l *leaving) {
	s.leaving.Store(nil)
	if l.decided != nil {
		close(l.decided)
	}
}

// goingOffline is ErrOffline for a CPU that may stay online, or ErrClosed for a
// System that may stay open.
type goingOffline struct {
	cpu  int
	kind error
}

func (g *goingOffline) Error() string {
	if g.kind == ErrClosed {
		return "crosscall: System is closing"
	}
	return fmt.Sprintf("crosscall: CPU %d is going offline", g.cpu)
}

func (g *goingOffline) Unwrap() error { return g.kind }

// closing is the error of a call to a System that is closed, or that a Close which
// is under way may close.
func (s *System) closing() error {
	l := s.leaving.Load() // first: closed is written before a Close is decided
	if s.closed.Load() {
		return ErrClosed
	}
	if l != nil && l.closing {
		return &goingOffline{kind: ErrClosed}
	}
	return nil
}

// offline is the error of a call that cpu has refused. Nil: try again.
func (s *System) offline(cpu int) error {
	l := s.leaving.Load()
	if err := s.closing(); err != nil {
		return err
	}
	switch {
	case l != nil && l.has(cpu):
		return &goingOffline{cpu, ErrOffline}
	case s.queue.Online(cpu) || s.leaving.Load() != l:
		return nil
	}
	return fmt.Errorf("%w: CPU %d", ErrOffline, cpu)
}

func (l *leaving) has(cpu int) bool { return cpu >= 0 && cpu < cpumask.Max && l.mask.Test(cpu) }

// target returns a CPU that takes calls.
func (k *calls) target(cpu int) (*CPU, error) {
	for !k.sys.queue.Online(cpu) {
		if err := k.sys.offline(cpu); err != nil {
			return nil, err
		}
	}
	return k.sys.cpus[cpu], nil
}

// awaitTarget is target for a call that may wait until it is decided whether a
// CPU goes offline.
func (k *calls) awaitTarget(ctx context.Context, cpu int) (*CPU, error) {
	for {
		t, err := k.target(cpu)
		if err == nil || !k.undecided(ctx, cpu, &err) {
			return t, err
		}
	}
}

// sendOrRetry is send for a call that may wait in the same way.
func (k *calls) sendOrRetry(ctx context.Context, cpu int, fn func(*CPU), csd *callqueue.CSD) error {
	for {
		err := k.send(ctx, cpu, fn, csd)
		if err == nil || !k.undecided(ctx, cpu, &err) {
			return err
		}
	}
}

// notClosing waits in the same way for a Close that is under way.
func (k *calls) notClosing(ctx context.Context) error {
	for {
		err := k.sys.closing()
		if err == nil || !k.undecided(ctx, -1, &err) {
			return err
		}
	}
}

func isGoingOffline(err error) bool {
	if err == nil {
		return false // the usual case; the rest allocates
	}
	var refused *goingOffline
	return errors.As(err, &refused)
}

// undecided reports whether to repeat a call that was refused with err. A
// goroutine first waits, until ctx ends, for the decision whether the CPU or the
// System leaves. An executor does not wait, because the decision may be waiting
// for its function. No caller waits if no context can cancel the leaving.
func (k *calls) undecided(ctx context.Context, cpu int, err *error) bool {
	if k.cpu != nil || !isGoingOffline(*err) {
		return false
	}
	l := k.sys.leaving.Load()
	if l == nil || !l.closing && !l.has(cpu) {
		return true // it has been decided
	}
	if l.decided == nil || Current() != nil {
		return false
	}
	select {
	case <-l.decided:
		return true
	case <-ctx.Done():
		*err = ctx.Err()
		return false
	}
}
