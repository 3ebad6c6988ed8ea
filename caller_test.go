package crosscall

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"crosscall/cpumask"
)

func TestCallRunsOnItsCPU(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			for cpu := range s.possible.All() {
				got := -1 // plain: the call orders it
				must(t, k.Call(ctx, cpu, func(c *CPU) {
					if c.System() != s || !c.Online() {
						t.Error("not a CPU of this System")
					}
					got = c.ID()
				}))
				if got != cpu {
					t.Errorf("a call to CPU %d ran on %d", cpu, got)
				}
			}
		})
	})
}

func TestNestedCalls(t *testing.T) {
	everywhere(t, 2, func(t *testing.T, s *System) {
		a, b := s.possible.First(), last(s)
		t.Run("A calls B calls A", func(t *testing.T) {
			depth := 0
			var down func(c *CPU)
			down = func(c *CPU) {
				if depth++; depth < 50 {
					must(t, c.Call(ctx, a+b-c.ID(), down))
				}
			}
			must(t, s.Call(ctx, a, down))
			if depth != 50 {
				t.Errorf("went %d deep of 50", depth)
			}
		})
		t.Run("both at once", func(t *testing.T) {
			var wg sync.WaitGroup
			for _, cpu := range []int{a, b} {
				wg.Go(func() {
					for range 200 {
						must(t, s.Call(ctx, cpu, func(c *CPU) { must(t, c.Call(ctx, a+b-cpu, func(*CPU) {})) }))
					}
				})
			}
			wg.Wait()
		})
		if s.possible.Weight() > 64 {
			return // the time of the rest grows with the square of that
		}
		t.Run("ring", func(t *testing.T) {
			var wg sync.WaitGroup
			for from := range s.possible.All() {
				wg.Go(func() {
					visited := new(tasks)
					var next func(c *CPU)
					next = func(c *CPU) {
						if visited.fn(c); visited[c.ID()] == 1 {
							to := s.possible.Next(c.ID())
							if to < 0 {
								to = s.possible.First()
							}
							must(t, c.Call(ctx, to, next))
						}
					}
					must(t, s.Call(ctx, from, next))
					visited[from]-- // the call has returned to its origin
					visited.are(t, 1, s.possible)
				})
			}
			wg.Wait()
		})
		t.Run("everybody calls everybody", func(t *testing.T) {
			var ran atomic.Int32
			must(t, s.CallEvery(ctx, func(c *CPU) {
				must(t, c.CallEvery(ctx, func(*CPU) { ran.Add(1) }))
			}))
			n := s.possible.Weight()
			if int(ran.Load()) != n*n {
				t.Errorf("ran %d of %d", ran.Load(), n*n)
			}
		})
	})
}

func TestSystemFromWithinAFunction(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		for _, cpu := range []int{first(s), last(s)} {
			n := 0
			must(t, s.Call(ctx, cpu, func(*CPU) {
				must(t, s.Call(ctx, cpu, func(*CPU) {
					n++
					must(t, s.Call(ctx, cpu, func(*CPU) { n++ }))
				}))
				for range 600 { // more than there is room for
					must(t, s.Post(cpu, func(*CPU) { n++ }))
				}
				must(t, s.Call(ctx, cpu, func(*CPU) {}))
			}))
			if n != 602 {
				t.Errorf("ran %d of 602", n)
			}
		}
	})
}

func TestContextEndsTheWaitNotTheFunction(t *testing.T) {
	overDesigns(t, 4, func(t *testing.T, s *System) {
		all := s.PossibleMask()
		for name, call := range map[string]func(ctx context.Context, k Caller, fn func(*CPU)) error{
			"Call":      func(ctx context.Context, k Caller, fn func(*CPU)) error { return k.Call(ctx, 2, fn) },
			"CallMany":  func(ctx context.Context, k Caller, fn func(*CPU)) error { return k.CallMany(ctx, &all, fn) },
			"CallEvery": func(ctx context.Context, k Caller, fn func(*CPU)) error { return k.CallEvery(ctx, fn) },
		} {
			t.Run(name, func(t *testing.T) {
				asCallersOn(t, s, 1, func(t *testing.T, k Caller) {
					release := block(t, s, 2)
					var ran atomic.Int32
					bounded, cancel := context.WithCancel(ctx)
					go func() {
						until(t, "the call has been sent", func() bool { return s.cpus[2].in.Depth() > 0 })
						cancel()
					}()
					err := call(bounded, k, func(c *CPU) {
						if c.ID() == 2 {
							ran.Add(1)
						}
					})
					if !errors.Is(err, context.Canceled) || ran.Load() != 0 {
						t.Errorf("error %v, ran %d times, while CPU 2 is busy", err, ran.Load())
					}
					release()
					must(t, k.Call(ctx, 2, func(*CPU) {}))
					if ran.Load() != 1 {
						t.Errorf("the function ran %d times after all", ran.Load())
					}
				})
			})
		}
	})
}

func asCallersOn(t *testing.T, s *System, cpu int, test func(t *testing.T, k Caller)) {
	t.Run("goroutine", func(t *testing.T) { test(t, s) })
	t.Run("CPU", func(t *testing.T) { must(t, s.Call(ctx, cpu, func(c *CPU) { test(t, c) })) })
	t.Run("System on CPU", func(t *testing.T) { must(t, s.Call(ctx, cpu, func(*CPU) { test(t, s) })) })
}

func TestContextThatHasEnded(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		asCallers(t, s, func(t *testing.T, k Caller) {
			n := new(tasks)
			for cpu := range s.possible.All() {
				if err := k.Call(ended, cpu, n.fn); err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
			if err := k.CallEvery(ended, n.fn); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			must(t, k.CallEvery(ctx, func(*CPU) {}))
			n2 := *n // the functions that were sent run even if the wait ended early
			for cpu := range s.possible.All() {
				if n2[cpu] < 1 || n2[cpu] > 2 {
					t.Errorf("ran %d times on CPU %d", n2[cpu], cpu)
				}
			}
		})
	})
}

func TestMorePostsThanRoom(t *testing.T) {
	everywhere(t, 2, func(t *testing.T, s *System) {
		a, b := s.possible.First(), last(s)
		const posts = 3000
		var ran [2]int
		var wg sync.WaitGroup
		for i, cpu := range []int{a, b} {
			wg.Go(func() {
				must(t, s.Call(ctx, cpu, func(c *CPU) {
					for range posts {
						must(t, c.Post(a+b-cpu, func(*CPU) { ran[i]++ }))
					}
					must(t, c.Call(ctx, a+b-cpu, func(*CPU) {}))
				}))
			})
		}
		wg.Wait()
		if ran != [2]int{posts, posts} {
			t.Errorf("ran %v of %d each", ran, posts)
		}
		n := 0
		for range posts {
			must(t, s.Post(a, func(*CPU) { n++ }))
		}
		must(t, s.Call(ctx, a, func(*CPU) {}))
		if n != posts {
			t.Errorf("ran %d of a goroutine's %d", n, posts)
		}
	})
}

func TestManyGoroutines(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		const goroutines, each = 16, 100
		n, all := new(tasks), s.PossibleMask()
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				for i := range each {
					switch i % 3 {
					case 0:
						must(t, s.Call(ctx, all.First(), n.fn))
					case 1:
						must(t, s.Post(all.First(), n.fn))
					case 2:
						one := cpumask.Of(all.First())
						must(t, s.CallMany(ctx, &one, n.fn))
					}
				}
			})
		}
		wg.Wait()
		must(t, s.Call(ctx, all.First(), func(*CPU) {}))
		n.are(t, goroutines*each, cpumask.Of(all.First()))
	})
}

func TestEval(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			for cpu := range s.possible.All() {
				got, err := Eval(ctx, k, cpu, (*CPU).ID)
				if got != cpu || err != nil {
					t.Errorf("CPU %d is %d, %v", cpu, got, err)
				}
			}
			if got, err := Eval(ctx, k, -1, (*CPU).ID); got != 0 || !errors.Is(err, ErrOffline) {
				t.Errorf("%d, %v", got, err)
			}
			bad := last(s)
			if got, err := Eval(ctx, k, bad, func(*CPU) int { panic("no") }); got != 0 || err == nil {
				t.Errorf("%d, %v", got, err)
			}
			results, err := EvalMany(ctx, k, &s.possible, (*CPU).ID)
			must(t, err)
			var want []Result[int]
			for cpu := range s.possible.All() {
				want = append(want, Result[int]{cpu, cpu})
			}
			if !slices.Equal(results, want) {
				t.Errorf("results are %v", results)
			}
			results, err = EvalMany(ctx, k, &s.possible, func(c *CPU) int {
				if c.ID() == bad {
					panic("no")
				}
				return c.ID()
			})
			var p *PanicError
			if !errors.As(err, &p) || p.CPU != bad || !slices.Equal(results, want[:len(want)-1]) {
				t.Errorf("%v, %v", results, err)
			}
		})
	})
}

func TestEvalAfterItsContext(t *testing.T) {
	s := open(t, virtual(3))
	release := block(t, s, 1)
	bounded, cancel := context.WithCancel(ctx)
	cancel()
	if got, err := Eval(bounded, s, 1, func(*CPU) int { return 7 }); got != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", got, err)
	}
	all := s.PossibleMask()
	if got, err := EvalMany(bounded, s, &all, (*CPU).ID); got != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", got, err)
	}
	release()
}

func TestNoAllocation(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops at random under the race detector")
	}
	for _, d := range designs {
		t.Run(d.String(), func(t *testing.T) {
			s := open(t, d.of(Options{CPUs: usable(t)}))
			cpu := last(s)
			r := NewRecord(nop)
			ops := func(k Caller) map[string]func() {
				return map[string]func(){
					"Call": func() { _ = k.Call(ctx, cpu, nop) },
					"Post": func() {
						for range 4 { // the single queue would grow without end
							_ = k.Post(cpu, nop)
						}
						_ = k.Call(ctx, cpu, nop)
					},
					"PostRecord": func() {
						for k.PostRecord(cpu, r) != nil {
							_ = k.Call(ctx, cpu, nop)
						}
					},
				}
			}
			for name, f := range ops(s) {
				if n := testing.AllocsPerRun(300, f); n != 0 {
					t.Errorf("%s from a goroutine: %v allocations", name, n)
				}
			}
			must(t, s.Call(ctx, s.possible.First(), func(c *CPU) {
				for name, f := range ops(c) {
					if n := testing.AllocsPerRun(300, f); n != 0 {
						t.Errorf("%s from a CPU: %v allocations", name, n)
					}
				}
			}))
		})
	}
}

func TestWithOneProc(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			n := new(tasks)
			calls := rounds(s, 8)
			for range calls {
				must(t, k.CallEvery(ctx, n.fn))
				must(t, k.PostEvery(n.fn))
			}
			must(t, k.Fence(ctx))
			must(t, k.Stop(ctx, func(*CPU) {}))
			must(t, k.CallEvery(ctx, nop))
			n.are(t, 2*calls, s.possible)
		})
	})
}

func TestCollectorIsNotStalled(t *testing.T) {
	for name, o := range map[string]Options{
		"spinning": {Spin: 1 << 40}, "asleep": {Spin: -1}, "usual": {}, "virtual": virtual(8),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, o)
			var wg sync.WaitGroup
			var stop atomic.Bool
			wg.Go(func() {
				for !stop.Load() {
					must(t, s.CallEvery(ctx, func(*CPU) { runtime.KeepAlive(make([]byte, 1<<10)) }))
				}
			})
			for range 10 {
				runtime.GC()
			}
			stop.Store(true)
			wg.Wait()
			for range 10 {
				runtime.GC()
			}
		})
	}
}
