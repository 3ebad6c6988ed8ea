//go:build gocheck

package callqueue

// Each further load that changes nothing multiplies the executions to explore,
// so there is one of each kind. A target that skips the tails cannot be
// explored while it waits: it would wait for a request that it does not read.
const (
	skips    = 0
	hotLooks = 1
	hotCalls = 2
)
