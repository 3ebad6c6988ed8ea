package crosscall

import "testing"

// allocates runs f so many times that objects which the collector takes from a
// pool do not matter. All of the process is counted; so it tries again: another goroutine,
// such as one that reports a stall on a busy machine, does not allocate each time.
func allocates(t *testing.T, what string, f func()) {
	t.Helper()
	n := testing.AllocsPerRun(200, f)
	for range 4 {
		if n == 0 {
			return
		}
		n = testing.AllocsPerRun(200, f)
	}
	if n != 0 {
		t.Errorf("%s: %v allocations", what, n)
	}
}

// TestNoAllocation has the calls to one CPU.
func TestNoAllocationToMany(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops at random under the race detector")
	}
	for name, o := range map[string]Options{"usable": {CPUs: usable(t)}, "virtual 4": virtual(4)} {
		eachDesignOf(t, name, o, func(t *testing.T, s *System) {
			on(t, s, first(s), func(c *CPU) {
				flush(t, c) // the lanes are made at first use
				allocates(t, "CallMany from a CPU", func() { must(t, c.CallMany(ctx, &s.possible, nop)) })
				allocates(t, "PostMany from a CPU", func() {
					must(t, c.PostMany(&s.possible, nop))
					flush(t, c) // a single queue is as long as it gets
				})
			})
			allocates(t, "PostMany from a goroutine", func() {
				must(t, s.PostMany(&s.possible, nop))
				flush(t, s)
			})
		})
	}
}

func TestNoAllocationAsleep(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops at random under the race detector")
	}
	eachDesignOf(t, "usable", Options{CPUs: usable(t), Spin: -1}, func(t *testing.T, s *System) {
		allocates(t, "Call from a goroutine", func() { must(t, s.Call(ctx, last(s), nop)) })
		on(t, s, first(s), func(c *CPU) {
			allocates(t, "Call from a CPU", func() { must(t, c.Call(ctx, last(s), nop)) })
		})
	})
}
