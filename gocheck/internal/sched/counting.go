package sched

import "slices"

// delta is what e adds to its object's counter.
func (e *event) delta() int32 {
	switch {
	case e.code == wgAdd || e.code == wgDone:
		return e.arg
	case e.code == rLock || e.code == tryRLock && e.kind == Accum:
		return 1
	case e.code == rUnlock:
		return -1
	}
	return 0
}

// A counting has the operations that raise and lower one counter.
//
// Claim: the counter stays at zero or above in each equivalent order if and only if the
// lowered units can be matched with raised ones, each with one of its own whose event
// precedes it by the order of steps. Proof: the events that have run at some point of an
// order can be any set that is closed under predecessors. So this is Hall's theorem.
// Smallest execution: an Add and a Done that nothing orders.
type counting struct {
	exec  *execution
	ups   []unit
	downs []unit
	flow  []int32 // units of each lowering that are matched with each raising
	seen  []bool  // scratch: ups
	left  []int32 // scratch: unmatched units of the raisings
}

// A unit is an event, with the number of its units that are not matched.
type unit struct {
	event int32
	left  int32
	// before, for a probe that is no event, reports which events precede it.
	before func(int32) bool
}

func (c *counting) add(i int32) {
	switch d := c.exec.events[i].delta(); {
	case d > 0:
		c.ups = append(c.ups, unit{event: i, left: d})
	case d < 0:
		c.downs = append(c.downs, unit{event: i, left: -d})
	}
}

// unmatched is an event that lowers units which cannot be matched, or nothing.
func (c *counting) unmatched() int32 {
	if c.matchedAtOnce() {
		return nothing
	}
	c.flow = zeros(c.flow, len(c.downs)*len(c.ups))
	for d := range c.downs {
		u := &c.downs[d]
		for u.left > 0 {
			c.seen = zeros(c.seen, len(c.ups))
			n := c.augment(d, u.left)
			if n == 0 {
				return u.event
			}
			u.left -= n
		}
	}
	return nothing
}

// matchedAtOnce reports whether each lowering can be matched without changing
// earlier matches. That is the usual case.
func (c *counting) matchedAtOnce() bool {
	c.left = c.left[:0]
	for _, u := range c.ups {
		c.left = append(c.left, u.left)
	}
	for d, u := range c.downs {
		need := u.left
		for up := len(c.ups) - 1; up >= 0 && need > 0; up-- {
			if c.left[up] > 0 && c.follows(d, up) {
				n := min(need, c.left[up])
				c.left[up] -= n
				need -= n
			}
		}
		if need > 0 {
			return false
		}
	}
	return true
}

func (c *counting) flowOf(d, up int) *int32 { return &c.flow[d*len(c.ups)+up] }

// zeros is n zeros, in the memory of s if it has room.
func zeros[E any](s []E, n int) []E {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

func (c *counting) follows(d, up int) bool {
	u := &c.downs[d]
	if u.before != nil {
		return u.before(c.ups[up].event)
	}
	return c.exec.after(u.event, c.ups[up].event)
}

// augment matches up to n more units of a lowering, and returns how many it has
// matched. It tries the latest raisings first, because the fewest other events
// can use them.
func (c *counting) augment(d int, n int32) int32 {
	for up := len(c.ups) - 1; up >= 0; up-- {
		if c.seen[up] || !c.follows(d, up) {
			continue
		}
		c.seen[up] = true
		if got := c.takeFrom(up, n); got > 0 {
			*c.flowOf(d, up) += got
			return got
		}
	}
	return 0
}

// takeFrom frees up to n units of a raising, if necessary by matching the
// events that have them with others.
func (c *counting) takeFrom(up int, n int32) int32 {
	if u := &c.ups[up]; u.left > 0 {
		got := min(n, u.left)
		u.left -= got
		return got
	}
	for other := range c.downs {
		if has := c.flowOf(other, up); *has > 0 {
			if got := c.augment(other, min(n, *has)); got > 0 {
				*has -= got
				return got
			}
		}
	}
	return 0
}
