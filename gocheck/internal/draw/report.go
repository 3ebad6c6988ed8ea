package draw

import (
	"fmt"

	"crosscall/gocheck/internal/report"
)

// Of is the schedule of a report, with notes beneath.
func Of(r *report.Report, title string, notes ...string) *Schedule {
	s := &Schedule{Title: title, Notes: notes}
	if r.Kind != "" {
		s.Failure = fmt.Sprintf("%s: %s", r.Kind, r.Message)
	}
	if r.Stack != "" {
		s.Notes = append(s.Notes, r.Stack)
	}
	for i, g := range r.Goroutines {
		c := Column{g.Name, g.Started}
		if i == 0 {
			c.Started = "the first goroutine"
		}
		s.Columns = append(s.Columns, c)
	}
	failing := false
	for i, row := range r.Rows {
		place := row.Place
		if row.Preempts != "" {
			place += ", preempts " + row.Preempts
		}
		s.Rows = append(s.Rows, Row{i + 1, row.Goroutine, row.Text, place, Style(row.Style), row.File, row.Line})
		failing = failing || row.Style == report.Failing
	}
	if r.Raced[0] != r.Raced[1] {
		s.Links = []Link{{From: r.Raced[0], To: r.Raced[1], Label: r.Kind}}
	}
	if !failing && r.Kind != "" {
		s.Rows = append(s.Rows, Row{Column: -1, Text: s.Failure, Style: Failing})
	}
	return s
}
