package crosscall

import (
	"context"
	"sync"

	"crosscall/cpumask"
	"crosscall/internal/callqueue"
)

// AfterFence has fn run once every CPU has passed a point where it held nothing (see Fence), and
// does not wait. fn runs on the caller's CPU, or, for a goroutine, on some CPU. What precedes
// AfterFence happens before fn. Functions of a CPU run in the order of its AfterFence calls.
// ErrClosed: a Close has begun. See call_rcu in kernel/rcu/tree.c, and [Caller].
func (s *System) AfterFence(fn func(*CPU)) error { return s.caller().afterFence(fn) }

// AfterFence has fn run once every CPU has passed a point where it held nothing (see Fence), and
// does not wait. fn runs on the caller's CPU, or, for a goroutine, on some CPU. What precedes
// AfterFence happens before fn. Functions of a CPU run in the order of its AfterFence calls.
// ErrClosed: a Close has begun. See call_rcu in kernel/rcu/tree.c, and [Caller].
func (c *CPU) AfterFence(fn func(*CPU)) error { return c.afterFence(fn) }

func (k *calls) afterFence(fn func(*CPU)) error {
	mustFunc(fn)
	f := &fenced{c: k.cpu, fn: fn}
	f.done.Init(fn)
	for {
		if err := k.notClosing(context.Background()); err != nil {
			return err
		}
		if k.sys.grace.add(k.sys, f) {
			return nil
		}
	}
}

// fenced is a function that is to run after a fence.
type fenced struct {
	c    *CPU // the caller; nil: a goroutine
	fn   func(*CPU)
	done callqueue.Completion[*CPU]
}

// grace has the grace periods of a System: fences, one at a time, each for all
// functions that were waiting when it began. A goroutine makes them, because a fence
// waits for room in rings, and then for all CPUs. It ends when no function waits.
type grace struct {
	mu      sync.Mutex
	waiting []*fenced     // for the next period
	ended   chan struct{} // closed when the goroutine ends; nil: there is none
	closed  bool          // accepts no more functions
}

// add returns false if a Close has begun.
func (g *grace) add(s *System, f *fenced) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.waiting = append(g.waiting, f)
	if g.ended == nil {
		g.ended = make(chan struct{})
		go g.run(s)
	}
	return true
}

// refuse sets whether functions are refused.
func (g *grace) refuse(yes bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = yes
}

// over waits until all accepted functions have been sent to their CPUs.
func (g *grace) over(ctx context.Context) error {
	g.mu.Lock()
	ended := g.ended
	g.mu.Unlock()
	if ended == nil {
		return nil
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *grace) run(s *System) {
	for {
		g.mu.Lock()
		fns := g.waiting
		g.waiting = nil
		if len(fns) == 0 {
			close(g.ended)
			g.ended = nil
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		awake := s.awake()
		// It fails only if a context ends.
		_ = s.force(context.Background(), &awake, func(*CPU) {}, (*callqueue.CSD).ArmFence)
		for _, f := range fns {
			s.runFenced(f)
		}
	}
}

// awake returns the CPUs that may hold something. An executor that sleeps with no
// function on its stack holds nothing, so it need not be woken for a fence.
//
// Claim: for a CPU that is left out, everything before awake happens before all that the CPU
// runs after that sleep, and all that it ran before happens before the return of awake. Proof:
// the CPU sets asleep when it holds nothing, after all that it has run, and swaps it back
// before it runs anything. The compare-and-swap here succeeds between the two: it reads the
// value that the CPU stored, and the swap reads the value of the compare-and-swap. A load here
// would not be enough: as in store buffering, the CPU might miss what was unlinked before the
// load.
func (s *System) awake() (mask cpumask.Mask) {
	for cpu := range s.possible.All() {
		if !s.cpus[cpu].tally.asleep.CompareAndSwap(true, true) {
			mask.Set(cpu)
		}
	}
	return mask
}

// runFenced runs a function on the CPU that called AfterFence, or on any CPU that
// takes calls. After a Close has begun it may be any CPU at all, because Close
// waits for the function.
func (s *System) runFenced(f *fenced) {
	if c := f.c; c != nil {
		c.in.Push(&f.done)
		c.bell.Ring()
		return
	}
	for spins := 0; ; spins++ {
		online := s.OnlineMask()
		force := online.Empty()
		if force {
			online = s.possible
		}
		if s.src.TryPost(s.nearest(&online), f.fn, nil, force) == callqueue.Posted {
			return
		}
		s.yieldBackoff(spins)
	}
}
