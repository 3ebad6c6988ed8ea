// Package draw makes a picture of a schedule: a column for each goroutine, and a
// row for each step, in their order.
package draw

import "crosscall/viewer"

// A Schedule is the input of a picture.
type Schedule struct {
	Title   string
	Failure string // the failure, in lines; empty: there is none
	Columns []Column
	Rows    []Row
	Links   []Link
	Notes   []string // below, in the page: the seed and the like
	Sources []Source // for the page
}

// A Source is a file that rows name.
type Source = viewer.Source

// A Column is a goroutine.
type Column struct{ Name, Started string }

// A Row is a step.
type Row struct {
	Number int // as it is printed; 0: none
	Column int // the column of its box; negative: the box spans all columns
	Text   string
	Place  string
	Style  Style
	File   string // of the statement, for Sources; empty if it is not known
	Line   int    // of it
}

// Style is the kind of a row.
type Style string

const (
	Step    Style = "step"    // an operation
	Plain   Style = "plain"   // an access to a plain variable
	Remark  Style = "remark"  // a log message
	Failing Style = "failing" // the failure, or the step that fails
)

// A Link joins two rows by a line with a label.
type Link struct {
	From, To int // indices of rows
	Label    string
}

const (
	mostRows = 500
	firstOf  = 50 // how many of these are kept if there are more
)

// Elided is s without rows in the middle, if there are too many to read. The rows
// of links stay.
func (s *Schedule) Elided() *Schedule {
	if len(s.Rows) <= mostRows {
		return s
	}
	out := *s
	out.Rows, out.Links = nil, nil
	linked := map[int]bool{}
	for _, l := range s.Links {
		linked[l.From], linked[l.To] = true, true
	}
	now := make([]int, len(s.Rows))
	for i, r := range s.Rows {
		if i >= firstOf && i < len(s.Rows)-(mostRows-firstOf) && !linked[i] {
			out.skip()
			continue
		}
		now[i] = len(out.Rows)
		out.Rows = append(out.Rows, r)
	}
	for _, l := range s.Links {
		out.Links = append(out.Links, Link{now[l.From], now[l.To], l.Label})
	}
	return &out
}

// skip adds one to the rows that the last row stands for.
func (s *Schedule) skip() {
	if n := len(s.Rows); n == 0 || s.Rows[n-1].Column >= 0 {
		s.Rows = append(s.Rows, Row{Column: -1, Text: "… steps are left out here …", Style: Remark})
	}
}
