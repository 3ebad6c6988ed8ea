package render

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"crosscall/memmodel/graph"

	"pgregory.net/rapid"
)

// anyExecution draws an execution that need not make sense.
func anyExecution(t *rapid.T) *graph.Execution {
	locs := make([]string, rapid.IntRange(0, 6).Draw(t, "locs"))
	for i := range locs {
		locs[i] = fmt.Sprintf("x%d", i)
	}
	b := newBuilder("any", locs...)
	b.x.Threads = rapid.IntRange(0, 7).Draw(t, "threads")
	kinds := []graph.Kind{graph.Fence}
	if len(locs) > 0 {
		kinds = []graph.Kind{graph.Read, graph.Write, graph.Fence, graph.LockRead, graph.LockWrite, graph.Unlock, graph.LockFail}
	}
	for thread := range b.x.Threads {
		for range rapid.IntRange(0, 6).Draw(t, "events") {
			k := rapid.SampledFrom(kinds).Draw(t, "kind")
			loc := graph.NoLoc
			if k != graph.Fence {
				loc = rapid.IntRange(0, len(locs)-1).Draw(t, "loc")
			}
			b.add(thread, k, rapid.StringN(0, 50, -1).Draw(t, "text"), loc, "1", "tag")
		}
	}
	x := b.x
	for i, e := range x.Events {
		if e.Kind.Reads() {
			x.RF[i] = rapid.SampledFrom(x.CO[e.Loc]).Draw(t, "rf")
		}
	}
	if n := len(x.Events); n > 0 {
		event := rapid.IntRange(0, n-1)
		edge := rapid.Custom(func(t *rapid.T) graph.Edge {
			return graph.Edge{From: event.Draw(t, "from"), To: event.Draw(t, "to")}
		})
		x.Addr = rapid.SliceOfN(edge, 0, 3).Draw(t, "addr")
		x.RMW = rapid.SliceOfN(edge, 0, 3).Draw(t, "rmw")
		x.Violated = rapid.SampledFrom([]string{"", "check"}).Draw(t, "violated")
		for _, e := range rapid.SliceOfN(edge, 0, 6).Draw(t, "cycle") {
			x.Cycle = append(x.Cycle, graph.LabelledEdge{Edge: e, Label: rapid.SampledFrom([]string{"hb", "rfe", "po"}).Draw(t, "label")})
		}
	}
	return x
}

func layoutOf(t interface{ Fatal(...any) }, x *graph.Execution) *layout {
	s, err := newScene(x)
	if err != nil {
		t.Fatal(err)
	}
	return newLayout(s)
}

// No edge may run through a box, and each must start and end at its own.
func TestEdgesKeepOutOfBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := layoutOf(t, anyExecution(t))
		for i, e := range l.edges {
			for _, p := range l.paths[i].points() {
				if p.x < 0 || p.x > l.wide || p.y < 0 || p.y > l.high {
					t.Fatalf("edge %d leaves the picture at %v", i, p)
				}
				for n, b := range l.boxes {
					if (rect{b.x + 0.5, b.y + 0.5, b.w - 1, b.h - 1}).has(p) {
						t.Fatalf("edge %d (%s from %d to %d) runs through box %d at %v", i, e.label, e.from, e.to, n, p)
					}
				}
			}
			if !touches(l.boxes[e.from], l.paths[i].start) && dist(l.paths[i].start, l.paths[i].tip) > 0 {
				t.Fatalf("edge %d starts at %v, away from its box %v", i, l.paths[i].start, l.boxes[e.from])
			}
			if !touches(l.boxes[e.to], l.paths[i].tip) {
				t.Fatalf("edge %d ends at %v, away from its box %v", i, l.paths[i].tip, l.boxes[e.to])
			}
		}
	})
}

func touches(b rect, p point) bool {
	return rect{b.x - 0.1, b.y - 0.1, b.w + 0.2, b.h + 0.2}.has(p)
}

func TestBoxesKeepApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := layoutOf(t, anyExecution(t))
		for i, a := range l.boxes {
			if a.x < 0 || a.y < 0 || a.x+a.w > l.wide || a.y+a.h > l.high {
				t.Fatalf("box %d leaves the picture: %v", i, a)
			}
			for j, b := range l.boxes[:i] {
				if a.overlaps(b) {
					t.Fatalf("boxes %d and %d lie on each other", i, j)
				}
			}
		}
	})
}

// In the samples every label finds a place of its own.
func TestLabelsKeepApart(t *testing.T) {
	for _, x := range everything() {
		l := layoutOf(t, x)
		for i, a := range l.labels {
			for j, b := range l.labels[:i] {
				if a.w > 0 && b.w > 0 && a.overlaps(b) {
					t.Errorf("%s: labels %d and %d lie on each other", x.Name, i, j)
				}
			}
			for j, b := range l.boxes {
				if a.w > 0 && a.overlaps(b) {
					t.Errorf("%s: label %d (%s) lies on box %d", x.Name, i, l.edges[i].label, j)
				}
			}
		}
	}
}

func TestSameEachTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := anyExecution(t)
		for _, f := range []func(w io.Writer, x *graph.Execution) error{SVG, DOT, text(TextOptions{}), page1} {
			var a, b bytes.Buffer
			if err := f(&a, x); err != nil {
				t.Fatal(err)
			}
			if err := f(&b, x); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Fatal("two pictures of one execution differ")
			}
		}
	})
}
