package crosscall

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// pollingCPU is a CPU without an executor: enough to learn from sleeps.
func pollingCPU(spin time.Duration) *CPU {
	s := &System{opts: Options{Spin: spin}}
	s.spinner.max.Store(1)
	return &CPU{calls: calls{sys: s}}
}

// The rule: a sleep that a spin could have covered doubles the window, up to the
// longest; one that it could not halves it, down to nothing.
func TestWindowFollowsTheSleeps(t *testing.T) {
	const longest = 64 * time.Microsecond
	c := pollingCPU(longest)
	if got := c.window(); got != longest/2 {
		t.Errorf("begins with %v", got)
	}
	steps := []struct{ slept, window time.Duration }{
		{longest, longest},    // 64
		{1, longest},          // no longer than that
		{longest + 1, 32_000}, // half
		{time.Hour, 16_000},   // however long it was
		{longest, 32_000},     // double
		{time.Hour, 16_000},   //
		{time.Hour, 8_000},    //
		{time.Hour, 4_000},    // a sixteenth is the least
		{time.Hour, 0},        //
		{time.Hour, 0},        //
		{0, 8_000},            // from nothing it grows by an eighth
		{longest, 16_000},     //
	}
	for i, step := range steps {
		c.learn(step.slept)
		if got := c.window(); got != step.window {
			t.Fatalf("step %d: after a sleep of %v: %v, want %v", i, step.slept, got, step.window)
		}
	}
}

func TestWindowStaysInBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		longest := time.Duration(rapid.Int64Range(1, int64(time.Millisecond)).Draw(t, "longest"))
		c := pollingCPU(longest)
		for _, slept := range rapid.SliceOf(rapid.Int64Range(0, 3*int64(longest))).Draw(t, "sleeps") {
			before := c.window()
			c.learn(time.Duration(slept))
			after := c.window()
			switch {
			case after < 0 || after > longest:
				t.Fatalf("window %v, longest %v", after, longest)
			case time.Duration(slept) <= longest && after < before:
				t.Fatalf("shrank from %v to %v after a short sleep", before, after)
			case time.Duration(slept) > longest && before > 0 && after >= before:
				t.Fatalf("stayed at %v after a long sleep", after)
			}
		}
	})
}

// If executors must not spin, there is no window, whatever the sleeps are.
func TestNoWindowWithoutACPUToSpare(t *testing.T) {
	limit(t)
	for name, o := range map[string]Options{
		"virtual":  virtual(2),
		"negative": {CPUs: usable(t), Spin: -1},
	} {
		s := open(t, o)
		s.spinner.update() // as the monitor does
		on(t, s, last(s), func(c *CPU) {
			c.learn(0)
			if c.window() != 0 || s.spinner.enter() {
				t.Error(name, ": spins")
			}
		})
	}
}

func TestNoMoreSpinnersThanTheMost(t *testing.T) {
	var p spinner
	p.max.Store(2)
	var spinning, most atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 2000 {
				if p.enter() {
					if n := spinning.Add(1); n > 2 {
						most.Store(n)
					}
					spinning.Add(-1)
					p.leave()
				}
			}
		})
	}
	wg.Wait()
	if most.Load() != 0 {
		t.Errorf("%d spun at a time", most.Load())
	}
	for i, want := range []bool{true, true, false} {
		if p.enter() != want {
			t.Errorf("spinner %d may spin: %v", i, !want)
		}
	}
}
