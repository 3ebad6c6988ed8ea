package draw

import "strings"

// Sizes, in pixels, of a monospaced font.
const (
	charWide   = 7.3
	smallWide  = 6.1
	lineHigh   = 16
	smallHigh  = 13
	padding    = 6
	gap        = 6  // between rows
	gutter     = 46 // for the numbers
	columnGap  = 14
	linkGap    = 56 // the same, if a link needs room for its label
	leastWide  = 640
	headHigh   = 44
	margin     = 14
	fewestWide = 12 // characters
)

// A box is the place of a row.
type box struct {
	x, y, w, h float64
	lines      []string
	place      []string
}

// A plan has the places of all parts of a picture.
type plan struct {
	s       *Schedule
	wide    []int     // of columns, in characters
	left    []float64 // of columns
	w, h    float64
	top     float64 // of the rows
	heading []string
	failure []string
	started [][]string
	high    float64 // of the heads of the columns
	boxes   []box
}

func layout(s *Schedule) *plan {
	p := &plan{s: s}
	p.columns()
	p.heads()
	y := p.top
	for _, r := range s.Rows {
		b := p.box(r)
		b.y = y
		y += b.h + gap
		p.boxes = append(p.boxes, b)
	}
	p.h = y + margin
	return p
}

// most is the largest width of a column in characters: it is smaller if there
// are many columns.
func (p *plan) most() int {
	return max(24, min(48, 150/max(1, len(p.s.Columns))))
}

func (p *plan) columns() {
	p.wide = make([]int, len(p.s.Columns))
	for i := range p.wide {
		p.wide[i] = fewestWide
	}
	for _, r := range p.s.Rows {
		if r.Column >= 0 {
			p.widen(r.Column, r.Text, r.Place)
		}
	}
	for i, c := range p.s.Columns {
		p.widen(i, c.Name, c.Started)
	}
	between := float64(columnGap)
	if len(p.s.Links) > 0 {
		between = linkGap
	}
	x := float64(margin + gutter)
	for _, n := range p.wide {
		p.left = append(p.left, x)
		x += p.pixels(n) + between
	}
	p.w = max(x-between+margin, leastWide)
}

// widen makes a column as wide as a text and a small one, if it may be.
func (p *plan) widen(column int, text, small string) {
	need := max(runes(text), int(float64(runes(small))*smallWide/charWide)+1)
	p.wide[column] = min(p.most(), max(p.wide[column], need))
}

func (p *plan) pixels(chars int) float64 { return float64(chars)*charWide + 2*padding }

// heads lays out the part above the rows.
func (p *plan) heads() {
	chars := int((p.w - 2*margin) / charWide)
	p.heading = wrap(p.s.Title, chars)
	p.failure = wrap(p.s.Failure, chars)
	p.top = margin + float64(len(p.heading)+len(p.failure))*lineHigh + 10
	p.high = lineHigh + 2*padding
	for i, c := range p.s.Columns {
		lines := wrap(c.Started, p.small(p.pixels(p.wide[i])))
		p.started = append(p.started, lines)
		p.high = max(p.high, lineHigh+float64(len(lines))*smallHigh+2*padding)
	}
	p.top += p.high + 2*gap
}

// small is how many small characters fit.
func (p *plan) small(w float64) int { return fit(w, smallWide) }

// fit is how many characters fit in a box of width w.
func fit(w, char float64) int { return int((w-2*padding)/char + 0.001) }

func (p *plan) box(r Row) box {
	b := box{x: margin + gutter, w: p.w - 2*margin - gutter}
	if r.Column >= 0 {
		b.x, b.w = p.left[r.Column], p.pixels(p.wide[r.Column])
	}
	b.lines = wrap(r.Text, fit(b.w, charWide))
	b.place = wrap(r.Place, p.small(b.w))
	b.h = float64(len(b.lines))*lineHigh + float64(len(b.place))*smallHigh + 2*padding
	return b
}

func runes(s string) int { return len([]rune(s)) }

// wrap breaks text into lines of at most n characters, at spaces where it can.
func wrap(text string, n int) (lines []string) {
	n = max(n, 1)
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimRight(line, " "); line != "" {
			lines = append(lines, wrapLine([]rune(line), n)...)
		}
	}
	return lines
}

func wrapLine(r []rune, n int) (lines []string) {
	for len(r) > n {
		cut := breakAt(r, n)
		lines = append(lines, strings.TrimRight(string(r[:cut]), " "))
		r = []rune("  " + strings.TrimLeft(string(r[cut:]), " "))
		if n < 8 {
			r = []rune(strings.TrimLeft(string(r), " "))
		}
	}
	return append(lines, string(r))
}

// breakAt is the last good place to break within the first n characters: after a
// space, else after a mark between words or names, else at n.
func breakAt(r []rune, n int) int {
	for _, marks := range []string{" ", "/,(", "._-[{"} {
		for i := n; i > n/2 && i > 2; i-- {
			if strings.ContainsRune(marks, r[i-1]) {
				return i
			}
		}
	}
	return n
}
