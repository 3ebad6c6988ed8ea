package draw

import (
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
)

var page = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
body { font-family: system-ui, sans-serif; margin: 24px; color: #1f2328; background: #ffffff; }
pre, table { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 13px; }
pre.failure { color: #b3261e; white-space: pre-wrap; }
.picture { overflow-x: auto; border: 1px solid #d0d7de; border-radius: 6px; }
table { border-collapse: collapse; margin-top: 16px; }
td, th { padding: 2px 14px 2px 0; text-align: left; vertical-align: top; }
tr.failing td { color: #b3261e; }
td.number { text-align: right; color: #656d76; }
td.place { color: #656d76; }
</style>
{{if .Several}}<h1>{{.Title}}</h1>
<ul>
{{range $i, $s := .Schedules}}<li><a href="#{{$i}}">{{$s.Title}}</a>: {{$s.FirstLine}}
{{end}}</ul>
{{end}}{{range $i, $s := .Schedules}}<h1 id="{{$i}}">{{.Title}}</h1>
{{with .Failure}}<pre class="failure">{{.}}</pre>
{{end}}<div class="picture">
{{.Picture}}</div>
<h2>Schedule</h2>
<table>
<tr><th>step<th>goroutine<th>operation<th>place
{{range .Rows}}<tr class="{{.Style}}"><td class="number">{{with .Number}}{{.}}{{end}}<td>{{.Goroutine}}<td>{{.Text}}<td class="place">{{.Place}}
{{end}}</table>
{{range .Notes}}<pre>{{.}}</pre>
{{end}}{{end}}</html>
`))
})

// A section is a schedule's part of a page.
type section struct {
	*Schedule
	Rows    []tableRow
	Picture template.HTML
}

type tableRow struct {
	Row
	Goroutine string
}

// FirstLine is the first line of the failure.
func (s section) FirstLine() string {
	first, _, _ := strings.Cut(s.Failure, "\n")
	return first
}

// HTML writes a page with the picture of each schedule, and the schedule as a
// table.
func HTML(w io.Writer, list ...*Schedule) error {
	var sections []section
	for _, s := range list {
		sec, err := newSection(s)
		if err != nil {
			return err
		}
		sections = append(sections, sec)
	}
	title := fmt.Sprintf("%d failures", len(list))
	if len(list) == 1 {
		title = list[0].Title
	}
	return page().Execute(w, map[string]any{"Title": title, "Several": len(list) > 1, "Schedules": sections})
}

func newSection(s *Schedule) (section, error) {
	var picture strings.Builder
	below := *s // the page has the rest already
	below.Title, below.Failure = "", ""
	if err := SVG(&picture, &below); err != nil {
		return section{}, err
	}
	sec := section{Schedule: s, Picture: template.HTML(picture.String())} // SVG has escaped its input
	for _, r := range s.Rows {
		name := ""
		if r.Column >= 0 {
			name = s.Columns[r.Column].Name
		}
		sec.Rows = append(sec.Rows, tableRow{r, name})
	}
	return sec, nil
}
