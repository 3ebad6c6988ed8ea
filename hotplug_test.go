package crosscall

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/cpumask"
)

// wantErr fails the test unless got is want. It may be used on an executor.
func wantErr(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// meet returns once n goroutines have called it.
func meet(n int) (arrive func()) {
	var wg sync.WaitGroup
	wg.Add(n)
	return func() {
		wg.Done()
		wg.Wait()
	}
}

func TestOfflineRefuses(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		for _, cpu := range []int{-1, 3, 64, cpumask.Max} {
			wantErr(t, "Offline of no CPU", s.Offline(ctx, cpu), ErrOffline)
			wantErr(t, "Online of no CPU", s.Online(ctx, cpu), ErrOffline)
		}
		on(t, s, 1, func(*CPU) {
			wantErr(t, "Offline of the CPU that calls it", s.Offline(ctx, 1), ErrDeadlock)
		})
		must(t, s.Offline(ctx, 0))
		wantErr(t, "Offline of a CPU that is offline", s.Offline(ctx, 0), ErrOffline)
		must(t, s.Offline(ctx, 1))
		wantErr(t, "Offline of the last CPU", s.Offline(ctx, 2), ErrBusy)
		must(t, s.Online(ctx, 1))
		must(t, s.Online(ctx, 1))
		if got, want := s.OnlineMask(), cpumask.Of(1, 2); got != want {
			t.Errorf("online: %v, want %v", got, want)
		}
		if got, want := s.PossibleMask(), cpumask.Range(0, 2); got != want {
			t.Errorf("possible: %v, want %v", got, want)
		}
	})
}

func TestCallsToAnOfflineCPU(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 1))
		asCallers(t, s, func(t *testing.T, k Caller) {
			never := func(*CPU) { t.Error("ran on a CPU that is offline") }
			wantErr(t, "Call", k.Call(ctx, 1, never), ErrOffline)
			wantErr(t, "Post", k.Post(1, never), ErrOffline)
			wantErr(t, "TryPost", k.TryPost(1, never), ErrOffline)
			wantErr(t, "PostContext", k.PostContext(ctx, 1, never), ErrOffline)
			wantErr(t, "PostBackground", k.PostBackground(1, never), ErrOffline)
			_, err := k.Async(1, never)
			wantErr(t, "Async", err, ErrOffline)
			r := NewRecord(nop)
			wantErr(t, "PostRecord", k.PostRecord(1, r), ErrOffline)
			_, err = k.QueueRecord(1, r)
			wantErr(t, "QueueRecord", err, ErrOffline)
			must(t, k.PostRecord(0, r)) // not left busy

			one := cpumask.Of(1)
			wantErr(t, "CallMany", k.CallMany(ctx, &one, never), ErrNoCPU)
			wantErr(t, "PostMany", k.PostMany(&one, never), ErrNoCPU)
			all := func(int) bool { return true }
			wantErr(t, "CallCond", k.CallCond(ctx, &one, all, never), ErrNoCPU)
			wantErr(t, "PostCond", k.PostCond(&one, all, never), ErrNoCPU)
			_, err = k.CallAny(ctx, &one, never)
			wantErr(t, "CallAny", err, ErrNoCPU)
			_, err = k.PostAny(&one, never)
			wantErr(t, "PostAny", err, ErrNoCPU)
			two := cpumask.Of(1, 2)
			if cpu, err := k.CallAny(ctx, &two, nop); cpu != 2 || err != nil {
				t.Errorf("CallAny of an offline CPU and CPU 2: %d, %v", cpu, err)
			}

			var every ran
			must(t, k.CallEvery(ctx, every.fn))
			every.once(t, cpumask.Of(0, 2))
		})

		must(t, s.Online(ctx, 1))
		var every ran
		must(t, s.CallEvery(ctx, every.fn))
		every.once(t, cpumask.Range(0, 2))
		must(t, s.Call(ctx, 1, nop))
	})
}

// sender makes calls of all kinds until it is stopped, and counts those to one
// CPU that were accepted.
type sender struct {
	ran      *tasks // by CPU, on that CPU
	accepted [cpumask.Max]int
}

func (l *sender) send(t testing.TB, k Caller, possible cpumask.Mask, stop func() bool) {
	r := NewRecord(nop)
	for i := 0; !stop(); i++ {
		cpu := rand.IntN(possible.Weight())
		var err error
		switch i % 6 {
		case 0, 1:
			if err = k.Call(ctx, cpu, l.ran.fn); err == nil {
				l.accepted[cpu]++
			}
		case 2, 3:
			if err = k.Post(cpu, l.ran.fn); err == nil {
				l.accepted[cpu]++
			}
		case 4:
			err = k.CallMany(ctx, &possible, nop)
		case 5:
			_, err = k.QueueRecord(cpu, r)
		}
		if err != nil && !errors.Is(err, ErrOffline) && !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	}
}

// A CPU runs all that it has accepted before it is offline, and no waiter is
// stuck. The race detector checks that nothing runs there afterwards: the count
// is plain, and is read after Offline.
func TestOfflineUnderLoad(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		const rounds = 40
		var ran tasks
		var over atomic.Bool
		var wg sync.WaitGroup
		senders := make([]sender, 4)
		for i := range senders {
			senders[i].ran = &ran
			wg.Go(func() {
				l := &senders[i]
				if i%2 == 0 {
					l.send(t, s, s.PossibleMask(), over.Load)
					return
				}
				for !over.Load() { // by CPU 0 and 3, which stay online
					n := 0
					on(t, s, i/2*3, func(c *CPU) {
						l.send(t, c, s.PossibleMask(), func() bool { n++; return n > 50 })
					})
				}
			})
		}
		for i := range rounds {
			cpu := 1 + i%2
			must(t, s.Offline(ctx, cpu))
			before := ran[cpu]
			for range 20 {
				runtime.Gosched()
			}
			if after := ran[cpu]; after != before {
				t.Errorf("CPU %d ran %d functions while offline", cpu, after-before)
			}
			must(t, s.Online(ctx, cpu))
		}
		over.Store(true)
		wg.Wait()
		must(t, s.Close())
		for cpu := range s.possible.All() {
			accepted := 0
			for i := range senders {
				accepted += senders[i].accepted[cpu]
			}
			if ran[cpu] != accepted {
				t.Errorf("CPU %d ran %d functions, had accepted %d", cpu, ran[cpu], accepted)
			}
		}
	})
}

// goes starts f and returns a channel with what it returns.
func goes(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

// A function that waits for another CPU ends, whichever of the two CPUs goes
// offline.
func TestOfflineWhileAFunctionWaits(t *testing.T) {
	for _, leaves := range []int{1, 2} {
		overDesigns(t, 3, func(t *testing.T, s *System) {
			release := block(t, s, 2)
			finished := false
			before := s.cpus[2].in.Depth() // functions that run may count: the ring's slots are released by the batch
			must(t, s.Post(1, func(c *CPU) {
				must(t, c.Call(ctx, 2, nop))
				finished = true
			}))
			until(t, "CPU 1 waits for CPU 2", func() bool { return s.cpus[2].in.Depth() > before })
			off := goes(func() error { return s.Offline(ctx, leaves) })
			until(t, "it goes offline", func() bool { return !s.queue.Online(leaves) })
			select {
			case err := <-off:
				t.Error("offline with a function that runs: ", err)
			default:
			}
			release()
			must(t, <-off)
			if leaves == 1 && !finished {
				t.Error("the function had not finished")
			}
			flush(t, s)
			if leaves == 2 && !finished {
				t.Error("its call to the CPU that went offline was lost")
			}
		})
	}
}

func TestOfflineOfEachOther(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		for range 30 {
			arrive := meet(2)
			var errs [2]error
			var wg sync.WaitGroup
			for me := range 2 {
				wg.Go(func() {
					must(t, s.Call(ctx, me, func(*CPU) {
						arrive()
						errs[me] = s.Offline(ctx, 1-me)
					}))
				})
			}
			wg.Wait()
			if errs[0] == nil && errs[1] == nil {
				t.Error("each took the other offline")
			}
			for me, err := range errs {
				if err != nil {
					wantErr(t, "the one that lost", err, ErrOffline)
				}
				if s.queue.Online(1-me) != (err != nil) {
					t.Errorf("Offline(%d) = %v, and it is online: %v", 1-me, err, s.queue.Online(1-me))
				}
				must(t, s.Online(ctx, 1-me))
			}
		}
	})
}

func TestOfflineGivenUp(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		for _, by := range []string{"goroutine", "CPU"} {
			bounded, cancel := context.WithCancel(ctx)
			off := goes(func() (err error) {
				if by == "goroutine" {
					return s.Offline(bounded, 1)
				}
				on(t, s, 0, func(*CPU) { err = s.Offline(bounded, 1) })
				return err
			})
			until(t, "it goes offline", func() bool { return !s.queue.Online(1) })
			cancel()
			wantErr(t, "Offline of a CPU that runs a function", <-off, context.Canceled)
			if online := s.OnlineMask(); online != s.possible {
				t.Errorf("online afterwards: %v", online)
			}
		}
		posted := false
		must(t, s.Post(1, func(*CPU) { posted = true }))
		release()
		must(t, s.Offline(ctx, 1))
		if !posted {
			t.Error("a post to a CPU that stayed online has not run")
		}
	})
}

// While CPU 0 delays Offline(1), the loop on CPU 1 has to return. When Offline
// is given up, the loop must run again, although CPU 1 is not called.
func TestOfflineGivenUpRestartsTheLoop(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	var begun atomic.Int32
	mask := cpumask.Of(1)
	must(t, s.SetIdle(&mask, func(c *CPU) bool {
		begun.Add(1)
		for c.Online() {
			c.Poll()
			runtime.Gosched()
		}
		return true
	}))
	until(t, "the loop runs", func() bool { return begun.Load() == 1 })
	block(t, s, 0)
	bounded, cancel := context.WithCancel(ctx)
	off := goes(func() error { return s.Offline(bounded, 1) })
	until(t, "CPU 1 rests", s.cpus[1].tally.asleep.Load)
	cancel()
	wantErr(t, "Offline", <-off, context.Canceled)
	until(t, "the loop runs again", func() bool { return begun.Load() == 2 })
}

func TestIdleRunsUntilRemoved(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		n := make([]int, last(s)+1) // each is its CPU's
		online := s.OnlineMask()
		must(t, s.SetIdle(&online, func(c *CPU) bool {
			n[c.ID()]++
			runtime.Gosched()
			return true
		}))
		for cpu := range online.All() {
			until(t, "it runs again and again", func() bool {
				seen, err := Eval(ctx, s, cpu, func(*CPU) int { return n[cpu] })
				must(t, err)
				return seen > 5
			})
		}
		must(t, s.SetIdle(&online, nil))
		flush(t, s)
		before := slices.Clone(n)
		flush(t, s)
		if !slices.Equal(n, before) {
			t.Error("ran after it was removed")
		}
	})
}

// After false it runs again when the CPU has served a call.
func TestIdleThatSleeps(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	mask := cpumask.Of(1)
	var n atomic.Int32
	must(t, s.SetIdle(&mask, func(*CPU) bool { n.Add(1); return false }))
	for range 20 {
		until(t, "CPU 1 rests", s.cpus[1].tally.asleep.Load)
		before := n.Load()
		must(t, s.Post(1, nop))
		until(t, "it runs after the post", func() bool { return n.Load() > before })
	}
	wantErr(t, "SetIdle of a CPU that is not there", s.SetIdle(&[]cpumask.Mask{cpumask.Of(1, 2)}[0], nil), ErrOffline)
}

func TestPollInIdleServes(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		mask := cpumask.Of(1)
		served := 0
		quit := false
		must(t, s.SetIdle(&mask, func(c *CPU) bool {
			for c.Online() && !quit {
				served += c.Poll()
				runtime.Gosched()
			}
			return false
		}))
		for range 50 {
			must(t, s.Call(ctx, 1, nop))
			on(t, s, 0, func(c *CPU) { must(t, c.Call(ctx, 1, nop)) })
		}
		must(t, s.Call(ctx, 1, func(*CPU) { quit = true }))
		must(t, s.Offline(ctx, 1))
		if served == 0 {
			t.Error("Poll served nothing, the loop never returned, and yet calls were answered")
		}
	})
}

func TestIdleThatPanics(t *testing.T) {
	limit(t)
	o := virtual(2)
	panics := make(chan *PanicError, 100)
	o.OnPanic = func(p *PanicError) { panics <- p }
	s := open(t, o)
	mask := cpumask.Of(1)
	n := 0
	must(t, s.SetIdle(&mask, func(*CPU) bool { n++; panic("idle") }))
	if p := <-panics; p.CPU != 1 || p.Value != "idle" || len(p.Stack) == 0 {
		t.Errorf("reported: %+v", p)
	}
	for range 3 {
		flush(t, s)
	}
	must(t, s.Close())
	if n != 1 || len(panics) != 0 {
		t.Errorf("ran %d times, want once", n)
	}
}

// Each function that SetIdle sets is run, whatever the executor does at that
// moment.
func TestSetIdleIsNeverLost(t *testing.T) {
	for _, spin := range []time.Duration{-1, 0, 500 * time.Microsecond} {
		limit(t)
		o := Options{CPUs: usable(t), Spin: spin}
		s := open(t, o)
		cpu := last(s)
		mask := cpumask.Of(cpu)
		var over atomic.Bool
		var wg sync.WaitGroup
		wg.Go(func() {
			for !over.Load() {
				must(t, s.Post(cpu, nop))
				time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
			}
		})
		for range 300 {
			begun := make(chan struct{})
			once := sync.OnceFunc(func() { close(begun) })
			must(t, s.SetIdle(&mask, func(*CPU) bool { once(); return false }))
			<-begun
			if rand.IntN(2) == 0 {
				time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
			}
		}
		over.Store(true)
		wg.Wait()
	}
}

// A thread-per-core program: each CPU stays in a loop of its own, calls others,
// and leaves only when it goes offline.
func TestThreadPerCoreLoop(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var begun, ended, shard [2]int // each CPU's own
		mask := s.PossibleMask()
		loop := func(c *CPU) bool {
			begun[c.ID()]++
			for i := 0; c.Online(); i++ {
				c.Poll()
				if i%8 == 0 {
					err := c.Call(ctx, 1-c.ID(), func(d *CPU) { shard[d.ID()]++ })
					if err != nil && !errors.Is(err, ErrOffline) && !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
				}
				runtime.Gosched()
			}
			ended[c.ID()]++
			return true
		}
		must(t, s.SetIdle(&mask, loop))
		served := func(cpu int) bool {
			n, err := Eval(ctx, s, cpu, func(*CPU) int { return shard[cpu] })
			must(t, err)
			return n > 3
		}
		until(t, "CPU 0 serves", func() bool { return served(0) })
		until(t, "CPU 1 serves", func() bool { return served(1) })
		must(t, s.Fence(ctx))
		must(t, s.Stop(ctx, func(*CPU) { shard[0], shard[1] = 0, 0 }))

		must(t, s.Offline(ctx, 1))
		if begun[1] != ended[1] || begun[1] == 0 {
			t.Errorf("offline with a loop that was begun %d times and ended %d", begun[1], ended[1])
		}
		stays := begun[1]
		must(t, s.Call(ctx, 0, nop))
		must(t, s.Fence(ctx))
		if begun[1] != stays {
			t.Error("the loop runs on a CPU that is offline")
		}
		must(t, s.Online(ctx, 1))
		until(t, "CPU 1 serves again", func() bool { return served(1) })
		must(t, s.Close())
		if begun != ended {
			t.Errorf("closed with loops begun %v and ended %v", begun, ended)
		}
	})
}

func TestCloseDrains(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		const each = 40
		var posts, many tasks
		var records atomic.Int32
		for range each {
			must(t, s.Post(1, posts.fn))
			must(t, s.PostEvery(many.fn))
			must(t, s.PostRecord(1, NewRecord(func(*CPU) { records.Add(1) })))
		}
		on(t, s, 0, func(c *CPU) {
			for range each {
				must(t, c.Post(1, posts.fn))
				must(t, c.PostEvery(many.fn))
			}
		})
		call := goes(func() error { return s.Call(ctx, 1, posts.fn) })
		bounded, cancel := context.WithCancel(ctx)
		defer cancel()
		byRecord := goes(func() error { return s.Call(bounded, 1, posts.fn) })
		until(t, "all are on their way", func() bool {
			waiting, _ := s.cpus[1].in.Posts()
			return waiting >= each && s.cpus[1].in.Depth() > waiting || s.opts.One == SingleQueue
		})
		closing := goes(s.Close)
		until(t, "it closes", s.closed.Load)
		wantErr(t, "Call to a System that closes", s.Call(ctx, 0, nop), ErrClosed)
		wantErr(t, "Post", s.Post(0, nop), ErrClosed)
		wantErr(t, "CallEvery", s.CallEvery(ctx, nop), ErrClosed)
		select {
		case <-closing:
			t.Error("closed with a function that runs")
		default:
		}
		release()
		must(t, <-closing)
		made := 2 * each
		for _, err := range []error{<-call, <-byRecord} {
			if err == nil {
				made++
			} else {
				wantErr(t, "a call made while it closes", err, ErrClosed)
			}
		}
		posts.are(t, made, cpumask.Of(1))
		many.are(t, 2*each, s.possible)
		if records.Load() != each {
			t.Errorf("%d records of %d", records.Load(), each)
		}
	})
}

func TestAfterClose(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		cpu := last(s)
		on(t, s, cpu, func(*CPU) { wantErr(t, "Close from a CPU", s.Close(), ErrDeadlock) })
		last := false
		must(t, s.Post(cpu, func(*CPU) { last = true }))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				must(t, s.Close())
				if !last {
					t.Error("closed, and a post has not run")
				}
			})
		}
		wg.Wait()
		must(t, s.Close())

		mask := s.PossibleMask()
		_, anyErr := s.CallAny(ctx, &mask, nop)
		for what, err := range map[string]error{
			"Call":       s.Call(ctx, cpu, nop),
			"Post":       s.Post(cpu, nop),
			"CallMany":   s.CallMany(ctx, &mask, nop),
			"PostMany":   s.PostMany(&mask, nop),
			"PostRecord": s.PostRecord(cpu, NewRecord(nop)),
			"Fence":      s.Fence(ctx),
			"Stop":       s.Stop(ctx, nop),
			"Offline":    s.Offline(ctx, cpu),
			"Online":     s.Online(ctx, cpu),
			"CallAny":    anyErr,
		} {
			wantErr(t, what, err, ErrClosed)
		}
		if online := s.OnlineMask(); !online.Empty() {
			t.Errorf("online: %v", online)
		}
		must(t, s.SetIdle(&mask, nil))
		s.Stats()
	})
}

// Every call that is running when Close is called returns a result or ErrClosed:
// none hangs.
func TestCloseRacesWithAll(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		flips := 0
		every := map[string]func(k Caller) error{
			"Call":      func(k Caller) error { return k.Call(ctx, 2, nop) },
			"Post":      func(k Caller) error { return k.Post(3, nop) },
			"CallEvery": func(k Caller) error { return k.CallEvery(ctx, nop) },
			"PostEvery": func(k Caller) error { return k.PostEvery(nop) },
			"Fence":     func(k Caller) error { return k.Fence(ctx) },
			"Stop":      func(k Caller) error { return k.Stop(ctx, nop) },
			"Offline": func(Caller) error {
				if flips++; flips%2 == 0 {
					return s.Online(ctx, 1)
				}
				return s.Offline(ctx, 1)
			},
			"Stats": func(Caller) error { s.Stats(); return s.Call(ctx, 0, nop) },
		}
		onCPU := map[string]int{"Call": 0, "Fence": 3, "CallEvery": 2}
		var begun [2]sync.WaitGroup
		var wg sync.WaitGroup
		run := func(what string, k Caller, op func(Caller) error, begun *sync.WaitGroup) {
			begun.Done()
			for {
				err := op(k)
				if errors.Is(err, ErrClosed) {
					return
				}
				if err != nil && !errors.Is(err, ErrOffline) {
					t.Errorf("%s: %v", what, err)
					return
				}
			}
		}
		begun[0].Add(len(every))
		for what, op := range every {
			wg.Go(func() { run(what, s, op, &begun[0]) })
		}
		begun[0].Wait()
		begun[1].Add(len(onCPU))
		for what, cpu := range onCPU {
			must(t, s.Post(cpu, func(c *CPU) { run("on a CPU, "+what, c, every[what], &begun[1]) }))
		}
		begun[1].Wait()
		must(t, s.Close())
		wg.Wait()
	})
}
