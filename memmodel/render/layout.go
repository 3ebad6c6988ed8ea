package render

import (
	"cmp"
	"slices"
	"strings"
)

// Lengths are in the pixels of an SVG, at the font sizes of pictureCSS.
const (
	charWide  = 7.9 // 13px
	smallWide = 6.7 // 11px

	boxHigh    = 44
	boxPad     = 10
	portGap    = 10 // between the edges at a side of a box
	minBox     = 90
	initHigh   = 26
	initGap    = 28
	bandHigh   = 56 // between the initial writes and the threads
	headHigh   = 26
	rowGap     = 36
	channelGap = 12 // between the lanes of a channel
	arcGap     = 20 // between the lanes of arcs
	laneGap    = 22 // between the lanes of other edges in a gutter
	wideGutter = 116
	slimGutter = 84
	margin     = 24
	tipLong    = 9
)

// shortText is how many letters of the source a box has room for.
const shortText = 36

type point struct{ x, y float64 }

type rect struct{ x, y, w, h float64 }

func (r rect) overlaps(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rect) has(p point) bool {
	return r.x <= p.x && p.x <= r.x+r.w && r.y <= p.y && p.y <= r.y+r.h
}

// A layout is a plan with coordinates.
type layout struct {
	*plan
	wide, high float64
	boxes      []rect // for each node
	heads      []point
	colX       []float64 // left edge of each column
	colWide    []float64
	channelY   []float64
	paths      []path // for each edge
	labels     []rect // for each edge; of no width if it has no label
}

func newLayout(s *scene) *layout {
	l := &layout{plan: newPlan(s), boxes: make([]rect, len(s.nodes)), heads: make([]point, len(s.threads))}
	l.placeColumns()
	l.placeRows()
	l.placeInitBoxes()
	l.placePorts()
	for i, r := range l.routes {
		l.paths = append(l.paths, l.draw(r, l.edges[i]))
	}
	l.placeLabels()
	return l
}

// lines are the two lines of text in a box.
func (n *node) lines() (text, what string) {
	what = n.what
	if n.where != "" {
		what = strings.TrimLeft(what+"  "+n.where, " ")
	}
	if n.text == "" {
		return n.name + ":", what
	}
	return n.name + ": " + shorten(n.text), what
}

// shorten cuts s so that it fits a box.
func shorten(s string) string {
	if r := []rune(s); len(r) > shortText {
		return string(r[:shortText-1]) + "…"
	}
	return s
}

func (l *layout) placeColumns() {
	labels := l.gutterLabels()
	x := 0.0
	for t, nodes := range l.threads {
		x += l.layGutter(t, x, labels[t])
		wide := float64(minBox)
		for _, i := range nodes {
			text, what := l.nodes[i].lines()
			wide = max(wide, float64(width(text))*charWide+2*boxPad, float64(width(what))*smallWide+2*boxPad)
		}
		l.colX = append(l.colX, x)
		l.colWide = append(l.colWide, wide)
		for _, i := range nodes {
			l.boxes[i].x, l.boxes[i].w = x, wide
		}
		l.heads[t].x = x + wide/2
		x += wide
	}
	l.wide = x + l.layGutter(len(l.threads), x, labels[len(l.threads)])
}

// gutterLabels is the width of the widest label in each gutter.
func (l *layout) gutterLabels() []float64 {
	wide := make([]float64, len(l.gutters))
	for i, r := range l.routes {
		for _, h := range r.hops {
			wide[h.gutter] = max(wide[h.gutter], labelWide(l.edges[i]))
		}
	}
	return wide
}

func labelWide(e edge) float64 {
	if e.label == "" {
		return 0
	}
	return float64(width(e.label))*smallWide + 6
}

// layGutter gives the hops of gutter g their x, if it starts at x, and returns
// the gutter's width.
func (l *layout) layGutter(g int, x, label float64) float64 {
	var lanes [3]int // of arcs on the left, arcs on the right, others
	class := func(h *hop) int {
		switch {
		case h.way != arc:
			return 2
		case h.side == leftSide:
			return 0
		}
		return 1
	}
	for _, h := range l.gutters[g] {
		lanes[class(h)] = max(lanes[class(h)], h.lane+1)
	}
	arcsLeft, arcsRight := float64(lanes[0])*arcGap, float64(lanes[1])*arcGap
	wide := l.leastGutter(g)
	if len(l.gutters[g]) > 0 {
		wide = max(wide, arcsLeft+arcsRight+float64(lanes[2]+1)*laneGap, label+2*arcGap)
	}
	for _, h := range l.gutters[g] {
		switch class(h) {
		case 0:
			h.x = x + arcGap*float64(h.lane+1)
		case 1:
			h.x = x + wide - arcGap*float64(h.lane+1)
		default:
			h.x = x + arcsLeft + (wide-arcsLeft-arcsRight)*float64(h.lane+1)/float64(lanes[2]+1)
		}
	}
	return wide
}

func (l *layout) leastGutter(g int) float64 {
	switch {
	case g == 0 || g == len(l.threads):
		return margin
	case len(l.threads) <= 4:
		return wideGutter
	}
	return slimGutter
}

func (l *layout) placeRows() {
	y := 0.0
	if len(l.inits) > 0 {
		y += margin + initHigh + bandHigh
	}
	for t := range l.heads {
		l.heads[t].y = y + headHigh*0.7
	}
	if len(l.heads) > 0 {
		y += headHigh
	}
	need := l.portsHigh()
	for c := 0; c <= l.rows; c++ {
		l.channelY = append(l.channelY, y)
		lanes := 0
		for _, r := range l.channels[c] {
			lanes = max(lanes, r.lane+1)
		}
		gap := 6.0
		if c > 0 && c < l.rows {
			gap = rowGap
		}
		y += gap + float64(lanes)*channelGap
		if c == l.rows {
			break
		}
		high := float64(boxHigh)
		for _, t := range l.threads {
			if c < len(t) {
				high = max(high, need[t[c]])
			}
		}
		for _, t := range l.threads {
			if c < len(t) {
				l.boxes[t[c]].y, l.boxes[t[c]].h = y, high
			}
		}
		y += high
	}
	l.high = y
}

// portsHigh is the height that each box needs for the edges at its sides.
func (l *layout) portsHigh() []float64 {
	high := make([]float64, len(l.nodes))
	var count [2][]int
	count[leftSide], count[rightSide] = make([]int, len(l.nodes)), make([]int, len(l.nodes))
	for _, p := range l.ports {
		count[p.side][p.node]++
		high[p.node] = max(high[p.node], float64(count[p.side][p.node]+1)*portGap)
	}
	return high
}

// laneY is the height of r's lane in its channel.
func (l *layout) laneY(r *route) float64 {
	y := l.channelY[r.channel] + channelGap*(float64(r.lane)+0.5)
	if r.channel > 0 && r.channel < l.rows {
		y += rowGap / 2
	}
	return y
}

// placePorts spreads the ports of each side of each box.
func (l *layout) placePorts() {
	slices.SortStableFunc(l.ports, func(a, b *port) int {
		return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.side, b.side),
			a.compare(b))
	})
	for len(l.ports) > 0 {
		first, n := l.ports[0], 1
		for n < len(l.ports) && l.ports[n].node == first.node && l.ports[n].side == first.side {
			n++
		}
		b := l.boxes[first.node]
		for i, p := range l.ports[:n] {
			p.y = b.y + b.h*float64(i+1)/float64(n+1)
			// Two that run towards each other from boxes of a row, each to a
			// lane beyond the other's, would lie on each other.
			if p.class == crossing && p.hop.steep() && p.side == leftSide {
				p.y += portGap / 4.0
			} else if p.class == crossing && p.hop.steep() {
				p.y -= portGap / 4.0
			}
		}
		l.ports = l.ports[n:]
	}
}

// placeInitBoxes puts the initial writes in a row, each as near to what it
// leads to as the others let it.
func (l *layout) placeInitBoxes() {
	x := margin / 2.0
	for _, i := range l.inits {
		b := &l.boxes[i]
		b.w, b.h, b.y = float64(width(l.nodes[i].text))*charWide+2*boxPad, initHigh, margin/2
		b.x = max(x, l.columnCentre(l.initAt[i])-b.w/2)
		x = b.x + b.w + initGap
	}
	limit := l.wide - margin/2
	for k := len(l.inits) - 1; k >= 0; k-- {
		b := &l.boxes[l.inits[k]]
		b.x = min(b.x, limit-b.w)
		limit = b.x - initGap
	}
	if len(l.inits) > 0 {
		l.shiftFrom(margin/2 - l.boxes[l.inits[0]].x)
	}
}

// columnCentre is where a column is, and for a mean of columns the place
// between them.
func (l *layout) columnCentre(at float64) float64 {
	if len(l.heads) == 0 {
		return l.wide / 2
	}
	i := min(int(at), len(l.heads)-1)
	j := min(i+1, len(l.heads)-1)
	return l.heads[i].x + (l.heads[j].x-l.heads[i].x)*(at-float64(i))
}

// shiftFrom moves all that is drawn to the right by dx, if that is positive:
// more initial writes may be there than the threads are wide.
func (l *layout) shiftFrom(dx float64) {
	if dx <= 0 {
		return
	}
	l.wide += dx
	for i := range l.boxes {
		l.boxes[i].x += dx
	}
	for i := range l.heads {
		l.heads[i].x += dx
		l.colX[i] += dx
	}
	for _, g := range l.gutters {
		for _, h := range g {
			h.x += dx
		}
	}
}
