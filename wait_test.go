package crosscall

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"crosscall/cpumask"
)

func TestRecursion(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		for _, end := range []int{first(s), last(s)} {
			path := []int{first(s), end} // of one CPU: it calls itself
			depth, deepest := 0, 0
			var down func(c *CPU)
			down = func(c *CPU) {
				depth++
				deepest = max(deepest, depth)
				if depth < 100 {
					must(t, c.Call(ctx, path[depth%2], down))
				}
				depth--
			}
			must(t, s.Call(ctx, path[0], down))
			if deepest != 100 || depth != 0 {
				t.Errorf("went %d deep and came back to %d, want 100 and 0", deepest, depth)
			}
		}
	})
}

// load is functions that send functions that send functions.
type load struct {
	t         *testing.T
	s         *System
	owed, ran []atomic.Int32 // by CPU
}

// send sends one function by a way at random, which sends more while levels are
// left.
func (l *load) send(c Caller, r *rand.Rand, levels int) {
	cpus := []int{r.IntN(len(l.ran)), r.IntN(len(l.ran))}
	mask := cpumask.Of(cpus...)
	for cpu := range mask.All() {
		l.owed[cpu].Add(1)
	}
	var seeds [2]uint64
	for i := range seeds {
		seeds[i] = r.Uint64()
	}
	must(l.t, ways[r.IntN(len(ways))].run(ctx, c, &mask, func(c *CPU) {
		defer l.ran[c.ID()].Add(1) // last: until then it may owe more
		r := rand.New(rand.NewPCG(seeds[0], seeds[1]+uint64(c.ID())))
		for range r.IntN(3) {
			if levels > 0 {
				if r.IntN(4) == 0 {
					l.send(l.s, r, levels-1)
				} else {
					l.send(c, r, levels-1)
				}
			}
		}
	}))
}

func total(counts []atomic.Int32) int32 {
	var n int32
	for i := range counts {
		n += counts[i].Load()
	}
	return n
}

func TestRandomNestedLoad(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		eachDesignOf(t, fmt.Sprint("virtual ", n), virtual(n), func(t *testing.T, s *System) {
			limit(t)
			l := &load{t: t, s: s, owed: make([]atomic.Int32, n), ran: make([]atomic.Int32, n)}
			var wg sync.WaitGroup
			for g := range uint64(3) {
				wg.Go(func() {
					r := rand.New(rand.NewPCG(g, 7))
					for range 12 {
						l.send(s, r, 4)
					}
				})
			}
			wg.Wait()
			until(t, "all that is owed has run", func() bool {
				flush(t, s)
				// In this order: what is owed only grows, and what has run is never
				// more. If the two are the same, read one after the other, nothing
				// was on its way in between.
				ran := total(l.ran)
				return ran == total(l.owed)
			})
			for cpu := range l.owed {
				if ran, owed := l.ran[cpu].Load(), l.owed[cpu].Load(); ran != owed {
					t.Errorf("CPU %d ran %d functions, want %d", cpu, ran, owed)
				}
			}
		})
	}
}

func TestSelfPosts(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		const posts = 1000 // more than there is room for
		for _, cpu := range []int{first(s), last(s)} {
			var got []int
			on(t, s, cpu, func(c *CPU) {
				for i := range posts {
					must(t, c.Post(cpu, func(*CPU) { got = append(got, i) }))
				}
				must(t, c.Call(ctx, cpu, func(*CPU) { got = append(got, posts) }))
			})
			for i, n := range got {
				if i != n {
					t.Fatalf("function %d ran as number %d", n, i)
				}
			}
			if len(got) != posts+1 {
				t.Errorf("%d functions ran, want %d", len(got), posts+1)
			}
		}
	})
}

// Functions that were posted post more, over rings that are full both ways. At the
// nesting limit they are told so; nothing that was accepted is lost.
func TestPostsOfPosts(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var left, refused [2]int // by CPU
		var ran [2]int
		var fn func(c *CPU)
		fn = func(c *CPU) {
			me := c.ID()
			ran[me]++
			for range 2 {
				if left[me] == 0 {
					return
				}
				left[me]--
				switch err := c.Post(1-me, fn); {
				case errors.Is(err, ErrFull) && c.in.Limited():
					refused[me]++
				case err != nil:
					t.Error(err)
				}
			}
		}
		must(t, s.CallEvery(ctx, func(c *CPU) {
			me := c.ID()
			left[me] = 1500
			for range 700 {
				must(t, c.Post(1-me, fn))
			}
		}))
		until(t, "all posts have run", func() bool {
			total := 0
			for cpu := range 2 {
				on(t, s, cpu, func(*CPU) { total += ran[cpu] + refused[cpu] + left[cpu] })
			}
			return total == 2*(1500+700)
		})
	})
}

// With no room in the ring a call has not been sent when its context ends.
func TestContextEndsTheWaitForRoom(t *testing.T) {
	for _, d := range designs {
		t.Run(d.String(), func(t *testing.T) {
			limit(t)
			s := open(t, d.of(virtual(2)))
			release := block(t, s, 1)
			var ran atomic.Int32
			for s.TryPost(1, nop) == nil {
			}
			bounded, cancel := context.WithCancel(ctx)
			done := make(chan error)
			go func() {
				done <- s.Call(bounded, 1, func(*CPU) { ran.Add(1) })
			}()
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("%v, want context.Canceled", err)
			}
			release()
			flush(t, s)
			if ran.Load() > 1 {
				t.Errorf("the function ran %d times", ran.Load())
			}
		})
	}
}

// Each of many abandoned calls runs once, and their records are not mixed up
// with those of the calls that follow.
func TestAbandonedCallsRunOnce(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		asCallersOn(t, s, 0, func(t *testing.T, k Caller) {
			const calls = 60
			release := block(t, s, 1)
			var ran [calls]atomic.Int32
			for i := range calls {
				bounded, cancel := context.WithCancel(ctx)
				cancel()
				if err := k.Call(bounded, 1, func(*CPU) { ran[i].Add(1) }); !errors.Is(err, context.Canceled) {
					t.Errorf("call %d to a busy CPU: %v, want context.Canceled", i, err)
				}
				n := 0
				must(t, k.Call(ctx, 2, func(*CPU) { n++ }))
				if n != 1 {
					t.Errorf("the call after it ran %d times", n)
				}
			}
			release()
			must(t, k.Call(ctx, 1, nop))
			for i := range ran {
				if n := ran[i].Load(); n != 1 {
					t.Errorf("abandoned function %d ran %d times", i, n)
				}
			}
		})
	})
}
