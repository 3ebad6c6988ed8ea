package percpu

import (
	"context"
	"sync/atomic"

	"crosscall"
)

// Counter is a counter for frequent adds and rare reads. Each CPU adds to a cache line of
// its own with [Counter.Add], and any goroutine with [Counter.AddAny], to one of several
// lines. It is the kernel's percpu_counter without its batches and approximate total: Sum
// asks all CPUs.
type Counter struct {
	counts *Value[int64]
	any    stripes[atomic.Int64]
}

// NewCounter makes a counter at zero over the CPUs of s.
func NewCounter(s *crosscall.System) *Counter {
	return &Counter{New[int64](s), newStripes[atomic.Int64]()}
}

// Add adds n, which may be negative, as this_cpu_add does: by a plain store. c is the CPU that the
// calling function runs on. Add is the fastest; a goroutine that is no executor uses AddAny.
func (k *Counter) Add(c *crosscall.CPU, n int64) { *k.counts.On(c) += n }

// AddAny adds n, which may be negative, from any goroutine, on an executor or not, by
// an atomic add to a line that goroutines on other CPUs mostly do not use. It never waits.
// Add is faster if the caller has its CPU. One atomic variable is faster to read than a Counter,
// and as fast to add to if only one thread does.
func (k *Counter) AddAny(n int64) {
	c := choose()
	cell := k.any.at(c)
	v := cell.Add(n)
	// Once in 32 adds on average, whatever n is, this checks whether another goroutine has added
	// to the same cell since the line above. An add by compare-and-swap would notice each
	// collision, but takes twice as long.
	if uint64(v)*0x9E3779B97F4A7C15>>59 == 0 && !cell.CompareAndSwap(v, v) {
		c.move()
	}
}

// Sum returns the total (percpu_counter_sum). Every Add and AddAny that happened
// before Sum is counted. One that runs at the same time is counted in full or not at
// all. Counts of CPUs that are offline are included; see [Value.Each] for the way, and
// for the errors. The total wraps around like an int64.
func (k *Counter) Sum(ctx context.Context, caller crosscall.Caller) (int64, error) {
	sum := new(int64)
	err := k.counts.Each(ctx, caller, func(_ int, n *int64) { *sum += *n })
	if err != nil {
		// After ctx has ended a function may still write to sum.
		return 0, err
	}
	total := *sum
	for i := range k.any {
		total += k.any[i].v.Load()
	}
	return total, nil
}
