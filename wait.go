package crosscall

import (
	"context"
	"sync"
	"time"

	"crosscall/internal/callqueue"
	"crosscall/internal/cpurelax"
	"crosscall/internal/topology"
)

// wait is one wait for a record: of a CPU, which serves others meanwhile, or of
// a goroutine, which parks.
type wait struct {
	k    *calls
	cpu  *CPU // whose executor waits, of this System or another one; nil: a goroutine
	csd  *callqueue.CSD
	wake chan struct{} // goroutines only
	used int
}

var waits = sync.Pool{New: func() any {
	return &wait{csd: new(callqueue.CSD), wake: make(chan struct{}, 1)}
}}

func (k *calls) newWait() *wait {
	w := waits.Get().(*wait)
	w.k, w.cpu = k, k.executor()
	return w
}

// executor is the CPU whose executor the caller is, nil for other goroutines.
// The CPU may be of another System. It then serves that System while it waits
// for this one, because this one may be waiting for it.
func (k *calls) executor() *CPU {
	if k.cpu != nil {
		return k.cpu
	}
	return Current()
}

// free puts the record back into the pool. It is not called after a context has
// ended the wait: the record is then still in flight, and is left to the
// garbage collector.
func (w *wait) free() { waits.Put(w) }

func (w *wait) arm(targets int) {
	if w.cpu != nil {
		w.csd.ArmUrgent(targets, w.waiter())
	} else {
		w.csd.Arm(targets, w.waiter())
	}
}

func (w *wait) waiter() callqueue.Waiter {
	if c := w.cpu; c != nil {
		return (*cpuWaiter)(c)
	}
	return w
}

// Wake implements callqueue.Waiter for a goroutine.
func (w *wait) Wake() {
	if c := Current(); c != nil {
		c.woke = true
	}
	w.wake <- struct{}{}
}

// wait waits until all targets have answered, or ctx ends, and returns the
// functions' errors. t is the target, if there is one only.
func (w *wait) wait(ctx context.Context, t *CPU, fn func(*CPU)) error {
	var err error
	if c := w.cpu; c != nil {
		err = c.wait(ctx, w.csd, t, fn)
	} else {
		err = w.park(ctx, t, fn)
	}
	if err != nil {
		return err
	}
	var errs []error
	w.csd.Errs(func(err error) { errs = append(errs, err) })
	w.free()
	return joined(errs)
}

// These bound the spinning for an answer before a sleep. For an answer that
// takes longer, the sleep and the wake add little.
const (
	spinLooks   = 1000 // reads of the record, about 1 µs, before anything else
	looksAlone  = 64   // of these, before a CPU begins to serve others, and between serves
	pausedLooks = 100  // reads of the mailbox with a pause before each, some microseconds
	pausedAlone = 16   // of these, before a CPU begins to serve others, and between serves
	spinTime    = 20 * time.Microsecond
	yields      = 32 // yields of the CPU to a target that shares it, before parking
	parkEvery   = 256
)

// park waits as a goroutine.
func (w *wait) park(ctx context.Context, t *CPU, fn func(*CPU)) error {
	s := w.k.sys
	s.guests.Add(1)
	defer s.guests.Add(-1)
	if s.spin(w.csd, t) {
		return nil
	}
	if !w.csd.Park() {
		return nil
	}
	defer s.monitor.waiting(-1, t, fn).done()
	select {
	case <-w.wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// finishExternal waits, as a goroutine, for a call in the external callers' mailbox to t. p, if
// not nil, is its payload.
func (t *CPU) finishExternal(ctx context.Context, l *callqueue.Lane[*CPU], fn func(*CPU), p *callqueue.Payload) error {
	if err := t.awaitExternal(ctx, l, fn); err != nil {
		l.Abandon()
		return err
	}
	err := l.Finish()
	if p != nil {
		l.Take(p)
	}
	l.Release()
	return err
}

// awaitExternal waits until the external callers' mailbox to t holds the answer, or ctx ends.
func (t *CPU) awaitExternal(ctx context.Context, l *callqueue.Lane[*CPU], fn func(*CPU)) error {
	t.sys.guests.Add(1)
	defer t.sys.guests.Add(-1)
	if t.sys.spin(l, t) {
		return nil
	}
	return t.sleepAsGuest(ctx, l, fn)
}

// sleepAsGuest is awaitExternal for a goroutine that parks. A late ring for the
// mailbox's last owner may end a Sleep.
func (t *CPU) sleepAsGuest(ctx context.Context, l *callqueue.Lane[*CPU], fn func(*CPU)) error {
	defer t.sys.monitor.waiting(-1, t, fn).done()
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, func() { t.guest.Ring() })()
	}
	for !l.Done() {
		t.guest.ArmParked() // there are too many goroutines for each to have a sleeping thread
		if l.Done() || ctx.Err() != nil {
			t.guest.Disarm()
		} else {
			t.guest.Sleep()
		}
		if err := ctx.Err(); err != nil && !l.Done() {
			return err
		}
	}
	return nil
}

// spin waits some microseconds, for a goroutine, and reports whether d is done.
func (s *System) spin(d callqueue.Doner, t *CPU) bool {
	if int(s.guests.Load()) > s.spinner.limit() { // others need to run, perhaps the target too
		return d.Done()
	}
	for range spinLooks {
		if d.Done() {
			return true
		}
	}
	if s.guests.Load() > 1 || !s.spinner.enter() {
		return false
	}
	defer s.spinner.leave()
	if t != nil && topology.Current() == t.pinTo {
		return t.awaitColocated(d)
	}
	for start := time.Now(); time.Since(start) < spinTime; {
		for range 64 {
			if d.Done() {
				return true
			}
		}
	}
	return false
}

// awaitColocated waits on the target's own CPU, where the target runs only when the
// caller does not. Parking would work, but the scheduler takes ten times as long to
// resume the two; a yield is only a switch of threads. The target is asked to yield
// the CPU as soon as it has served.
//
// The kernel's load balancer never separates two threads that alternate like
// this, even if another CPU is free. So now and then the caller parks: the
// kernel places a waking thread on a free CPU.
func (t *CPU) awaitColocated(d callqueue.Doner) bool {
	if t.colocatedWaits.Add(1)%parkEvery == 1 {
		return false
	}
	for range yields {
		if d.Done() || !t.yieldToTarget() {
			break
		}
	}
	return d.Done()
}

// yieldToTarget lets the target run if the caller is on its CPU. It returns false if the caller
// is not.
func (t *CPU) yieldToTarget() bool {
	if topology.Current() != t.pinTo {
		return false
	}
	t.colocated.Store(true)
	topology.Yield()
	return true
}

// noteColocated asks the CPU not to spin after its next function if the caller is on
// it. It must precede the wake, which may run the target on this CPU at once.
func (t *CPU) noteColocated() {
	if topology.Current() == t.pinTo {
		t.colocated.Store(true)
	}
}

// finish waits for a call in the mailbox to t.
func (c *CPU) finish(ctx context.Context, l *callqueue.Lane[*CPU], t *CPU, fn func(*CPU)) error {
	for range pausedAlone {
		cpurelax.Relax()
		l.Own()
		if l.Returned() {
			return nil
		}
	}
	outer := c.in.BeginWait(l)
	err := c.finishServing(ctx, l, t, fn)
	c.in.EndWait(outer)
	if err != nil && !l.Done() {
		l.Leave()
		return err
	}
	return l.Finish()
}

// finishServing is finish if the answer does not arrive at once.
func (c *CPU) finishServing(ctx context.Context, l *callqueue.Lane[*CPU], t *CPU, fn func(*CPU)) error {
	for i := range pausedLooks {
		if i%pausedAlone == 0 {
			c.in.Poll()
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		cpurelax.Relax()
		l.Own()
		if l.Done() {
			return nil
		}
	}
	return c.await(ctx, l, t, fn)
}

// finishTimed is finish for a call that is sampled. It is separate so that other
// calls do not pay for its closure.
func (c *CPU) finishTimed(ctx context.Context, l *callqueue.Lane[*CPU], t *CPU, fn func(*CPU)) error {
	return t.tally.latency.time(func() error { return c.finish(ctx, l, t, fn) })
}

// wait waits on the executor, serving its inbox, until d is done or ctx ends.
func (c *CPU) wait(ctx context.Context, d callqueue.Doner, t *CPU, fn func(*CPU)) error {
	outer := c.in.BeginWait(d)
	err := c.spinServing(ctx, d, t, fn)
	c.in.EndWait(outer)
	return err
}

// spinServing is wait for its first microsecond, and then await.
func (c *CPU) spinServing(ctx context.Context, d callqueue.Doner, t *CPU, fn func(*CPU)) error {
	for i := range spinLooks {
		if d.Done() {
			return nil
		}
		if i%looksAlone == 0 {
			c.in.Poll()
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return c.await(ctx, d, t, fn)
}

// await is wait for an answer that takes longer.
func (c *CPU) await(ctx context.Context, d callqueue.Doner, t *CPU, fn func(*CPU)) error {
	var long *longWait // one for all its sleeps: functions served between them must not delay the report
	defer func() {
		if long != nil {
			long.done()
		}
	}()
	start := time.Now()
	for !d.Done() {
		if c.in.Poll() > 0 {
			start = time.Now()
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if c.sys.spinner.limit() == 0 || time.Since(start) > spinTime {
			if long == nil {
				long = c.sys.monitor.waiting(c.id, t, fn)
			}
			c.sleepFor(ctx, d)
		}
	}
	return nil
}

// sleepFor sleeps until the bell rings: d may be done, or there may be something
// to serve, or ctx may have ended.
func (c *CPU) sleepFor(ctx context.Context, d callqueue.Doner) {
	if csd, ok := d.(*callqueue.CSD); ok && !csd.Park() {
		return
	}
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, (*cpuWaiter)(c).Wake)()
	}
	c.keepThread()
	c.bell.Arm()
	if d.Done() || c.in.Pending() || ctx.Err() != nil {
		c.bell.Disarm()
		return
	}
	c.bell.Sleep()
}

func (k *calls) mayWait() error {
	if c := k.executor(); c != nil && c.stopping {
		return ErrDeadlock
	}
	return nil
}

// sampled: one in so many waiting calls is timed, because reading the clock
// twice costs as much as the call.
const sampled = 64

// time times the rest of a call, after the request was sent.
func (h *histogram) time(wait func() error) error {
	start := time.Now()
	err := wait()
	h.add(time.Since(start))
	return err
}
