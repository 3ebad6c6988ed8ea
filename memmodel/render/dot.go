package render

import (
	"fmt"
	"io"
	"strings"

	"crosscall/memmodel/graph"
)

// DOT writes x as a graph for Graphviz's dot. It fails if w does, or if x is not
// well formed.
func DOT(w io.Writer, x *graph.Execution) error {
	s, err := newScene(x)
	if err != nil {
		return err
	}
	d := dotWriter{scene: s}
	d.graph()
	_, err = io.WriteString(w, d.b.String())
	return err
}

type dotWriter struct {
	*scene
	b strings.Builder
}

func (d *dotWriter) printf(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

func (d *dotWriter) graph() {
	d.printf("digraph %s {\n", quote(d.title()))
	d.printf("  graph [nodesep=0.6, ranksep=0.45, fontname=\"monospace\", fontsize=12, labelloc=b, label=%s];\n",
		quoteLines(d.captionLines()))
	d.printf("  node [shape=box, style=\"rounded,filled\", fillcolor=%q, color=%q, fontname=\"monospace\", fontsize=11];\n",
		lightTheme.box, lightTheme.frame)
	d.printf("  edge [fontname=\"monospace\", fontsize=10, arrowsize=0.7];\n")
	d.inits()
	d.heads()
	for _, nodes := range d.threads {
		for _, i := range nodes {
			d.node(i)
		}
	}
	for _, e := range d.edges {
		d.edge(e)
	}
	d.printf("}\n")
}

func (d *dotWriter) captionLines() []string {
	c := d.caption()
	lines := append([]string{d.title(), c.verdict}, c.steps...)
	if c.final != "" {
		lines = append(lines, c.final)
	}
	return lines
}

func (d *dotWriter) inits() {
	d.printf("  { rank=same;\n")
	for _, i := range d.scene.inits {
		d.printf("    n%d [label=%s%s];\n", i, quote(d.nodes[i].text), d.mark(i))
	}
	d.printf("  }\n")
}

// heads puts the threads side by side, below the initial writes.
func (d *dotWriter) heads() {
	d.printf("  { rank=same;\n")
	for t := range d.threads {
		d.printf("    p%d [shape=plaintext, style=\"\", label=\"P%d\", group=%d];\n", t, t, t)
	}
	for t := 1; t < len(d.threads); t++ {
		d.printf("    p%d -> p%d [style=invis];\n", t-1, t)
	}
	d.printf("  }\n")
	for _, i := range d.scene.inits {
		if len(d.threads) > 0 {
			d.printf("  n%d -> p0 [style=invis, weight=0];\n", i)
		}
	}
	for t, nodes := range d.threads {
		if len(nodes) > 0 {
			d.printf("  p%d -> n%d [style=invis, weight=100];\n", t, nodes[0])
		}
	}
}

func (d *dotWriter) node(i int) {
	n := d.nodes[i]
	what := n.what
	if n.line > 0 {
		what += fmt.Sprintf("  line %d", n.line)
	}
	d.printf("  n%d [label=%s, group=%d%s];\n", i, quoteLines([]string{n.name + ": " + n.text, what}), n.thread, d.mark(i))
}

func (d *dotWriter) mark(i int) string {
	if !d.nodes[i].cycle {
		return ""
	}
	return fmt.Sprintf(", color=%q, penwidth=2", cycleLook.light)
}

// edge writes e. Only po decides which event stands above which.
func (d *dotWriter) edge(e edge) {
	l := looks[e.kind]
	attrs := []string{"style=" + l.dot}
	colour := l.light
	switch {
	case e.cycle:
		colour = cycleLook.light
		attrs = append(attrs, "penwidth=3")
	case len(d.cycle) > 0:
		colour += "55" // half transparent
	}
	attrs = append(attrs, fmt.Sprintf("color=%q", colour), fmt.Sprintf("fontcolor=%q", colour))
	if e.label != "" {
		attrs = append(attrs, "label="+quote(e.label))
	}
	if e.straight {
		attrs = append(attrs, "weight=100")
	} else {
		attrs = append(attrs, "constraint=false")
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
