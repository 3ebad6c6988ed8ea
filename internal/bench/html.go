package bench

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
)

//go:embed page.html
var pageSource string

// page parses its source at first use, so that commands which write no page
// start faster.
var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"value":  formatValue,
		"ratio":  formatRatio,
		"goal":   formatGoal,
		"allocs": formatAllocs,
	}).Parse(pageSource))
})

// HTML writes the report as one self-contained page: no script, no font, no
// image from outside.
func (r *Report) HTML(w io.Writer) error {
	return page().Execute(w, struct {
		*Report
		Heatmap       heatmap
		Distributions []distribution
	}{r, r.heatmap(), r.distributions()})
}

// A heatmap is the matrix with a shade for each cell.
type heatmap struct {
	CPUs []int
	Rows [][]heatCell
	Low  float64 // ns of the lightest shade across
	High float64 // and of the darkest
}

type heatCell struct {
	Caller, Target int
	NS             float64
	Shade          int // percent
}

// heatmap shades on a logarithmic scale, without the diagonal: a CPU's call to
// itself is so fast that all others would have one shade. The scale spans at
// least a factor of two, so that cells that differ only by noise look alike.
func (r *Report) heatmap() heatmap {
	h := heatmap{CPUs: slices.Collect(r.Machine.CPUs.All())}
	var across []float64
	for i, row := range r.Matrix {
		for j, ns := range row {
			if i != j {
				across = append(across, ns)
			}
		}
	}
	if len(across) == 0 {
		return h
	}
	h.Low = slices.Min(across)
	h.High = max(slices.Max(across), 2*h.Low)
	for i, row := range r.Matrix {
		cells := make([]heatCell, len(row))
		for j, ns := range row {
			cells[j] = heatCell{h.CPUs[i], h.CPUs[j], ns, h.shade(ns)}
		}
		h.Rows = append(h.Rows, cells)
	}
	return h
}

// shade is 15 to 100 % from Low to High.
func (h *heatmap) shade(ns float64) int {
	if ns < h.Low {
		return 0
	}
	return 15 + int(85*logPosition(ns, h.Low, h.High))
}

// A distribution is a panel: the observations of a measure above a line and
// those of its baseline below it, on a common logarithmic axis.
type distribution struct {
	Measure
	Above, Below             string // path data
	MedianAbove, MedianBelow float64
	Ticks                    []tick
	Count, Beyond            int // observations of both, and those to the right of the axis
}

type tick struct {
	X     float64
	Label string
}

// The panel's size in SVG units; page.html draws around it.
const (
	panelWidth  = 440
	panelHalf   = 56 // height above the line, and below it
	panelBins   = 88
	minForPanel = 5 // observations; fewer have no shape
)

func (r *Report) distributions() []distribution {
	var panels []distribution
	for _, m := range r.Measures {
		if len(m.observed) >= minForPanel && len(m.baselineObserved) >= minForPanel {
			panels = append(panels, newDistribution(m))
		}
	}
	return panels
}

func newDistribution(m Measure) distribution {
	lo, hi := axis(m.observed, m.baselineObserved)
	above, beyondAbove := histogram(m.observed, lo, hi, panelBins)
	below, beyondBelow := histogram(m.baselineObserved, lo, hi, panelBins)
	return distribution{
		Measure:     m,
		Above:       bars(above, -panelHalf),
		Below:       bars(below, panelHalf),
		MedianAbove: panelWidth * logPosition(m.Value, lo, hi),
		MedianBelow: panelWidth * logPosition(m.BaselineValue, lo, hi),
		Ticks:       ticks(lo, hi, m.Unit),
		Count:       len(m.observed) + len(m.baselineObserved),
		Beyond:      beyondAbove + beyondBelow,
	}
}

// axis spans all observations except the slowest few: with one that an
// interrupt made a thousand times slower, the others would have a tenth of the
// width.
func axis(a, b []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), 0
	for _, observed := range [][]float64{a, b} {
		sorted := slices.Sorted(slices.Values(observed))
		lo = min(lo, sorted[0])
		hi = max(hi, quantile(sorted, 0.98))
	}
	return lo / 1.05, hi * 1.05
}

// bars is the outline of a histogram whose highest bin reaches height, which is
// negative upwards.
func bars(counts []int, height float64) string {
	highest := max(slices.Max(counts), 1)
	var path strings.Builder
	fmt.Fprint(&path, "M0,0")
	for i, n := range counts {
		y := height * float64(n) / float64(highest)
		fmt.Fprintf(&path, "V%.1fH%.1f", y, panelWidth*float64(i+1)/float64(len(counts)))
	}
	fmt.Fprint(&path, "V0Z")
	return path.String()
}

// ticks labels the axis at 1, 2 and 5 times powers of ten; at the powers alone
// if it spans many of them; at round steps if it spans less than one.
func ticks(lo, hi float64, unit string) []tick {
	at := decadeTicks(lo, hi, 1, 2, 5)
	if len(at) > 8 {
		at = decadeTicks(lo, hi, 1)
	}
	if len(at) < 3 {
		at = linearTicks(lo, hi)
	}
	marks := make([]tick, len(at))
	for i, v := range at {
		marks[i] = tick{panelWidth * logPosition(v, lo, hi), formatTick(v, unit)}
	}
	return marks
}

func decadeTicks(lo, hi float64, factors ...float64) []float64 {
	var at []float64
	for decade := math.Pow(10, math.Floor(math.Log10(lo))); decade <= hi; decade *= 10 {
		for _, f := range factors {
			if v := decade * f; lo <= v && v <= hi {
				at = append(at, v)
			}
		}
	}
	return at
}

func linearTicks(lo, hi float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/2)))
	for (hi-lo)/step > 6 {
		step *= 2
	}
	var at []float64
	for v := math.Ceil(lo/step) * step; v <= hi; v += step {
		at = append(at, v)
	}
	return at
}

// formatTick is formatValue without insignificant digits.
func formatTick(v float64, unit string) string {
	number, suffix, _ := strings.Cut(formatValue(v, unit), " ")
	if strings.Contains(number, ".") {
		number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
	}
	return number + " " + suffix
}
