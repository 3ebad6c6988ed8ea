package crosscall

import (
	"testing"
	"time"
)

// benchDesigns runs fn on the CPUs of this process, by each design.
func benchDesigns(b *testing.B, fn func(*testing.B, *System)) {
	for _, d := range designs {
		b.Run(d.String(), func(b *testing.B) {
			s := open(b, d.of(Options{CPUs: usable(b)}))
			b.ReportAllocs()
			fn(b, s)
		})
	}
}

func BenchmarkCallCPU(b *testing.B) {
	benchDesigns(b, func(b *testing.B, s *System) {
		to := last(s)
		on(b, s, first(s), func(c *CPU) {
			for b.Loop() {
				_ = c.Call(ctx, to, nop)
			}
		})
	})
}

func BenchmarkCallGoroutine(b *testing.B) {
	benchDesigns(b, func(b *testing.B, s *System) {
		to := last(s)
		for b.Loop() {
			_ = s.Call(ctx, to, nop)
		}
	})
}

// BenchmarkCallAsleep includes the wake of the target, but not the wait until
// it is asleep.
func BenchmarkCallAsleep(b *testing.B) {
	benchDesigns(b, func(b *testing.B, s *System) {
		to := last(s)
		on(b, s, first(s), func(c *CPU) {
			var inCall time.Duration
			for b.Loop() {
				for !s.cpus[to].tally.asleep.Load() {
					time.Sleep(10 * time.Microsecond)
				}
				start := time.Now()
				_ = c.Call(ctx, to, nop)
				inCall += time.Since(start)
			}
			b.ReportMetric(float64(inCall)/float64(b.N), "ns/call")
		})
	})
}

func BenchmarkPostCPU(b *testing.B) {
	benchDesigns(b, func(b *testing.B, s *System) {
		to := last(s)
		on(b, s, first(s), func(c *CPU) {
			for b.Loop() {
				_ = c.Post(to, nop)
			}
			_ = c.Call(ctx, to, nop)
		})
	})
}

func BenchmarkPostGoroutine(b *testing.B) {
	benchDesigns(b, func(b *testing.B, s *System) {
		to := last(s)
		for b.Loop() {
			_ = s.Post(to, nop)
		}
		_ = s.Call(ctx, to, nop)
	})
}

func BenchmarkCallMany(b *testing.B) {
	benchDesigns(b, func(b *testing.B, s *System) {
		on(b, s, first(s), func(c *CPU) {
			for b.Loop() {
				_ = c.CallMany(ctx, &s.possible, nop)
			}
		})
	})
}
