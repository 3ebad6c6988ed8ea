package sched

import (
	"math/bits"
	"testing"

	"pgregory.net/rapid"
)

// Units cannot be matched if and only if some set of lowerings is larger than
// all raisings before any of them: here every set of lowerings is tried.
func TestMatching(t *testing.T) {
	var possible, impossible int
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.SampledFrom([]int32{1, 1, 1, 2, 5})
		c := &counting{}
		for i := range rapid.IntRange(0, 5).Draw(t, "ups") {
			c.ups = append(c.ups, unit{event: int32(i), left: amount.Draw(t, "up")})
		}
		var before []uint
		for i := range rapid.IntRange(0, 5).Draw(t, "downs") {
			m := rapid.UintRange(0, 1<<len(c.ups)-1).Draw(t, "before")
			before = append(before, m)
			c.downs = append(c.downs, unit{event: int32(i), left: amount.Draw(t, "down"),
				before: func(up int32) bool { return m>>up&1 != 0 }})
		}
		want := overdrawn(c.ups, c.downs, before)
		if got := c.unmatched() != nothing; got != want {
			t.Fatalf("unmatched: %t, want %t", got, want)
		}
		if want {
			impossible++
		} else {
			possible++
		}
	})
	if possible == 0 || impossible == 0 {
		t.Errorf("%d can be matched, %d cannot", possible, impossible)
	}
}

func overdrawn(ups, downs []unit, before []uint) bool {
	for set := uint(0); set < 1<<len(downs); set++ {
		var sum int32
		var givers uint
		for s := set; s != 0; s &= s - 1 {
			d := bits.TrailingZeros(s)
			sum += downs[d].left
			givers |= before[d]
		}
		for g := givers; g != 0; g &= g - 1 {
			sum -= ups[bits.TrailingZeros(g)].left
		}
		if sum > 0 {
			return true
		}
	}
	return false
}
