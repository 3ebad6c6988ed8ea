package bench

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"text/tabwriter"
)

// Text writes the report as tables for a terminal.
func (r *Report) Text(w io.Writer) error {
	fmt.Fprintln(w, r.Machine)
	if r.Machine.Pair != nil {
		fmt.Fprintf(w, "CPUs %d and %d: %s\n", r.Machine.Caller, r.Machine.Target, r.Machine.Pair)
	}
	if len(r.Measures) > 0 {
		fmt.Fprintln(w)
		r.writeMeasures(w)
	}
	if len(r.Matrix) > 0 {
		fmt.Fprintf(w, "\nA waiting call from one CPU (row) to another (column), ns:\n\n")
		r.writeMatrix(w)
	}
	return nil
}

// String is one line.
func (m Machine) String() string {
	return fmt.Sprintf("%s/%s, %s, CPUs %s, GOMAXPROCS %d, calls from CPU %d to CPU %d",
		m.OS, m.Arch, m.Go, m.CPUs, m.GOMAXPROCS, m.Caller, m.Target)
}

func (r *Report) writeMeasures(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	defer t.Flush()
	fmt.Fprintln(t, "measure\tvalue\tp95\tallocs\tbaseline\tits value\tits p95\tratio\tgoal\tmet")
	for i := range r.Measures {
		m := &r.Measures[i]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			m.Name, formatValue(m.Value, m.Unit), formatValue(m.P95, m.Unit), formatAllocs(m.Allocs),
			m.baselineName(), formatValue(m.BaselineValue, m.Unit), formatValue(m.BaselineP95, m.Unit),
			formatRatio(m.Ratio), formatGoal(m.Goal), formatMet(m))
	}
	t.Flush()
	for _, m := range r.unsteady() {
		fmt.Fprintf(w, "%s: the machine changed during the run; against %s, round by round, the ratio is %s\n",
			m.Name, m.Baseline, formatRatio(m.PairedRatio))
	}
}

// baselineName is the baseline with the variant of it that counted.
func (m *Measure) baselineName() string {
	if m.BaselineVariant == "" {
		return m.Baseline
	}
	return m.Baseline + ":" + m.BaselineVariant
}

// unsteady are the measures whose ratio of medians differs from that of most
// rounds.
func (r *Report) unsteady() []Measure {
	return slices.DeleteFunc(slices.Clone(r.Measures), func(m Measure) bool {
		return math.Abs(m.PairedRatio/m.Ratio-1) < 0.15
	})
}

func (r *Report) writeMatrix(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer t.Flush()
	for cpu := range r.Machine.CPUs.All() {
		fmt.Fprintf(t, "\t%d", cpu)
	}
	fmt.Fprintln(t, "\t")
	row := 0
	for cpu := range r.Machine.CPUs.All() {
		fmt.Fprintf(t, "%d", cpu)
		for _, ns := range r.Matrix[row] {
			fmt.Fprintf(t, "\t%.0f", ns)
		}
		fmt.Fprintln(t, "\t")
		row++
	}
}

// formatValue is v with three digits and a suitable unit.
func formatValue(v float64, unit string) string {
	if unit != "ns" {
		return fmt.Sprintf("%.2f %s", v, unit)
	}
	for _, larger := range []string{"us", "ms"} {
		if v < 999.5 {
			break
		}
		v, unit = v/1000, larger
	}
	switch {
	case v < 9.995:
		return fmt.Sprintf("%.2f %s", v, unit)
	case v < 99.95:
		return fmt.Sprintf("%.1f %s", v, unit)
	}
	return fmt.Sprintf("%.0f %s", v, unit)
}

// formatRatio writes a small ratio as a fraction: 1/130 is easier to read than
// 0.00769.
func formatRatio(ratio float64) string {
	switch {
	case ratio > 0.5 || ratio == 0:
		return fmt.Sprintf("%.2f", ratio)
	case ratio > 0.1:
		return fmt.Sprintf("1/%.1f", 1/ratio)
	}
	return fmt.Sprintf("1/%.0f", 1/ratio)
}

func formatGoal(goal float64) string {
	switch {
	case goal == 0:
		return ""
	case goal < 1:
		return fmt.Sprintf("at most 1/%.3g", 1/goal)
	}
	return fmt.Sprintf("at most %.3g", goal)
}

func formatMet(m *Measure) string {
	switch {
	case m.Goal == 0:
		return ""
	case m.Met():
		return "yes"
	}
	return "no"
}

func formatAllocs(allocs *float64) string {
	if allocs == nil {
		return ""
	}
	return strconv.FormatFloat(math.Round(*allocs*100)/100, 'g', -1, 64)
}
