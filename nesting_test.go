package crosscall

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/cpumask"
)

// stacks is the memory that all stacks take, in bytes.
func stacks() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// openLoad posts functions to a CPU without a pause. The functions wait there.
type openLoad struct {
	t        *testing.T
	s        *System
	cpu      int
	room     int64 // how many functions may be accepted and not have returned
	deepest  int   // functions on the CPU's stack
	overtake int   // functions that may run while one waits
	accepted atomic.Int64
	finished atomic.Int64

	// Of the CPU: its functions alone use them.
	begun, depth int
}

// newLoad makes one. called says whether other CPUs call this one. In a single queue
// all earlier requests run before such a call, at any depth.
func newLoad(t *testing.T, s *System, cpu int, called bool) *openLoad {
	l := &openLoad{t: t, s: s, cpu: cpu, room: 256, deepest: MaxNesting, overtake: maxOvertaking + MaxNesting}
	single := s.opts.One == SingleQueue
	if single {
		l.room *= int64(s.possible.Weight() + 1)
	}
	switch {
	case called && single:
		l.deepest, l.overtake = 3*int(l.room), l.overtake+int(l.room)
	case called: // once for each post on the other CPU, and once for its calls for each post here
		l.deepest *= 3
	}
	return l
}

// enter and leave are the frame of each function on the CPU.
func (l *openLoad) enter() {
	if l.depth++; l.depth > l.deepest {
		l.t.Errorf("CPU %d: %d functions in each other", l.cpu, l.depth)
	}
}

func (l *openLoad) leave() { l.depth-- }

// post posts wait once, and reports whether to continue.
func (l *openLoad) post(wait func(*CPU)) bool {
	err := l.s.Post(l.cpu, func(c *CPU) {
		l.enter()
		l.begun++
		first := l.begun
		wait(c)
		if n := l.begun - first; n > l.overtake {
			l.t.Errorf("CPU %d: a function was kept waiting by %d others", l.cpu, n)
		}
		l.leave()
		l.finished.Add(1)
	})
	if err != nil {
		l.t.Error(err)
		return false
	}
	if n := l.accepted.Add(1) - l.finished.Load(); n > l.room {
		l.t.Errorf("CPU %d: %d posts are accepted and have not returned", l.cpu, n)
		return false
	}
	return !l.t.Failed()
}

// run has three goroutines post until enough have returned, and all to the end.
func (l *openLoad) run(wait func(*CPU)) {
	const enough = 3000
	var posters sync.WaitGroup
	for range 3 {
		posters.Go(func() {
			for l.finished.Load() < enough && l.post(wait) {
			}
		})
	}
	posters.Wait()
}

// done waits until all that was accepted has returned.
func (l *openLoad) done() {
	until(l.t, "all posts have returned", func() bool { return l.accepted.Load() == l.finished.Load() })
}

// boundedStacks fails the test if f takes much memory for stacks. A function on
// a stack takes less than 2 kB here.
func boundedStacks(t *testing.T, f func()) {
	before := stacks()
	var most atomic.Uint64
	over := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			most.Store(max(most.Load(), stacks()))
			select {
			case <-over:
				return
			case <-time.After(time.Millisecond):
			}
		}
	})
	f()
	close(over)
	wg.Wait()
	if n := most.Load(); n > before+maxStacks {
		t.Errorf("stacks took %d kB before and %d kB meanwhile", before>>10, n>>10)
	}
}

// maxStacks is for four CPUs with as many functions on the stack as a single queue has
// room for, 1280, and frames as the race detector makes them; a stack doubles when it
// grows. Without a bound the stacks grow by some 100 MB a second.
const maxStacks = 64 << 20

func busyFor(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

// Posts without a pause whose functions wait: no more are accepted than there is
// room for, they nest no deeper than documented, and the oldest function ends.
func TestOpenLoadOfWaitingFunctions(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		l := newLoad(t, s, 0, false)
		boundedStacks(t, func() {
			l.run(func(c *CPU) {
				must(t, c.Call(ctx, 1, func(*CPU) { busyFor(50 * time.Microsecond) }))
			})
		})
		l.done()
	})
}

// While one function waits for long, no more than so many others run; then there is
// no room.
func TestPostsThatOvertakeAreBounded(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 2)
		waits := make(chan struct{})
		must(t, s.Post(0, func(c *CPU) {
			close(waits)
			must(t, c.Call(ctx, 2, nop))
		}))
		<-waits
		var ran atomic.Int64
		accepted := int64(0)
		until(t, "there is no room, and enough have overtaken", func() bool {
			for s.TryPost(0, func(*CPU) { ran.Add(1) }) == nil {
				if accepted++; accepted > 10_000 {
					t.Fatalf("%d of %d functions ran during one wait", ran.Load(), accepted)
				}
			}
			limited := false
			on(t, s, 1, func(c *CPU) {
				must(t, c.Call(ctx, 0, func(d *CPU) { limited = d.in.Limited() }))
			})
			return limited
		})
		most := int64(maxOvertaking)
		if s.opts.One == SingleQueue { // CPU 1's call comes after all that was there
			most += 256 * 4
		}
		if n := ran.Load(); n > most {
			t.Errorf("%d functions ran during one wait", n)
		}
		release()
		until(t, "all have run", func() bool { return ran.Load() == accepted })
	})
}

// The same in both directions, with a call back: each post has at most one
// function on the stack of the other CPU, and one more on that of its own.
func TestOpenLoadBothWays(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		loads := []*openLoad{newLoad(t, s, 0, true), newLoad(t, s, 1, true)}
		boundedStacks(t, func() {
			var wg sync.WaitGroup
			for me, l := range loads {
				other := loads[1-me]
				wg.Go(func() {
					l.run(func(c *CPU) {
						must(t, c.Call(ctx, 1-me, func(d *CPU) {
							other.enter()
							must(t, d.Call(ctx, me, func(*CPU) {
								l.enter()
								l.leave()
							}))
							other.leave()
						}))
					})
				})
			}
			wg.Wait()
		})
		for _, l := range loads {
			l.done()
		}
	})
}

// Functions that wait, call and post at random, on more CPUs than there are:
// everything ends, and all that was accepted has run.
func TestRandomNesting(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		var accepted, finished atomic.Int64
		var fn func(seed uint64, budget int) func(*CPU)
		fn = func(seed uint64, budget int) func(*CPU) {
			return func(c *CPU) {
				defer finished.Add(1)
				rng := rand.New(rand.NewPCG(seed, uint64(c.ID())))
				for ; budget > 0; budget-- {
					next := fn(rng.Uint64(), rng.IntN(budget))
					var err error
					accepted.Add(1) // before: next may finish first
					switch cpu := rng.IntN(4); rng.IntN(4) {
					case 0:
						err = c.Call(ctx, cpu, next)
					case 1:
						err = s.Call(ctx, cpu, next)
					case 2:
						err = c.Post(cpu, next)
					case 3:
						err = c.TryPost(cpu, next)
					}
					if err != nil {
						accepted.Add(-1)
						if !errors.Is(err, ErrFull) {
							t.Error(err)
						}
					}
				}
			}
		}
		boundedStacks(t, func() {
			var posters sync.WaitGroup
			for i := range 4 {
				posters.Go(func() {
					for n := range 2000 {
						accepted.Add(1)
						must(t, s.Post(i, fn(uint64(n), n%5)))
					}
				})
			}
			posters.Wait()
			until(t, "all have run", func() bool { return accepted.Load() == finished.Load() })
		})
	})
}

// A post without room by a function at the nesting limit returns ErrFull: to wait
// for room, the CPU would have to serve.
func TestPostAtTheLimit(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		room, held := block(t, s, 1), block(t, s, 2)
		for s.TryPost(1, nop) == nil {
		}
		depth := 0
		var beyond atomic.Int32
		told := make(chan error, 2)
		wait := func(c *CPU) {
			if depth++; depth == MaxNesting {
				for c.TryPost(1, nop) == nil {
				}
				told <- c.Post(1, nop)
				told <- c.PostContext(ctx, 1, nop)
			}
			must(t, c.Call(ctx, 2, nop))
			depth--
		}
		for range MaxNesting {
			must(t, s.Post(0, wait))
		}
		for range 2 {
			wantErr(t, "post at the limit", <-told, ErrFull)
		}
		must(t, s.Post(0, func(*CPU) { beyond.Store(int32(depth)) }))
		room()
		held()
		// A goroutine's call waits until the CPU is no longer limited. Those of flushAll are
		// urgent, and in the single queue they bring the post along.
		must(t, s.Call(ctx, 0, nop))
		flushAll(t, s)
		if n := beyond.Load(); n >= MaxNesting {
			t.Errorf("a post began within %d functions", n)
		}
	})
}

// TryPost and posts of records run nothing on the caller's CPU and do not wait.
// Post does both.
func TestTryPostRunsNothing(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		for s.TryPost(1, nop) == nil { // as a single queue is one for all
		}
		var ran int
		on(t, s, 0, func(c *CPU) {
			for range 10 {
				must(t, c.TryPost(0, func(*CPU) { ran++ }))
			}
			for c.TryPost(1, nop) == nil {
			}
			rec := NewRecord(nop)
			ended, cancel := context.WithCancel(ctx)
			cancel()
			for range 300 {
				wantErr(t, "TryPost", c.TryPost(1, nop), ErrFull)
				wantErr(t, "TryPost by the System", s.TryPost(1, nop), ErrFull)
				wantErr(t, "PostRecord", c.PostRecord(1, rec), ErrFull)
				_, err := c.QueueRecord(1, rec)
				wantErr(t, "QueueRecord", err, ErrFull)
				if ran != 0 {
					t.Errorf("%d functions ran meanwhile", ran)
				}
			}
			wantErr(t, "PostContext", c.PostContext(ended, 1, nop), context.Canceled)
		})
		wantErr(t, "TryPost by a goroutine", s.TryPost(1, nop), ErrFull)
		release()
		flushAll(t, s)
		if ran != 10 {
			t.Errorf("%d of 10 functions ran", ran)
		}
	})
}

// goesByMailbox fails the test unless calls from CPU 0 to CPU 1, and of goroutines
// to CPU 1, go by the mailboxes.
func goesByMailbox(t *testing.T, s *System) {
	t.Helper()
	const calls = 10
	on(t, s, 0, func(c *CPU) {
		must(t, c.Call(ctx, 1, nop)) // makes the lane; all earlier answers have arrived
		before := c.called.Get()
		for range calls {
			must(t, c.Call(ctx, 1, nop))
		}
		if n := c.called.Get() - before; n != calls {
			t.Errorf("%d of %d calls of a CPU went by mailbox", n, calls)
		}
	})
	must(t, s.Call(ctx, 1, nop))
	before := s.cpus[1].tally.guests
	for range calls {
		must(t, s.Call(ctx, 1, nop))
	}
	if n := s.cpus[1].tally.guests - before; n != calls {
		t.Errorf("%d of %d calls of a goroutine went by mailbox", n, calls)
	}
}

// A mailbox that its waiter has abandoned becomes free again.
func TestMailboxIsFreeAfterItsWaiterHasLeft(t *testing.T) {
	limit(t)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for name, leave := range map[string]func(s *System) error{
		"Goexit in CallEvery": func(s *System) error {
			return s.Call(ctx, 0, func(c *CPU) { _ = c.CallEvery(ctx, func(*CPU) { runtime.Goexit() }) })
		},
		"Goexit below a wait": func(s *System) error {
			return s.Call(ctx, 0, func(c *CPU) {
				_ = c.Call(ctx, 1, func(d *CPU) { _ = d.Call(ctx, 0, goexit) })
			})
		},
		"context of a CPU": func(s *System) error {
			return s.Call(ctx, 0, func(c *CPU) { _ = c.Call(ended, 1, nop) })
		},
		"context of a goroutine": func(s *System) error { return s.Call(ended, 1, nop) },
		"Goexit of a goroutine's function": func(s *System) error {
			return errors.Join(s.Call(ctx, 0, goexit), s.Call(ctx, 1, goexit))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, virtual(2))
			goesByMailbox(t, s)
			for range 3 {
				switch err := leave(s); {
				case err == nil, errors.Is(err, ErrExited), errors.Is(err, context.Canceled):
				default:
					t.Error(err)
				}
				goesByMailbox(t, s)
			}
		})
	}
}

// A CPU that has found a function by spinning does not count as spinning while it
// runs that function.
func TestFunctionsDoNotRunAsSpinning(t *testing.T) {
	limit(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	cpus := usable(t)
	one := cpus.First()
	s := open(t, Options{CPUs: cpumask.Of(one), Spin: 2 * time.Millisecond}) // others would count
	found := 0
	until(t, "functions were found by spinning", func() bool {
		for range 100 {
			if s.spinner.now.Load() == 1 {
				found++
			}
			ran := make(chan int32) // a goroutine that waits in Call may spin itself
			must(t, s.Post(one, func(c *CPU) { ran <- c.sys.spinner.now.Load() }))
			if n := <-ran; n != 0 {
				t.Errorf("%d CPUs spin, and the only one runs a function", n)
			}
		}
		return found > 20 || t.Failed()
	})
}
