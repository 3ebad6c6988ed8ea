package render

import (
	"cmp"
	"slices"
)

// laneGutter gives each hop of a gutter a lane such that those side by side
// have different ones. Arcs have lanes of their own along the column that they
// belong to, the others share the middle.
func (p *plan) laneGutter(hops []*hop) {
	var onLeft, onRight, middle []*hop
	for _, h := range hops {
		switch {
		case h.way == arc && h.side == leftSide:
			onLeft = append(onLeft, h)
		case h.way == arc:
			onRight = append(onRight, h)
		default:
			middle = append(middle, h)
		}
	}
	for _, arcs := range [][]*hop{onLeft, onRight} {
		slices.SortStableFunc(arcs, func(a, b *hop) int {
			return cmp.Compare(a.high()-a.low(), b.high()-b.low())
		})
		nestArcs(arcs)
	}
	slices.SortStableFunc(middle, crossesLeast)
	for i, h := range middle {
		taken := map[int]bool{}
		for _, other := range middle[:i] {
			if collide(h, other) {
				taken[other.lane] = true
			}
		}
		h.lane = free(taken)
	}
}

// nestArcs puts each arc outside all shorter ones that it goes around.
func nestArcs(arcs []*hop) {
	for i, h := range arcs {
		lane := 0
		for _, other := range arcs[:i] {
			// Arcs that meet at a box leave it at different ports.
			same := other.low() == h.low() && other.high() == h.high()
			if same || other.low() < h.high() && h.low() < other.high() {
				lane = max(lane, other.lane+1)
			}
		}
		h.lane = lane
	}
}

// crossesLeast orders hops from left to right such that parallel ones do not
// cross: of those that go down to the right, the lowest turns first; of those
// that go up, the highest.
func crossesLeast(a, b *hop) int {
	down := func(h *hop) int {
		if h.left < h.right {
			return 0
		}
		return 1
	}
	if d := cmp.Compare(down(a), down(b)); d != 0 {
		return d
	}
	if down(a) == 0 {
		return cmp.Compare(b.left+b.right, a.left+a.right)
	}
	return cmp.Compare(a.left+a.right, b.left+b.right)
}

// collide reports whether two hops on one lane could not be told apart. Slopes
// use no lane.
func collide(a, b *hop) bool {
	return a.steep() && b.steep() && a.low() <= b.high() && b.low() <= a.high()
}

// laneChannel gives each route of a channel a lane of its own where it runs
// beside others.
func laneChannel(routes []*route, column []int) {
	slices.SortStableFunc(routes, func(a, b *route) int {
		alo, ahi := span(a, column)
		blo, bhi := span(b, column)
		return cmp.Compare(ahi-alo, bhi-blo)
	})
	for i, r := range routes {
		lo, hi := span(r, column)
		taken := map[int]bool{}
		for _, other := range routes[:i] {
			if olo, ohi := span(other, column); olo < hi && lo < ohi {
				taken[other.lane] = true
			}
		}
		r.lane = free(taken)
	}
}

// free is the first lane that is not taken.
func free(taken map[int]bool) int {
	lane := 0
	for taken[lane] {
		lane++
	}
	return lane
}
