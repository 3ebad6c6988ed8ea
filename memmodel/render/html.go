package render

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"

	"crosscall/memmodel/graph"
)

//go:embed page.html
var pageSource string

// HTML writes a page with a picture, a caption and a table of events for each
// of xs. It needs no other file. Its script shows what an event has to do with
// others; all else works without. It fails if w does, or if one of xs is not
// well formed: then nothing is written.
func HTML(w io.Writer, xs []*graph.Execution, title string) error {
	p := page{Title: clean(title), Style: template.CSS(pageCSS() + pictureCSS())}
	for _, x := range xs {
		s, err := newScene(x)
		if err != nil {
			return err
		}
		p.Executions = append(p.Executions, newSection(s))
	}
	t, err := template.New("page").Parse(pageSource)
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	return t.Execute(w, p)
}

// These are what page.html is filled with.
type page struct {
	Title      string
	Style      template.CSS
	Executions []section
}

type section struct {
	Title     string
	Verdict   string
	Forbidden bool
	Steps     []string
	Final     string
	Note      string
	Picture   template.HTML // SVG of our own making, with all text escaped
	Events    []eventRow
}

type eventRow struct {
	Node                                    int
	Name, Thread, Text, What, Source, Place string
	Cycle                                   bool
}

func newSection(s *scene) section {
	c := s.caption()
	sec := section{
		Title: s.title(), Verdict: c.verdict, Forbidden: s.x.Violated != "", Steps: c.steps, Final: c.final, Note: c.note,
		Picture: template.HTML(bareSVG(s)),
	}
	for i := range s.nodes {
		sec.Events = append(sec.Events, s.eventRow(i))
	}
	return sec
}

func (s *scene) eventRow(i int) eventRow {
	n := s.nodes[i]
	row := eventRow{Node: i, Name: n.name, Thread: fmt.Sprintf("P%d", n.thread), Text: n.text, What: n.what, Cycle: n.cycle}
	if n.thread < 0 {
		row.Thread = "initial"
	}
	if n.failed {
		row.Place = n.where
	} else if at := s.x.Events[n.events[0]].Pos; at.Line > 0 {
		row.Place = fmt.Sprintf("%d:%d", at.Line, at.Col)
		if at.File != "" {
			row.Place = clean(at.File) + ":" + row.Place
		}
	}
	for _, e := range n.events {
		if e < len(s.x.RF) && s.x.RF[e] >= 0 {
			row.Source = s.nodes[s.nodeOf[s.x.RF[e]]].name
		}
	}
	return row
}

// pageCSS is the style of what is around the pictures.
func pageCSS() string {
	const rules = `body{margin:2rem auto;max-width:90rem;padding:0 1.5rem;font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:0 0 .5rem}
section{margin:2.5rem 0}
figure{margin:0;overflow-x:auto;border:1px solid;border-radius:8px;padding:.5rem}
svg.x{display:block;margin:auto}
pre,td,th{font-family:` + fonts + `;font-size:13px}
pre{overflow-x:auto;margin:.5rem 0}
.forbidden{font-weight:bold}
table{border-collapse:collapse;margin-top:.5rem}
th,td{text-align:left;padding:.15rem .9rem .15rem 0;border-bottom:1px solid}
summary{cursor:pointer;margin-top:.75rem}
[data-node]{cursor:default}
.focus .edge[data-from],.focus .label{opacity:.12}
.focus .edge.hot[data-from],.focus .label.hot{opacity:1}
.focus .node{opacity:.45}.focus .node.hot{opacity:1}
`
	colours := func(t theme, bad string) string {
		return fmt.Sprintf("body{background:%s;color:%s}figure,th,td{border-color:%s}.forbidden,td.cycle{color:%s}tr.hot td{background:%s}\n",
			t.ground, t.text, t.frame+"66", bad, t.hot)
	}
	return rules + colours(lightTheme, cycleLook.light) +
		"@media (prefers-color-scheme:dark){" + colours(darkTheme, cycleLook.dark) + "}\n"
}
