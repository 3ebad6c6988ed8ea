package torture

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"crosscall"
	"crosscall/cpumask"
)

// op is a kind of call.
type op int

const (
	opCall op = iota
	opRing
	opPost
	opTryPost
	opPostContext
	opFunc
	opCallMany
	opPostMany
	opCallEvery
	opPostEvery
	opCallAny
	opPostAny
	opCallCond
	opPostCond
	opEval
	opEvalMany
	opPostRecord
	opQueueRecord
	opBatchCall
	opBatchPost
	opBatchThen
	opCallThen
	opThen
	opAsync
	opBackground
	opAfterFence
	opTimer
	opWatch
	opCloseContext
	opFence
	opStop
	opPoll
	opSetIdle
	opStats
	opOffline
	opOnline
	opIdle
	opFlood
	nops
)

// The names of the ops, and their weights, as in scftorture.
var ops = [nops]struct {
	name   string
	weight int
}{
	opCall:         {"Call", 60},
	opRing:         {"Call in a ring", 10},
	opPost:         {"Post", 60},
	opTryPost:      {"TryPost", 16},
	opPostContext:  {"PostContext", 16},
	opFunc:         {"Func.Call", 30},
	opCallMany:     {"CallMany", 24},
	opPostMany:     {"PostMany", 24},
	opCallEvery:    {"CallEvery", 4},
	opPostEvery:    {"PostEvery", 4},
	opCallAny:      {"CallAny", 16},
	opPostAny:      {"PostAny", 16},
	opCallCond:     {"CallCond", 10},
	opPostCond:     {"PostCond", 10},
	opEval:         {"Eval", 10},
	opEvalMany:     {"EvalMany", 6},
	opPostRecord:   {"PostRecord", 16},
	opQueueRecord:  {"QueueRecord", 16},
	opBatchCall:    {"Batch.Call", 16},
	opBatchPost:    {"Batch.Post", 10},
	opBatchThen:    {"Batch.Then", 10},
	opCallThen:     {"CallThen", 20},
	opThen:         {"then", 0}, // of CallThen and Batch.Then
	opAsync:        {"Async", 20},
	opBackground:   {"PostBackground", 16},
	opAfterFence:   {"AfterFence", 8},
	opTimer:        {"timer", 10},
	opWatch:        {"write to a pipe", 10},
	opCloseContext: {"CloseContext", 0}, // see giveUp
	opFence:        {"Fence", 4},
	opStop:         {"Stop", 2},
	opPoll:         {"Poll", 10},
	opSetIdle:      {"SetIdle", 1},
	opStats:        {"Stats", 1},
	opOffline:      {"Offline", 1},
	opOnline:       {"Online", 0}, // follows each Offline
	opIdle:         {"idle function", 0},
	opFlood:        {"posts without pause", 0}, // see flood
}

func (o op) String() string { return ops[o].name }

func pickOp(rng *rand.Rand) op {
	sum := 0
	for _, o := range ops {
		sum += o.weight
	}
	n := rng.IntN(sum)
	for o := range ops {
		if n -= ops[o].weight; n < 0 {
			return op(o)
		}
	}
	panic("unreachable")
}

// source is a System or a CPU.
type source interface {
	crosscall.Caller
}

// caller makes a call.
type caller struct {
	source
	stream   *stream        // the stream that the call is in; nil: nested, or by the System on a CPU
	cpu      *crosscall.CPU // nil: a goroutine
	cpuState *cpuState      // of cpu
	holding  bool           // it holds an object: it must not wait for a Fence
}

func (w caller) self() int {
	if w.cpu == nil {
		return -1
	}
	return w.cpu.ID()
}

// rootBudget is how many calls one call may lead to: mostly few, now and then
// many.
func rootBudget(rng *rand.Rand) int {
	if rng.IntN(16) == 0 {
		return 40
	}
	return rng.IntN(6)
}

// work is the body of the functions.
func (r *run) work(t *task, s *cpuState, c *crosscall.CPU) {
	rng := rand.New(rand.NewPCG(t.seed, uint64(c.ID())+1<<20))
	spin(rng)
	who := caller{source: c, cpu: c, cpuState: s}
	switch {
	case len(t.route) > 0:
		s.serving(func() { r.single(context.Background(), opRing, who, rng, t.route[0], t.route[1:], 0) })
	case t.op == opFlood:
		s.serving(func() { r.single(context.Background(), opCall, who, rng, r.pickCPU(rng), nil, 0) })
	default:
		r.act(s, c, rng, t.budget)
	}
}

// act makes calls from a CPU, within the budget.
func (r *run) act(s *cpuState, c *crosscall.CPU, rng *rand.Rand, budget int) {
	who := caller{source: c, cpu: c, cpuState: s}
	switch {
	case rng.IntN(8) == 0:
		who.source = r.sys
	case s.depth == 1:
		who.stream = &s.stream
	}
	if rng.IntN(2) == 0 {
		who.holding = true
		defer r.hold()()
	}
	for n := rng.IntN(3); n > 0 && budget > 0; n-- {
		budget--
		s.serving(func() {
			if !who.holding && rng.IntN(3) == 0 {
				c.HoldingNothing(func() { r.issue(who, rng, budget/2) })
				return
			}
			r.issue(who, rng, budget/2)
		})
		r.step(s, "a function")
	}
	spin(rng)
}

// issue makes a random call.
func (r *run) issue(who caller, rng *rand.Rand, budget int) {
	r.progress.Add(1)
	ctx, cancel := r.context(who, rng)
	defer cancel()
	switch o := pickOp(rng); o {
	case opCall, opPost, opTryPost, opPostContext, opEval, opFunc:
		r.single(ctx, o, who, rng, r.pickCPU(rng), nil, budget)
	case opRing:
		r.ring(who, rng)
	case opCallMany, opPostMany, opCallEvery, opPostEvery, opCallCond, opPostCond, opEvalMany:
		r.many(ctx, o, who, rng, budget)
	case opCallAny, opPostAny:
		r.any(ctx, o, who, rng, budget)
	case opPostRecord, opQueueRecord:
		r.count(o)
		who.closed(func() { r.records[rng.IntN(len(r.records))].post(r, who, o == opPostRecord) })
	case opBatchCall, opBatchPost, opBatchThen:
		r.batch(ctx, o, who, rng, budget)
	case opCallThen:
		r.callThen(who, rng, budget)
	case opAsync:
		r.async(ctx, who, rng, budget)
	case opBackground:
		r.background(who, rng, budget)
	case opAfterFence:
		r.afterFence(who, rng, budget)
	case opTimer:
		r.timer(who, rng)
	case opWatch:
		r.writePipe(rng)
	case opFence:
		if !who.holding {
			r.count(o)
			ctx, cancel := bounded(ctx, who)
			defer cancel()
			r.fence(ctx, who)
		}
	case opStop:
		ctx, cancel := bounded(ctx, who)
		defer cancel()
		r.stop(ctx, who, rng)
	case opPoll:
		// In an idle function Poll is a point where it holds nothing.
		if who.cpu != nil && !(who.holding && who.cpuState.idle && who.cpuState.depth == 1) {
			r.count(o)
			who.cpu.Poll()
		}
	case opSetIdle:
		r.setIdle(rng)
	case opStats:
		r.stats()
	case opOffline:
		if who.cpu != nil {
			ctx, cancel := bounded(ctx, who)
			defer cancel()
			r.offline(ctx, r.cpus[rng.IntN(len(r.cpus))], who.self())
		}
	}
}

// context returns a context that never ends, in most cases, or one that has
// ended or soon will.
func (r *run) context(who caller, rng *rand.Rand) (context.Context, context.CancelFunc) {
	ctx := context.Background()
	switch rng.IntN(10) {
	case 0:
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		return ctx, cancel
	case 1, 2:
		return context.WithTimeout(ctx, time.Duration(rng.IntN(500))*time.Microsecond)
	case 3:
		return context.WithCancel(ctx) // never cancelled, but could be: the library uses another path
	}
	return ctx, func() {}
}

// bounded bounds the waits of functions for Fence, Stop and Offline, because
// these can wait for a function that waits for this one. They need not detect
// that, just as synchronize_rcu does not under rcu_read_lock.
func bounded(ctx context.Context, who caller) (context.Context, context.CancelFunc) {
	if who.cpu == nil {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, 5*time.Millisecond)
}

// pickCPU picks a possible CPU or, rarely, another number.
func (r *run) pickCPU(rng *rand.Rand) int {
	if rng.IntN(64) == 0 {
		return []int{-1, cpumask.Max, 1 << 40}[rng.IntN(3)]
	}
	return r.cpus[rng.IntN(len(r.cpus))]
}

// ring makes a call around all CPUs: each CPU calls the next and waits.
func (r *run) ring(who caller, rng *rand.Rand) {
	var route []int
	for range 2 + rng.IntN(4) {
		route = append(route, r.cpus[rng.IntN(len(r.cpus))])
	}
	route = append(route, route...) // each is called twice
	r.single(context.Background(), opRing, who, rng, route[0], route[1:], 0)
}

// single makes a call to one CPU.
func (r *run) single(ctx context.Context, o op, who caller, rng *rand.Rand, cpu int, route []int, budget int) {
	t := r.newTask(o, who, rng)
	t.budget, t.route = budget, route
	if r.possible(cpu) {
		t.may.Set(cpu)
	}
	var err error
	switch o {
	case opPost:
		ctx = nil
		err = who.Post(cpu, t.function)
	case opTryPost, opFlood:
		ctx = nil
		if t.tries = o == opTryPost || rng.IntN(4) == 0; t.tries {
			who.closed(func() { err = who.TryPost(cpu, t.function) })
		} else {
			err = who.Post(cpu, t.function)
		}
	case opPostContext:
		err = who.PostContext(ctx, cpu, t.function)
	case opFunc:
		t.waits = true
		err = t.callFunc(ctx, who, rng, cpu)
	case opEval:
		t.waits = true
		var v uint64
		if v, err = crosscall.Eval(ctx, who.source, cpu, t.value); err == nil && v != t.seed^uint64(cpu) {
			r.fail("%v returned %#x", t, v)
		}
	default:
		t.waits = true
		err = who.Call(ctx, cpu, t.function)
	}
	stable := r.stable(t.phases)
	if errors.Is(err, crosscall.ErrOffline) {
		r.noteErr(err)
		t.refuse()
		if r.possible(cpu) && stable.Test(cpu) {
			r.fail("%v to CPU %d, which is online: %v", t, cpu, err)
		}
		return
	}
	must := t.may
	if err != nil { // it may have been refused because the CPU was offline, unless the context had ended first
		must = must.And(&stable)
	}
	t.done(ctx, who, must, err)
}

func (r *run) possible(cpu int) bool {
	return cpu >= 0 && cpu < len(r.cpuStates) && r.cpuStates[cpu] != nil
}

// many makes a call to several CPUs.
func (r *run) many(ctx context.Context, o op, who caller, rng *rand.Rand, budget int) {
	m := r.pickMask(rng)
	if o == opCallEvery || o == opPostEvery {
		m = &mask{steady: r.sys.PossibleMask()}
	}
	t := r.newTask(o, who, rng)
	t.may = m.steady.Or(&m.loose)
	must := m.steady
	t.budget = budget / max(1, t.may.Weight())
	cond := &condition{seed: t.seed}
	var err error
	switch o {
	case opPostMany:
		err = who.PostMany(&m.live, t.function)
	case opPostEvery:
		err = who.PostEvery(t.function)
	case opPostCond:
		t.may, must = cond.split(t.may), cond.split(must)
		err = who.PostCond(&m.live, cond.eval, t.function)
	case opCallMany:
		t.waits = true
		err = who.CallMany(ctx, &m.live, t.function)
	case opCallEvery:
		t.waits = true
		err = who.CallEvery(ctx, t.function)
	case opCallCond:
		t.waits = true
		t.may, must = cond.split(t.may), cond.split(must)
		err = who.CallCond(ctx, &m.live, cond.eval, t.function)
	case opEvalMany:
		t.waits = true
		var results []crosscall.Result[uint64]
		results, err = crosscall.EvalMany(ctx, who.source, &m.live, t.value)
		r.values(t, results, err)
	}
	if cond.twice {
		r.fail("%v asked its condition twice for a CPU", t)
	}
	if !t.waits {
		ctx = nil
	}
	stable := r.stable(t.phases)
	must = must.And(&stable)
	if errors.Is(err, crosscall.ErrNoCPU) {
		r.noCPU(t, must, err)
		return
	}
	conditional := o == opCallCond || o == opPostCond
	if t.waits && err == nil && !conditional && !m.steady.Empty() && t.weight() == 0 {
		r.fail("%v to CPUs %v ran nowhere and returned no error", t, m.steady)
	}
	t.done(ctx, who, must, err)
}

// noCPU judges a call that found no CPU of its mask online. sure are the CPUs
// that were online throughout.
func (r *run) noCPU(t *task, sure cpumask.Mask, err error) {
	r.noteErr(err)
	t.refuse()
	if !sure.Empty() {
		r.fail("%v: %v, but CPUs %v are online", t, err, sure)
	}
}

// values checks the results of EvalMany.
func (r *run) values(t *task, results []crosscall.Result[uint64], err error) {
	byCPU := func(a, b crosscall.Result[uint64]) int { return cmp.Compare(a.CPU, b.CPU) }
	if !slices.IsSortedFunc(results, byCPU) {
		r.fail("%v: results not in the order of the CPUs", t)
	}
	for _, v := range results {
		if v.Value != t.seed^uint64(v.CPU) || !t.ran[v.CPU].Load() || t.fate(v.CPU) != returns {
			r.fail("%v: result %#x of CPU %d", t, v.Value, v.CPU)
		}
	}
	if err == nil && len(results) != t.weight() {
		r.fail("%v: %d results of %d functions", t, len(results), t.weight())
	}
}

// condition is a random condition that notes the CPUs for which it was
// evaluated.
type condition struct {
	seed  uint64
	asked cpumask.Mask
	twice bool
}

func (c *condition) holds(cpu int) bool { return c.seed>>(uint(cpu)%64)&1 != 0 }

func (c *condition) eval(cpu int) bool {
	c.twice = c.twice || c.asked.Test(cpu)
	c.asked.Set(cpu)
	return c.holds(cpu)
}

// split is those of m for which the condition holds.
func (c *condition) split(m cpumask.Mask) cpumask.Mask {
	for cpu := range m.All() {
		if !c.holds(cpu) {
			m.Clear(cpu)
		}
	}
	return m
}

// any makes a call to one CPU of a mask.
func (r *run) any(ctx context.Context, o op, who caller, rng *rand.Rand, budget int) {
	m := r.pickMask(rng)
	t := r.newTask(o, who, rng)
	t.may = m.steady.Or(&m.loose)
	t.budget = budget
	var cpu int
	var err error
	if o == opPostAny {
		ctx = nil
		cpu, err = who.PostAny(&m.live, t.function)
	} else {
		t.waits = true
		cpu, err = who.CallAny(ctx, &m.live, t.function)
	}
	stable := r.stable(t.phases)
	sure := m.steady.And(&stable)
	if errors.Is(err, crosscall.ErrNoCPU) {
		r.noCPU(t, sure, err)
		return
	}
	if errors.Is(err, crosscall.ErrClosed) {
		r.noteErr(err)
		t.refuse()
		return
	}
	if !r.possible(cpu) {
		r.fail("%v ran on CPU %d", t, cpu)
		return
	}
	if self := who.self(); self >= 0 && who.source == source(who.cpu) && sure.Test(self) && cpu != self {
		r.fail("%v went to CPU %d instead of its caller's, %d", t, cpu, self)
	}
	t.only.Store(int32(cpu) + 1)
	must := cpumask.Of(cpu)
	if ran := t.mask(); !ran.Subset(&must) {
		r.fail("%v ran on CPUs %v and said CPU %d", t, ran, cpu)
	}
	if err != nil {
		must = must.And(&stable)
	}
	t.done(ctx, who, must, err)
}

// setIdle gives some CPUs an idle function, or removes it.
func (r *run) setIdle(rng *rand.Rand) {
	r.count(opSetIdle)
	possible := r.sys.PossibleMask()
	mask := cpumask.Of(r.cpus[rng.IntN(len(r.cpus))], r.cpus[rng.IntN(len(r.cpus))])
	var fn func(*crosscall.CPU) bool
	if rng.IntN(3) > 0 {
		left := make([]int, len(r.cpuStates)) // how many turns each CPU requests in a row
		seed := rng.Uint64()
		fn = func(c *crosscall.CPU) bool { return r.idle(c, seed, &left[c.ID()]) }
	}
	if err := r.sys.SetIdle(&mask, fn); err != nil {
		r.fail("SetIdle(%v) of %v: %v", mask, possible, err)
	}
}

// idle is an idle function: a function at the outermost level.
func (r *run) idle(c *crosscall.CPU, seed uint64, turns *int) (again bool) {
	*turns++
	rng := rand.New(rand.NewPCG(seed, uint64(*turns)))
	s := r.enter(c, opIdle)
	defer r.leave(s, opIdle)
	s.idle = true
	defer func() { s.idle = false }()
	if s.depth != 1 {
		r.fail("CPU %d: the idle function began at depth %d", c.ID(), s.depth)
	}
	r.ran(opIdle)
	if rng.IntN(8) == 0 {
		s.serving(func() { c.Poll() })
	}
	if rng.IntN(4) == 0 {
		r.act(s, c, rng, 2)
	}
	switch rng.IntN(64) {
	case 0:
		r.panicsPosted.Add(1)
		panic(opIdle)
	case 1:
		goexit()
	}
	return *turns%8 != 0
}

// stats checks invariants of the figures.
func (r *run) stats() {
	r.count(opStats)
	for i, s := range r.sys.Stats().CPUs {
		if s.CPU != r.cpus[i] || s.Depth < 0 {
			r.fail("Stats: %+v in place %d", s, i)
		}
	}
}

// mayFail is for an error that a call may return because of its context, or of
// Close.
func (r *run) mayFail(what string, ctx context.Context, err error) {
	switch {
	case errors.Is(err, crosscall.ErrClosed) && (r.ending.Load() || r.attempts.begun.Load() > 0):
	case ctx != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()):
	default:
		r.fail("%s: %v", what, err)
	}
}

// goexit is a variable because for vet the code after runtime.Goexit would be
// unreachable.
var goexit = runtime.Goexit
