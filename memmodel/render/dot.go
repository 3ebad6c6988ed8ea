package render

import (
	"fmt"
	"io"
	"strings"

	"crosscall/memmodel/graph"
)

// DOT writes x as a graph for Graphviz. Any of its programs may draw it, because
// the graph itself asks for the layout neato. Events stand where SVG has them, and
// Graphviz finds the paths of the edges. It fails if w does, or if x is not well formed.
func DOT(w io.Writer, x *graph.Execution) error {
	s, err := newScene(x)
	if err != nil {
		return err
	}
	d := dotWriter{layout: newLayout(s)}
	d.graph()
	_, err = io.WriteString(w, d.b.String())
	return err
}

type dotWriter struct {
	*layout
	b strings.Builder
}

func (d *dotWriter) printf(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

func (d *dotWriter) graph() {
	d.printf("digraph %s {\n", quote(d.title()))
	d.printf("  graph [layout=neato, splines=true, fontname=\"monospace\", fontsize=12, labelloc=b, labeljust=l, label=%s];\n",
		quoteLines(d.captionLines()))
	d.printf("  node [shape=box, style=\"rounded,filled\", fillcolor=%q, color=%q, fontname=\"monospace\", fontsize=11];\n",
		lightTheme.box, lightTheme.frame)
	d.printf("  edge [fontname=\"monospace\", fontsize=10, arrowsize=0.7];\n")
	for t, h := range d.heads {
		d.printf("  p%d [shape=plaintext, style=\"\", margin=0, width=0.3, height=0.2, label=\"P%d\", %s];\n", t, t, d.pos(h.x, h.y-8))
	}
	for i := range d.nodes {
		d.node(i)
	}
	for _, e := range d.edges {
		d.edge(e)
	}
	d.printf("}\n")
}

// pos pins a node. Graphviz counts upwards, in inches of 72 points.
func (d *dotWriter) pos(x, y float64) string {
	return fmt.Sprintf(`pos="%.2f,%.2f!"`, x/72, (d.high-y)/72)
}

func (d *dotWriter) captionLines() []string {
	c := d.caption()
	lines := append([]string{d.title(), c.verdict}, c.steps...)
	for _, more := range []string{c.final, c.note} {
		if more != "" {
			lines = append(lines, more)
		}
	}
	return lines
}

func (d *dotWriter) node(i int) {
	n, b := &d.nodes[i], d.boxes[i]
	label := quote(n.text)
	if n.thread >= 0 {
		text, what := n.lines()
		label = quoteLines([]string{text, what})
	}
	d.printf("  n%d [label=%s, tooltip=%s, %s%s];\n", i, label, quote(d.place(i)), d.pos(b.x+b.w/2, b.y+b.h/2), d.mark(i))
}

func (d *dotWriter) mark(i int) string {
	switch n := d.nodes[i]; {
	case n.failed:
		return fmt.Sprintf(", color=%q, fillcolor=%q, fontcolor=%q, penwidth=2", cycleLook.light, cycleLook.light, lightTheme.ground)
	case !n.cycle:
		return ""
	}
	return fmt.Sprintf(", color=%q, penwidth=2", cycleLook.light)
}

func (d *dotWriter) edge(e edge) {
	l := looks[e.kind]
	if e.cycle {
		l = cycleLook
	}
	attrs := []string{"style=" + l.dot}
	colour := l.light
	switch {
	case e.cycle:
		attrs = append(attrs, "penwidth=3")
	case len(d.cycle) > 0:
		colour += "55" // half transparent
	}
	attrs = append(attrs, fmt.Sprintf("color=%q", colour), fmt.Sprintf("fontcolor=%q", colour))
	if e.label != "" {
		attrs = append(attrs, "label="+quote(e.label))
	}
	d.printf("  n%d -> n%d [%s];\n", e.from, e.to, strings.Join(attrs, ", "))
}

var dotEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// quote makes s a string of the DOT language that shows as it is.
func quote(s string) string { return `"` + dotEscapes.Replace(s) + `"` }

// quoteLines makes a label of several lines, flush left.
func quoteLines(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(dotEscapes.Replace(l) + `\l`)
	}
	return `"` + b.String() + `"`
}
