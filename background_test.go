package crosscall

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestPostBackground(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			var ran atomic.Int32
			for cpu := range s.possible.All() {
				must(t, k.PostBackground(cpu, func(c *CPU) {
					if c.ID() != cpu || c.in.Nested() {
						t.Error("ran elsewhere, or nested")
					}
					ran.Add(1)
				}))
			}
			if _, ok := k.(*CPU); !ok && Current() == nil {
				until(t, "all have run", func() bool { return int(ran.Load()) == s.possible.Weight() })
			}
		})
	})
}

// Calls and posts that wait run before background functions, these run in the order
// of their posts, and neither class starves the other.
func TestBackgroundComesSecond(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var order []int
		done := make(chan struct{})
		release := block(t, s, 1)
		for i := range 3 {
			must(t, s.PostBackground(1, func(*CPU) { order = append(order, 100+i) }))
		}
		must(t, s.PostBackground(1, func(*CPU) { close(done) }))
		for i := range 50 {
			must(t, s.Post(1, func(*CPU) { order = append(order, i) }))
		}
		release()
		<-done
		if len(order) != 53 || !slices.IsSorted(order) {
			t.Errorf("ran %v", order)
		}
	})
}

func TestBackgroundIsNotStarved(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var ran, first atomic.Int32
		var over atomic.Bool
		var again func(c *CPU)
		again = func(c *CPU) {
			first.Add(1)
			if !over.Load() {
				must(t, c.Post(1, again))
			}
		}
		must(t, s.Post(1, again)) // there is always a post
		for range 5 {
			must(t, s.PostBackground(1, func(*CPU) { ran.Add(1) }))
		}
		until(t, "the second class has run", func() bool { return ran.Load() == 5 })
		over.Store(true)
		flushAll(t, s)
	})
}

func TestBackgroundFull(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		var ran int
		for range maxBackground {
			must(t, s.PostBackground(1, func(*CPU) { ran++ }))
		}
		wantErr(t, "one more", s.PostBackground(1, nop), ErrFull)
		wantErr(t, "no CPU", s.PostBackground(-1, nop), ErrOffline)
		release()
		must(t, s.Offline(ctx, 1)) // when all have run
		if ran != maxBackground {
			t.Errorf("ran %d", ran)
		}
	})
}

func TestBackgroundFailures(t *testing.T) {
	limit(t)
	panics := make(chan *PanicError, 1)
	o := virtual(2)
	o.OnPanic = func(p *PanicError) { panics <- p }
	s := open(t, o)
	var ran atomic.Int32
	must(t, s.PostBackground(1, func(*CPU) { panic("second class") }))
	must(t, s.PostBackground(1, func(*CPU) { runtime.Goexit() }))
	must(t, s.PostBackground(1, func(*CPU) { ran.Add(1) }))
	until(t, "the third has run", func() bool { return ran.Load() == 1 })
	if p := <-panics; p.CPU != 1 || p.Value != "second class" {
		t.Error(p)
	}
}

func TestBackgroundIsDrained(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		var ran, accepted tasks // plain: of a CPU, read after Close
		var wg sync.WaitGroup
		for cpu := range 3 {
			wg.Go(func() {
				for s.PostBackground(cpu, ran.fn) != ErrClosed {
					accepted[cpu]++
					for s.cpus[cpu].behind.waiting.Load() > maxBackground/2 {
						runtime.Gosched()
					}
				}
			})
		}
		time.Sleep(10 * time.Millisecond)
		must(t, s.Close())
		wg.Wait()
		if ran != accepted {
			t.Errorf("ran %v of %v", ran[:3], accepted[:3])
		}
	})
}

// The Poll of an idle function that does not return runs the second class.
func TestBackgroundWithinIdle(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	all := s.PossibleMask()
	must(t, s.SetIdle(&all, func(c *CPU) bool {
		for c.Online() {
			if c.Poll() == 0 {
				runtime.Gosched()
			}
		}
		return false
	}))
	var ran atomic.Int32
	for range 10 {
		must(t, s.PostBackground(1, func(*CPU) { ran.Add(1) }))
	}
	until(t, "all have run", func() bool { return ran.Load() == 10 })
}

func TestFenceCountsBackground(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	running, hold := make(chan struct{}), make(chan struct{})
	must(t, s.PostBackground(1, func(*CPU) {
		close(running)
		<-hold
	}))
	<-running
	passed := make(chan error)
	go func() { passed <- s.Fence(ctx) }()
	select {
	case <-passed:
		t.Error("a Fence has passed a background function")
	case <-time.After(20 * time.Millisecond):
	}
	close(hold)
	must(t, <-passed)
}

func TestNeedPreempt(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		done := make(chan struct{})
		must(t, s.PostBackground(0, func(c *CPU) {
			defer close(done)
			for range 1000 {
				if c.NeedPreempt() {
					t.Error("nothing waits")
				}
			}
			release := make(chan struct{})
			go func() { must(t, s.Post(0, nop)); close(release) }()
			<-release
			for n := 0; !c.NeedPreempt(); n++ {
				if n > 100 {
					t.Error("a post waits")
					return
				}
			}
			for c.Poll() == 0 {
			}
			c.AfterFunc(0, nop)
			for end := time.Now().Add(time.Minute); !c.NeedPreempt(); {
				if time.Now().After(end) {
					t.Error("a timer waits")
					return
				}
			}
		}))
		<-done
	})
}
