package bench

import (
	"encoding/json"
	"io"
	"runtime"
	"time"

	"crosscall/cpumask"
)

// A Report has the results of a run.
type Report struct {
	Machine  Machine   `json:"machine"`
	Measures []Measure `json:"measures"`
	// Matrix has the median nanoseconds of a waiting call, a row for each
	// calling CPU and a column for each target, in the order of Machine.CPUs.
	Matrix  [][]float64 `json:"matrix"`
	Skipped []Skip      `json:"skipped"`
}

// A Machine is the machine, the time and the configuration of a measurement.
type Machine struct {
	OS         string       `json:"os"`
	Arch       string       `json:"arch"`
	Go         string       `json:"go"`
	CPUs       cpumask.Mask `json:"cpus"`
	Caller     int          `json:"caller"`         // the CPU that calls in measures of two CPUs
	Target     int          `json:"target"`         // the CPU that is called
	Pair       *Pair        `json:"pair,omitempty"` // nil: there is none
	GOMAXPROCS int          `json:"gomaxprocs"`
	Measured   time.Time    `json:"measured"`
}

// A Measure is one row: the cost of an operation of the library, and that of a
// baseline. Their samples alternated in one run; the values are medians.
type Measure struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Unit     string  `json:"unit"`
	Baseline string  `json:"baseline"`
	// BaselineVariant is, for a baseline that tries several ways, which one was
	// the fastest on this host.
	BaselineVariant string  `json:"baseline_variant,omitempty"`
	BaselineValue   float64 `json:"baseline_value"`
	Ratio           float64 `json:"ratio"` // Value / BaselineValue

	PairedRatio float64  `json:"paired_ratio"`   // median over the rounds of the ratio in each
	Goal        float64  `json:"goal,omitempty"` // the largest ratio that is acceptable; 0: there is no goal
	Min         float64  `json:"min"`
	P95         float64  `json:"p95"`
	BaselineMin float64  `json:"baseline_min"`
	BaselineP95 float64  `json:"baseline_p95"`
	Samples     int      `json:"samples"`
	Allocs      *float64 `json:"allocs,omitempty"` // allocations an operation; nil: not counted

	observed, baselineObserved []float64
}

// Met reports whether the measure reaches its goal; it is true if there is
// none.
func (m *Measure) Met() bool { return m.Goal == 0 || m.Ratio <= m.Goal }

// A Skip is a measure, or one of its baselines, that could not be measured.
type Skip struct {
	Name     string `json:"name"`
	Baseline string `json:"baseline,omitempty"` // empty: the whole measure
	Reason   string `json:"reason"`
}

func (s Skip) String() string {
	if s.Baseline == "" {
		return s.Name + ": " + s.Reason
	}
	return s.Name + " beside " + s.Baseline + ": " + s.Reason
}

func newReport(s *site) *Report {
	return &Report{
		Machine: Machine{
			OS:         runtime.GOOS,
			Arch:       runtime.GOARCH,
			Go:         runtime.Version(),
			CPUs:       s.cpus,
			Caller:     s.caller,
			Target:     s.target,
			GOMAXPROCS: runtime.GOMAXPROCS(0),
			Measured:   time.Now().UTC().Truncate(time.Second),
		},
		// Empty lists and not null, so that readers of the JSON can loop over
		// them.
		Measures: []Measure{},
		Matrix:   [][]float64{},
		Skipped:  []Skip{},
	}
}

func (r *Report) skip(name, baseline string, reason error) {
	r.Skipped = append(r.Skipped, Skip{name, baseline, reason.Error()})
}

// addRows adds a row for each side after the first, which is the measure.
func (r *Report) addRows(c *contest, sides []*side, allocs *float64) {
	measure := sides[0]
	value := summarize(measure.observed)
	for _, rival := range sides[1:] {
		base := summarize(rival.observed)
		r.Measures = append(r.Measures, Measure{
			Name:            c.name,
			Value:           value.Median,
			Unit:            c.unit,
			Baseline:        rival.baseline.name,
			BaselineVariant: rival.variant(),
			BaselineValue:   base.Median,
			Ratio:           value.Median / base.Median,
			PairedRatio:     pairedRatio(measure.observed, rival.observed),
			Goal:            rival.baseline.goal,
			Min:             value.Min,
			P95:             value.P95,
			BaselineMin:     base.Min,
			BaselineP95:     base.P95,
			Samples:         value.Samples,
			Allocs:          allocs,

			observed:         measure.observed,
			baselineObserved: rival.observed,
		})
	}
}

// JSON writes the report as one object.
func (r *Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}
