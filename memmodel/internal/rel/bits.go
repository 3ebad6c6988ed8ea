package rel

import "math/bits"

// A row is a set of events: bit i%64 of word i/64 stands for event i.
type row = []uint64

func words(n int) int { return (n + 63) / 64 }

func has(r row, i int) bool { return r[i>>6]>>(i&63)&1 != 0 }

func set(r row, i int) { r[i>>6] |= 1 << (i & 63) }

// without removes the events of src from dst.
func without(dst, src row) {
	for k, x := range src {
		dst[k] &^= x
	}
}

func empty(r row) bool {
	for _, x := range r {
		if x != 0 {
			return false
		}
	}
	return true
}

func disjoint(a, b row) bool {
	for k, x := range a {
		if x&b[k] != 0 {
			return false
		}
	}
	return true
}

func subset(a, b row) bool {
	for k, x := range a {
		if x&^b[k] != 0 {
			return false
		}
	}
	return true
}

func equal(a, b row) bool {
	for k, x := range a {
		if x != b[k] {
			return false
		}
	}
	return true
}

func orInto(dst, src row) {
	for k, x := range src {
		dst[k] |= x
	}
}

// fill makes r the set of all n events.
func fill(r row, n int) {
	for k := range r {
		r[k] = ^uint64(0)
	}
	if n&63 != 0 {
		r[len(r)-1] = 1<<(n&63) - 1
	}
}

// each calls f with every event of r, in order, until f returns false.
func each(r row, f func(int) bool) {
	for k, x := range r {
		for ; x != 0; x &= x - 1 {
			if !f(k<<6 + bits.TrailingZeros64(x)) {
				return
			}
		}
	}
}
