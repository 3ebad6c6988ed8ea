package crosscall

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// sentBy sends b in each of the ways that wait, and returns the error of the
// functions.
func sentBy(t *testing.T, k Caller, b *Batch) map[string]func() error {
	ways := map[string]func() error{"Call": func() error { return b.Call(ctx) }}
	if c, ok := k.(*CPU); ok {
		ways["Then"] = func() (err error) {
			done := false
			must(t, b.Then(func(_ *CPU, e error) { done, err = true, e }))
			pollUntil(t, c, "then", func() bool { return done })
			return err
		}
	}
	return ways
}

func TestBatch(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			b := NewBatch(k)
			must(t, b.Call(ctx))
			for what, send := range sentBy(t, k, b) {
				for round := range 3 {
					var order [1024][]int
					for i := range 5 {
						for cpu := range s.possible.All() {
							b.Add(cpu, func(c *CPU) {
								if c.ID() != cpu {
									t.Errorf("a function for CPU %d ran on %d", cpu, c.ID())
								}
								order[cpu] = append(order[cpu], i)
							})
						}
					}
					if b.Len() != 5*s.possible.Weight() {
						t.Errorf("has %d functions", b.Len())
					}
					must(t, send())
					if b.Len() != 0 {
						t.Errorf("%s has left %d functions", what, b.Len())
					}
					for cpu := range s.possible.All() {
						if !slices.Equal(order[cpu], []int{0, 1, 2, 3, 4}) {
							t.Errorf("%s, round %d: CPU %d ran %v", what, round, cpu, order[cpu])
						}
					}
				}
			}
		})
	})
}

func TestBatchPost(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			b := NewBatch(k)
			var ran tasks
			for range 50 {
				for cpu := range s.possible.All() {
					b.Add(cpu, ran.fn)
					b.Add(cpu, ran.fn)
				}
				must(t, b.Post())
			}
			flush(t, k)
			ran.are(t, 100, s.possible)
		})
	})
}

// A Batch goes in the order of the caller's other calls, as one call to each CPU.
func TestBatchOrder(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		on(t, s, 0, func(c *CPU) {
			b := NewBatch(c)
			var order [3][]int
			add := func(cpu, i int) func(*CPU) {
				return func(*CPU) { order[cpu] = append(order[cpu], i) }
			}
			for round := 0; round < 120; round += 4 {
				for cpu := range 3 {
					must(t, c.Post(cpu, add(cpu, round)))
					b.Add(cpu, add(cpu, round+1))
					b.Add(cpu, add(cpu, round+2))
				}
				switch round / 4 % 3 {
				case 0:
					must(t, b.Call(ctx))
				case 1:
					must(t, b.Post())
				case 2:
					must(t, b.Then(func(_ *CPU, err error) { must(t, err) }))
				}
				for cpu := range 3 {
					must(t, c.Post(cpu, add(cpu, round+3)))
				}
			}
			for cpu := range 3 {
				must(t, c.Call(ctx, cpu, nop))
				if len(order[cpu]) != 120 || !slices.IsSorted(order[cpu]) {
					t.Errorf("CPU %d ran %v", cpu, order[cpu])
				}
			}
		})
	})
}

// Each function's failure is an error, and the others run.
func TestBatchErrors(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		for _, kind := range []string{"goroutine", "CPU"} {
			for _, cpus := range [][]int{{1}, {1, 2}, {1, 2, 900, -1}} {
				check := func(t *testing.T, k Caller) {
					b := NewBatch(k)
					for what, send := range sentBy(t, k, b) {
						var ran tasks
						for _, cpu := range cpus {
							b.Add(cpu, ran.fn)
							b.Add(cpu, func(*CPU) { panic(fmt.Sprint("panic of ", cpu)) })
							b.Add(cpu, ran.fn)
							b.Add(cpu, func(*CPU) { panic(ErrBusy) })
							b.Add(cpu, ran.fn)
						}
						err := send()
						for _, cpu := range []int{1, 2} {
							if slices.Contains(cpus, cpu) && ran[cpu] != 3 {
								t.Errorf("%s to %v: ran %d on CPU %d", what, cpus, ran[cpu], cpu)
							}
						}
						wantErr(t, what, err, ErrBusy)
						if panics := countPanics(err); panics != 2*min(2, len(cpus)) {
							t.Errorf("%s to %v: %d panics in %v", what, cpus, panics, err)
						}
						if len(cpus) == 4 {
							wantErr(t, what, err, ErrOffline)
						}
					}
				}
				t.Run(fmt.Sprint(kind, cpus), func(t *testing.T) {
					if kind == "goroutine" {
						check(t, s)
					} else {
						on(t, s, 0, func(c *CPU) { check(t, c) })
					}
				})
			}
		}
	})
}

// countPanics counts the PanicErrors in err.
func countPanics(err error) (n int) {
	if _, ok := err.(*PanicError); ok {
		return 1
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range many.Unwrap() {
			n += countPanics(err)
		}
	}
	return n
}

func TestBatchGoexit(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		fill := func(b *Batch, ran *tasks, cpus ...int) {
			for _, cpu := range cpus {
				for range 3 {
					b.Add(cpu, ran.fn)
					b.Add(cpu, func(*CPU) { runtime.Goexit() })
					b.Add(cpu, func(*CPU) { panic("after Goexit") })
				}
				b.Add(cpu, func(c *CPU) {
					ran.fn(c)
					must(t, c.Call(ctx, 0, nop)) // the goroutine is an executor yet
				})
			}
		}
		for _, cpus := range [][]int{{1}, {1, 2}} {
			check := func(k Caller) {
				b := NewBatch(k)
				for what, send := range sentBy(t, k, b) {
					var ran tasks
					fill(b, &ran, cpus...)
					err := send()
					wantErr(t, what, err, ErrExited)
					if n := countPanics(err); n != 3*len(cpus) {
						t.Errorf("%s: %d panics in %v", what, n, err)
					}
					for _, cpu := range cpus {
						if ran[cpu] != 4 {
							t.Errorf("%s: ran %d on CPU %d", what, ran[cpu], cpu)
						}
					}
				}
			}
			check(s)
			on(t, s, 0, func(c *CPU) { check(c) })
		}
		// The caller's own functions end the caller, after the rest of them.
		var ran tasks
		wantErr(t, "Call to itself", s.Call(ctx, 0, func(c *CPU) {
			b := NewBatch(c)
			for cpu := range 3 {
				b.Add(cpu, func(*CPU) { runtime.Goexit() })
				b.Add(cpu, ran.fn)
			}
			_ = b.Call(ctx)
			t.Error("came back")
		}), ErrExited)
		// No caller has waited for the other CPUs. A call by the same CPU runs after
		// their functions.
		on(t, s, 0, func(c *CPU) { must(t, c.CallMany(ctx, &s.possible, nop)) })
		ran.are(t, 1, s.possible)
	})
}

func TestBatchPostPanic(t *testing.T) {
	limit(t)
	panics := make(chan *PanicError, 4)
	o := virtual(2)
	o.OnPanic = func(p *PanicError) { panics <- p }
	s := open(t, o)
	b := NewBatch(s)
	var ran tasks
	b.Add(1, func(*CPU) { panic(1) })
	b.Add(1, func(*CPU) { runtime.Goexit() })
	b.Add(1, func(*CPU) { panic(2) })
	b.Add(1, ran.fn)
	must(t, b.Post())
	flush(t, s)
	if len(panics) != 2 || ran[1] != 1 {
		t.Errorf("%d panics, ran %d", len(panics), ran[1])
	}
}

func TestBatchContext(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		check := func(k Caller, cpus ...int) {
			release := block(t, s, 1)
			b := NewBatch(k)
			var ran tasks
			for _, cpu := range cpus {
				b.Add(cpu, ran.fn)
			}
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			wantErr(t, "Call", b.Call(ctx), context.Canceled)
			for _, cpu := range cpus { // the memory of those functions is not reused
				b.Add(cpu, nop)
			}
			release()
			must(t, b.Call(context.Background()))
			for _, cpu := range cpus {
				if ran[cpu] != 1 {
					t.Errorf("ran %d times on CPU %d", ran[cpu], cpu)
				}
			}
		}
		check(s, 1)
		check(s, 1, 2)
		on(t, s, 0, func(c *CPU) {
			check(c, 1)
			check(c, 1, 2)
		})
	})
}

// Then sends all or nothing. If it sends nothing, the Batch is unchanged.
func TestBatchThenFull(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		on(t, s, 0, func(c *CPU) {
			for c.TryPost(1, nop) == nil {
			}
			var ran tasks
			b := NewBatch(c)
			b.Add(2, ran.fn)
			b.Add(1, ran.fn)
			done := false
			then := func(_ *CPU, err error) { done = err == nil }
			wantErr(t, "Then with no room", b.Then(then), ErrFull)
			must(t, c.Call(ctx, 2, nop))
			if ran[2] != 0 || b.Len() != 2 {
				t.Errorf("ran %d, has %d", ran[2], b.Len())
			}
			release()
			pollUntil(t, c, "room", func() bool { return b.Then(then) == nil })
			pollUntil(t, c, "then", func() bool { return done })
			if ran[1] != 1 || ran[2] != 1 {
				t.Errorf("ran %v", ran[:3])
			}
		})
	})
}

func TestBatchRefused(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		must(t, s.Offline(ctx, 1))
		on(t, s, 0, func(c *CPU) {
			b := NewBatch(c)
			b.Add(1, nop)
			b.Add(-1, nop)
			wantErr(t, "Then", b.Then(func(*CPU, error) { t.Error("ran") }), ErrOffline)
			if b.Len() != 2 {
				t.Errorf("has %d functions", b.Len())
			}
			wantErr(t, "Call", b.Call(ctx), ErrOffline)
			b.Add(1, nop)
			wantErr(t, "Post", b.Post(), ErrOffline)
			done := false
			must(t, b.Then(func(_ *CPU, err error) { done = err == nil }))
			pollUntil(t, c, "then of an empty Batch", func() bool { return done })
			if c.thens.underWay != 0 {
				t.Errorf("%d under way", c.thens.underWay)
			}
		})
		b := NewBatch(s)
		wantPanic(t, "Then of a System's Batch", func() { _ = b.Then(nil) })
		wantPanic(t, "nil function: Add", func() { b.Add(0, nil) })
		wantPanic(t, "Batch for neither a System nor a CPU", func() { NewBatch(nil) })
		must(t, s.Close())
		b.Add(0, nop)
		wantErr(t, "Call after Close", b.Call(ctx), ErrClosed)
		b.Add(0, nop)
		wantErr(t, "Post after Close", b.Post(), ErrClosed)
	})
}

// A Batch that is used while it is under way, by a function served meanwhile.
func TestBatchWithinItself(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		on(t, s, 0, func(c *CPU) {
			b := NewBatch(c)
			var ran tasks
			for range 20 {
				for _, cpu := range []int{1, 2} {
					b.Add(cpu, func(d *CPU) {
						ran.fn(d)
						must(t, d.Call(ctx, 0, func(*CPU) {
							b.Add(cpu, ran.fn)
							must(t, b.Call(ctx))
						}))
					})
				}
				must(t, b.Call(ctx))
			}
			if ran[1] != 40 || ran[2] != 40 {
				t.Errorf("ran %v", ran[:3])
			}
		})
	})
}

func TestBatchAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops at random under the race detector")
	}
	eachDesignOf(t, "virtual 4", virtual(4), func(t *testing.T, s *System) {
		fill := func(b *Batch, cpus ...int) {
			for range 8 {
				for _, cpu := range cpus {
					b.Add(cpu, nop)
				}
			}
		}
		check := func(who string, k Caller) {
			b := NewBatch(k)
			for _, cpus := range [][]int{{1}, {1, 2}, {0, 1, 2, 3}} {
				allocates(t, fmt.Sprintf("Call of %v by a %s", cpus, who), func() {
					fill(b, cpus...)
					must(t, b.Call(ctx))
				})
			}
		}
		check("goroutine", s)
		on(t, s, 0, func(c *CPU) {
			check("CPU", c)
			b, done := NewBatch(c), false
			note := func(*CPU, error) { done = true }
			allocates(t, "Then", func() {
				fill(b, 0, 1, 2, 3)
				done = false
				if err := b.Then(note); err != nil {
					t.Error(err)
				}
				flush(t, c)
				for !done {
					c.Poll()
				}
			})
		})
	})
}

// The caller's own function may abandon a call to a CPU whose answer to the Batch,
// or to the CallMany, is not read yet. The answer to that call must not be taken
// for the other.
func TestOwnFunctionLeavesACall(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		check := func(what string, call func(c *CPU, own func(*CPU)) error) {
			on(t, s, 0, func(c *CPU) {
				flush(t, c) // the lanes are made at first use
				err := call(c, func(c *CPU) {
					if c.ID() != 0 {
						return
					}
					pollUntil(t, c, "CPU 1 has answered", func() bool {
						l := c.src.Opened(1)
						return l == nil || l.Done()
					})
					ended, cancel := context.WithTimeout(ctx, time.Millisecond)
					defer cancel()
					wantErr(t, "Call", c.Call(ended, 1, func(*CPU) {
						time.Sleep(20 * time.Millisecond)
						panic("another call's")
					}), context.DeadlineExceeded)
				})
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
			})
		}
		check("CallMany", func(c *CPU, own func(*CPU)) error { return c.CallMany(ctx, &s.possible, own) })
		check("Batch", func(c *CPU, own func(*CPU)) error {
			b := NewBatch(c)
			b.Add(0, own)
			b.Add(1, nop)
			return b.Call(ctx)
		})
	})
}
