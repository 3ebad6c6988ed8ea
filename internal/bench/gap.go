package bench

import "time"

// idleGap is the pause before each call of call-asleep and each wake of futex:
// longer than an executor spins by default, and longer than the idle loop of a
// guest kernel polls before it halts (200 us, haltpoll), so that both find a
// halted CPU.
const idleGap = time.Millisecond

// busy keeps this CPU running for d: after a sleep the caller's caches would be
// cold.
func busy(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}
