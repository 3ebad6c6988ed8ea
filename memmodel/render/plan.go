package render

import (
	"cmp"
	"slices"
)

// Boxes stand in a grid: a column a thread, a row an event. Edges run in the
// gutters between the columns and in the channels between the rows, so that
// they meet no box on their way. This file decides which way an edge goes;
// layout.go turns that into coordinates.
//
// Heights are counted in half rows here: row r is at 2r+1, the channel above it
// at 2r, and what comes from the initial writes enters at the top, below 0.
const top = -1

// way is the shape of an edge.
type way uint8

const (
	straight way = iota // down to the next box of the column
	arc                 // out to a gutter and back to the same column
	cross               // to another column
	drop                // from an initial write down a gutter
	hang                // between two initial writes
)

// A route is the way of one edge. Those of edges to an initial write are
// planned from there, and reversed when drawn.
type route struct {
	way      way
	from, to int // nodes
	reversed bool
	out, in  *port // where it leaves and enters a box; nil at an initial write
	hops     []*hop
	channel  int // the channel in which it crosses other columns; -1 if none
	lane     int // in the channel
}

// A hop is the part of a route that lies in one gutter.
type hop struct {
	gutter      int
	left, right int // the heights at the gutter's left and right edge
	way         way
	side        side // arc and drop: the side of the gutter that the box is on
	lane        int
	x           float64
}

func (h *hop) low() int  { return min(h.left, h.right) }
func (h *hop) high() int { return max(h.left, h.right) }

// steep reports whether h runs along its lane, rather than sloping from one
// edge of the gutter to the other.
func (h *hop) steep() bool { return h.way != cross || h.high()-h.low() >= 5 }

type side uint8

const (
	leftSide side = iota
	rightSide
)

// A port is a place on a side of a box at which an edge ends.
type port struct {
	node  int
	side  side
	class portClass
	hop   *hop
	y     float64
}

// portClass says where on a side a port is. In this order edges cross the
// least: arcs keep closest to the column, so they take the ends of the side.
type portClass uint8

const (
	arcUp portClass = iota // to or from a box above
	loopIn
	loopOut
	crossing // to another column
	arcDown
)

// compare orders the ports of a side from its top, such that arcs nest.
func (p *port) compare(q *port) int {
	if p.class != q.class {
		return cmp.Compare(p.class, q.class)
	}
	switch p.class {
	case arcUp, loopOut:
		return cmp.Compare(p.hop.lane, q.hop.lane)
	case arcDown, loopIn:
		return cmp.Compare(q.hop.lane, p.hop.lane)
	}
	return cmp.Compare(p.far(), q.far())
}

// far is the height at the other end of the hop.
func (p *port) far() int {
	if p.side == rightSide {
		return p.hop.right
	}
	return p.hop.left
}

// A plan is the ways of all edges.
type plan struct {
	*scene
	routes   []*route
	ports    []*port
	column   []int // for each node; that of an initial write is where it is used the most
	gutters  [][]*hop
	channels [][]*route
	rows     int
	initAt   []float64 // for each node: the mean column of what an initial write leads to
}

func newPlan(s *scene) *plan {
	p := &plan{scene: s, gutters: make([][]*hop, len(s.threads)+1)}
	for _, t := range s.threads {
		p.rows = max(p.rows, len(t))
	}
	p.channels = make([][]*route, p.rows+1)
	p.placeInits()
	for _, e := range s.edges {
		p.routes = append(p.routes, p.route(e))
	}
	for g := range p.gutters {
		p.laneGutter(p.gutters[g])
	}
	for c := range p.channels {
		laneChannel(p.channels[c], p.column)
	}
	return p
}

// placeInits finds the columns above which the initial writes stand.
func (p *plan) placeInits() {
	p.initAt = make([]float64, len(p.nodes))
	for _, i := range p.inits {
		sum, n := 0, 0
		for _, e := range p.edges {
			for _, ends := range [][2]int{{e.from, e.to}, {e.to, e.from}} {
				if ends[0] == i && p.nodes[ends[1]].thread >= 0 {
					sum += p.nodes[ends[1]].thread
					n++
				}
			}
		}
		p.initAt[i] = float64(len(p.threads)-1) / 2
		if n > 0 {
			p.initAt[i] = float64(sum) / float64(n)
		}
	}
	slices.SortStableFunc(p.inits, func(a, b int) int { return cmp.Compare(p.initAt[a], p.initAt[b]) })
	p.column = make([]int, len(p.nodes))
	for i, n := range p.nodes {
		p.column[i] = n.thread
		if n.thread < 0 {
			p.column[i] = int(p.initAt[i])
		}
	}
}

func (p *plan) height(node int) int { return 2*p.nodes[node].row + 1 }

func (p *plan) route(e edge) *route {
	r := &route{from: e.from, to: e.to, channel: -1}
	if p.nodes[e.to].thread < 0 && p.nodes[e.from].thread >= 0 {
		r.from, r.to, r.reversed = e.to, e.from, true
	}
	from, to := p.nodes[r.from], p.nodes[r.to]
	switch {
	case to.thread < 0:
		r.way = hang
	case from.thread < 0:
		p.drop(r)
	case e.straight:
		r.way = straight
	case from.thread == to.thread:
		p.arc(r, e)
	default:
		p.cross(r)
	}
	return r
}

// drop goes down the gutter on the side of the box that the initial write is
// on. Straight above it, the outer side is the emptier one.
func (p *plan) drop(r *route) {
	r.way = drop
	col := p.column[r.to]
	s := rightSide
	if at := p.initAt[r.from]; at < float64(col) || at == float64(col) && 2*col < len(p.threads) {
		s = leftSide
	}
	h := p.height(r.to)
	if s == leftSide { // the box is on the gutter's right
		r.hops = p.hop(&hop{gutter: col, left: top, right: h, way: drop, side: rightSide})
	} else {
		r.hops = p.hop(&hop{gutter: col + 1, left: h, right: top, way: drop, side: leftSide})
	}
	r.in = p.port(port{node: r.to, side: s, class: crossing, hop: r.hops[0]})
}

// arc takes the outer side in the first and last thread; in others
// dependencies go left and all else right.
func (p *plan) arc(r *route, e edge) {
	r.way = arc
	col := p.column[r.from]
	s := rightSide
	switch {
	case len(p.threads) > 1 && col == 0:
		s = leftSide
	case len(p.threads) > 1 && col == len(p.threads)-1:
	case e.kind >= rmw && !e.cycle:
		s = leftSide
	}
	a, b := p.height(r.from), p.height(r.to)
	h := &hop{gutter: col + 1, left: a, right: b, way: arc, side: leftSide}
	if s == leftSide {
		h.gutter, h.side = col, rightSide
	}
	r.hops = p.hop(h)
	out, in := arcDown, arcUp
	switch {
	case a > b:
		out, in = arcUp, arcDown
	case a == b:
		out, in = loopOut, loopIn
	}
	r.out = p.port(port{node: r.from, side: s, class: out, hop: h})
	r.in = p.port(port{node: r.to, side: s, class: in, hop: h})
}

// cross goes from gutter to gutter. Between them it needs a channel.
func (p *plan) cross(r *route) {
	r.way = cross
	a, b := p.height(r.from), p.height(r.to)
	from, to := p.column[r.from], p.column[r.to]
	outSide, inSide, first, last := rightSide, leftSide, from+1, to
	if from > to {
		outSide, inSide, first, last = leftSide, rightSide, from, to+1
	}
	if first == last {
		r.hops = p.hop(between(first, a, b, from < to))
	} else {
		r.channel = p.chooseChannel(r)
		p.channels[r.channel] = append(p.channels[r.channel], r)
		c := 2 * r.channel
		r.hops = append(p.hop(between(first, a, c, from < to)), p.hop(between(last, c, b, from < to))...)
	}
	r.out = p.port(port{node: r.from, side: outSide, class: crossing, hop: r.hops[0]})
	r.in = p.port(port{node: r.to, side: inSide, class: crossing, hop: r.hops[len(r.hops)-1]})
}

// between is a hop through gutter from height a to height b.
func between(gutter, a, b int, rightwards bool) *hop {
	if !rightwards {
		a, b = b, a
	}
	return &hop{gutter: gutter, left: a, right: b, way: cross}
}

// chooseChannel weighs the way up and down against the lines of po that the
// edge would cross, and against the edges that are in a channel already.
func (p *plan) chooseChannel(r *route) int {
	a, b := p.height(r.from), p.height(r.to)
	lo, hi := min(p.column[r.from], p.column[r.to]), max(p.column[r.from], p.column[r.to])
	best, least := 0, 1<<30
	for c := range p.channels {
		cost := 10 * (abs(2*c-a) + abs(2*c-b))
		for col := lo + 1; col < hi; col++ {
			if c > 0 && c < len(p.threads[col]) {
				cost += 8
			}
		}
		for _, other := range p.channels[c] {
			olo, ohi := span(other, p.column)
			if olo < hi && lo < ohi {
				cost += 5
			}
		}
		if cost < least {
			best, least = c, cost
		}
	}
	return best
}

// span is the columns that r lies between.
func span(r *route, column []int) (lo, hi int) {
	a, b := column[r.from], column[r.to]
	return min(a, b), max(a, b)
}

func (p *plan) hop(h *hop) []*hop {
	p.gutters[h.gutter] = append(p.gutters[h.gutter], h)
	return []*hop{h}
}

func (p *plan) port(t port) *port {
	p.ports = append(p.ports, &t)
	return &t
}

func abs(i int) int { return max(i, -i) }
