package bench

import "context"

// A probe performs one kind of operation repeatedly and measures its cost.
// Between samples it leaves every CPU free: its threads may spin only inside
// sample, because otherwise they would slow down the probe that it is compared
// with.
type probe interface {
	// sample performs n operations and returns its observations, in nanoseconds
	// per operation: one, the mean, if operations follow each other without a
	// pause, or n if each is timed by itself. Only probes that sleep check ctx.
	sample(ctx context.Context, n int) ([]float64, error)
	close()
}

// A varied probe has several ways to perform its operation; the fastest on this
// host counts.
type varied interface {
	// variant names the way that counted in the last sample.
	variant() string
}

// warmup is how many operations a probe performs untimed before n timed ones.
// After a wake the caches and the branch predictor of a thread are cold and the
// clock rate is often low, and the mean of the batch would include that.
func warmup(n int) int { return n/16 + 8 }

// mean is the observation of n operations that took ns in all.
func mean(ns int64, n int) []float64 { return []float64{float64(ns) / float64(n)} }

// nothing is the function that baselines send: only its transport is measured.
func nothing() {}
