package bench

import (
	"math"
	"slices"
)

// A Summary describes one probe's observations.
type Summary struct {
	Min, Median, P95 float64
	Samples          int
}

func summarize(observed []float64) Summary {
	sorted := slices.Sorted(slices.Values(observed))
	return Summary{
		Min:     quantile(sorted, 0),
		Median:  quantile(sorted, 0.5),
		P95:     quantile(sorted, 0.95),
		Samples: len(sorted),
	}
}

// quantile is the smallest observation that at least a share q of all do not
// exceed (nearest rank). It is always an observed value, and never one between
// two modes of the machine. 0 for no observations.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// pairedRatio is the median, over the rounds, of a round's value over its
// baseline. If the machine changes during the run (on a guest whose CPUs the
// host moves, a ping-pong may take 50 ns in one second and 330 ns in the next),
// the two medians may be from different seconds; the samples of one round are
// not.
func pairedRatio(value, baseline []float64) float64 {
	ratios := make([]float64, min(len(value), len(baseline)))
	for i := range ratios {
		ratios[i] = value[i] / baseline[i]
	}
	slices.Sort(ratios)
	return quantile(ratios, 0.5)
}

// histogram counts observations in bins of equal width on a logarithmic axis
// from lo to hi, and those that lie beyond either end.
func histogram(observed []float64, lo, hi float64, bins int) (counts []int, beyond int) {
	counts = make([]int, bins)
	for _, v := range observed {
		bin := int(math.Floor(logPosition(v, lo, hi) * float64(bins)))
		if v == hi {
			bin = bins - 1
		}
		if bin < 0 || bin >= bins {
			beyond++
			continue
		}
		counts[bin]++
	}
	return counts, beyond
}

// logPosition is where v lies on a logarithmic axis: 0 at lo, 1 at hi.
func logPosition(v, lo, hi float64) float64 {
	return math.Log(v/lo) / math.Log(hi/lo)
}
