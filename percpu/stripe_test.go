//go:build amd64 || arm64

package percpu

import (
	"sync"
	"sync/atomic"
	"testing"

	"crosscall/internal/goroutine"
	"crosscall/internal/topology"
)

// A goroutine that finds its stripe in use moves to another and stays there.
// Goroutines with other offsets keep their stripes.
func TestMove(t *testing.T) {
	s := make(stripes[int], 8)
	c := choose()
	before := s.at(c)
	if s.at(choose()) != before {
		t.Error("a goroutine that met nobody has moved")
	}
	c.move()
	if after := s.at(choose()); after == before {
		t.Error("a goroutine that met another has stayed")
	}
}

// Goroutines are spread over all stripes.
func TestSpread(t *testing.T) {
	const goroutines = 1000
	s := make(stripes[atomic.Int64], 16)
	var ready, done sync.WaitGroup
	ready.Add(goroutines)
	for range goroutines {
		done.Go(func() {
			s.at(choose()).Add(1)
			ready.Done()
			ready.Wait() // all live at once
		})
	}
	done.Wait()
	for i := range s {
		if n := s[i].v.Load(); n == 0 || n > goroutines/4 {
			t.Errorf("stripe %d of %d has %d of %d goroutines", i, len(s), n, goroutines)
		}
	}
}

// BenchmarkIdentity measures the inputs from which a stripe may be chosen.
func BenchmarkIdentity(b *testing.B) {
	b.Run("goroutine", func(b *testing.B) {
		for b.Loop() {
			goroutine.ID()
		}
	})
	b.Run("CPU", func(b *testing.B) {
		for b.Loop() {
			topology.Current()
		}
	})
	b.Run("choose", func(b *testing.B) {
		for b.Loop() {
			choose()
		}
	})
}

// BenchmarkCounterChoice has two goroutines add to stripes that are chosen by one
// or the other.
func BenchmarkCounterChoice(b *testing.B) {
	for name, add := range map[string]func(stripes[atomic.Int64]){
		"goroutine": func(s stripes[atomic.Int64]) { s.at(choose()).Add(1) },
		"CPU":       func(s stripes[atomic.Int64]) { s[topology.Current()&(len(s)-1)].v.Add(1) },
	} {
		b.Run(name, func(b *testing.B) {
			s := newStripes[atomic.Int64]()
			var done sync.WaitGroup
			for range 2 {
				done.Go(func() {
					for range b.N {
						add(s)
					}
				})
			}
			done.Wait()
		})
	}
}
