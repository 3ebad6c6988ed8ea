package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"crosscall"
	"crosscall/cpumask"
)

// task is one call: its function, with the CPUs where it may and must run.
type task struct {
	r         *run
	op        op
	guest     bool   // a goroutine that is no CPU makes the call
	epoch     uint64 // see forced
	alone     bool
	attempted uint64 // attempts to Close that were over before the call
	waits     bool
	tries     bool // the call does not wait for room
	seed      uint64
	budget    int // bounds what the function calls in turn
	route     []int
	from      *stream // nil: outside the order
	seq       uint64

	may  cpumask.Mask // CPUs that the function may run on
	must cpumask.Mask // CPUs that it must run on; known when the call has returned
	ran  []atomic.Bool
	// wrote is written by the function and read by the waiter, plainly: the
	// call must order it.
	wrote  []uint64
	phases []uint32

	inside  atomic.Int32 // functions begun and not ended
	only    atomic.Int32 // the only CPU to run on, as returned by the call, plus 1; 0: see may
	sealed  atomic.Bool  // the wait is over: no function may begin
	refused atomic.Bool  // the call returned an error that says so
	panics  atomic.Int32
	exits   atomic.Int32
}

func (r *run) newTask(o op, who caller, rng *rand.Rand) *task {
	t := &task{
		r: r, op: o, guest: who.cpu == nil, seed: rng.Uint64(),
		ran:   make([]atomic.Bool, len(r.cpuStates)),
		wrote: make([]uint64, len(r.cpuStates)),
	}
	t.epoch, t.alone = r.forced.epoch()
	t.phases = r.phases()
	t.attempted = r.attempts.ended.Load()
	r.count(o)
	if p := who.stream; p != nil && o != opStop { // Stop is not one of the calls that are ordered
		p.seq++
		t.from, t.seq = p, p.seq
	}
	return t
}

func (t *task) String() string { return fmt.Sprintf("%v %#x", t.op, t.seed) }

// How a function ends.
const (
	returns = iota
	panics
	exits
)

// fate says how the function ends on cpu; a call to many may have several.
func (t *task) fate(cpu int) int {
	switch rand.New(rand.NewPCG(t.seed, uint64(cpu))).IntN(64) {
	case 0:
		return panics
	case 1:
		if t.op != opStop || t.seed%4 == 0 {
			return exits
		}
	}
	return returns
}

// body is the frame of every function: the checks at its begin and at its end.
func (t *task) body(c *crosscall.CPU, f func(*cpuState)) {
	s := t.begin(c)
	state := exits // if it is not changed: Goexit, by this function or a nested one
	defer func() { t.end(s, state) }()
	f(s)
	switch t.fate(c.ID()) {
	case panics:
		state = panics
		panic(t)
	case exits:
		goexit()
	}
	state = returns
}

func (t *task) begin(c *crosscall.CPU) *cpuState {
	r, cpu := t.r, c.ID()
	t.inside.Add(1)
	s := r.enter(c, t)
	r.ran(t.op)
	if !t.may.Test(cpu) || t.only.Load() != 0 && t.only.Load() != int32(cpu)+1 {
		r.fail("CPU %d: %v ran, which is for CPUs %v", cpu, t, t.may)
	}
	if t.ran[cpu].Swap(true) {
		r.fail("CPU %d: %v ran twice", cpu, t)
	}
	if t.sealed.Load() {
		r.fail("CPU %d: %v began after the wait for it was over", cpu, t)
	}
	if t.refused.Load() {
		r.fail("CPU %d: %v ran although its call was refused", cpu, t)
	}
	t.inBounds(s, cpu)
	s.inOrder(r, cpu, t)
	t.wrote[cpu] = t.seed ^ uint64(cpu)
	return s
}

func (t *task) end(s *cpuState, state int) {
	switch {
	case state == panics && t.waits:
		t.panics.Add(1)
	case state == panics:
		t.r.panicsPosted.Add(1)
	case state == exits:
		t.exits.Add(1)
	}
	t.r.leave(s, t)
	t.inside.Add(-1)
}

// function is the function that is passed to the call.
func (t *task) function(c *crosscall.CPU) { t.body(c, func(s *cpuState) { t.r.work(t, s, c) }) }

// value is function for calls that return the written value.
func (t *task) value(c *crosscall.CPU) uint64 {
	t.function(c)
	return t.seed ^ uint64(c.ID())
}

// mask is the CPUs on which t has run.
func (t *task) mask() (m cpumask.Mask) {
	for cpu := range t.ran {
		if t.ran[cpu].Load() {
			m.Set(cpu)
		}
	}
	return m
}

func (t *task) weight() int { m := t.mask(); return m.Weight() }

func (t *task) missing() cpumask.Mask {
	ran := t.mask()
	return t.must.AndNot(&ran)
}

// refuse notes that, by the result of the call, the function will not run.
func (t *task) refuse() {
	t.refused.Store(true)
	if ran := t.mask(); !ran.Empty() {
		t.r.fail("%v ran on CPUs %v although its call was refused", t, ran)
	}
}

// judge checks a call that waited until all functions had returned.
func (t *task) judge(err error) {
	t.sealed.Store(true)
	if n := t.inside.Load(); n != 0 {
		t.r.fail("the wait for %v was over with %d functions still running", t, n)
	}
	if m := t.missing(); !m.Empty() {
		t.r.fail("the wait for %v was over before it had run on CPUs %v", t, m)
	}
	ran := t.mask()
	for cpu := range ran.All() {
		if t.wrote[cpu] != t.seed^uint64(cpu) {
			t.r.fail("the waiter of %v does not see what it wrote on CPU %d", t, cpu)
		}
	}
	var p *crosscall.PanicError
	if got, want := errors.As(err, &p), t.panics.Load() > 0; got != want {
		t.r.fail("%v: panicked: %v, error: %v", t, want, err)
	} else if got && (p.Value != any(t) || !ran.Test(p.CPU) || t.fate(p.CPU) != panics || len(p.Stack) == 0) {
		t.r.fail("%v: its panic came back as %v of CPU %d", t, p.Value, p.CPU)
	}
	if got, want := errors.Is(err, crosscall.ErrExited), t.exits.Load() > 0; got != want {
		t.r.fail("%v: exited: %v, error: %v", t, want, err)
	}
	if err == nil && t.panics.Load()+t.exits.Load() > 0 {
		t.r.fail("%v failed and its call returned no error", t)
	}
}

// done judges a call that has returned err. must are the CPUs on which it must
// run, if it was accepted.
func (t *task) done(ctx context.Context, who caller, must cpumask.Mask, err error) {
	r := t.r
	r.noteErr(err)
	cut := ctx != nil && ctx.Err() != nil && errors.Is(err, ctx.Err())
	switch {
	case errors.Is(err, crosscall.ErrClosed):
		if !r.mayBeClosed(t) {
			r.fail("%v: %v, before Close", t, err)
		}
	case errors.Is(err, crosscall.ErrDeadlock):
		r.fail("%v: %v", t, err)
	case errors.Is(err, crosscall.ErrFull):
		t.full(who)
	case cut && t.op == opPostContext:
		r.cut.Add(1)
		t.refuse()
	case cut:
		r.cut.Add(1)
		if who.cpu != nil && r.opts.System.One == crosscall.SingleQueue && r.opts.System.Many == crosscall.PerTarget {
			t.owe(who, must) // a CPU's call does not wait for room: it was accepted
		}
	case t.waits:
		t.must = must
		t.judge(err)
	case err != nil:
		r.fail("%v: %v", t, err)
	default:
		t.owe(who, must)
	}
}

// full judges a call that has returned ErrFull.
func (t *task) full(who caller) {
	switch {
	case t.waits, !t.tries && who.cpu == nil:
		t.r.fail("%v: ErrFull, and it could wait for room", t)
	case t.op != opPostMany && t.op != opPostEvery && t.op != opPostCond: // these may have sent some
		t.refuse()
	}
}

// owe notes the CPUs on which t must run although no caller waits for it.
func (t *task) owe(who caller, must cpumask.Mask) {
	t.must = must
	home := who.stream
	if who.cpuState != nil {
		home = &who.cpuState.stream
	}
	if home != nil {
		home.pending = append(home.pending, t)
	}
	if len(home.pending) > maxPending {
		home.dropDone()
	}
}
