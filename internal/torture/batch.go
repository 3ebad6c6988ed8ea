package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"

	"crosscall"
	"crosscall/cpumask"
)

// bundle is the calls of a Batch: a task for each function.
type bundle struct {
	r     *run
	who   caller
	op    op
	first *task // made before the others; it has no function
	tasks []*task
	cpus  []int // of the tasks
}

// batch fills a Batch and sends it.
func (r *run) batch(ctx context.Context, o op, who caller, rng *rand.Rand, budget int) {
	if o == opBatchThen && who.cpu == nil {
		o = opBatchCall
	}
	b := &bundle{r: r, who: who, op: o, first: r.newTask(o, who.beside(), rng)}
	to := crosscall.NewBatch(who.source)
	if o == opBatchThen {
		to = crosscall.NewBatch(who.cpu)
	}
	if s := who.cpuState; s != nil && o == opBatchThen || s != nil && who.source == source(who.cpu) {
		if s.batch == nil {
			s.batch = to
		}
		to = s.batch // reused, also by functions within each other
	}
	b.fill(to, rng, budget)
	switch o {
	case opBatchPost:
		b.posted(to.Post())
	case opBatchThen:
		b.sendThen(to, rng)
	default:
		b.called(ctx, to.Call(ctx))
	}
}

func (b *bundle) fill(to *crosscall.Batch, rng *rand.Rand, budget int) {
	var some []int
	for range 1 + rng.IntN(3) {
		some = append(some, b.r.pickCPU(rng))
	}
	n := rng.IntN(6)
	last := map[int]*task{}
	for range n {
		cpu := some[rng.IntN(len(some))]
		who := b.who
		before := last[cpu]
		if before != nil {
			who = who.beside() // only the first function of a message is in the order
		}
		t := b.r.newTask(b.op, who, rng)
		last[cpu] = t
		t.waits, t.budget = b.op != opBatchPost, budget/n
		if b.r.possible(cpu) {
			t.may.Set(cpu)
		}
		b.tasks, b.cpus = append(b.tasks, t), append(b.cpus, cpu)
		to.Add(cpu, func(c *crosscall.CPU) {
			if before != nil && !before.ran[cpu].Load() {
				b.r.fail("CPU %d: %v began before %v of the same Batch", cpu, t, before)
			}
			t.function(c)
		})
	}
	if to.Len() != n {
		b.r.fail("a Batch of %d functions has %d", n, to.Len())
	}
}

// posted judges Post.
func (b *bundle) posted(err error) {
	errs := b.errors(err)
	full := slices.ContainsFunc(errs, is(crosscall.ErrFull))
	if full && b.who.cpu == nil {
		b.r.fail("Batch.Post: ErrFull, and it could wait for room")
	}
	for i, t := range b.tasks {
		stable := b.r.stable(t.phases)
		if err == nil || !full && !slices.ContainsFunc(errs, is(crosscall.ErrClosed)) && b.in(i, stable) {
			t.owe(b.who, t.may)
		}
	}
}

// in reports whether task i is for a CPU of m.
func (b *bundle) in(i int, m cpumask.Mask) bool {
	return b.r.possible(b.cpus[i]) && m.Test(b.cpus[i])
}

// errors returns the errors that are joined in err. It checks that those that are
// not of a function are permitted.
func (b *bundle) errors(err error) (errs []error) {
	errs = flatten(err)
	for _, err := range errs {
		b.r.noteErr(err)
		switch {
		case isFunctions(err):
		case errors.Is(err, crosscall.ErrOffline), errors.Is(err, crosscall.ErrFull):
		case errors.Is(err, crosscall.ErrClosed) && b.r.mayBeClosed(b.first):
		default:
			b.r.fail("%v: %v", b.op, err)
		}
	}
	return errs
}

// isFunctions reports whether err is the error of a function.
func isFunctions(err error) bool {
	_, ok := err.(*crosscall.PanicError)
	return ok || errors.Is(err, crosscall.ErrExited)
}

func flatten(err error) (errs []error) {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range j.Unwrap() {
			errs = append(errs, flatten(err)...)
		}
	} else if err != nil {
		errs = append(errs, err)
	}
	return errs
}

// called judges Call.
func (b *bundle) called(ctx context.Context, err error) {
	if cut := ctx.Err(); cut != nil && errors.Is(err, cut) {
		b.r.noteErr(cut)
		b.r.cut.Add(1)
		return
	}
	b.done(err)
}

// sendThen sends by Then.
func (b *bundle) sendThen(to *crosscall.Batch, rng *rand.Rand) {
	then := b.r.newThen(b.who, rng)
	then.begin = b.done
	n := to.Len()
	var err error
	b.who.closed(func() { err = to.Then(then.function) })
	if err == nil {
		then.owe()
		return
	}
	then.refuse()
	b.errors(err)
	for i, t := range b.tasks {
		t.refuse()
		if stable := b.r.stable(t.phases); !errors.Is(err, crosscall.ErrFull) && !errors.Is(err, crosscall.ErrClosed) && b.in(i, stable) && stable.Test(b.who.self()) {
			b.r.fail("Batch.Then, also to CPU %d, which is online: %v", b.cpus[i], err)
		}
	}
	if to.Len() != n {
		b.r.fail("a Batch that was refused has %d functions, not %d", to.Len(), n)
	}
	b.who.cpuState.batch = nil // its functions must not run
}

// done judges the error that Call has returned, or that then has got: each CPU
// has run all functions, or refused them all, and the errors are those of the
// functions that failed and of the CPUs that refused.
func (b *bundle) done(err error) {
	errs := b.errors(err)
	var refused, ran []int
	var panicked, exited int
	for i, t := range b.tasks {
		cpu := b.cpus[i]
		if !t.finished(cpu) {
			refused = append(refused, cpu)
			if stable := b.r.stable(t.phases); b.in(i, stable) && !slices.ContainsFunc(errs, is(crosscall.ErrFull)) && !slices.ContainsFunc(errs, is(crosscall.ErrClosed)) {
				b.r.fail("%v is over and has not run on CPU %d", t, cpu)
			}
			continue
		}
		ran = append(ran, cpu)
		panicked += int(t.panics.Load())
		exited += int(t.exits.Load())
	}
	for _, cpu := range ran {
		if slices.Contains(refused, cpu) {
			b.r.fail("%v: CPU %d has run some of its functions, not all", b.op, cpu)
		}
	}
	slices.Sort(refused)
	b.match(errs, panicked, exited, len(slices.Compact(refused)))
}

// match compares the errors with the failures. refused is the number of CPUs that
// refused.
func (b *bundle) match(errs []error, panicked, exited, refused int) {
	refusals := 0 // equal ones count once
	values := map[any]bool{}
	for _, err := range errs {
		if p, ok := err.(*crosscall.PanicError); ok {
			panicked--
			t, ok := p.Value.(*task)
			if !ok || values[t] || !slices.Contains(b.tasks, t) || t.fate(p.CPU) != panics {
				b.r.fail("%v: a panic came back as %v of CPU %d", b.op, p.Value, p.CPU)
			}
			values[t] = true
		} else if errors.Is(err, crosscall.ErrExited) {
			exited--
		} else {
			refusals++
		}
	}
	if panicked != 0 || exited != 0 || refusals > refused || (refusals == 0) != (refused == 0) {
		b.r.fail("%v: %d panics and %d exits are missing, and %d CPUs have refused: %v", b.op, panicked, exited, refused, errs)
	}
}

// finished ends the wait for t, which is for one CPU, and reports whether it has
// run.
func (t *task) finished(cpu int) bool {
	t.sealed.Store(true)
	if n := t.inside.Load(); n != 0 {
		t.r.fail("the wait for %v was over while its function ran", t)
	}
	if !t.r.possible(cpu) || !t.ran[cpu].Load() {
		return false
	}
	if t.wrote[cpu] != t.seed^uint64(cpu) {
		t.r.fail("the waiter of %v does not see what it wrote on CPU %d", t, cpu)
	}
	return true
}
