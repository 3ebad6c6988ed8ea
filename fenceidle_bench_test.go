package crosscall

import (
	"runtime"
	"testing"
)

// BenchmarkFenceIdle is Fence by a goroutine while an idle function goes on on every
// CPU, with as many Ps as CPUs.
func BenchmarkFenceIdle(b *testing.B) {
	for name, fn := range map[string]func(*CPU) bool{
		"returns": func(*CPU) bool { return true },
		"stays": func(c *CPU) bool {
			for c.Online() {
				c.Poll()
			}
			return false
		},
	} {
		b.Run(name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(runtime.NumCPU()))
			s := open(b, Options{})
			all := s.PossibleMask()
			must(b, s.SetIdle(&all, fn))
			for b.Loop() {
				must(b, s.Fence(ctx))
			}
		})
	}
}
