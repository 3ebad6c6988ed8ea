package crosscall

import (
	"context"
	"crosscall/cpumask"
	"crosscall/internal/callqueue"
	"errors"
	"slices"
)

// CallMany runs fn on every online CPU of mask, the caller's own too if it is in there, and
// waits for all. Errors of several functions are joined (errors.Join). ErrNoCPU: no CPU of
// mask is online. An empty mask is no error. Others may change mask meanwhile by its atomic
// methods. Order, panics and ctx are as in Call. See on_each_cpu_mask in kernel/smp.c.
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
		if err = k.anySent(targets, sent); k.undecided(ctx, -1, &err) {
			err = ErrNoCPU
		}
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

// runHere runs fn on this CPU as a part of a call to several. If this CPU has
// calls in mailboxes and will wait for them, it counts as waiting already: see
// mayAbandon.
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

// joined is errors.Join, but returns a single error as it is.
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
	if k.cpu == nil || k.cpu.mayAbandon(ctx) {
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
// returns their number. The wait is nil if there were no targets.
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
		for errors.Is(err, ErrClosed) && k.undecided(ctx, -1, &err) { // a Close has begun since
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

// PostMany has fn run on every online CPU of mask. It waits only for room, as Post does.
// ErrNoCPU: no CPU of mask is online.
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
	for {
		sent, err := k.postEach(&targets, fn)
		if err == nil {
			err = k.anySent(&targets, sent)
		}
		if sent > 0 || !k.undecided(context.Background(), -1, &err) {
			return err
		}
	}
}

// postEach posts to those of targets that are online, and returns their number.
func (k *calls) postEach(targets *cpumask.Mask, fn func(*CPU)) (sent int, err error) {
	for cpu := range targets.All() {
		if !k.sys.queue.Online(cpu) {
			continue
		}
		err := k.Post(cpu, fn)
		if err == nil {
			sent++
		} else if !errors.Is(err, ErrOffline) {
			return sent, err
		}
	}
	return sent, nil
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

// CallEvery runs fn on every online CPU and waits for all, as CallMany does. See on_each_cpu in
// kernel/smp.c.
func (k *calls) CallEvery(ctx context.Context, fn func(*CPU)) error {
	k.mustOpen()
	return k.CallMany(ctx, &k.sys.possible, fn)
}

// PostEvery has fn run on every online CPU. It waits only for room, as Post does.
func (k *calls) PostEvery(fn func(*CPU)) error {
	k.mustOpen()
	return k.PostMany(&k.sys.possible, fn)
}
