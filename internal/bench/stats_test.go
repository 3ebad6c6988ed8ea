package bench

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func observations(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.Float64Range(0.5, 1e6), 1, 60).Draw(t, "observed")
}

// The twin follows the definition and tries every observation.
func TestQuantileAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observed := observations(t)
		q := float64(rapid.IntRange(0, 16).Draw(t, "sixteenths")) / 16 // exact, so that q*n is
		want := math.Inf(1)
		for _, v := range observed {
			notAbove := 0
			for _, w := range observed {
				if w <= v {
					notAbove++
				}
			}
			if float64(notAbove) >= q*float64(len(observed)) {
				want = min(want, v)
			}
		}
		if got := quantile(slices.Sorted(slices.Values(observed)), q); got != want {
			t.Fatalf("quantile %v of %v is %v, want %v", q, observed, got, want)
		}
	})
}

func TestSummaryLeavesTheOrder(t *testing.T) {
	observed := []float64{5, 1, 4, 2, 3} // rounds are paired by position afterwards
	got := summarize(observed)
	if want := (Summary{Min: 1, Median: 3, P95: 5, Samples: 5}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if want := []float64{5, 1, 4, 2, 3}; !slices.Equal(observed, want) {
		t.Errorf("the observations are now %v", observed)
	}
}

// If a machine becomes six times slower after round 3 of 5, the two medians
// differ much, but the ratios of rounds do not.
func TestPairedRatioOfAMachineThatChanges(t *testing.T) {
	value := []float64{55, 55, 330, 330, 330}
	baseline := []float64{50, 50, 50, 300, 300}
	if got := summarize(value).Median / summarize(baseline).Median; got != 6.6 {
		t.Errorf("ratio of medians %v, want 6.6", got)
	}
	if got := pairedRatio(value, baseline); math.Abs(got-1.1) > 1e-9 {
		t.Errorf("paired ratio %v, want 1.1", got)
	}
}

func TestPairedRatioOfUnequalLengths(t *testing.T) {
	if got := pairedRatio([]float64{2, 2, 2}, []float64{1}); got != 2 {
		t.Errorf("got %v, want 2", got)
	}
	if got := pairedRatio(nil, nil); got != 0 {
		t.Errorf("got %v for no round", got)
	}
}

func TestHistogramPutsEachObservationIntoItsBin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(0.5, 1000).Draw(t, "lo")
		hi := lo * rapid.Float64Range(1.1, 1e4).Draw(t, "ratio")
		bins := rapid.IntRange(1, 40).Draw(t, "bins")
		v := rapid.Float64Range(lo/2, 2*hi).Draw(t, "v")

		counts, beyond := histogram([]float64{v}, lo, hi, bins)
		if v < lo || v > hi {
			if beyond != 1 {
				t.Fatalf("%v is not in [%v, %v], and was counted", v, lo, hi)
			}
			return
		}
		i := slices.Index(counts, 1)
		if i < 0 {
			t.Fatalf("%v is in [%v, %v], and was not counted", v, lo, hi)
		}
		edge := func(i int) float64 { return lo * math.Pow(hi/lo, float64(i)/float64(bins)) }
		const rounding = 1e-9
		if v < edge(i)*(1-rounding) || v > edge(i+1)*(1+rounding) {
			t.Fatalf("%v is in bin %d of [%v, %v]", v, i, edge(i), edge(i+1))
		}
	})
}

func TestHistogramCountsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observed := observations(t)
		counts, sum := histogram(observed, 1, 1e5, 20)
		for _, n := range counts {
			sum += n
		}
		if sum != len(observed) {
			t.Fatalf("%d observations, %d counted", len(observed), sum)
		}
	})
}
