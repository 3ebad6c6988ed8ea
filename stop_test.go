package crosscall

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"crosscall/cpumask"
	"crosscall/internal/callqueue"
)

// While fn runs no other function does. Each CPU writes its own field plainly, fn
// reads all of them, and the race detector checks that.
func TestStopExcludesAll(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		type field struct{ running, runs int }
		fields := make([]field, last(s)+1)
		work := func(c *CPU) {
			f := &fields[c.ID()]
			f.running++
			runtime.Gosched()
			f.runs++
			f.running--
		}
		var over atomic.Bool
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				for !over.Load() {
					must(t, s.PostEvery(work))
					must(t, s.Call(ctx, first(s), work))
				}
			})
		}
		stops := 0
		stop := func(k Caller) {
			must(t, k.Stop(ctx, func(c *CPU) {
				stops++
				for cpu, f := range fields {
					if f.running != 0 {
						t.Errorf("CPU %d is in a function while all are held", cpu)
					}
				}
				fields[c.ID()].runs++
			}))
		}
		for range 5 {
			stop(s)
			on(t, s, last(s), func(c *CPU) { stop(c) })
			on(t, s, first(s), func(*CPU) { stop(s) })
		}
		over.Store(true)
		wg.Wait()
		flushAll(t, s)
		if stops != 15 {
			t.Errorf("stopped %d times, want 15", stops)
		}
	})
}

func TestStopRunsOnTheCPUThatCalls(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		for cpu := range s.possible.All() {
			on(t, s, cpu, func(c *CPU) {
				must(t, c.Stop(ctx, func(d *CPU) {
					if d != c {
						t.Errorf("called on CPU %d, ran on CPU %d", c.ID(), d.ID())
					}
				}))
			})
		}
	})
}

// A CPU that is offline is not waited for.
func TestStopWithOfflineCPUs(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 0))
		ran := 0
		for range 3 {
			must(t, s.Stop(ctx, func(c *CPU) {
				ran++
				if c.ID() == 0 {
					t.Error("runs on a CPU that is offline")
				}
			}))
		}
		if ran != 3 {
			t.Errorf("ran %d times, want 3", ran)
		}
		must(t, s.Online(ctx, 0))
		must(t, s.Call(ctx, 0, nop))
	})
}

func TestStopsFromEverywhere(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		const rounds = 25
		n := 0 // guarded by nothing but Stop
		var wg sync.WaitGroup
		for cpu := range s.possible.All() {
			wg.Go(func() {
				on(t, s, cpu, func(c *CPU) {
					for range rounds {
						must(t, c.Stop(ctx, func(*CPU) { n++ }))
					}
				})
			})
		}
		wg.Go(func() {
			for range rounds {
				must(t, s.Stop(ctx, func(*CPU) { n++ }))
			}
		})
		wg.Wait()
		if want := 5 * rounds; n != want {
			t.Errorf("ran %d times, want %d", n, want)
		}
	})
}

// A CPU in a function cannot be held. When the context ends, Stop returns
// although the function still runs, and CPUs that were held are released.
func TestStopGivenUp(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		never := func(*CPU) { t.Error("ran, and CPU 1 was in a function") }
		for _, full := range []bool{false, true} {
			for _, by := range []string{"goroutine", "CPU"} {
				if full { // no room for one request more to CPU 1
					for i := 0; i < 1000 && s.src.TryPost(1, nop, nil, false) == callqueue.Posted; i++ {
					}
				}
				bounded, cancel := context.WithCancel(ctx)
				stopping := goes(func() (err error) {
					if by == "goroutine" {
						return s.Stop(bounded, never)
					}
					on(t, s, 2, func(c *CPU) { err = c.Stop(bounded, never) })
					return err
				})
				until(t, "Stop has the lock", func() bool { return len(s.control) == 1 })
				for range 20 {
					runtime.Gosched()
				}
				cancel()
				wantErr(t, "Stop from a "+by, <-stopping, context.Canceled)
				free := cpumask.Of(0, 2, 3)
				must(t, s.CallMany(ctx, &free, nop))
			}
		}
		release()
		ran := false
		must(t, s.Stop(ctx, func(*CPU) { ran = true }))
		if !ran {
			t.Error("the next Stop did not run")
		}
	})
}

func TestStopWithAContextThatHasEnded(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		for range 20 {
			ran := 0
			if err := s.Stop(ended, func(*CPU) { ran++ }); (err == nil) != (ran == 1) {
				t.Errorf("Stop returned %v and ran its function %d times", err, ran)
			}
		}
		flushAll(t, s)
	})
}

func TestStopThatPanics(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			var p *PanicError
			if err := k.Stop(ctx, func(*CPU) { panic("stop") }); !errors.As(err, &p) || p.Value != "stop" {
				t.Errorf("Stop returned %v", err)
			}
			must(t, k.CallEvery(ctx, nop))
			must(t, k.Stop(ctx, nop))
		})
	})
}

func TestStopThatExits(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		wantErr(t, "Stop", s.Stop(ctx, func(*CPU) { runtime.Goexit() }), ErrExited)
		err := s.Call(ctx, 1, func(c *CPU) { _ = c.Stop(ctx, func(*CPU) { runtime.Goexit() }) })
		wantErr(t, "a call whose function stops", err, ErrExited)
		must(t, s.CallEvery(ctx, nop))
		must(t, s.Stop(ctx, nop))
	})
}

// All CPUs are held while fn runs, so it can wait for none, by its CPU or by the
// System. Its posts are served afterwards.
func TestCallsFromStop(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			bounded, cancel := context.WithCancel(ctx)
			defer cancel()
			var posted ran
			must(t, k.Stop(ctx, func(c *CPU) {
				two := cpumask.Of(0, 2)
				for _, k := range []Caller{c, s} {
					never := func(*CPU) { t.Error("ran, called from a Stop") }
					if k == s {
						never = nop // by the System it may be sent before ErrDeadlock is found
					}
					_, anyErr := k.CallAny(ctx, &two, never)
					for what, err := range map[string]error{
						"Call":      k.Call(ctx, (c.ID()+1)%3, never),
						"own CPU":   k.Call(ctx, c.ID(), never),
						"bounded":   k.Call(bounded, (c.ID()+1)%3, nop),
						"CallMany":  k.CallMany(ctx, &two, nop),
						"CallEvery": k.CallEvery(ctx, nop),
						"CallAny":   anyErr,
						"Fence":     k.Fence(ctx),
						"Stop":      k.Stop(ctx, never),
						"Offline":   s.Offline(ctx, (c.ID()+1)%3),
						"Online":    s.Online(ctx, c.ID()),
						"Close":     s.Close(),
					} {
						wantErr(t, what, err, ErrDeadlock)
					}
				}
				c.Poll()
				must(t, c.PostEvery(posted.fn))
				must(t, s.PostEvery(posted.fn))
				if len(posted.runs) != 0 {
					t.Error("a post was served while all are held")
				}
			}))
			flushAll(t, s)
			on(t, s, 0, func(c *CPU) { flush(t, c) })
			on(t, s, 1, func(c *CPU) { flush(t, c) })
			on(t, s, 2, func(c *CPU) { flush(t, c) })
			for cpu := range s.possible.All() {
				if posted.runs[cpu] != 2 {
					t.Errorf("%d of 2 posts ran on CPU %d", posted.runs[cpu], cpu)
				}
			}
		})
	})
}

// A function that waits for a held CPU is held itself, and goes on afterwards.
func TestStopWhileFunctionsWaitForEachOther(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		var over atomic.Bool
		var wg sync.WaitGroup
		for cpu := range 3 {
			wg.Go(func() {
				for !over.Load() {
					on(t, s, cpu, func(c *CPU) {
						must(t, c.Call(ctx, (cpu+1)%3, func(d *CPU) {
							must(t, d.Call(ctx, (cpu+2)%3, nop))
						}))
					})
				}
			})
		}
		for range 20 {
			must(t, s.Stop(ctx, nop))
			on(t, s, 3, func(c *CPU) { must(t, c.Stop(ctx, nop)) })
		}
		over.Store(true)
		wg.Wait()
	})
}

// A CPU that is offline may run the function of a timer.
func TestStopHoldsCPUsThatAreOffline(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		begun, release := make(chan struct{}), make(chan struct{})
		var gone atomic.Bool
		within := false // CPU 1's function
		on(t, s, 1, func(c *CPU) {
			var fn func(*CPU)
			fn = func(c *CPU) {
				if !gone.Load() {
					c.AfterFunc(time.Millisecond, fn)
					return
				}
				within = true
				close(begun)
				<-release
				within = false
			}
			c.AfterFunc(0, fn)
		})
		must(t, s.Offline(ctx, 1))
		gone.Store(true)
		<-begun
		stop := goes(func() error {
			return s.Stop(ctx, func(*CPU) {
				if within {
					t.Error("Stop runs its function within one on a CPU that is offline")
				}
			})
		})
		for range 50 {
			_ = s.Post(0, nop)
		}
		select {
		case err := <-stop:
			t.Error("Stop returned while a CPU that is offline runs a function: ", err)
		default:
		}
		close(release)
		must(t, <-stop)
	})
}

func TestStopOnACPUThatIsOffline(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var gone atomic.Bool
		done := make(chan error, 1)
		on(t, s, 1, func(c *CPU) {
			var stop func(*CPU)
			stop = func(c *CPU) {
				if !gone.Load() {
					c.AfterFunc(time.Millisecond, stop)
					return
				}
				done <- c.Stop(ctx, func(d *CPU) {
					if d != c {
						t.Errorf("it runs on CPU %d", d.ID())
					}
				})
			}
			c.AfterFunc(0, stop)
		})
		must(t, s.Offline(ctx, 1))
		gone.Store(true)
		must(t, <-done)
	})
}
