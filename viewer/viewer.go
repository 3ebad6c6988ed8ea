// Package viewer makes pages of pictures that can be explored: an execution at a time, zoomed,
// with kinds of edges switched on and off, events and lines of source linked both ways.
// It knows the parts of a picture, and nothing of their meaning: the checkers of memory
// models and of Go both write their pages with it, and the page of "crosscall serve" shows
// the same sections.
//
// A picture is an SVG. The script of a page finds in it:
//
//   - data-box on the svg element: the part to show, "x y width height". The rest of the
//     picture has the class caption, and is shown only in a file of its own.
//   - data-node, a number, on an element that can be selected. If it has a place in a source,
//     it also has data-file and data-line.
//   - data-from and data-to, two such numbers, and data-kind, on an element that joins the two
//   - data-kind on the groups of a key, which name the kind in words
package viewer

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"strings"
	"sync"

	"crosscall/viewer/printable"
)

// A Page is one file, which needs no other.
type Page struct {
	Title    string
	Style    string // CSS of the pictures
	Sections []Section
	Sources  []Source
}

// A Section is a picture and what is said of it. All but Picture is plain text.
type Section struct {
	Title   string
	Mark    string // behind the title in a list: "forbidden"
	Picture string // an SVG, well-formed, with its text escaped
	Verdict string
	Bad     bool     // the verdict says that something is wrong
	Lines   []string // below the verdict, as they are
	Notes   []string // paragraphs
	Table   Table    // of the nodes
}

// A Table lists nodes. It is left out if it has no rows.
type Table struct {
	Title string
	Head  []string
	Rows  []Row
}

// A Row is a node.
type Row struct {
	Node  int
	Bad   bool
	Cells []string
}

// A Source is a file that nodes have places in.
type Source struct{ File, Text string }

// Lines are those of the text.
func (s Source) Lines() []string {
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(s.Text, "\r\n", "\n"), "\n"), "\n")
}

//go:embed viewer.js
var script string

//go:embed viewer.css
var style string

//go:embed page.html
var pageSource string

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"picture": func(s string) template.HTML { return template.HTML(s) }, // escaped by its maker: see Section
		"next":    func(i int) int { return i + 1 },
	}).Parse(pageSource))
})

// Script is the script of a page, for one that has it in a file.
func Script() string { return script }

// Style is the style sheet of a page, without that of the pictures.
func Style() string { return style }

// WriteHTML writes a page. Its script shows one section at a time; without it there are
// all.
func WriteHTML(w io.Writer, p *Page) error {
	return write(w, "page", struct {
		*Page
		PictureStyle, Style template.CSS
		Script              template.JS
	}{p, template.CSS(p.Style), template.CSS(style), template.JS(script)})
}

// WriteSections writes the sections alone, as elements for a page that has the script.
func WriteSections(w io.Writer, list []Section) error {
	return write(w, "sections", list)
}

// write writes a template without characters that would turn the order of what is shown.
func write(w io.Writer, name string, data any) error {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	_, err := io.WriteString(w, printable.Text(b.String()))
	return err
}
