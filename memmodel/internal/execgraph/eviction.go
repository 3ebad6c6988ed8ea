package execgraph

import "slices"

// leastCached and mostCached bound how many structures are kept.
const (
	leastCached = 16
	mostCached  = 48
)

// roomyEvents is how many events a structure has at most for which more than leastCached
// are kept: the memory grows with the square.
const roomyEvents = 128

// An eviction decides whether a cache of structures makes room for a new one or has it
// take the place of the one that was used longest ago, whose memory is warm. It makes room
// if the new one was in the cache before, which it finds out from the hashes of what was
// put out last.
type eviction struct {
	out  [2 * mostCached]uint64
	next int
}

// roomFor reports whether a cache that holds so many makes room for one more structure,
// which has this hash and so many events.
func (e *eviction) roomFor(hash uint64, events, holds int) bool {
	return holds < leastCached || holds < mostCached && events <= roomyEvents && slices.Contains(e.out[:], hash)
}

// put notes that the structure with this hash is put out.
func (e *eviction) put(hash uint64) {
	e.out[e.next] = hash
	e.next = (e.next + 1) % len(e.out)
}
