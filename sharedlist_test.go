package crosscall

import (
	"math/rand/v2"
	"sync"
	"testing"

	"crosscall/cpumask"
)

func TestAllBut(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var mask cpumask.Mask
		for range r.IntN(300) {
			mask.Set(r.IntN(cpumask.Max))
		}
		cpu := r.IntN(cpumask.Max)
		want := mask // the twin is a copy without the bit
		want.Clear(cpu)
		but := allBut{&mask, cpu}
		for i := range cpumask.Max / 64 {
			if got := but.Word(i); got != want.Word(i) {
				t.Fatalf("word %d of %v without CPU %d is %x, want %x", i, mask, cpu, got, want.Word(i))
			}
		}
	}
}

// A CPU has one shared record. A call to many that is made while the record is
// in flight sends each target its own request, also if the first call waits for
// the second.
func TestSharedRecordInUse(t *testing.T) {
	eachDesignOf(t, "virtual 70", virtual(70), func(t *testing.T, s *System) {
		limit(t)
		var outer, inner ran
		on(t, s, 0, func(a *CPU) {
			must(t, a.CallEvery(ctx, func(b *CPU) {
				outer.fn(b)
				if b.ID() == 69 {
					must(t, b.Call(ctx, 0, func(a *CPU) { must(t, a.CallEvery(ctx, inner.fn)) }))
				}
			}))
		})
		outer.once(t, s.possible)
		inner.once(t, s.possible)
	})
}

func TestSharedRecordInUseByPosts(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		asCallers(t, s, func(t *testing.T, k Caller) {
			posts := rounds(s, 50)
			n := new(tasks)
			for range posts { // faster than they are answered
				must(t, k.PostMany(&s.possible, n.fn))
			}
			flush(t, k)
			n.are(t, posts, s.possible)
		})
	})
}

// External callers have one shared record for all goroutines.
func TestSharedRecordOfManyGoroutines(t *testing.T) {
	overDesigns(t, 6, func(t *testing.T, s *System) {
		const goroutines, calls = 8, 50
		n := new(tasks)
		var wg sync.WaitGroup
		for range goroutines {
			wg.Go(func() {
				for range calls {
					x := new(tasks)
					must(t, s.CallMany(ctx, &s.possible, func(c *CPU) { n.fn(c); x.fn(c) }))
					x.are(t, 1, s.possible)
				}
			})
		}
		wg.Wait()
		n.are(t, goroutines*calls, s.possible)
	})
}
