package bench

import "time"

// idleGap is how long the target is left alone before each call of call-asleep
// and each wake of futex: longer than an executor spins by default, and than
// the idle loop of a guest kernel polls before it halts (200 us, haltpoll), so
// that both find a CPU that is asleep for good.
const idleGap = time.Millisecond

// busy keeps this CPU running for d; a caller that slept would be cold itself.
func busy(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}
