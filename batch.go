package crosscall

import (
	"context"
	"errors"
	"slices"
	"sync"

	"crosscall/internal/callqueue"
)

// Batch collects functions for several CPUs, each for a CPU of its own choice, and
// sends each CPU one message with all of its functions. Such a message costs about
// as much as one with one function.
//
// The functions for one CPU run there in the order of Add, one right after the
// other, and in the caller's order as one call to that CPU made when the Batch is
// sent. If one of them panics or ends its goroutine, the others still run, each
// exactly once. Those after one that calls runtime.Goexit run before the goroutine
// ends. Stats count the functions for one CPU as one.
//
// After it is sent, a Batch is empty and may be filled again. If it was sent by Call or Then, it
// reuses its memory once the functions have run: a Batch that is used repeatedly allocates
// nothing.
//
// A Batch is not for concurrent use. A System's may be used by one goroutine at a
// time, a CPU's by functions on that CPU.
type Batch struct {
	k    *calls
	used []*part // those that have functions, in the order of the first Add
	idle []*part // by CPU: in used, or ready for use
}

// NewBatch makes an empty Batch for calls by k, which must be a System or a CPU.
func NewBatch(k Caller) *Batch {
	switch k := k.(type) {
	case *System:
		k.mustOpen()
		return &Batch{k: &k.calls, idle: make([]*part, len(k.cpus))}
	case *CPU:
		k.mustOpen()
		return &Batch{k: &k.calls, idle: make([]*part, len(k.sys.cpus))}
	}
	panic("crosscall: Batch for neither a System nor a CPU")
}

// Add adds a function for cpu.
func (b *Batch) Add(cpu int, fn func(*CPU)) {
	mustFunc(fn)
	p := b.part(cpu)
	if len(p.fns) == 0 {
		b.used = append(b.used, p)
	}
	p.fns = append(p.fns, fn)
}

// Len is the number of functions that have been added.
func (b *Batch) Len() (n int) {
	for _, p := range b.used {
		n += len(p.fns)
	}
	return n
}

// part returns the part of any number for a CPU.
func (b *Batch) part(cpu int) *part {
	if uint(cpu) < uint(len(b.idle)) {
		p := b.idle[cpu]
		if p == nil {
			p = newPart(cpu)
			b.idle[cpu] = p
		}
		return p
	}
	if i := slices.IndexFunc(b.used, func(p *part) bool { return p.cpu == cpu }); i >= 0 {
		return b.used[i]
	}
	return newPart(cpu)
}

// take empties the Batch and returns its parts. recycle puts them back.
func (b *Batch) take(waited bool) []*part {
	parts := b.used
	b.used = nil
	for _, p := range parts {
		p.waited = waited
		if uint(p.cpu) < uint(len(b.idle)) {
			b.idle[p.cpu] = nil
		}
	}
	return parts
}

// recycle keeps the memory of parts that have run, unless others have been made in
// their place meanwhile.
func (b *Batch) recycle(parts []*part) {
	for _, p := range parts {
		p.reset()
		if uint(p.cpu) < uint(len(b.idle)) && b.idle[p.cpu] == nil {
			b.idle[p.cpu] = p
		}
	}
	b.keep(parts)
}

// keep keeps the memory of a list of parts.
func (b *Batch) keep(parts []*part) {
	if b.used == nil {
		clear(parts)
		b.used = parts[:0]
	}
}

// finished returns the errors of parts that have run, and recycles the parts.
func (b *Batch) finished(parts []*part) (errs []error) {
	for _, p := range parts {
		errs = append(errs, p.errs...)
	}
	b.recycle(parts)
	return errs
}

// Call runs the functions and waits until all have returned. Those for the caller's
// own CPU run at once, while the others are on their way. The errors are joined: of
// each function that panicked or ended its goroutine, and, of each CPU that refused the message, the
// error that a Call to it would have returned; its functions do not run. When ctx ends,
// Call returns its error, and the functions that were sent have run or will run. In
// any case the Batch is empty afterwards.
func (b *Batch) Call(ctx context.Context) error {
	k := b.k.self()
	if err := k.mayWait(); err != nil {
		return err
	}
	parts := b.take(true)
	if len(parts) == 0 {
		return nil
	}
	refused, err := k.callParts(ctx, parts)
	if err != nil {
		return joined(appendErr(refused, err)) // parts may be under way
	}
	return joined(append(refused, b.finished(parts)...))
}

// callParts sends the parts and waits. err is the context's error, or that of a
// call of which nothing was sent. Without err, all parts that were not refused
// have run.
func (k *calls) callParts(ctx context.Context, parts []*part) (refused []error, err error) {
	if p := parts[0]; len(parts) == 1 {
		return nil, onlyExited(k.Call(ctx, p.cpu, p.run))
	}
	w := k.newWait()
	w.arm(len(parts) + 1)
	unsent := 1
	var own *part
	var boxed int
	for _, p := range parts {
		switch {
		case k.cpu != nil && k.cpu.id == p.cpu && k.cpu.Online():
			own = p
			unsent++
		case k.callBox(ctx, p):
			boxed++
			unsent++
		default:
			if err := k.sendOrRetry(ctx, p.cpu, p.run, w.csd); err != nil {
				refused = appendErr(refused, err)
				unsent++
			}
		}
	}
	w.csd.Forgive(unsent)
	if own != nil {
		_ = k.runHere(own.run, boxed > 0)
	}
	var errs []error
	for i := 0; boxed > 0; i++ {
		if p := parts[i]; p.boxed {
			boxed--
			errs = appendErr(errs, onlyExited(k.cpu.finish(ctx, k.src.Lane(p.cpu), k.sys.cpus[p.cpu], p.run)))
		}
	}
	return refused, joined(appendErr(errs, onlyExited(w.wait(ctx, nil, parts[0].run))))
}

// onlyExited drops the error of a message one of whose functions has ended its
// goroutine, because the part knows it already.
func onlyExited(err error) error {
	if errors.Is(err, ErrExited) {
		return nil
	}
	return err
}

// callBox sends p by the mailbox, if that is free.
func (k *calls) callBox(ctx context.Context, p *part) bool {
	c := k.cpu
	if c == nil || c.id == p.cpu || c.mayAbandon(ctx) || !k.sys.queue.Online(p.cpu) {
		return false
	}
	l := k.src.Lane(p.cpu)
	if l == nil || !l.TryCall(p.run) {
		return false
	}
	p.boxed = true
	c.countCall()
	k.sys.cpus[p.cpu].ring()
	return true
}

// Post sends the functions and waits only for room, as [Caller]'s Post does. The
// errors of CPUs that refused the message are joined. Their functions do not run, the
// others do. A function that panics is reported to [Options.OnPanic].
func (b *Batch) Post() error {
	k := b.k.self()
	parts := b.take(false)
	var errs []error
	for _, p := range parts {
		if err := k.Post(p.cpu, p.run); err != nil {
			errs = appendErr(errs, err)
			p.free()
		}
	}
	b.keep(parts)
	return joined(errs)
}

// Then sends the functions and waits for none of them. Once all have returned, fn
// runs on the caller's CPU, as with [CPU.CallThen]. Functions for that CPU are
// queued, as by Post. fn gets the errors that Call would have returned. Then panics
// on the Batch of a System.
//
// If Then returns an error, fn does not run, nothing was sent, and the Batch is unchanged. The error
// is ErrFull if one of the CPUs has no room for the message or too many calls are under way (see
// CallThen), or the error with which all CPUs have refused it. If only some CPUs refuse it, or have
// no room after all (with Options.One = SingleQueue, another caller may take it), fn gets that
// error.
func (b *Batch) Then(fn func(*CPU, error)) error {
	c := b.k.cpu
	if c == nil {
		panic("crosscall: Then of a System's Batch")
	}
	mustThen(fn)
	if !c.roomFor(b.used) {
		return ErrFull
	}
	n, err := c.newThen(fn)
	if err != nil {
		return err
	}
	n.csd.ArmNotify(len(b.used)+1, n)
	n.batch, n.parts = b, b.take(true)
	refused := c.sendParts(n.parts, &n.csd)
	if refused == len(n.parts) && refused > 0 {
		return b.refused(n)
	}
	if n.csd.Forgive(refused + 1) {
		n.Wake()
	}
	return nil
}

func (c *CPU) roomFor(parts []*part) bool {
	for _, p := range parts {
		if c.sys.queue.Online(p.cpu) && !c.src.Room(p.cpu) {
			return false
		}
	}
	return true
}

// sendParts sends each CPU its part, and says how many refused it. It serves
// nothing.
func (c *CPU) sendParts(parts []*part, csd *callqueue.CSD) (refused int) {
	for _, p := range parts {
		if err := c.trySend(p.cpu, p.run, csd); err != nil {
			p.errs = append(p.errs, err)
			refused++
		}
	}
	return refused
}

// refused undoes a Then that no CPU has accepted, and returns the reason.
func (b *Batch) refused(n *then) error {
	var errs []error
	b.used = n.parts
	for _, p := range b.used {
		for _, err := range p.errs {
			errs = appendErr(errs, err)
		}
		p.errs = p.errs[:0]
		if uint(p.cpu) < uint(len(b.idle)) {
			b.idle[p.cpu] = p
		}
	}
	n.csd.Unlock()
	n.c.thens.put(n)
	return joined(errs)
}

// part is the functions of a Batch for one CPU.
type part struct {
	cpu    int
	fns    []func(*CPU)
	run    func(*CPU)
	waited bool // a caller waits, and reads errs
	boxed  bool // sent by mailbox

	// Of the run.
	begun  int  // of fns
	within bool // one of them
	errs   []error
}

var partPool sync.Pool // of *part

func newPart(cpu int) *part {
	p, _ := partPool.Get().(*part)
	if p == nil {
		p = new(part)
		p.run = p.runAll
	}
	p.cpu = cpu
	return p
}

// free recycles a part for which no caller waits.
func (p *part) free() {
	p.reset()
	partPool.Put(p)
}

func (p *part) reset() {
	clear(p.fns)
	clear(p.errs)
	p.fns, p.errs = p.fns[:0], p.errs[:0]
	p.begun, p.within, p.boxed = 0, false, false
}

// runAll runs the functions that have not begun.
func (p *part) runAll(c *CPU) {
	for p.begun < len(p.fns) {
		p.runSome(c)
	}
	if !p.waited {
		p.free()
	}
}

// runSome runs functions up to the first that panics.
//
// After a function that ends the goroutine, the deferred function here runs the rest. The
// goroutine is an executor until its last deferred function has returned. The rest cannot be
// left to the next executor: its first function may be one that has to run after them.
func (p *part) runSome(c *CPU) {
	defer func() {
		if !p.within {
			return
		}
		p.within = false
		reason := recover()
		if err := (*host)(c.sys).Failed(c.id, reason, p.waited); p.waited {
			p.errs = append(p.errs, err)
		}
		if reason == nil {
			p.runAll(c)
		}
	}()
	for p.begun < len(p.fns) {
		fn := p.fns[p.begun]
		p.begun++
		p.within = true
		fn(c)
		p.within = false
	}
}
