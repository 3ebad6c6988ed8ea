package crosscall

import (
	"context"
	"crosscall/cpumask"
	"crosscall/internal/callqueue"
)

// Offline makes cpu refuse calls, and returns when all that cpu had accepted has
// run. Calls to it then return ErrOffline, and calls to many leave it out. If ctx
// ends before, cpu is online again. Meanwhile calls to cpu by functions return
// ErrOffline. Those by other goroutines wait for the outcome if ctx can end, and
// return ErrOffline otherwise. ErrBusy: cpu is the last one online. ErrDeadlock:
// it is called on cpu itself.
func (s *System) Offline(ctx context.Context, cpu int) error {
	k := s.caller()
	if k.cpu != nil && k.cpu.id == cpu {
		return ErrDeadlock
	}
	if err := k.lock(ctx); err != nil {
		return err
	}
	defer k.unlock()
	if _, err := k.target(cpu); err != nil {
		return err
	}
	if online := s.OnlineMask(); online.Weight() == 1 {
		return ErrBusy
	}
	mask := cpumask.Of(cpu)
	return k.drain(ctx, &mask, false)
}

// Online makes cpu take calls again. It is no error if cpu is online already.
func (s *System) Online(ctx context.Context, cpu int) error {
	k := s.caller()
	if err := k.lock(ctx); err != nil {
		return err
	}
	defer k.unlock()
	if s.queue.Inbox(cpu) == nil {
		return s.offline(cpu)
	}
	s.queue.SetOnline(cpu, true)
	s.cpus[cpu].kick()
	return nil
}

// drain takes the CPUs of mask offline. It closes them to new calls, waits until
// every source has passed a point after that, so that no call is about to be
// published, and then waits until each CPU has run its inbox.
func (k *calls) drain(ctx context.Context, mask *cpumask.Mask, closing bool) error {
	q := k.sys.queue
	l := k.sys.leave(ctx, mask, closing)
	defer k.sys.decide(l)
	for cpu := range mask.All() {
		q.SetOnline(cpu, false)
	}
	if closing {
		k.sys.grace.refuse(true)
	}
	drained := false
	defer func() { // also when a function served meanwhile ends this goroutine
		if drained {
			if closing {
				k.sys.closed.Store(true)
			}
			return
		}
		if closing {
			k.sys.grace.refuse(false)
		}
		for cpu := range mask.All() {
			q.SetOnline(cpu, true)
			k.sys.cpus[cpu].kick() // its idle function may have returned because of this
		}
	}()
	if err := k.quiesce(ctx, mask); err != nil {
		return err
	}
	asked := mask
	if closing {
		if err := k.sys.grace.over(ctx); err != nil {
			return err
		}
		asked = &k.sys.possible // on one that is offline a function of AfterFence may wait
	}
	if err := k.empty(ctx, asked); err != nil {
		return err
	}
	drained = true
	return nil
}

// quiesce returns when every source has finished the call that it was making.
func (k *calls) quiesce(ctx context.Context, mask *cpumask.Mask) error {
	for cpu := range mask.All() {
		k.sys.queue.AwaitSenders(cpu)
		k.sys.cpus[cpu].behind.quiesce()
	}
	sources, _ := k.split(&k.sys.possible)
	return k.force(ctx, &sources, func(*CPU) {}, (*callqueue.CSD).ArmUrgent)
}

// force runs fn on all CPUs of mask, online or not, each by a request of its
// own, and waits.
func (k *calls) force(ctx context.Context, mask *cpumask.Mask, fn func(*CPU), arm func(*callqueue.CSD, int, callqueue.Waiter)) error {
	if mask.Empty() {
		return nil
	}
	w := k.newWait()
	arm(w.csd, mask.Weight(), w.waiter())
	for cpu := range mask.All() {
		k.sys.sendControl(cpu, fn, w.csd)
	}
	return w.wait(ctx, nil, fn)
}

// sendControl sends a request that cpu runs at any nesting depth, online or not.
func (s *System) sendControl(cpu int, fn func(*CPU), csd *callqueue.CSD) {
	c := s.cpus[cpu]
	c.in.Control(fn, csd)
	c.ring()
}

// empty returns when the CPUs of mask hold nothing and have no function to run.
func (k *calls) empty(ctx context.Context, mask *cpumask.Mask) error {
	w := k.newWait()
	w.arm(mask.Weight())
	for cpu := range mask.All() {
		c := k.sys.cpus[cpu]
		c.leave.Store(w.csd)
		c.kick()
	}
	err := w.wait(ctx, nil, nil)
	for cpu := range mask.All() {
		k.sys.cpus[cpu].leave.CompareAndSwap(w.csd, nil)
	}
	return err
}
