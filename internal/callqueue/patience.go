//go:build !gocheck

package callqueue

// skips is for how many looks a target stays away from the tails, some 100 to
// 300 ns. Longer makes larger batches and a first post wait longer.
const skips = 24

// A target stays with one mailbox for so many looks, some 200 ns, after a call,
// and for so many calls in all: others wait meanwhile.
const (
	hotLooks = 8
	hotCalls = 32
)
