package crosscall

import (
	"context"
	"sync"

	"crosscall/internal/callqueue"
)

// Func is a function that takes an argument and returns a result, to be called on
// other CPUs again and again. Its calls allocate nothing, whereas a function
// literal that captures its argument is allocated at each call. Any goroutine may
// use it, for any System.
type Func[A, R any] struct {
	fn      func(*CPU, A) R
	arg     layout
	result  layout
	inline  bool // both fit the line of the mailbox
	byBox   func(*CPU)
	byFrame sync.Pool // of *frame[A, R]
}

// NewFunc makes a Func of fn, which must not be nil. It is meant to be made once,
// in a package variable for example.
//
// Calls are the fastest, as fast as one without argument, if the argument and the
// result each have at most 32 bytes without the references in them, and at most
// three references. A pointer, map, channel or function is one reference; an
// interface is two; a string is one and 8 bytes; a slice is one and 16 bytes.
func NewFunc[A, R any](fn func(*CPU, A) R) *Func[A, R] {
	if fn == nil {
		panic("crosscall: nil function")
	}
	f := &Func[A, R]{fn: fn, arg: layoutOf[A](), result: layoutOf[R]()}
	f.inline = f.arg.fits && f.result.fits
	f.byBox = func(c *CPU) {
		p := c.in.Payload()
		var arg A
		unpack(&f.arg, p, &arg)
		r := fn(c, arg)
		*p = callqueue.Payload{}
		pack(&f.result, &r, p)
	}
	f.byFrame.New = func() any { return f.newFrame() }
	return f
}

// Call runs the function with arg on cpu and waits for its result. Order, errors
// and waiting are those of k.Call. With an error the result is the zero value of
// R. When ctx ends the wait, the function has run or will run, and may still use
// what arg refers to.
//
// The System keeps no reference to arg or the result once Call has returned
// without the error of ctx.
func (f *Func[A, R]) Call(ctx context.Context, k Caller, cpu int, arg A) (result R, err error) {
	if f.inline {
		var p callqueue.Payload
		pack(&f.arg, &arg, &p)
		if sent, err := callWith(ctx, k, cpu, f.byBox, &p); sent {
			if err == nil {
				unpack(&f.result, &p, &result)
			}
			return result, err
		}
	}
	return f.callByFrame(ctx, k, cpu, arg)
}

// A frame carries the argument and the result if the mailbox cannot: it is taken
// or not yet made, they do not fit, or the call is to the caller's own CPU. Its
// run is made once.
type frame[A, R any] struct {
	arg    A
	result R
	run    func(*CPU)
}

func (f *Func[A, R]) newFrame() *frame[A, R] {
	r := new(frame[A, R])
	r.run = func(c *CPU) { r.result = f.fn(c, r.arg) }
	return r
}

func (f *Func[A, R]) callByFrame(ctx context.Context, k Caller, cpu int, arg A) (result R, err error) {
	r := f.byFrame.Get().(*frame[A, R])
	r.arg = arg
	if err := k.Call(ctx, cpu, r.run); err != nil {
		return result, err // the function may still use r, which is left to the garbage collector
	}
	result = r.result
	var none frame[A, R]
	r.arg, r.result = none.arg, none.result
	f.byFrame.Put(r)
	return result, nil
}

// callWith makes a call with a payload by mailbox. False: it cannot, and nothing
// has been sent.
func callWith(ctx context.Context, k Caller, cpu int, fn func(*CPU), p *callqueue.Payload) (sent bool, err error) {
	switch k := k.(type) {
	case *CPU:
		return k.callWith(ctx, cpu, fn, p)
	case *System:
		k.mustOpen()
		if c := Current(); c != nil {
			if c.sys == k {
				return c.callWith(ctx, cpu, fn, p)
			}
		} else if k.queue.Online(cpu) {
			return k.cpus[cpu].callWithExternally(ctx, fn, p)
		}
	}
	return false, nil
}

func (c *CPU) callWith(ctx context.Context, cpu int, fn func(*CPU), p *callqueue.Payload) (sent bool, err error) {
	l := c.src.Opened(cpu)
	if l == nil || !c.sys.queue.Online(cpu) {
		return false, nil
	}
	t := c.sys.cpus[cpu]
	if c == t || c.stopping || c.mayAbandon(ctx) || !l.TryCallWith(fn, p) {
		return false, nil
	}
	defer l.Take(p) // a function that is served during the wait may end this goroutine
	if t.bell.Armed() {
		t.ring()
	}
	if c.countCall()%sampled == 0 {
		return true, c.finishTimed(ctx, l, t, fn)
	}
	return true, c.finish(ctx, l, t, fn)
}

// callWithExternally is callWith for a goroutine that is no CPU.
func (t *CPU) callWithExternally(ctx context.Context, fn func(*CPU), p *callqueue.Payload) (sent bool, err error) {
	l := t.in.TryExternalCallWith(fn, p)
	if l == nil {
		return false, nil
	}
	if t.bell.Armed() {
		t.noteColocated()
		t.ring()
	}
	if t.tally.guests++; t.tally.guests%sampled == 0 {
		return true, t.tally.latency.time(func() error { return t.finishExternal(ctx, l, fn, p) })
	}
	return true, t.finishExternal(ctx, l, fn, p)
}
