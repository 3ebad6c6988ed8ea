package crosscall

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestAfterFence(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		var asked, ran atomic.Int32
		asCallers(t, s, func(t *testing.T, k Caller) {
			here := Current()
			asked.Add(1)
			must(t, k.AfterFence(func(c *CPU) {
				if here != nil && c != here {
					t.Errorf("ran on CPU %d, asked for on CPU %d", c.ID(), here.ID())
				}
				ran.Add(1)
			}))
		})
		until(t, "all have run", func() bool { return ran.Load() == asked.Load() })
	})
}

// A function that runs at AfterFence delays the fence, whether the other CPUs
// sleep or not. A function that begins later does not.
func TestAfterFenceWaitsForFunctions(t *testing.T) {
	for _, spin := range []time.Duration{0, -1} {
		o := virtual(3)
		o.Spin = spin
		eachDesignOf(t, "virtual", o, func(t *testing.T, s *System) {
			limit(t)
			release := block(t, s, 1)
			var ran atomic.Int32
			must(t, s.AfterFence(func(*CPU) { ran.Add(1) }))
			on(t, s, 0, func(c *CPU) { must(t, c.AfterFence(func(*CPU) { ran.Add(1) })) })
			time.Sleep(10 * time.Millisecond)
			if ran.Load() != 0 {
				t.Error("has passed a function that runs")
			}
			release()
			until(t, "both have run", func() bool { return ran.Load() == 2 })
		})
	}
}

// As RCU does: readers follow a pointer without a lock, and what was unlinked is
// written only after a fence. The race detector and the value say whether they meet.
func TestAfterFenceAsRCU(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		type node struct{ value int }
		var shared atomic.Pointer[node]
		shared.Store(&node{1})
		var over atomic.Bool
		var wg sync.WaitGroup
		for cpu := range 3 {
			wg.Go(func() {
				for i := 0; !over.Load(); i++ {
					must(t, s.Post(cpu, func(*CPU) {
						n := shared.Load()
						for range 10 {
							if n.value != 1 {
								t.Error("read what was freed")
							}
						}
					}))
					if i%16 == 0 {
						time.Sleep(50 * time.Microsecond) // the CPU may sleep
					}
				}
			})
		}
		var freed atomic.Int32
		for i := range 100 {
			old := shared.Swap(&node{1})
			fn := func(*CPU) { old.value = 0; freed.Add(1) }
			if i%2 == 0 {
				must(t, s.AfterFence(fn))
			} else {
				on(t, s, i%3, func(c *CPU) { must(t, c.AfterFence(fn)) })
			}
			if i%10 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
		until(t, "all are freed", func() bool { return freed.Load() == 100 })
		over.Store(true)
		wg.Wait()
	})
}

// A CPU that sleeps is not woken.
func TestAfterFenceLeavesSleepersAlone(t *testing.T) {
	limit(t)
	o := virtual(3)
	o.Spin = -1
	s := open(t, o)
	until(t, "CPUs 1 and 2 sleep", func() bool {
		return s.cpus[1].tally.asleep.Load() && s.cpus[2].tally.asleep.Load()
	})
	rung := s.cpus[1].rung.Load() + s.cpus[2].rung.Load()
	done := make(chan struct{})
	on(t, s, 0, func(c *CPU) { must(t, c.AfterFence(func(*CPU) { close(done) })) })
	<-done
	if n := s.cpus[1].rung.Load() + s.cpus[2].rung.Load() - rung; n != 0 {
		t.Errorf("%d wakes", n)
	}
}

func TestAfterFenceOrder(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var next int
		done := make(chan struct{})
		on(t, s, 0, func(c *CPU) {
			for i := range 200 {
				must(t, c.AfterFence(func(*CPU) {
					if next != i {
						t.Errorf("number %d ran as number %d", i, next)
					}
					if next++; next == 200 {
						close(done)
					}
				}))
				if i%50 == 0 {
					must(t, c.Call(ctx, 1, nop))
				}
			}
		})
		<-done
	})
}

func TestAfterFenceFailures(t *testing.T) {
	limit(t)
	panics := make(chan *PanicError, 2)
	o := virtual(2)
	o.OnPanic = func(p *PanicError) { panics <- p }
	s := open(t, o)
	for _, k := range []func(func(*CPU)){
		func(fn func(*CPU)) { must(t, s.AfterFence(fn)) },
		func(fn func(*CPU)) { on(t, s, 0, func(c *CPU) { must(t, c.AfterFence(fn)) }) },
	} {
		done := make(chan struct{})
		k(func(*CPU) { panic("fenced") })
		k(func(*CPU) { runtime.Goexit() })
		k(func(*CPU) { close(done) })
		<-done
		if p := <-panics; p.Value != "fenced" {
			t.Error(p)
		}
	}
}

// Close runs all accepted functions, also on a CPU that is offline, and accepts no
// more.
func TestAfterFenceAndClose(t *testing.T) {
	limit(t)
	for range 10 {
		s, err := Open(virtual(3))
		if err != nil {
			t.Fatal(err)
		}
		var accepted, ran atomic.Int32
		fn := func(*CPU) { ran.Add(1) }
		var hold atomic.Bool
		running := make(chan struct{})
		must(t, s.Post(2, func(c *CPU) { // serves calls, and lets no fence pass
			close(running)
			pollUntil(t, c, "release", hold.Load)
		}))
		<-running
		on(t, s, 1, func(c *CPU) {
			for range 10 {
				must(t, c.AfterFence(fn))
				accepted.Add(1)
			}
		})
		must(t, s.Offline(ctx, 1)) // though the fence waits for CPU 2
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for s.AfterFence(fn) == nil {
					accepted.Add(1)
					time.Sleep(10 * time.Microsecond)
				}
			})
		}
		short, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
		wantErr(t, "Close that gives up", s.CloseContext(short), context.DeadlineExceeded)
		cancel()
		time.Sleep(time.Millisecond)
		hold.Store(true)
		must(t, s.Close())
		wg.Wait()
		if accepted.Load() != ran.Load() {
			t.Fatalf("%d of %d have run", ran.Load(), accepted.Load())
		}
		wantErr(t, "AfterFence", s.AfterFence(fn), ErrClosed)
	}
}
