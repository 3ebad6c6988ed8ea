package crosscall

import (
	"context"
	"sync/atomic"
)

// stopper is one Stop: every CPU enters hold and stays there until fn has run. A
// CPU that is offline does too, because it may run functions that are no calls:
// those of timers and descriptors, and those of AfterFence.
type stopper struct {
	fn      func(*CPU)
	cpus    []*CPU
	runner  *CPU
	arrived atomic.Int32
	state   atomic.Int32

	// waiting ends when the Stop is cancelled. The caller's context cannot be
	// used: it may end while fn runs, and Stop waits for fn.
	waiting context.Context
	letGo   context.CancelFunc
}

// States of a stopper. From stopOver on the CPUs are released.
const (
	stopGathering = iota
	stopRunning
	stopOver
	stopCalledOff // the context ended before all CPUs were held
)

// Stop runs fn on one CPU while all others are held still; a CPU that calls Stop runs it
// itself. Stops exclude each other. Stop is not ordered with the caller's posts. fn may not
// wait for any CPU: its calls return ErrDeadlock. If ctx ends before all CPUs are held, they
// are let go, fn does not run, and the error of ctx is returned. See stop_machine in
// kernel/stop_machine.c, and [Caller].
func (s *System) Stop(ctx context.Context, fn func(*CPU)) error { return s.caller().stop(ctx, fn) }

// Stop runs fn on one CPU while all others are held still; a CPU that calls Stop runs it
// itself. Stops exclude each other. Stop is not ordered with the caller's posts. fn may not
// wait for any CPU: its calls return ErrDeadlock. If ctx ends before all CPUs are held, they
// are let go, fn does not run, and the error of ctx is returned. See stop_machine in
// kernel/stop_machine.c, and [Caller].
func (c *CPU) Stop(ctx context.Context, fn func(*CPU)) error { return c.stop(ctx, fn) }

// stop holds the control lock throughout: with one Stop at a time no two can
// each hold half of the CPUs. A CPU that waits for the lock serves its inbox, and
// so is held there for the Stop that has it.
func (k *calls) stop(ctx context.Context, fn func(*CPU)) error {
	mustFunc(fn)
	if err := k.mayWait(); err != nil {
		return err
	}
	if err := k.lock(ctx); err != nil {
		return err
	}
	defer k.unlock()
	st := &stopper{fn: fn, runner: k.cpu}
	for cpu := range k.sys.possible.All() {
		st.cpus = append(st.cpus, k.sys.cpus[cpu])
	}
	if st.runner == nil {
		online := k.sys.OnlineMask() // it cannot change now, and is not empty
		st.runner = k.sys.cpus[online.First()]
	}
	st.waiting, st.letGo = context.WithCancel(context.Background())
	defer st.letGo()
	defer context.AfterFunc(ctx, st.callOff)()
	err := st.gather(k)
	if st.state.Load() == stopCalledOff {
		return ctx.Err()
	}
	return err
}

// gather makes all CPUs run hold, and waits until they are released. If the
// Stop is cancelled, it does not wait for CPUs that have not entered hold.
//
// From the first request until all are released, this CPU serves no requests. A
// function that it served might call a CPU that is held already and wait for it,
// and so block the code that releases that CPU; or it might end this goroutine
// by Goexit. So requests that this CPU has sent to itself, which are ordered
// before this call, run before.
func (st *stopper) gather(k *calls) error {
	others, _ := k.split(&k.sys.possible)
	here := k.cpu != nil
	if here {
		_ = k.cpu.in.Run(k.src, func(*CPU) {})
	}
	w := k.newWait()
	w.csd.ArmUrgent(others.Weight()+1, w.waiter())
	for cpu := range others.All() {
		k.sys.sendControl(cpu, st.hold, w.csd)
	}
	var err error
	if here {
		err = k.cpu.in.Guard(st.hold)
	}
	w.csd.Forgive(1)
	return joined(appendErr(appendErr(nil, err), w.wait(st.waiting, nil, st.fn)))
}

// hold is what each CPU runs.
func (st *stopper) hold(c *CPU) {
	last := st.arrived.Add(1) == int32(len(st.cpus))
	if c != st.runner {
		if last {
			st.runner.bell.Ring()
		}
		c.hold(st.over)
		return
	}
	c.hold(func() bool { return st.over() || st.arrived.Load() == int32(len(st.cpus)) })
	if !st.state.CompareAndSwap(stopGathering, stopRunning) {
		return
	}
	c.stopping = true
	defer func() {
		c.stopping = false
		st.state.Store(stopOver)
		st.ringAll()
	}()
	st.fn(c)
}

func (st *stopper) over() bool { return st.state.Load() >= stopOver }

func (st *stopper) callOff() {
	if st.state.CompareAndSwap(stopGathering, stopCalledOff) {
		st.letGo()
		st.ringAll()
	}
}

func (st *stopper) ringAll() {
	for _, c := range st.cpus {
		c.bell.Ring()
	}
}

// hold keeps the CPU still, serving nothing, until done.
func (c *CPU) hold(done func() bool) {
	for i := 0; !done(); i++ {
		if i < spinLooks && c.sys.spinner.limit() > 0 {
			continue
		}
		c.bell.Arm()
		if done() {
			c.bell.Disarm()
			return
		}
		c.bell.Sleep()
	}
}
