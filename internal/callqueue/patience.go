//go:build !gocheck

package callqueue

// skips is the number of Polls for which a target does not read the tails, some
// 100 to 300 ns. A larger number makes batches larger, and the first post wait
// longer.
const skips = 24

// After a call, a target polls the same mailbox for so many loads, some 200 ns,
// and for so many calls in all. Other requests wait meanwhile.
const (
	hotLooks = 8
	hotCalls = 32
)
