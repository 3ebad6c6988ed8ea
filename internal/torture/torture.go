package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"crosscall"
)

// Options of a run.
type Options struct {
	// System has the options of the System under test. Run sets OnPanic, and OnStall
	// unless it is set.
	System crosscall.Options

	Time       time.Duration // how long to make calls; 0: 1 s
	Seed       uint64        // of all that is random; 0: one is drawn
	Goroutines int           // that call; 0: 4
	Procs      int           // GOMAXPROCS during the run; 0: leave it

	// Patience is how long nothing at all may happen before the run counts as
	// hanging; 0: 30 s.
	Patience time.Duration
}

func (o *Options) setDefaults() {
	if o.Time == 0 {
		o.Time = time.Second
	}
	for o.Seed == 0 {
		o.Seed = rand.Uint64()
	}
	if o.Goroutines == 0 {
		o.Goroutines = 4
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	if o.System.OnStall == nil {
		o.System.OnStall = func(crosscall.Stall) {} // the watchdog reports hangs
	}
}

// run is one run.
type run struct {
	opts      Options
	sys       *crosscall.System
	cpus      []int // possible
	cpuStates []*cpuState
	masks     []*mask

	streams int // callers, for the guaranteed order
	records []*record
	object  atomic.Pointer[object]
	narrow  *crosscall.Func[argument, result]
	wide    *crosscall.Func[wide, result]
	stopped int // by Stop's function, plain: Stop must order it

	draining atomic.Bool // no more timers are set, and no pipes written
	ending   atomic.Bool // Close has been called
	over     atomic.Bool // Close has returned

	forced
	attempts forced // calls of Close that are given up
	second   second
	tally
	faults
	revive chan int
}

// Run tortures a System until o.Time has passed or ctx ends, closes it under
// load, and returns the counts. The error has the faults and the seed. After a
// hang the goroutines of the run remain.
func Run(ctx context.Context, o Options) (Report, error) {
	o.setDefaults()
	if o.Procs > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(o.Procs))
	}
	before := runtime.NumGoroutine()
	r := &run{opts: o, narrow: crosscall.NewFunc(narrow), wide: crosscall.NewFunc(broad)}
	r.opts.System.OnPanic = func(*crosscall.PanicError) { r.panicsReported.Add(1) }
	sys, err := crosscall.Open(r.opts.System)
	if err != nil {
		return Report{}, err
	}
	r.sys = sys
	r.prepare()
	ctx, cancel := context.WithTimeout(ctx, o.Time)
	defer cancel()
	r.faults.init(cancel)
	if r.watched(func() { r.torture(ctx) }) {
		r.checkCounts()
		r.leaks(before)
	}
	if err := r.faults.err(); err != nil {
		return r.report(), fmt.Errorf("torture: seed %d: %w", o.Seed, err)
	}
	return r.report(), nil
}

func (r *run) prepare() {
	possible := r.sys.PossibleMask()
	for cpu := range possible.All() {
		r.cpus = append(r.cpus, cpu)
	}
	ncpu := r.cpus[len(r.cpus)-1] + 1
	r.cpuStates = make([]*cpuState, ncpu)
	r.streams = r.opts.Goroutines + ncpu + floods
	for _, cpu := range r.cpus {
		r.cpuStates[cpu] = &cpuState{
			stream: stream{id: r.opts.Goroutines + cpu},
			seen:   make([]*task, r.streams),
		}
	}
	rng := r.rng(1 << 32)
	for range 4 {
		r.masks = append(r.masks, r.newMask(rng))
	}
	for i := range min(2*len(r.cpus), 32) {
		r.records = append(r.records, newRecord(r, r.cpus[i%len(r.cpus)], rng.Uint64()))
	}
	r.object.Store(new(object))
	r.revive = make(chan int, len(r.cpus))
	r.prepareSecond()
}

func (r *run) rng(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(r.opts.Seed, stream)) }

// torture runs all loops until ctx ends, and then closes the System under load.
func (r *run) torture(ctx context.Context) {
	r.openPipes()
	defer r.closePipes()
	var callers, others sync.WaitGroup
	quit := make(chan struct{})
	for i := range r.opts.Goroutines {
		callers.Go(func() { r.callLoop(&stream{id: i}, r.rng(uint64(i))) })
	}
	for i := range floods {
		callers.Go(func() { r.floodLoop(&stream{id: r.streams - 1 - i}, r.rng(1<<36+uint64(i))) })
	}
	others.Go(func() { r.maskLoop(quit, r.rng(1<<33)) })
	others.Go(func() { r.hotplugLoop(quit, r.rng(1<<34)) })
	others.Go(func() { r.reviveLoop(quit) })
	others.Go(func() { r.collectLoop(quit, r.rng(1<<35)) })
	<-ctx.Done()
	r.drain()
	r.ending.Store(true)
	defer r.forcing(caller{})()
	if err := r.sys.Close(); err != nil {
		r.fail("Close: %v", err)
	}
	r.over.Store(true)
	callers.Wait()
	close(quit)
	others.Wait()
	r.afterClose()
}

// callLoop makes calls as an ordinary goroutine until the System is closed.
func (r *run) callLoop(p *stream, rng *rand.Rand) {
	for !r.over.Load() {
		who := caller{source: r.sys, stream: p}
		r.issue(who, rng, rootBudget(rng))
		if len(p.pending) > maxPending {
			p.dropDone()
		}
		if len(p.pending) > maxPending {
			// A call to all CPUs waits for the posts before it, which bounds the list.
			_ = r.sys.CallEvery(context.Background(), func(*crosscall.CPU) {})
		}
	}
	r.owed(p)
}

const maxPending = 256

// collectLoop forces the garbage collector now and then: each executor has to
// reach a safe point, asleep or not.
func (r *run) collectLoop(quit chan struct{}, rng *rand.Rand) {
	for pause(quit, time.Duration(rng.IntN(50))*time.Millisecond) {
		runtime.GC()
	}
}

// pause is false if quit was closed meanwhile.
func pause(quit chan struct{}, d time.Duration) bool {
	select {
	case <-quit:
		return false
	case <-time.After(d):
		return true
	}
}

// afterClose checks the errors of a closed System.
func (r *run) afterClose() {
	ctx, fn := context.Background(), func(*crosscall.CPU) { r.fail("a function ran that was called after Close") }
	every := r.sys.PossibleMask()
	_, any := r.sys.CallAny(ctx, &every, fn)
	for _, got := range []struct {
		what string
		err  error
		want error
	}{
		{"Call", r.sys.Call(ctx, r.cpus[0], fn), crosscall.ErrClosed},
		{"Post", r.sys.Post(r.cpus[0], fn), crosscall.ErrClosed},
		{"TryPost", r.sys.TryPost(r.cpus[0], fn), crosscall.ErrClosed},
		{"PostContext", r.sys.PostContext(ctx, r.cpus[0], fn), crosscall.ErrClosed},
		{"CallMany", r.sys.CallMany(ctx, &every, fn), crosscall.ErrClosed},
		{"PostMany", r.sys.PostMany(&every, fn), crosscall.ErrClosed},
		{"CallAny", any, crosscall.ErrClosed},
		{"Fence", r.sys.Fence(ctx), crosscall.ErrClosed},
		{"Stop", r.sys.Stop(ctx, fn), crosscall.ErrClosed},
		{"Online", r.sys.Online(ctx, r.cpus[0]), crosscall.ErrClosed},
	} {
		if !errors.Is(got.err, got.want) && !(got.what == "CallAny" && errors.Is(got.err, crosscall.ErrNoCPU)) {
			r.fail("%s after Close: %v", got.what, got.err)
		}
	}
}

// checkCounts checks the counts once nothing runs any more.
func (r *run) checkCounts() {
	for _, cpu := range r.cpus {
		s := r.cpuStates[cpu]
		r.owed(&s.stream)
		if s.depth != 0 || s.open != 0 {
			r.fail("CPU %d ended within %d functions", cpu, s.depth)
		}
	}
	for _, rec := range r.records {
		rec.checkCounts(r)
	}
	r.checkSecond()
	if did, told := r.panicsPosted.Load(), r.panicsReported.Load(); did != told {
		r.fail("%d functions without a waiting caller panicked, OnPanic was called for %d", did, told)
	}
}

// owed checks a caller's posts that have not run.
func (r *run) owed(p *stream) {
	p.dropDone()
	for _, t := range p.pending {
		missing := t.missing()
		r.fail("%v was accepted and never ran on CPUs %v", t, missing)
	}
}
