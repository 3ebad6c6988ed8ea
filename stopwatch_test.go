package crosscall

import (
	"context"
	"testing"
	"time"

	"crosscall/cpumask"
)

// TestLongestFunction: the longest run is found, with the name of the function.
// If posts are run in one batch, that may need a second long run.
func TestLongestFunction(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		var long time.Duration // twice the longest so far: a busy machine may delay any function
		slow := func(*CPU) { time.Sleep(long) }
		untilStats(t, s, 1, "the slow function is named", func(CPUStats) bool {
			long = 2*s.Stats().CPUs[1].Longest + 10*time.Millisecond
			for range 3 {
				must(t, s.Post(1, nop))
				must(t, s.Post(1, slow))
				must(t, s.Post(1, nop))
			}
			must(t, s.Call(ctx, 1, slow))
			got := s.Stats().CPUs[1]
			return got.Longest >= long && got.LongestFunc == funcName(slow)
		})
		if got := s.Stats().CPUs[0]; got.LongestFunc == funcName(slow) {
			t.Errorf("CPU 0 has not run %s", got.LongestFunc)
		}
	})
}

// A function that waits serves others meanwhile; the time is its own, not theirs.
func TestLongestFunctionIsNotAServedOne(t *testing.T) {
	t.Run("call", func(t *testing.T) { longestOf(t, (*System).Call) })
	t.Run("post", func(t *testing.T) {
		longestOf(t, func(s *System, _ context.Context, cpu int, fn func(*CPU)) error { return s.Post(cpu, fn) })
	})
}

func longestOf(t *testing.T, send func(*System, context.Context, int, func(*CPU)) error) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		served := func(*CPU) {}
		waits := func(c *CPU) {
			must(t, c.Call(ctx, 2, func(d *CPU) {
				must(t, d.Call(ctx, 1, served))
				time.Sleep(10 * time.Millisecond)
			}))
		}
		must(t, send(s, ctx, 1, waits))
		flush(t, s)
		until(t, "CPU 1 rests", s.cpus[1].tally.asleep.Load)
		if got := s.Stats().CPUs[1]; got.LongestFunc == funcName(served) {
			t.Errorf("%v are put down to a function that does nothing", got.Longest)
		}
	})
}

// After timeEach functions that were timed one by one, none is.
func TestTimingOneByOneEnds(t *testing.T) {
	limit(t)
	s := open(t, virtual(1))
	on(t, s, 0, func(c *CPU) {
		c.each = timeEach
		c.longest = time.Hour // otherwise a batch that a busy machine delays would start it again
		c.hook()
	})
	for range timeEach {
		must(t, s.Call(ctx, 0, nop))
	}
	on(t, s, 0, func(c *CPU) {
		if c.each != 0 {
			t.Errorf("%d functions are yet to be timed", c.each)
		}
	})
}

// The clock is read after the idle function, so that its time is not counted
// for the next function.
func TestIdleTimeIsNotTheNextFunctions(t *testing.T) {
	limit(t)
	s := open(t, virtual(1))
	mask := cpumask.Of(0)
	var ended time.Time // CPU 0's
	must(t, s.SetIdle(&mask, func(*CPU) bool {
		time.Sleep(time.Millisecond)
		ended = time.Now()
		return true
	}))
	for range 10 {
		on(t, s, 0, func(c *CPU) {
			if !ended.IsZero() && c.mark.Before(ended) {
				t.Error("timed from before the end of the idle function")
			}
		})
	}
	must(t, s.SetIdle(&mask, nil))
}
