package check

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
)

// A table shows models side by side: a row for each test, a column for each
// model.
type table struct {
	rows  [][]string // cells; the first row has the models' names
	width int        // of the terminal, in columns; 0: no limit
	notes []string
	loose bool
}

// newTable begins a table with the models' names.
func newTable(models []string, width int) *table {
	return &table{rows: [][]string{append([]string{"Test"}, models...)}, width: width}
}

// Add adds a row.
func (t *table) Add(row *Row) {
	name := row.File.Path
	for _, r := range row.Results {
		if r.Test != "" {
			name = r.Test
		}
	}
	cells := []string{Printable(name)}
	var without []string // the models that lack a primitive of the test
	why := ""
	for _, r := range row.Results {
		cells = append(cells, t.cell(r))
		if r.NotApplicable {
			without, why = append(without, r.Model), cmp.Or(why, r.Err.Error())
		}
	}
	t.rows = append(t.rows, cells)
	if without != nil {
		t.note("%s under %s: n/a: %s", row.File.Path, strings.Join(without, ", "), why)
	}
}

func (t *table) note(format string, args ...any) {
	t.notes = append(t.notes, Printable(fmt.Sprintf(format, args...)))
}

func (t *table) cell(r *Result) string {
	word, why := string(r.Observation), ""
	if r.Safety {
		word = string(r.Verdict)
	}
	switch {
	case r.NotApplicable:
		word = "n/a"
	case r.Verdict == Error:
		word, why = "error", r.Err.Error()
	case r.Observation == Unknown:
		word, why = "incomplete", r.Reason
	case !r.Complete:
		word, why = word+" (incomplete)", r.Reason
	case r.Verdict == Vacuous && r.Safety:
		why = r.Reason
	}
	if r.Failure != nil {
		why = r.Failure.String()
	}
	if why != "" {
		t.note("%s under %s: %s: %s", r.File, r.Model, word, why)
	}
	if r.Otherwise != Unknown {
		t.loose = true
		word += "*"
	}
	for _, flag := range r.Flags {
		word += " " + flag
	}
	return word
}

// WriteText writes the table, and below it the reasons for cells without an
// answer.
func (t *table) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	t.writeRows(b)
	if t.loose {
		fmt.Fprintln(b, "* or Always (for forall: or Never): not looked for")
	}
	for _, note := range t.notes {
		fmt.Fprintln(b, note)
	}
	return b.Flush()
}
