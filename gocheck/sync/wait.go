package sync

import (
	"sync"

	"crosscall/gocheck/internal/sched"
)

// WaitGroup is sync.WaitGroup.
type WaitGroup struct {
	h sched.Header
	w sync.WaitGroup
}

// Add adds n, which may be negative, to the counter.
func (w *WaitGroup) Add(n int) {
	if x := sched.Active(); x != nil {
		if x.AddGroup(&w.h, "WaitGroup", n) {
			panic(sched.NegativeCounter)
		}
		return
	}
	w.w.Add(n)
}

// Done subtracts one from the counter.
func (w *WaitGroup) Done() { w.Add(-1) }

// Wait waits until the counter is zero.
func (w *WaitGroup) Wait() {
	if x := sched.Active(); x != nil {
		x.WaitGroup(&w.h, "WaitGroup")
		return
	}
	w.w.Wait()
}

// Go runs f in a goroutine that the counter counts.
func (w *WaitGroup) Go(f func()) {
	x := sched.Active()
	if x == nil {
		w.w.Go(f)
		return
	}
	w.Add(1)
	x.Go(func() {
		defer w.Done()
		f()
	})
}

// Once is sync.Once.
type Once struct {
	h sched.Header
	o sync.Once
}

// Do runs f unless it has been run, and returns once it has.
func (o *Once) Do(f func()) {
	x := sched.Active()
	if x == nil {
		o.o.Do(f)
		return
	}
	if x.EnterOnce(&o.h, "Once") {
		defer x.LeaveOnce(&o.h, "Once")
		f()
	}
}

// Cond is sync.Cond.
type Cond struct {
	L Locker

	h sched.Header
	c sync.Cond
}

// NewCond makes a Cond with the lock l.
func NewCond(l Locker) *Cond { return &Cond{L: l, c: sync.Cond{L: l}} }

// Wait releases L, waits to be woken, and takes L again.
func (c *Cond) Wait() {
	x := sched.Active()
	if x == nil {
		c.c.Wait()
		return
	}
	ticket := x.EnqueueCond(&c.h, "Cond")
	c.L.Unlock()
	x.AwaitCond(&c.h, "Cond", ticket)
	c.L.Lock()
}

// Signal wakes the goroutine that has waited longest.
func (c *Cond) Signal() {
	if x := sched.Active(); x != nil {
		x.SignalCond(&c.h, "Cond", false)
		return
	}
	c.c.Signal()
}

// Broadcast wakes all goroutines that wait.
func (c *Cond) Broadcast() {
	if x := sched.Active(); x != nil {
		x.SignalCond(&c.h, "Cond", true)
		return
	}
	c.c.Broadcast()
}

// Pool is sync.Pool. While it is explored it loses nothing: Get returns the
// value that its goroutine has put first, or else the one that was put last.
type Pool struct {
	New func() any

	h sched.Header
	p sync.Pool
}

// Put adds v to the pool.
func (p *Pool) Put(v any) {
	x := sched.Active()
	switch {
	case v == nil:
	case x != nil:
		x.PutPool(&p.h, "Pool", v)
	default:
		p.p.Put(v)
	}
}

// Get returns a value that was put, or a new one.
func (p *Pool) Get() any {
	x := sched.Active()
	var v any
	if x != nil {
		v, _ = x.GetPool(&p.h, "Pool")
	} else {
		v = p.p.Get()
	}
	if v == nil && p.New != nil {
		return p.New()
	}
	return v
}

// GocheckHeader is for gocheck.T.Name.
func (v *WaitGroup) GocheckHeader() (*sched.Header, string) { return &v.h, "WaitGroup" }

// GocheckHeader is for gocheck.T.Name.
func (v *Once) GocheckHeader() (*sched.Header, string) { return &v.h, "Once" }

// GocheckHeader is for gocheck.T.Name.
func (v *Cond) GocheckHeader() (*sched.Header, string) { return &v.h, "Cond" }

// GocheckHeader is for gocheck.T.Name.
func (v *Pool) GocheckHeader() (*sched.Header, string) { return &v.h, "Pool" }
