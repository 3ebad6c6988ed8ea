package crosscall

import "crosscall/internal/callqueue"

// maxThens bounds the calls of a CPU whose second function has not begun.
const maxThens = 1024

// CallThen runs fn on cpu and, once fn has returned, then on c's own CPU. It waits
// for neither. fn runs in the order of c's other calls to cpu. cpu may be c's own
// CPU: fn is then queued, as by Post. then gets the error of fn: a *PanicError or
// ErrExited, or nil. fn happens before then. If several fn have returned, their then
// run in the order in which the fn returned.
//
// then runs exactly once if CallThen returns nil, and else neither runs. Like a
// post, then may run while another function of c's CPU waits, but not at
// [MaxNesting]; so a function must not wait until a then has run.
//
// ErrFull: there is no room for fn (see Post), or there are 1,024 calls of c by
// CallThen and [Batch.Then] whose then has not begun. In c's functions nothing runs
// during CallThen.
//
// c's CPU goes offline, and the System is closed, only after every then has run. So
// Offline of c's CPU waits for fn on the other CPU. ErrOffline: one of the two CPUs is
// offline or about to be.
func (c *CPU) CallThen(cpu int, fn func(*CPU), then func(*CPU, error)) error {
	c.mustOpen()
	mustFunc(fn)
	mustThen(then)
	n, err := c.newThen(then)
	if err != nil {
		return err
	}
	n.csd.ArmNotify(1, n)
	if err := c.trySend(cpu, fn, &n.csd); err != nil {
		n.csd.Unlock()
		c.thens.put(n)
		return err
	}
	return nil
}

func mustThen(then func(*CPU, error)) {
	if then == nil {
		panic("crosscall: nil function")
	}
}

// thens are the calls of a CPU by CallThen. Only its executor uses them.
//
// Claim: a CPU that takes no calls and has no such call under way has no more
// completions to run. Proof: a call is under way from before it is sent until its
// completion is taken out to run, so no completion is on the list or will be.
type thens struct {
	free     *then
	underWay int
}

// then is one such call.
type then struct {
	csd   callqueue.CSD
	done  callqueue.Completion[*CPU]
	c     *CPU
	then  func(*CPU, error)
	batch *Batch // the Batch whose functions it runs; nil: the call is of one function
	parts []*part
	next  *then
}

// newThen fails on a CPU that takes no calls: a then is a call to it.
func (c *CPU) newThen(fn func(*CPU, error)) (*then, error) {
	if _, err := c.target(c.id); err != nil {
		return nil, err
	}
	t := &c.thens
	if t.underWay == maxThens {
		return nil, ErrFull
	}
	t.underWay++
	n := t.free
	if n == nil {
		n = &then{c: c}
		n.done.Init(n.finish)
	} else {
		t.free = n.next
	}
	n.then, n.next = fn, nil
	return n, nil
}

func (t *thens) put(n *then) {
	t.underWay--
	n.then, n.batch, n.parts = nil, nil, nil
	n.next, t.free = t.free, n
}

// Wake implements callqueue.Waiter: the last target has answered. n may be in use
// again as soon as it is pushed.
func (n *then) Wake() {
	c := n.c
	c.in.Push(&n.done)
	c.bell.Ring()
}

// finish is the completion.
func (n *then) finish(c *CPU) {
	var errs []error
	if n.batch != nil {
		errs = n.batch.finished(n.parts)
	} else {
		n.csd.Errs(func(err error) { errs = append(errs, err) })
	}
	fn := n.then
	c.thens.put(n)
	fn(c, joined(errs))
}
