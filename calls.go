package crosscall

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"crosscall/cpumask"
	"crosscall/internal/callqueue"
	"crosscall/internal/topology"
)

// calls is what System and CPU have in common: a source of calls. Its methods
// are those of Caller, described there.
type calls struct {
	sys *System
	src *callqueue.Source[*CPU]
	cpu *CPU // whose source it is; nil for the crowd of other goroutines
}

// Call implements Caller. What is written out here is the short way: by the
// mailbox of the lane from the caller to the target.
func (k *calls) Call(ctx context.Context, cpu int, fn func(*CPU)) error {
	if k.sys == nil || fn == nil || !k.sys.queue.Online(cpu) {
		return k.callByRecord(ctx, cpu, fn)
	}
	t := k.sys.cpus[cpu]
	c := k.cpu
	if c == nil {
		return k.callAsCrowd(ctx, t, fn)
	}
	l := k.src.Opened(cpu)
	if l == nil || c == t || c.stopping || c.mayLeave(ctx) || !l.TryCall(fn) {
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

// mayLeave says whether a call by mailbox that ctx may end could be left in a
// mailbox which a function further down on the stack waits for: that one was
// answered meanwhile, and its waiter would take the answer to this one for its own.
func (c *CPU) mayLeave(ctx context.Context) bool { return ctx.Done() != nil && c.in.Waiting() }

// callAsCrowd is Call for a goroutine that is no CPU. One goroutine at a time
// has the mailbox; the others go by record.
func (k *calls) callAsCrowd(ctx context.Context, t *CPU, fn func(*CPU)) error {
	if Current() != nil { // a function that uses a System: its CPU has to serve meanwhile
		return k.callByRecord(ctx, t.id, fn)
	}
	l := t.in.TryCrowdCall(fn)
	if l == nil {
		return k.callByRecord(ctx, t.id, fn)
	}
	if t.bell.Armed() {
		t.crowd()
		t.ring()
	}
	if t.tally.guests++; t.tally.guests%sampled == 0 {
		return t.tally.latency.time(func() error { return t.finishCrowd(ctx, l, fn, nil) })
	}
	return t.finishCrowd(ctx, l, fn, nil)
}

// self is the source that the calling goroutine should use: a function may use its
// System, and is a CPU all the same.
func (k *calls) self() *calls {
	if k.cpu == nil {
		return k.sys.caller()
	}
	return k
}

// callByRecord is Call where the mailbox will not do: because it is taken or not
// yet made, or for a call to oneself.
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
		t.crowd()
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

func (k *calls) mayWait() error {
	if c := k.executor(); c != nil && c.stopping {
		return ErrDeadlock
	}
	return nil
}

// Post implements Caller. As in Call, the short way is written out.
func (k *calls) Post(cpu int, fn func(*CPU)) error {
	if k.sys == nil || fn == nil || !k.sys.queue.Online(cpu) {
		return k.postSlowly(cpu, fn)
	}
	t := k.sys.cpus[cpu]
	if k.cpu == nil {
		if c := k.sys.here(); c != nil {
			return c.Post(cpu, fn)
		}
		if !t.in.TryCrowd(fn) {
			return k.postSlowly(cpu, fn)
		}
		if t.bell.Armed() {
			t.crowd()
		}
	} else if l := k.src.Opened(cpu); l == nil || !l.TryPost(fn) {
		return k.postSlowly(cpu, fn)
	}
	if t.bell.Armed() {
		t.ring()
	}
	return nil
}

// postSlowly is Post where the ring is full or not yet made, or where requests go
// by another way.
func (k *calls) postSlowly(cpu int, fn func(*CPU)) error {
	return k.PostContext(context.Background(), cpu, fn)
}

// PostContext implements Caller.
func (k *calls) PostContext(ctx context.Context, cpu int, fn func(*CPU)) error {
	k.mustOpen()
	mustFunc(fn)
	return k.self().sendOrRetry(ctx, cpu, fn, nil)
}

// TryPost implements Caller.
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
			t.crowd()
		}
		switch k.src.TryPost(cpu, fn, csd, false) {
		case callqueue.Posted:
			return nil
		case callqueue.Full:
			return ErrFull
		}
	}
}

// send posts one request, and waits for room as long as ctx lets it. A CPU at its
// nesting limit does not wait with what nobody waits for: the target may be
// limited too, and wait for room here.
func (k *calls) send(ctx context.Context, cpu int, fn func(*CPU), csd *callqueue.CSD) error {
	for spins := 0; ; spins++ {
		if err := k.trySend(cpu, fn, csd); err != ErrFull {
			return err
		}
		if c := k.executor(); !csd.Overbooks() && c != nil && c.in.Limited() {
			return ErrFull
		}
		if k.cpu == nil && spins%16 == 8 && k.sys.cpus[cpu].makeWay() {
			continue
		}
		if err := k.relax(ctx, spins); err != nil {
			return err
		}
	}
}

// relax is one turn of a wait for room, for a record or for the control lock. A
// CPU serves its inbox, so that two that wait for each other both get on.
func (k *calls) relax(ctx context.Context, spins int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := k.mayWait(); err != nil {
		return err
	}
	if c := k.executor(); c == nil || c.serveOnce(callqueue.Never{}) == 0 {
		k.sys.giveWay(spins)
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

// giveWay lets others run for a moment, and serves nobody.
func (s *System) giveWay(spins int) {
	switch {
	case spins < 100 && s.spinner.limit() > 0:
	case spins < 1000:
		runtime.Gosched()
	default:
		time.Sleep(50 * time.Microsecond)
	}
}

// CallMany implements Caller.
func (k *calls) CallMany(ctx context.Context, mask *cpumask.Mask, fn func(*CPU)) error {
	k.mustMany(mask, fn)
	k = k.self()
	if err := k.notClosing(ctx); err != nil {
		return err
	}
	if k.sys.opts.Many == Shared {
		return k.callShared(ctx, mask, fn)
	}
	targets := mask.Snapshot()
	return k.callEach(ctx, &targets, fn)
}

// callEach sends every CPU of targets a request of its own, runs fn here if this
// CPU is one of them, and waits for all.
func (k *calls) callEach(ctx context.Context, targets *cpumask.Mask, fn func(*CPU)) error {
	if err := k.mayWait(); err != nil {
		return err
	}
	others, here := k.split(targets)
	boxed := k.callBoxes(ctx, &others, fn)
	rest := others.AndNot(&boxed)
	w, sent, err := k.callRecords(ctx, &rest, fn)
	if err == nil && boxed.Empty() && !here {
		err = k.anySent(targets, sent)
	}
	errs := appendErr(nil, err)
	if here {
		errs = appendErr(errs, k.runHere(fn, !boxed.Empty()))
	}
	for cpu := range boxed.All() {
		errs = appendErr(errs, k.cpu.finish(ctx, k.src.Lane(cpu), k.sys.cpus[cpu], fn))
	}
	if w != nil {
		errs = appendErr(errs, w.wait(ctx, nil, fn))
	}
	return joined(errs)
}

// runHere runs fn on this CPU as a part of a call to several. With calls in
// mailboxes that this CPU has yet to wait for it counts as waiting already: see
// mayLeave.
func (k *calls) runHere(fn func(*CPU), boxed bool) error {
	if !boxed {
		return k.cpu.in.Run(k.src, fn)
	}
	outer := k.cpu.in.BeginWait(callqueue.Never{})
	defer k.cpu.in.EndWait(outer)
	return k.cpu.in.Run(k.src, fn)
}

func appendErr(errs []error, err error) []error {
	if err != nil && !slices.Contains(errs, err) { // a context ends many waits
		errs = append(errs, err)
	}
	return errs
}

// joined spares the wrapping where there is one error.
func joined(errs []error) error {
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

// split takes this CPU out of targets.
func (k *calls) split(targets *cpumask.Mask) (others cpumask.Mask, here bool) {
	others = *targets
	if c := k.cpu; c != nil && others.Test(c.id) {
		others.Clear(c.id)
		return others, c.Online()
	}
	return others, false
}

// callBoxes fills the mailboxes to those of targets that are online and free.
func (k *calls) callBoxes(ctx context.Context, targets *cpumask.Mask, fn func(*CPU)) (boxed cpumask.Mask) {
	if k.cpu == nil || k.cpu.mayLeave(ctx) {
		return boxed
	}
	for cpu := range targets.All() {
		if !k.sys.queue.Online(cpu) {
			continue
		}
		if l := k.src.Lane(cpu); l != nil && l.TryCall(fn) {
			k.sys.cpus[cpu].ring()
			k.cpu.countCall()
			boxed.Set(cpu)
		}
	}
	return boxed
}

// callRecords posts to those of targets that are online, all with one record, and
// says to how many. No wait: there were no targets.
func (k *calls) callRecords(ctx context.Context, targets *cpumask.Mask, fn func(*CPU)) (w *wait, sent int, failed error) {
	if targets.Empty() {
		return nil, 0, nil
	}
	w = k.newWait()
	w.arm(targets.Weight() + 1)
	unsent := 1 // the reference that keeps the record from completing meanwhile
	for cpu := range targets.All() {
		err := failed
		if err == nil {
			err = k.send(ctx, cpu, fn, w.csd)
		}
		if err == nil {
			sent++
			continue
		}
		unsent++
		if !errors.Is(err, ErrOffline) {
			failed = err
		}
	}
	w.csd.Forgive(unsent)
	return w, sent, failed
}

// PostMany implements Caller.
func (k *calls) PostMany(mask *cpumask.Mask, fn func(*CPU)) error {
	k.mustMany(mask, fn)
	k = k.self()
	if err := k.notClosing(context.Background()); err != nil {
		return err
	}
	if k.sys.opts.Many == Shared && k.share(mask, fn, nil) {
		return nil
	}
	targets := mask.Snapshot()
	sent := 0
	for cpu := range targets.All() {
		if !k.sys.queue.Online(cpu) {
			continue
		}
		err := k.Post(cpu, fn)
		if err == nil {
			sent++
		} else if !errors.Is(err, ErrOffline) {
			return err
		}
	}
	return k.anySent(&targets, sent)
}

// anySent is nil if a call to targets was accepted by one of them, or if there
// are none.
func (k *calls) anySent(targets *cpumask.Mask, sent int) error {
	if sent > 0 || targets.Empty() {
		return nil
	}
	if err := k.sys.closing(); err != nil {
		return err
	}
	return ErrNoCPU
}

// CallEvery implements Caller.
func (k *calls) CallEvery(ctx context.Context, fn func(*CPU)) error {
	k.mustOpen()
	return k.CallMany(ctx, &k.sys.possible, fn)
}

// PostEvery implements Caller.
func (k *calls) PostEvery(fn func(*CPU)) error {
	k.mustOpen()
	return k.PostMany(&k.sys.possible, fn)
}

// CallCond implements Caller.
func (k *calls) CallCond(ctx context.Context, mask *cpumask.Mask, cond func(cpu int) bool, fn func(*CPU)) error {
	k.mustMany(mask, fn)
	m, err := k.filter(mask, cond)
	if err != nil {
		return err
	}
	return k.CallMany(ctx, &m, fn)
}

// PostCond implements Caller.
func (k *calls) PostCond(mask *cpumask.Mask, cond func(cpu int) bool, fn func(*CPU)) error {
	k.mustMany(mask, fn)
	m, err := k.filter(mask, cond)
	if err != nil {
		return err
	}
	return k.PostMany(&m, fn)
}

// filter returns the online CPUs of mask for which cond is true. It is an error if
// none is online.
func (k *calls) filter(mask *cpumask.Mask, cond func(cpu int) bool) (m cpumask.Mask, err error) {
	snapshot := mask.Snapshot()
	online := 0
	for cpu := range snapshot.All() {
		if !k.sys.queue.Online(cpu) {
			continue
		}
		online++
		if cond(cpu) {
			m.Set(cpu)
		}
	}
	return m, k.anySent(&snapshot, online)
}

// CallAny implements Caller.
func (k *calls) CallAny(ctx context.Context, mask *cpumask.Mask, fn func(*CPU)) (cpu int, err error) {
	return k.any(mask, func(cpu int) error { return k.Call(ctx, cpu, fn) })
}

// PostAny implements Caller.
func (k *calls) PostAny(mask *cpumask.Mask, fn func(*CPU)) (cpu int, err error) {
	return k.any(mask, func(cpu int) error { return k.Post(cpu, fn) })
}

// any tries the nearest CPU of mask, and the next one if that has gone offline.
func (k *calls) any(mask *cpumask.Mask, call func(cpu int) error) (int, error) {
	k.mustOpen()
	mustMask(mask)
	left := mask.Snapshot()
	left = left.And(&k.sys.possible)
	for {
		cpu := k.nearest(&left)
		if cpu >= 0 && !k.sys.queue.Online(cpu) { // it may be leaving, and a call to it wait for that
			online := k.sys.OnlineMask()
			if online = online.And(&left); !online.Empty() {
				cpu = k.nearest(&online)
			}
		}
		if cpu < 0 {
			return -1, ErrNoCPU
		}
		err := call(cpu)
		if _, ran := err.(*PanicError); ran {
			return cpu, err // whatever it panicked with, it is not to run again
		}
		if errors.Is(err, ErrClosed) {
			return -1, err
		}
		if !errors.Is(err, ErrOffline) {
			return cpu, err
		}
		left.Clear(cpu)
	}
}

// here is the CPU that the caller runs on, -1 if unknown, and its node.
func (k *calls) here() (cpu, node int) {
	if c := k.cpu; c != nil {
		return c.id, c.node
	}
	if cpu = topology.Current(); cpu < 0 {
		return -1, -1
	}
	return cpu, k.sys.topo.Node(cpu)
}

// nearest is this CPU, else one of its node, else any; -1: mask is empty.
func (k *calls) nearest(mask *cpumask.Mask) int {
	this, node := k.here()
	if this >= 0 && mask.Test(this) {
		return this
	}
	for cpu := range mask.All() {
		if k.sys.cpus[cpu].node == node {
			return cpu
		}
	}
	return mask.First()
}
