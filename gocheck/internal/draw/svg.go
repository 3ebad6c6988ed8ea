package draw

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

const style = `
.schedule { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12px; }
.schedule text { fill: #1f2328; white-space: pre; }
.schedule .title { font-weight: bold; }
.schedule .failure { fill: #b3261e; }
.schedule .small { font-size: 10px; fill: #656d76; }
.schedule .number { fill: #656d76; text-anchor: end; }
.schedule .name { font-weight: bold; }
.schedule .paper { fill: #ffffff; }
.schedule .life { stroke: #d0d7de; stroke-width: 1.5; }
.schedule .head { fill: #eaeef2; stroke: #8c959f; }
.schedule .step { fill: #ddf4ff; stroke: #54aeff; }
.schedule .plain { fill: #f6f8fa; stroke: #afb8c1; }
.schedule .remark { fill: #ffffff; stroke: #d0d7de; stroke-dasharray: 3 2; }
.schedule .failing { fill: #ffebe9; stroke: #cf222e; stroke-width: 1.8; }
.schedule .link { fill: none; stroke: #cf222e; stroke-width: 1.8; stroke-dasharray: 5 3; }
.schedule .label { fill: #cf222e; font-weight: bold; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
@media (prefers-color-scheme: dark) {
.schedule text { fill: #e6edf3; }
.schedule .failure { fill: #ff7b72; }
.schedule .small, .schedule .number { fill: #9aa4af; }
.schedule .paper { fill: #0d1117; }
.schedule .life { stroke: #3d444d; }
.schedule .head { fill: #21262d; stroke: #6e7681; }
.schedule .step { fill: #12283f; stroke: #2f6fb3; }
.schedule .plain { fill: #161b22; stroke: #6e7681; }
.schedule .remark { fill: #0d1117; stroke: #3d444d; }
.schedule .failing { fill: #3d1418; stroke: #ff5c5c; }
.schedule .link { stroke: #ff5c5c; }
.schedule .label { fill: #ff7b72; stroke: #0d1117; }
}
`

// SVG draws s.
func SVG(w io.Writer, s *Schedule) error {
	d := drawing{bufio.NewWriter(w), layout(s.Elided())}
	d.begin(style)
	d.body()
	return d.Flush()
}

// unstyled is the picture of s for a page that has the style.
func unstyled(s *Schedule) string {
	var b strings.Builder
	d := drawing{bufio.NewWriter(&b), layout(s.Elided())}
	d.begin("")
	d.body()
	_ = d.Flush() // a Builder never fails
	return b.String()
}

type drawing struct {
	*bufio.Writer
	*plan
}

// printf drops the error, because Flush returns it.
func (d *drawing) printf(format string, args ...any) { _, _ = fmt.Fprintf(d, format, args...) }

// begin opens the picture. What is above its columns is a caption for a page.
func (d *drawing) begin(style string) {
	above := d.top - 2*gap - d.high - margin
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="schedule" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" data-box="0 %.0f %.0f %.0f" role="img">`+"\n",
		d.w, d.h, d.w, d.h, above, d.w, d.h-above)
	if d.s.Title != "" {
		d.printf("<title>%s</title>\n", escape(d.s.Title))
	}
	if style != "" {
		d.printf("<style>%s</style>\n", style)
	}
	d.printf(`<rect class="paper" width="%.0f" height="%.0f"/>`+"\n", d.w, d.h)
}

func (d *drawing) body() {
	d.heads()
	for i := range d.boxes {
		d.row(i)
	}
	for _, l := range d.s.Links {
		d.link(l)
	}
	d.printf("</svg>\n")
}

func (d *drawing) text(class string, x, y float64, s string) {
	d.printf(`<text class="%s" x="%.1f" y="%.1f">%s</text>`+"\n", class, x, y, escape(s))
}

// heads draws the title, the failure, and the columns' heads with their lines
// down to the last step.
func (d *drawing) heads() {
	y := float64(margin) + 12
	for _, s := range d.heading {
		d.text("caption title", margin, y, s)
		y += lineHigh
	}
	for _, s := range d.failure {
		d.text("caption failure", margin, y, s)
		y += lineHigh
	}
	y = d.top - 2*gap - d.high
	for i, c := range d.s.Columns {
		x, w := d.left[i], d.pixels(d.wide[i])
		if end := d.end(i); end > 0 {
			d.printf(`<line class="life" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`+"\n", x+w/2, y+d.high, x+w/2, end)
		}
		d.rect("head", x, y, w, d.high)
		d.text("name", x+padding, y+padding+11, c.Name)
		for k, s := range d.started[i] {
			d.text("small", x+padding, y+padding+lineHigh+9+float64(k)*smallHigh, s)
		}
	}
}

// end is the end of the last box of a column; 0: it has none.
func (d *drawing) end(column int) float64 {
	for i := len(d.boxes) - 1; i >= 0; i-- {
		if d.s.Rows[i].Column == column {
			return d.boxes[i].y
		}
	}
	return 0
}

func (d *drawing) rect(class string, x, y, w, h float64) {
	d.printf(`<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="4"/>`+"\n", class, x, y, w, h)
}

func (d *drawing) row(i int) {
	r, b := d.s.Rows[i], d.boxes[i]
	d.printf(`<g data-node="%d"%s>`, i, r.source())
	defer d.printf("</g>\n")
	d.rect(string(r.Style), b.x, b.y, b.w, b.h)
	y := b.y + padding + 11
	if r.Number > 0 {
		d.text("number", margin+gutter-10, y, fmt.Sprint(r.Number))
	}
	for _, s := range b.lines {
		d.text("op", b.x+padding, y, s)
		y += lineHigh
	}
	for _, s := range b.place {
		d.text("small", b.x+padding, y-2, s)
		y += smallHigh
	}
}

// link is a line from side to side, or along the side if both boxes are in one
// column.
func (d *drawing) link(l Link) {
	a, b := d.boxes[l.From], d.boxes[l.To]
	ax, bx := a.x+a.w, b.x
	if b.x < a.x {
		ax, bx = a.x, b.x+b.w
	}
	ay, by := a.y+a.h/2, b.y+b.h/2
	if a.x == b.x {
		bx = ax
	}
	d.printf(`<g data-from="%d" data-to="%d" data-kind="%s"><path class="link" d="M %.1f %.1f L %.1f %.1f"/>`+"\n",
		l.From, l.To, escape(l.Label), ax, ay, bx, by)
	d.text("label", (ax+bx)/2-float64(runes(l.Label))*charWide/2, (ay+by)/2+4, l.Label)
	d.printf("</g>\n")
}

// source tells the script of a page where a row is in the source.
func (r *Row) source() string {
	if r.Line <= 0 {
		return ""
	}
	return fmt.Sprintf(` data-file="%s" data-line="%d"`, escape(r.File), r.Line)
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}
