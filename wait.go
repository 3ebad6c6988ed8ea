package crosscall

import (
	"context"
	"sync"
	"time"

	"crosscall/internal/callqueue"
	"crosscall/internal/topology"
)

// wait is one wait for a record: of a CPU, which serves others meanwhile, or of
// a goroutine, which parks.
type wait struct {
	k    *calls
	csd  *callqueue.CSD
	wake chan struct{} // goroutines only
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
	spinLooks = 1000 // looks at the record, about 1 µs, before anything else
	spinTime  = 20 * time.Microsecond
	yields    = 32 // of the CPU to a target that shares it, before parking
)

// park waits as a goroutine.
func (w *wait) park(ctx context.Context, t *CPU, fn func(*CPU)) error {
	if w.spin(t) {
		return nil
	}
	s := w.k.sys
	if c := s.here(); c != nil {
		return w.serve(ctx, c)
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

// spin is true if the answer came.
func (w *wait) spin(t *CPU) bool {
	if w.k.sys.spinner.limit() == 0 {
		return w.csd.Done()
	}
	for range spinLooks {
		if w.csd.Done() {
			return true
		}
	}
	if t != nil && topology.Current() == t.pinTo {
		return w.giveWay(t)
	}
	for start := time.Now(); time.Since(start) < spinTime; {
		for range 64 {
			if w.csd.Done() {
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
func (w *wait) giveWay(t *CPU) bool {
	for range yields {
		if w.csd.Done() {
			return true
		}
		t.crowded.Store(true)
		topology.Yield()
	}
	return w.csd.Done()
}

// serve waits on an executor that uses the System rather than its CPU: it may be
// what it waits for, so it serves. It stays awake, for the record wakes only who
// was named when it was armed.
func (w *wait) serve(ctx context.Context, c *CPU) error {
	for spins := 0; !w.csd.Done(); spins++ {
		if err := c.relax(ctx, spins); err != nil {
			return err
		}
	}
	return nil
}

// doner is what a CPU can wait for: a record, a mailbox.
type doner interface{ Done() bool }

// finish waits for a call in the mailbox to cpu.
func (c *CPU) finish(l *callqueue.Lane[*CPU], cpu int, fn func(*CPU)) error {
	c.called++
	for i := range spinLooks {
		if l.Returned() {
			return nil
		}
		if i%16 == 15 {
			c.in.Poll()
		}
	}
	// No context: the mailbox cannot be left before the answer is in it.
	_ = c.await(context.Background(), l, c.sys.cpus[cpu], fn)
	return l.Finish()
}

// await waits on the executor, serving its inbox, until d is done or ctx ends.
func (c *CPU) await(ctx context.Context, d doner, t *CPU, fn func(*CPU)) error {
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
			c.sleepFor(ctx, d, t, fn)
		}
	}
	return nil
}

// sleepFor sleeps until the bell rings: d may be done, or there may be something
// to serve, or ctx may have ended.
func (c *CPU) sleepFor(ctx context.Context, d doner, t *CPU, fn func(*CPU)) {
	if csd, ok := d.(*callqueue.CSD); ok && !csd.Park() {
		return
	}
	defer c.sys.monitor.waiting(c.id, t, fn).done()
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, (*cpuWaiter)(c).Wake)()
	}
	c.tally.publish(c)
	c.bell.Arm()
	if d.Done() || c.in.Pending() || ctx.Err() != nil {
		c.bell.Disarm()
		return
	}
	c.bell.Sleep()
}
