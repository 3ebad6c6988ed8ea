package render

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
)

// SVG writes x as a picture with a caption, on a light ground or a dark one as
// the reader prefers. It fails if w does, or if x is not well formed.
func SVG(w io.Writer, x *graph.Execution) error {
	s, err := newScene(x)
	if err != nil {
		return err
	}
	p := svgWriter{layout: newLayout(s)}
	body := p.captioned()
	_, err = fmt.Fprintf(w, "%s<style>%s</style>\n%s</svg>\n", p.open(), pictureCSS(), body)
	return err
}

// unstyledSVG is the picture without a style of its own, for a page that has it.
func unstyledSVG(s *scene) string {
	p := svgWriter{layout: newLayout(s)}
	body := p.captioned()
	return p.open() + body + "</svg>"
}

type svgWriter struct {
	*layout
	b    strings.Builder
	seen [4]float64 // x, y, width and height of what is no caption
}

func (p *svgWriter) printf(format string, args ...any) { fmt.Fprintf(&p.b, format, args...) }

func (p *svgWriter) open() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" class="x" width="%s" height="%s" viewBox="0 0 %s %s" data-box="%s %s %s %s" role="img" aria-label="%s">`+"\n",
		num(p.wide), num(p.high), num(p.wide), num(p.high), num(p.seen[0]), num(p.seen[1]), num(p.seen[2]), num(p.seen[3]), html.EscapeString(p.title()))
}

const (
	titleHigh   = 34
	lineHigh    = 18
	leastWide   = 640 // so that a caption has room
	captionWide = 1000
)

// captioned draws everything, and sets the size to what it took.
func (p *svgWriter) captioned() string {
	c := p.caption()
	drawnWide := p.wide
	p.wide = max(p.wide, leastWide)
	letters := int((min(p.wide, captionWide) - 2*margin) / charWide)
	lines := wrap("", "", c.verdict, letters)
	bold := len(lines)
	for _, s := range c.steps {
		lines = append(lines, "  "+s)
		p.wide = max(p.wide, float64(width(s)+2)*charWide+2*margin)
	}
	if c.final != "" {
		lines = append(lines, wrap("", "  ", c.final, letters)...)
	}
	if c.note != "" {
		lines = append(lines, wrap("", "", c.note, letters)...)
	}
	p.printf(`<g transform="translate(%s,%d)">`+"\n", num((p.wide-drawnWide)/2), titleHigh)
	p.picture()
	p.printf("</g>\n")
	p.text("caption title", margin, 24, p.title())
	p.high += titleHigh
	left := (p.wide - drawnWide) / 2
	right := max(left+drawnWide, p.key(margin, p.high+margin))
	left = min(left, margin/2)
	p.seen = [4]float64{left, titleHigh, right - left, p.high - titleHigh}
	p.high += lineHigh / 2
	for i, line := range lines {
		class := "caption"
		if i < bold {
			class += " verdict"
		}
		p.high += lineHigh
		p.text(class, margin, p.high, line)
	}
	p.high += margin
	return fmt.Sprintf(`<rect class="ground" width="%s" height="%s"/>`+"\n", num(p.wide), num(p.high)) + p.b.String()
}

// picture draws the edges below the boxes, the cycle above the other edges, and
// all labels on top.
func (p *svgWriter) picture() {
	for _, cycle := range []bool{false, true} {
		for i, e := range p.edges {
			if e.cycle == cycle {
				p.edge(i, e)
			}
		}
	}
	for t, h := range p.heads {
		p.text("head", h.x, h.y, fmt.Sprintf("P%d", t))
	}
	for i := range p.nodes {
		p.box(i)
	}
	for _, cycle := range []bool{false, true} {
		for i, e := range p.edges {
			if e.cycle == cycle && e.label != "" {
				p.label(i, e)
			}
		}
	}
}

func (p *svgWriter) edge(i int, e edge) {
	t := p.paths[i]
	p.printf(`<g class="edge %s" %s><path d="M%s %s`, p.class(e), ends(e), num(t.start.x), num(t.start.y))
	for _, s := range t.segs {
		if s.line {
			p.printf("L%s %s", num(s.to.x), num(s.to.y))
		} else {
			p.printf("C%s %s %s %s %s %s", num(s.c1.x), num(s.c1.y), num(s.c2.x), num(s.c2.y), num(s.to.x), num(s.to.y))
		}
	}
	p.printf(`"/>`)
	p.tip(t.end(), t.tip, e)
	p.printf("</g>\n")
}

// tip draws the head of an arrow from a point to the edge of the box.
func (p *svgWriter) tip(from, to point, e edge) {
	d := dist(from, to)
	if d == 0 {
		return
	}
	half := 3.6
	if e.cycle {
		half = 5.5
	}
	nx, ny := -(to.y-from.y)/d*half, (to.x-from.x)/d*half
	p.printf(`<path class="tip" d="M%s %sL%s %sL%s %sZ"/>`, num(to.x), num(to.y),
		num(from.x+nx), num(from.y+ny), num(from.x-nx), num(from.y-ny))
}

// class is what e looks like.
func (p *svgWriter) class(e edge) string {
	c := looks[e.kind].class()
	switch {
	case e.cycle:
		return c + " cycle"
	case len(p.cycle) > 0:
		return c + " dim"
	}
	return c
}

// ends tells the script of a page which nodes e joins, and the kind of e.
func ends(e edge) string {
	return fmt.Sprintf(`data-from="%d" data-to="%d" data-kind="%s"`, e.from, e.to, looks[e.kind].class())
}

// source tells the script of a page where a node is in the source.
func (p *svgWriter) source(n *node) string {
	var at graph.Pos
	switch {
	case n.failed:
		at = p.x.Failure.Pos
	case n.thread >= 0:
		at = p.x.Events[n.events[0]].Pos
	}
	if at.Line <= 0 {
		return ""
	}
	return fmt.Sprintf(` data-file="%s" data-line="%d"`, html.EscapeString(clean(at.File)), at.Line)
}

func (p *svgWriter) label(i int, e edge) {
	r := p.labels[i]
	p.printf(`<g class="label %s" %s><rect x="%s" y="%s" width="%s" height="%s" rx="3"/>`,
		p.class(e), ends(e), num(r.x), num(r.y), num(r.w), num(r.h))
	p.text("", r.x+r.w/2, r.y+r.h-3, e.label)
	p.printf("</g>\n")
}

func (p *svgWriter) box(i int) {
	n, b := &p.nodes[i], p.boxes[i]
	class := "node"
	if n.cycle {
		class += " cycle"
	}
	if n.failed {
		class += " failed"
	}
	p.printf(`<g class="%s" data-node="%d"%s><title>%s</title><rect x="%s" y="%s" width="%s" height="%s" rx="5"/>`,
		class, i, p.source(n), html.EscapeString(p.place(i)), num(b.x), num(b.y), num(b.w), num(b.h))
	if n.thread < 0 {
		p.text("", b.x+boxPad, b.y+b.h/2+4.5, n.text)
	} else {
		text, what := n.lines()
		p.text("", b.x+boxPad, b.y+b.h/2-4, text)
		p.text("sub", b.x+boxPad, b.y+b.h/2+13, what)
	}
	p.printf("</g>\n")
}

func (p *svgWriter) text(class string, x, y float64, s string) {
	if class != "" {
		class = fmt.Sprintf(` class="%s"`, class)
	}
	p.printf(`<text%s x="%s" y="%s" xml:space="preserve">%s</text>`, class, num(x), num(y), html.EscapeString(s))
}

// meanings are the words of the key.
var meanings = [kinds]string{
	po: "po: program order", rf: "rf: reads from", co: "co: before in coherence", fr: "fr: reads before",
	rmw: "rmw: one atomic operation", addr: "addr: address dependency", data: "data: data dependency",
	ctrl: "ctrl: control dependency", derived: "other relation",
}

// key explains the kinds of edges that the picture has, and makes room below. It returns
// how far to the right it goes.
func (p *svgWriter) key(x, y float64) (right float64) {
	var used [kinds]bool
	cycle := false
	for _, e := range p.edges {
		cycle = cycle || e.cycle
		used[e.kind] = used[e.kind] || !e.cycle
	}
	at := x
	add := func(kind, class, words string) {
		wide := 34 + float64(width(words))*smallWide + 20
		if at > x && at+wide > p.wide {
			at, y = x, y+lineHigh
		}
		p.printf(`<g class="key" data-kind="%s"><g class="edge %s"><path d="M%s %sh26"/></g>`, kind, class, num(at), num(y-4))
		p.text("", at+32, y, words)
		p.printf("</g>\n")
		p.wide = max(p.wide, at+wide)
		at += wide
		right = max(right, at)
	}
	if cycle {
		what := "breaks the model"
		switch {
		case p.orders:
			what = "in no interleaving"
		case p.x.Violated == "":
			what = "flagged"
		}
		add("cycle", cycleLook.class(), what)
	}
	for k, u := range used {
		if u {
			add(looks[k].class(), looks[k].class(), meanings[k])
		}
	}
	p.high = y + 10
	return right
}

// num writes a length with a tenth of a pixel.
func num(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
