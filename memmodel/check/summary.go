package check

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"crosscall/viewer/printable"
)

// A Summary counts how results compare with the expected ones.
type Summary struct {
	Tests  int
	Counts [Failed + 1]int // by Comparison
	Notes  []string        // one for each result that differs, is not complete, or is an error
}

// Add adds a result.
func (s *Summary) Add(r *Result, e Expected) {
	how, why := Compare(r, e)
	s.Tests++
	s.Counts[how]++
	if word, ok := noteWords[how]; ok {
		s.Notes = append(s.Notes, printable.Text(fmt.Sprintf("  %-10s  %s: %s", word, r.File, why)))
	}
}

var noteWords = map[Comparison]string{Differs: "differs", NotFinished: "incomplete", Failed: "error"}

// WriteText writes the notes, and a line of all counts.
func (s *Summary) WriteText(w io.Writer, elapsed time.Duration) error {
	b := bufio.NewWriter(w)
	for _, note := range s.Notes {
		fmt.Fprintln(b, note)
	}
	fmt.Fprintf(b, "Summary: %d tests, %d agree, %d differ, %d incomplete, %d errors, %d without expectation, %.2f s\n",
		s.Tests, s.Counts[Agrees], s.Counts[Differs], s.Counts[NotFinished], s.Counts[Failed],
		s.Counts[NothingExpected], elapsed.Seconds())
	return b.Flush()
}
