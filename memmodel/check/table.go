package check

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"

	"crosscall/viewer/printable"
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
	cells := []string{printable.Text(name)}
	var notes []tableNote
	for _, r := range row.Results {
		word, note := t.cell(r)
		cells = append(cells, word)
		if note.why != "" {
			notes = addNote(notes, note, r.Model)
		}
	}
	t.rows = append(t.rows, cells)
	for _, n := range notes {
		t.notes = append(t.notes, printable.Text(n.line(row.File.Path)))
	}
}

// A tableNote says why cells of one test have the same word.
type tableNote struct {
	word, why string
	models    []string
}

// addNote adds a note of a model, to an equal one if there is one. Why a primitive is not
// applicable is said of the first model only.
func addNote(notes []tableNote, n tableNote, m string) []tableNote {
	for i := range notes {
		if notes[i].word == n.word && (notes[i].why == n.why || n.word == notApplicable) {
			notes[i].models = append(notes[i].models, m)
			return notes
		}
	}
	n.models = []string{m}
	return append(notes, n)
}

// place matches the place in a file that begins an error.
var place = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^:\d+(:\d+)?: `) })

// line has the path once: with the place, as editors read it, if there is one.
func (n tableNote) line(path string) string {
	what := n.word + " under " + strings.Join(n.models, ", ")
	if rest, ok := strings.CutPrefix(n.why, path); ok {
		if at := place().FindString(rest); at != "" {
			return path + at + what + ": " + rest[len(at):]
		}
	}
	return path + ": " + what + ": " + n.why
}

const notApplicable = "n/a"

// cell is the word for a result, and what is to be said of it. Why a test is wrong is said
// on stderr.
func (t *table) cell(r *Result) (word string, n tableNote) {
	word, why := string(r.Observation), ""
	if r.Safety {
		word = string(r.Verdict)
	}
	switch {
	case r.NotApplicable:
		word, why = notApplicable, r.Err.Error()
	case r.Verdict == Error:
		word = "error"
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
	n = tableNote{word: word, why: why}
	if r.Otherwise != Unknown {
		t.loose = true
		word += "*"
	}
	for _, flag := range r.Flags {
		word += " " + flag
	}
	return word, n
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
