package render

import (
	"cmp"
	"math"
	"slices"
)

// A path is a curve from start through segs, with an arrow's tip at tip.
type path struct {
	start point
	segs  []seg
	tip   point
}

// A seg is a cubic curve with two control points; a line if they are equal to
// its ends.
type seg struct {
	c1, c2, to point
	line       bool
}

func (p *path) end() point {
	if len(p.segs) == 0 {
		return p.start
	}
	return p.segs[len(p.segs)-1].to
}

func (p *path) line(x, y float64) {
	at, to := p.end(), point{x, y}
	if at != to {
		p.segs = append(p.segs, seg{at, to, to, true})
	}
}

func (p *path) curve(c1, c2, to point) { p.segs = append(p.segs, seg{c1, c2, to, false}) }

// corner goes to via and from there towards next, rounded by radius r.
func (p *path) corner(via, next point, r float64) {
	at := p.end()
	r = min(r, dist(at, via), dist(via, next))
	if r < 1 {
		p.line(via.x, via.y)
		return
	}
	a, b := towards(via, at, r), towards(via, next, r)
	p.line(a.x, a.y)
	p.curve(towards(via, a, r*0.45), towards(via, b, r*0.45), b)
}

// through goes through a gutter as h does. It leaves and arrives level.
func (p *path) through(h *hop, to point) {
	at := p.end()
	switch dy := math.Abs(to.y - at.y); {
	case dy < 2:
		p.line(to.x, to.y)
	case !h.steep():
		mid := (at.x + to.x) / 2
		p.curve(point{mid, at.y}, point{mid, to.y}, to)
	default:
		p.corner(point{h.x, at.y}, point{h.x, (at.y + to.y) / 2}, 18)
		p.corner(point{h.x, to.y}, to, 18)
		p.line(to.x, to.y)
	}
}

// around goes out to lane and back.
func (p *path) around(lane float64, to point) {
	at := p.end()
	mid := point{lane, (at.y + to.y) / 2}
	p.corner(point{lane, at.y}, mid, 14)
	p.corner(point{lane, to.y}, to, 14)
	p.line(to.x, to.y)
}

// reverse makes p lead from its end to its start. The tip is set anew.
func (p *path) reverse() {
	back := path{start: p.end()}
	for i := len(p.segs) - 1; i >= 0; i-- {
		to := p.start
		if i > 0 {
			to = p.segs[i-1].to
		}
		back.segs = append(back.segs, seg{p.segs[i].c2, p.segs[i].c1, to, p.segs[i].line})
	}
	*p = back
}

// points are places along p, close to each other, from start to end.
func (p *path) points() []point {
	ps := []point{p.start}
	at := p.start
	for _, s := range p.segs {
		n := max(2, int((dist(at, s.c1)+dist(s.c1, s.c2)+dist(s.c2, s.to))/5))
		for i := 1; i <= n; i++ {
			t := float64(i) / float64(n)
			u := 1 - t
			if s.line {
				ps = append(ps, point{u*at.x + t*s.to.x, u*at.y + t*s.to.y})
				continue
			}
			ps = append(ps, point{
				u*u*u*at.x + 3*u*u*t*s.c1.x + 3*u*t*t*s.c2.x + t*t*t*s.to.x,
				u*u*u*at.y + 3*u*u*t*s.c1.y + 3*u*t*t*s.c2.y + t*t*t*s.to.y,
			})
		}
		at = s.to
	}
	return ps
}

func dist(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }

// towards is the point at distance r from a on the way to b.
func towards(a, b point, r float64) point {
	d := dist(a, b)
	if d == 0 {
		return a
	}
	return point{a.x + (b.x-a.x)*r/d, a.y + (b.y-a.y)*r/d}
}

// draw turns a route into a path. Between its end and the box there is room for
// the tip.
func (l *layout) draw(r *route, e edge) path {
	startGap, endGap := 0.0, float64(tipLong)
	if r.reversed {
		startGap, endGap = endGap, startGap
	}
	var p path
	var first, last point // on the edges of the boxes
	switch r.way {
	case straight:
		a, b := l.boxes[r.from], l.boxes[r.to]
		first, last = point{a.x + a.w/2, a.y + a.h}, point{b.x + b.w/2, b.y}
		p.start = first
		p.line(last.x, last.y-endGap)
	case hang:
		first, last = l.initPort(r, true), l.initPort(r, false)
		p.start = point{first.x, first.y + startGap}
		p.curve(point{first.x, first.y + bandHigh*0.8}, point{last.x, last.y + bandHigh*0.8}, point{last.x, last.y + endGap})
	case drop:
		first, last = l.initPort(r, true), l.at(r.in)
		h := r.hops[0]
		p.start = point{first.x, first.y + startGap}
		y := first.y + bandHigh
		p.curve(point{first.x, y - bandHigh*0.4}, point{h.x, y - bandHigh*0.6}, point{h.x, y})
		end := outside(last, r.in.side, endGap)
		p.corner(point{h.x, last.y}, end, 18)
		p.line(end.x, end.y)
	default:
		first, last = l.at(r.out), l.at(r.in)
		p.start = first
		end := outside(last, r.in.side, endGap)
		switch {
		case r.way == arc:
			p.around(r.hops[0].x, end)
		case r.channel < 0:
			p.through(r.hops[0], end)
		default:
			l.drawChannel(&p, r, end)
		}
	}
	p.tip = last
	if r.reversed {
		p.reverse()
		p.tip = first
	}
	return p
}

// drawChannel goes through a gutter, along a channel, and through a gutter.
func (l *layout) drawChannel(p *path, r *route, end point) {
	y := l.laneY(r)
	from, to := l.column[r.from], l.column[r.to]
	near, far := l.colX[min(from, to)+1], l.colX[max(from, to)-1]+l.colWide[max(from, to)-1]
	if from > to {
		near, far = far, near
	}
	p.through(r.hops[0], point{near, y})
	p.line(far, y)
	p.through(r.hops[1], end)
}

// at is where a port is.
func (l *layout) at(p *port) point {
	b := l.boxes[p.node]
	if p.side == leftSide {
		return point{b.x, p.y}
	}
	return point{b.x + b.w, p.y}
}

// outside is the point at distance gap from p, away from the box.
func outside(p point, s side, gap float64) point {
	if s == leftSide {
		return point{p.x - gap, p.y}
	}
	return point{p.x + gap, p.y}
}

// An initEnd is the end of a route at an initial write.
type initEnd struct {
	r      *route
	atFrom bool
	x      float64 // where the route goes from here
}

// initPort is where r leaves (or, if not atFrom, enters) the lower side of an
// initial write: its edges are there in the order in which they spread.
func (l *layout) initPort(r *route, atFrom bool) point {
	node := r.from
	if !atFrom {
		node = r.to
	}
	var ends []initEnd
	for _, o := range l.routes {
		switch {
		case o.way == drop && o.from == node:
			ends = append(ends, initEnd{o, true, o.hops[0].x})
		case o.way == hang && o.from == node:
			ends = append(ends, initEnd{o, true, l.boxes[o.to].x})
		}
		if o.way == hang && o.to == node {
			ends = append(ends, initEnd{o, false, l.boxes[o.from].x})
		}
	}
	slices.SortStableFunc(ends, func(a, b initEnd) int { return cmp.Compare(a.x, b.x) })
	i := slices.IndexFunc(ends, func(e initEnd) bool { return e.r == r && e.atFrom == atFrom })
	b := l.boxes[node]
	return point{b.x + b.w*float64(i+1)/float64(len(ends)+1), b.y + b.h}
}
