package percpu

import (
	"context"

	"crosscall"
)

// Counter is a counter that each CPU adds to in a line of its own, the kernel's
// percpu_counter. It has no batch and no approximate total: Sum asks all CPUs.
type Counter struct{ counts *Value[int64] }

// NewCounter makes a counter at zero over the CPUs of s.
func NewCounter(s *crosscall.System) *Counter { return &Counter{New[int64](s)} }

// Add adds n, which may be negative, as this_cpu_add does. c is the CPU that the
// calling function runs on.
func (k *Counter) Add(c *crosscall.CPU, n int64) { *k.counts.On(c) += n }

// Sum returns the total: every Add that happened before Sum, and of those that run
// meanwhile some (percpu_counter_sum). Counts of CPUs that are offline are in it;
// see [Value.Each] for how, and for the errors. It wraps around as int64 does.
func (k *Counter) Sum(ctx context.Context, caller crosscall.Caller) (int64, error) {
	sum := new(int64)
	err := k.counts.Each(ctx, caller, func(_ int, n *int64) { *sum += *n })
	if err != nil {
		// After ctx has ended a function may still write to sum.
		return 0, err
	}
	return *sum, nil
}
