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
	csd  *callqueue.CSD
	wake chan struct{} // goroutines only
	used int
}

var waits = sync.Pool{New: func() any {
	return &wait{csd: new(callqueue.CSD), wake: make(chan struct{}, 1)}
}}

func (k *calls) newWait() *wait {
	w := waits.Get().(*wait)
	w.k = k
	return w
}

// free gives the record back. Not after a context has ended the wait: the
// record is still in flight then, and is left to the garbage collector.
func (w *wait) free() { waits.Put(w) }

func (w *wait) arm(targets int) { w.csd.Arm(targets, w.waiter()) }

func (w *wait) waiter() callqueue.Waiter {
	if c := w.k.cpu; c != nil {
		return (*cpuWaiter)(c)
	}
	return w
}

// Wake implements callqueue.Waiter for a goroutine.
func (w *wait) Wake() { w.wake <- struct{}{} }

// wait waits until all targets have answered, or ctx ends, and returns the
// functions' errors. t is the target, if there is one only.
func (w *wait) wait(ctx context.Context, t *CPU, fn func(*CPU)) error {
	var err error
	if c := w.k.cpu; c != nil {
		err = c.await(ctx, w.csd, t, fn)
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

// How long to spin for an answer before sleeping: an answer that takes longer
// than that costs little more with the sleep and the wake.
const (
	spinLooks   = 1000 // looks at the record, about 1 µs, before anything else
	pausedLooks = 100  // looks at the mailbox with a pause before each, some microseconds
	spinTime    = 20 * time.Microsecond
	yields      = 32 // of the CPU to a target that shares it, before parking
	parkEvery   = 256
)

// park waits as a goroutine.
func (w *wait) park(ctx context.Context, t *CPU, fn func(*CPU)) error {
	s := w.k.sys
	if s.spin(w.csd, t) {
		return nil
	}
	if c := s.here(); c != nil {
		return c.serveFor(ctx, w.csd)
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

// finishCrowd waits, as a goroutine, for a call in the crowd's mailbox to t. No
// context: the mailbox cannot be left before the answer is in it.
func (t *CPU) finishCrowd(l *callqueue.Lane[*CPU], fn func(*CPU)) error {
	defer l.Release()
	return t.awaitCrowd(l, fn)
}

// awaitCrowd is finishCrowd for a caller that Releases the lane itself.
func (t *CPU) awaitCrowd(l *callqueue.Lane[*CPU], fn func(*CPU)) error {
	s := t.sys
	if s.spin(l, t) {
		return l.Finish()
	}
	if c := s.here(); c != nil {
		if err := c.serveFor(context.Background(), l); err != nil {
			// In the function of a Stop: no CPU can have begun with it.
			l.Withdraw()
			return err
		}
		return l.Finish()
	}
	defer s.monitor.waiting(-1, t, fn).done()
	for !l.Done() { // a late ring for the mailbox's last owner may end a Sleep
		t.guest.ArmParked() // goroutines are too many to have a thread asleep each
		if l.Done() {
			t.guest.Disarm()
			break
		}
		t.guest.Sleep()
	}
	return l.Finish()
}

// doner is what can be waited for: a record, a mailbox.
type doner interface{ Done() bool }

// spin is true if d is done, after a goroutine's wait of some microseconds.
func (s *System) spin(d doner, t *CPU) bool {
	if s.spinner.limit() == 0 {
		return d.Done()
	}
	for range spinLooks {
		if d.Done() {
			return true
		}
	}
	if t != nil && topology.Current() == t.pinTo {
		return t.giveWay(d)
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

// giveWay waits on the target's own CPU, where the target runs only when the
// caller does not. To park would do, but the scheduler takes ten times as long to
// bring the two back; a yield is a mere switch of threads. The target is asked
// to give the CPU back as soon as it has served.
//
// Two threads that take turns so well are never parted by the kernel's load
// balancer, though another CPU may be free. So now and then the caller parks
// after all: a thread that wakes is put where there is room.
func (t *CPU) giveWay(d doner) bool {
	if t.gaveWay.Add(1)%parkEvery == 1 {
		return false
	}
	for range yields {
		if d.Done() || !t.makeWay() {
			break
		}
	}
	return d.Done()
}

// makeWay lets the target run if the caller sits on its CPU. False: it does not.
func (t *CPU) makeWay() bool {
	if topology.Current() != t.pinTo {
		return false
	}
	t.crowded.Store(true)
	topology.Yield()
	return true
}

// crowd asks the CPU not to spin after its next function if the caller sits on
// it. It comes before the wake, which may hand the target this CPU at once.
func (t *CPU) crowd() {
	if topology.Current() == t.pinTo {
		t.crowded.Store(true)
	}
}

// serveFor waits on an executor that uses the System rather than its CPU: it may
// be what it waits for, so it serves. It stays awake, for what it waits for wakes
// only who was named beforehand.
func (c *CPU) serveFor(ctx context.Context, d doner) error {
	for spins := 0; !d.Done(); spins++ {
		if err := c.relax(ctx, spins); err != nil {
			return err
		}
	}
	return nil
}

// finish waits for a call in the mailbox to t.
func (c *CPU) finish(l *callqueue.Lane[*CPU], t *CPU, fn func(*CPU)) error {
	for i := range pausedLooks {
		cpurelax.Relax()
		l.Own()
		if l.Returned() {
			return nil
		}
		if i%16 == 15 {
			c.in.Poll()
		}
	}
	// No context: the mailbox cannot be left before the answer is in it.
	_ = c.await(context.Background(), l, t, fn)
	return l.Finish()
}

// finishTimed is finish for a call that is sampled: apart, to keep its closure out
// of the others' way.
func (c *CPU) finishTimed(l *callqueue.Lane[*CPU], t *CPU, fn func(*CPU)) error {
	return t.tally.latency.time(func() error { return c.finish(l, t, fn) })
}

// await waits on the executor, serving its inbox, until d is done or ctx ends.
func (c *CPU) await(ctx context.Context, d doner, t *CPU, fn func(*CPU)) error {
	var long *longWait // one for all its sleeps: what it serves between them must not put off the report
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
func (c *CPU) sleepFor(ctx context.Context, d doner) {
	if csd, ok := d.(*callqueue.CSD); ok && !csd.Park() {
		return
	}
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, (*cpuWaiter)(c).Wake)()
	}
	c.publish()
	c.bell.Arm()
	if d.Done() || c.in.Pending() || ctx.Err() != nil {
		c.bell.Disarm()
		return
	}
	c.bell.Sleep()
}
