package main

import "testing"

func TestQuantile(t *testing.T) {
	for _, c := range []struct{ q, want float64 }{{0, 1}, {0.25, 1.75}, {0.5, 2.5}, {1, 4}} {
		if got := quantile([]float64{4, 1, 3, 2}, c.q); got != c.want {
			t.Errorf("quantile %v is %v, want %v", c.q, got, c.want)
		}
	}
}

// The ratio is that of the rounds, not that of the medians.
func TestRatio(t *testing.T) {
	at := func(took float64) result { return result{requests: 10, took: took} }
	own, other := series{at(1), at(20), at(3)}, series{at(2), at(40), at(6)}
	if got := own.ratio(other, result.rate); got != "2.00 (2.00 to 2.00)" {
		t.Error(got)
	}
	if got := other.ratio(other, result.rate); got != "1" {
		t.Error(got)
	}
}
