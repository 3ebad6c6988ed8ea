package bench

import (
	"sync/atomic"
	"testing"
)

// Both threads make the requested number of adds, after a warm-up.
func TestAddersAddOnBothThreads(t *testing.T) {
	s := newSite(usable(t))
	if err := s.lacks(twoCPUs); err != nil {
		t.Skip(err)
	}
	var calls, adds atomic.Int64
	p, err := newAdders(s, func() {}, func(n int) {
		calls.Add(1)
		adds.Add(int64(n))
	})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if _, err := p.sample(t.Context(), 100); err != nil {
		t.Fatal(err)
	}
	if want := int64(2 * (100 + warmup(100))); calls.Load() != 4 || adds.Load() != want {
		t.Errorf("%d adds in %d parts, want %d in 4", adds.Load(), calls.Load(), want)
	}
}
