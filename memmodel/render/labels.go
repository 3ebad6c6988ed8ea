package render

import (
	"cmp"
	"math"
	"slices"
)

const (
	labelHigh = 13
	tries     = 60 // places along a path that a label tries
)

// A drawn keeps what is drawn, and where, so that a label can keep away from it.
type drawn struct {
	points map[[2]int][]drawnPoint // of paths, by square
	solid  []rect                  // boxes, heads and the labels so far
}

type drawnPoint struct {
	edge int
	at   point
}

const square = 32

func squareOf(x float64) int { return int(math.Floor(x / square)) }

// cost says how bad a label of edge i would be at r.
func (c *drawn) cost(r rect, i int) float64 {
	sum := 0.0
	for _, s := range c.solid {
		if s.overlaps(r) {
			sum += 60
		}
	}
	met := map[int]bool{}
	near := rect{r.x - 5, r.y - 5, r.w + 10, r.h + 10}
	for sx := squareOf(near.x); sx <= squareOf(near.x+near.w); sx++ {
		for sy := squareOf(near.y); sy <= squareOf(near.y+near.h); sy++ {
			for _, p := range c.points[[2]int{sx, sy}] {
				if p.edge != i && near.has(p.at) {
					met[p.edge] = true
				}
			}
		}
	}
	return sum + 12*float64(len(met))
}

// placeLabels puts each label on its path, as near to the middle as it is not
// in the way. Those of the cycle choose first.
func (l *layout) placeLabels() {
	l.labels = make([]rect, len(l.edges))
	c := drawn{points: map[[2]int][]drawnPoint{}, solid: slices.Clone(l.boxes)}
	for _, h := range l.heads {
		c.solid = append(c.solid, rect{h.x - 12, h.y - 12, 24, 16})
	}
	order := make([]int, len(l.edges))
	for i := range l.edges {
		order[i] = i
		for _, p := range l.paths[i].points() {
			k := [2]int{squareOf(p.x), squareOf(p.y)}
			c.points[k] = append(c.points[k], drawnPoint{i, p})
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(rank(l.edges[a]), rank(l.edges[b]))
	})
	for _, i := range order {
		if l.edges[i].label != "" {
			l.labels[i] = l.bestLabel(i, &c)
			c.solid = append(c.solid, l.labels[i])
		}
	}
}

func rank(e edge) int {
	if e.cycle {
		return 0
	}
	return 1
}

func (l *layout) bestLabel(i int, c *drawn) rect {
	wide := labelWide(l.edges[i])
	points := l.paths[i].points()
	shifts := []float64{0, wide/2 + 4, -wide/2 - 4}
	if l.edges[i].straight { // too short a line to write over it
		shifts = shifts[1:]
	}
	var best rect
	least := math.Inf(1)
	for k := 0; k < len(points); k += 1 + len(points)/tries {
		off := math.Abs(float64(k)/float64(len(points)-1) - 0.5)
		if off > 0.42 && len(points) > 8 {
			continue
		}
		for n, dx := range shifts {
			r := rect{points[k].x + dx - wide/2, points[k].y - labelHigh/2.0, wide, labelHigh}
			if r.x < 0 || r.x+r.w > l.wide {
				continue
			}
			if cost := c.cost(r, i) + 24*off + 3*float64(n); cost < least {
				best, least = r, cost
			}
		}
	}
	return best
}
