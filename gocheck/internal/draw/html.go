package draw

import (
	"fmt"
	"io"
	"slices"

	"crosscall/viewer"
)

// HTML writes a page with the picture of each schedule, which can be looked around in, the
// schedule as a table, and the sources beside it.
func HTML(w io.Writer, list ...*Schedule) error {
	p := viewer.Page{Title: fmt.Sprintf("%d failures", len(list)), Style: style}
	if len(list) == 1 {
		p.Title = list[0].Title
	}
	for _, s := range list {
		p.Sections = append(p.Sections, s.section())
		for _, source := range s.Sources {
			if !slices.Contains(p.Sources, source) {
				p.Sources = append(p.Sources, source)
			}
		}
	}
	return viewer.WriteHTML(w, &p)
}

// section is a schedule's part of a page.
func (s *Schedule) section() viewer.Section {
	s = s.Elided()
	sec := viewer.Section{
		Title: s.Title, Picture: unstyled(s), Bad: s.Failure != "",
		Lines: slices.Concat(wrap(s.Failure, 1<<20), s.Notes),
		Table: viewer.Table{Title: "Schedule", Head: []string{"step", "goroutine", "operation", "place"}},
	}
	for i, r := range s.Rows {
		row := viewer.Row{Node: i, Bad: r.Style == Failing, Cells: []string{"", "", r.Text, r.Place}}
		if r.Number > 0 {
			row.Cells[0] = fmt.Sprint(r.Number)
		}
		if r.Column >= 0 {
			row.Cells[1] = s.Columns[r.Column].Name
		}
		sec.Table.Rows = append(sec.Table.Rows, row)
	}
	return sec
}
