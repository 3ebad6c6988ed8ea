package render

import (
	"fmt"
	"io"

	"crosscall/memmodel/graph"
	"crosscall/viewer"
)

// A Source is a file that events have places in.
type Source = viewer.Source

// HTML writes a page with a picture, a caption and a table of events for each
// of xs. The page needs no other file. Its script shows one execution at a time, which
// can be explored, beside the lines of sources; without the script all are shown. HTML
// fails if w does, or if one of xs is not well formed: then nothing is written.
func HTML(w io.Writer, xs []*graph.Execution, title string, sources ...Source) error {
	p := viewer.Page{Title: clean(title), Style: pictureCSS()}
	for _, x := range xs {
		s, err := Section(x)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, *s)
	}
	for _, s := range sources {
		p.Sources = append(p.Sources, Source{File: clean(s.File), Text: s.Text})
	}
	return viewer.WriteHTML(w, &p)
}

// PictureStyle is the style sheet of the pictures in sections.
func PictureStyle() string { return pictureCSS() }

// Section is x as a part of a page, which has PictureStyle. It fails if x is not well
// formed.
func Section(x *graph.Execution) (*viewer.Section, error) {
	s, err := newScene(x)
	if err != nil {
		return nil, err
	}
	c := s.caption()
	sec := &viewer.Section{
		Title: s.title(), Picture: unstyledSVG(s), Verdict: c.verdict, Bad: x.Violated != "" || x.Failure != nil, Lines: c.steps,
		Table: viewer.Table{Title: "Events", Head: []string{"event", "thread", "source", "the model sees", "reads from", "place"}},
	}
	if x.Violated != "" {
		sec.Mark = "forbidden"
	}
	for _, note := range []string{c.final, c.note} {
		if note != "" {
			sec.Notes = append(sec.Notes, note)
		}
	}
	for i := range s.nodes {
		sec.Table.Rows = append(sec.Table.Rows, s.row(i))
	}
	return sec, nil
}

// row is a node in the table of events.
func (s *scene) row(i int) viewer.Row {
	n := &s.nodes[i]
	thread := fmt.Sprintf("P%d", n.thread)
	if n.thread < 0 {
		thread = "initial"
	}
	return viewer.Row{Node: i, Bad: n.cycle, Cells: []string{n.name, thread, n.text, n.what, s.readsFrom(n), s.placeOf(n)}}
}

// placeOf is where a node is in the source, file:line:col.
func (s *scene) placeOf(n *node) string {
	if n.failed {
		return n.where
	}
	at := s.x.Events[n.events[0]].Pos
	switch {
	case at.Line <= 0:
		return ""
	case at.File == "":
		return fmt.Sprintf("%d:%d", at.Line, at.Col)
	}
	return fmt.Sprintf("%s:%d:%d", clean(at.File), at.Line, at.Col)
}

// readsFrom names the node that a node reads from.
func (s *scene) readsFrom(n *node) (name string) {
	for _, e := range n.events {
		if e < len(s.x.RF) && s.x.RF[e] >= 0 {
			name = s.nodes[s.nodeOf[s.x.RF[e]]].name
		}
	}
	return name
}
