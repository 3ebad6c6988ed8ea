package render

import (
	"fmt"
	"strings"
)

// kind is what an edge means.
type kind uint8

const (
	po kind = iota
	rf
	co
	fr
	rmw
	addr
	data
	ctrl
	derived // a relation of the model, known by its label only
	kinds
)

// A look is how edges of a kind are drawn. The colours stay apart for people
// who cannot tell red from green, and the dashes do without colour.
type look struct {
	name        string
	light, dark string // colour on a light and on a dark ground
	dash        string // SVG stroke-dasharray; empty is a solid line
	dot         string // the Graphviz style nearest to dash
	ansi        string // SGR parameters
}

var looks = [kinds]look{
	po:      {"po", "#8a8f98", "#7d8590", "", "solid", "37"},
	rf:      {"rf", "#0067b3", "#58a6ff", "", "solid", "34"},
	co:      {"co", "#8f5a00", "#e3a13b", "9 4", "dashed", "33"},
	fr:      {"fr", "#9c3587", "#e58fd0", "2 3", "dotted", "35"},
	rmw:     {"rmw", "#1a7f5a", "#3fb98a", "", "bold", "32"},
	addr:    {"addr", "#3c6e71", "#7fc4c4", "9 3 2 3", "dashed", "36"},
	data:    {"data", "#3c6e71", "#7fc4c4", "5 3", "dashed", "36"},
	ctrl:    {"ctrl", "#3c6e71", "#7fc4c4", "1 3", "dotted", "36"},
	derived: {"", "#555555", "#aaaaaa", "4 2", "solid", "37"},
}

// cycleLook is how the edges that break the model are drawn, whatever they mean.
var cycleLook = look{"cycle", "#d1001f", "#ff5c5c", "", "solid", "1;31"}

// A theme is the colours of everything that is not an edge.
type theme struct {
	ground, box, frame, text, faint string
}

var (
	lightTheme = theme{"#ffffff", "#f6f8fa", "#8c959f", "#1f2328", "#59636e"}
	darkTheme  = theme{"#0d1117", "#161b22", "#6e7681", "#e6edf3", "#9aa4af"}
)

const fonts = `ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace`

// pictureCSS is the style of the parts of a picture, without variables: many
// programs that read SVG know none.
func pictureCSS() string {
	var b strings.Builder
	fmt.Fprintf(&b, ".x text{font-family:%s;font-size:13px}\n", fonts)
	b.WriteString(`.x .sub,.x .key text{font-size:11px}
.x .label text{font-size:11px;text-anchor:middle}
.x .head,.x .title,.x .verdict{font-weight:bold}
.x .head{text-anchor:middle}
.x .title{font-size:15px}
.x .edge path{fill:none;stroke-width:1.6}
.x .edge.po path{stroke-width:1}
.x .edge.rmw path{stroke-width:2.4}
.x .edge .tip{stroke:none}
.x .edge.cycle path{stroke-width:3.2;stroke-dasharray:none}
.x .label.cycle text{font-weight:bold}
.x .edge.dim{opacity:.45}
.x .label.dim text{opacity:.6}
.x .node rect{stroke-width:1}
.x .node.cycle rect{stroke-width:2}
.x .node.failed text{font-weight:bold}
`)
	for _, l := range looks {
		if l.dash != "" {
			fmt.Fprintf(&b, ".x .%s path{stroke-dasharray:%s}\n", l.class(), l.dash)
		}
	}
	b.WriteString(colourCSS(lightTheme, func(l look) string { return l.light }))
	fmt.Fprintf(&b, "@media (prefers-color-scheme:dark){\n%s}\n",
		colourCSS(darkTheme, func(l look) string { return l.dark }))
	return b.String()
}

func colourCSS(t theme, of func(look) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".x text{fill:%s}\n.x .sub,.x .head,.x .key text{fill:%s}\n", t.text, t.faint)
	fmt.Fprintf(&b, ".x .ground,.x .label rect{fill:%s}\n", t.ground)
	fmt.Fprintf(&b, ".x .node rect{fill:%s;stroke:%s}\n", t.box, t.frame)
	for _, l := range append(looks[:], cycleLook) {
		c, colour := l.class(), of(l)
		fmt.Fprintf(&b, ".x .%s path{stroke:%s}\n.x .%s .tip,.x .%s text{fill:%s}\n", c, colour, c, c, colour)
	}
	fmt.Fprintf(&b, ".x .node.cycle rect{stroke:%s}\n.x .node text{fill:%s}\n.x .node .sub{fill:%s}\n",
		of(cycleLook), t.text, t.faint)
	fmt.Fprintf(&b, ".x .node.failed rect{fill:%s;stroke:%s}\n.x .node.failed text,.x .node.failed .sub{fill:%s}\n",
		of(cycleLook), of(cycleLook), t.ground)
	return b.String()
}

// class is the class of SVG elements that look like l.
func (l look) class() string {
	if l.name == "" {
		return "derived"
	}
	return l.name
}
