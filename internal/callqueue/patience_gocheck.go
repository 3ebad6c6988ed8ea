//go:build gocheck

package callqueue

// Each look more that changes nothing multiplies the executions to explore, so
// there is one of each kind. A target that skips looks cannot be explored where
// it waits: it would wait for what it has not looked at.
const (
	skips    = 0
	hotLooks = 1
	hotCalls = 2
)
