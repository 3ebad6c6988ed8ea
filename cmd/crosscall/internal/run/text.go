package run

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"crosscall/viewer/printable"
)

// WriteText writes the histogram as litmus7 writes it, without the Hash line. litmus7 has no words
// for these: the answer of the model beside each state, and the lines "Model", "Unfenced",
// "Thrown", "Unfinished" and "Not-run".
func (r *Report) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	name := printable.Text(r.Test)
	switch r.Status {
	case Wrong:
		return nil
	case NotRun:
		fmt.Fprintf(b, "Not-run %s %s\n\n", name, printable.Text(r.Reason))
		return b.Flush()
	}
	fmt.Fprintf(b, "Test %s %s\n", name, r.Kind)
	r.writeHistogram(b)
	fmt.Fprintf(b, "%s\n\n", pick(r.Validated(), "Ok", "No"))
	positive, negative := r.Positive, r.Negative
	if r.Kind == "Forbidden" {
		positive, negative = negative, positive
	}
	fmt.Fprintf(b, "Witnesses\nPositive: %d, Negative: %d\n", positive, negative)
	fmt.Fprintf(b, "Condition %s is %svalidated\n", r.Condition, pick(r.Validated(), "", "NOT "))
	fmt.Fprintf(b, "Observation %s %s %d %d\n", name, r.Observation(), r.Positive, r.Negative)
	if r.Model != "" {
		fmt.Fprintf(b, "Model %s %s: %d states allowed, %d of them seen, %d forbidden ones seen\n", name, r.Model, r.Allowed, r.Seen, r.Forbidden)
	}
	if r.Unfenced != nil {
		fmt.Fprintf(b, "Unfenced %s %s\n", name, printable.Text(r.Unfenced.String()))
	}
	if r.Thrown+r.Late > 0 {
		fmt.Fprintf(b, "Thrown %s of %d slices: a thread was descheduled in %d, waited in vain in %d\n", name, r.Slices, r.Thrown, r.Late)
	}
	if r.Reason != "" {
		fmt.Fprintf(b, "Unfinished %s %s\n", name, printable.Text(r.Reason))
	}
	fmt.Fprintf(b, "Time %s %.2f\n\n", name, r.Seconds)
	return b.Flush()
}

func pick(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func (r *Report) writeHistogram(b *bufio.Writer) {
	seen, width := 0, 0
	for _, s := range r.States {
		if s.Count > 0 {
			seen++
		}
		width = max(width, len(s.State))
	}
	fmt.Fprintf(b, "Histogram (%d states)\n", seen)
	for _, s := range r.States {
		// litmus7 marks what decides the condition.
		line := fmt.Sprintf("%-6d%s>%s", s.Count, pick(s.Count > 0 && s.Holds != (r.Kind == "Required"), "*", ":"), s.State)
		if s.Model != "" {
			line += strings.Repeat(" ", width-len(s.State)) + "  " + s.Model
		}
		fmt.Fprintln(b, line)
	}
}

// String says what the variant without fences has shown.
func (u *Unfenced) String() string {
	switch {
	case u.Removed == nil:
		return "there is no fence to take away: that nothing was seen says nothing"
	case u.Shown == 0:
		return fmt.Sprintf("without %s: not seen either, in %d: that nothing was seen says nothing", strings.Join(u.Removed, ", "), u.Instances)
	}
	return fmt.Sprintf("without %s: seen in %d of %d, %.0f a second", strings.Join(u.Removed, ", "), u.Shown, u.Instances, u.PerSecond)
}

// A Table is a table of reports, a row each.
type Table struct {
	w     *tabwriter.Writer
	notes []string
	to    io.Writer
}

// NewTable begins a table.
func NewTable(w io.Writer) *Table {
	t := &Table{w: tabwriter.NewWriter(w, 0, 8, 2, ' ', 0), to: w}
	fmt.Fprintln(t.w, "test\tinstances\tstates\tallowed\tforbidden\tcondition\twithout fences")
	return t
}

// Add adds a row. Why a test has not run comes below the table.
func (t *Table) Add(r *Report) {
	name := printable.Text(r.Test)
	switch r.Status {
	case Wrong:
	case NotRun:
		fmt.Fprintf(t.w, "%s\t-\t-\t-\t-\tnot run\n", name)
		t.notes = append(t.notes, fmt.Sprintf("Not-run %s %s\n", name, printable.Text(r.Reason)))
	default:
		allowed, forbidden := "-", "-"
		if r.Model != "" {
			allowed, forbidden = fmt.Sprint(r.Allowed), fmt.Sprint(r.Forbidden)
		}
		if r.Status == Unfinished {
			t.notes = append(t.notes, fmt.Sprintf("Unfinished %s %s\n", name, printable.Text(r.Reason)))
		}
		fmt.Fprintf(t.w, "%s\t%d\t%d\t%s\t%s\t%s%s\t%s\n", name, r.Instances, r.seenStates(), allowed, forbidden,
			r.Observation(), percent(r.Positive, r.Instances), r.Unfenced.Short())
	}
}

// Flush writes the table.
func (t *Table) Flush() error {
	err := t.w.Flush()
	for _, note := range t.notes {
		if err == nil {
			_, err = io.WriteString(t.to, note)
		}
	}
	return err
}

func (r *Report) seenStates() (n int) {
	for _, s := range r.States {
		if s.Count > 0 {
			n++
		}
	}
	return n
}

func percent(n, of int64) string {
	if n == 0 || n == of {
		return ""
	}
	return fmt.Sprintf(" %.2g%%", 100*float64(n)/float64(of))
}

// Short is String for a table.
func (u *Unfenced) Short() string {
	switch {
	case u == nil:
		return ""
	case u.Removed == nil:
		return "no fence"
	case u.Shown == 0:
		return "not seen"
	}
	return "seen" + percent(u.Shown, u.Instances)
}
