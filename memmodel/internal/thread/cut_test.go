package thread

import "testing"

// A loop whose rounds are known goes on for 1000 jumps back and 5000 accesses, or as far as
// the bound says if that is further. One that hangs on an open value ends at the bound.
func TestTooFar(t *testing.T) {
	for _, c := range []struct {
		open                 bool
		jumps, bound, events int
		far                  bool
	}{
		{true, 3, 3, 0, false},
		{true, 4, 3, 0, true},
		{false, 4, 3, 0, false},
		{false, 1000, 3, 5000, false},
		{false, 1001, 3, 0, true},
		{false, 900, 3, 5001, true},
		{false, 900, 1000, 5400, true},
		{false, 900, 1100, 5400, false},
		{false, 1100, 1100, 5500, false},
		{false, 1100, 1100, 5501, true},
	} {
		if got := tooFar(c.open, c.jumps, c.bound, c.events); got != c.far {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
