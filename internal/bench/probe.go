package bench

import "context"

// A probe performs one kind of operation, again and again, and says what it
// cost. Between samples it leaves every CPU free: what spins for it spins only
// inside sample, or the probe it is compared with would pay for it.
type probe interface {
	// sample performs n operations and returns what it observed, in
	// nanoseconds an operation: one observation, the mean, where operations
	// follow each other without a pause; n where each is timed by itself.
	// Only probes that sleep look at ctx.
	sample(ctx context.Context, n int) ([]float64, error)
	close()
}

// A varied probe has several ways to perform its operation, and counts the one
// that is the fastest on this host.
type varied interface {
	// variant names the way that counted in the last sample.
	variant() string
}

// warmup is how many operations a probe performs untimed before n timed ones.
// A thread that has just been woken finds its caches, its branch predictor
// and often its clock rate cold, and a mean over the batch would keep that.
func warmup(n int) int { return n/16 + 8 }

// mean is the observation of n operations that took ns in all.
func mean(ns int64, n int) []float64 { return []float64{float64(ns) / float64(n)} }

// nothing is the function that baselines carry: what is measured is the
// carrying.
func nothing() {}
