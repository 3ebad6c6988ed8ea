package render

import (
	"fmt"
	"slices"
	"strings"

	"crosscall/memmodel/graph"
)

// An execution of more events than this, or of more dependencies, is made brief.
const (
	manyEvents = 40
	manyDeps   = 10
)

// Brief is a shorter form of x for a picture, or x itself if it is small. It leaves out accesses
// to variables that only one thread accesses, and dependencies, unless they decide. Its Note says
// what was left out. x is not changed.
func Brief(x *graph.Execution) *graph.Execution {
	if validate(x) != nil {
		return x // whoever draws it says why
	}
	events, deps := programEvents(x), len(x.Addr)+len(x.Data)+len(x.Ctrl)
	if events <= manyEvents && deps <= manyDeps {
		return x
	}
	why, _ := decisive(x)
	b := *x
	b.Addr, b.Data, b.Ctrl = deciding(x.Addr, why), deciding(x.Data, why), deciding(x.Ctrl, why)
	if events > manyEvents {
		b = *without(&b, private(&b, why))
	}
	private := events - programEvents(&b)
	deps -= len(b.Addr) + len(b.Data) + len(b.Ctrl)
	b.Note = leftOut(private, deps)
	return &b
}

// leftOut says what a picture does not have; "" if it has all.
func leftOut(private, deps int) string {
	var list []string
	if private > 0 {
		list = append(list, fmt.Sprintf("%d accesses to variables of one thread alone", private))
	}
	if deps > 0 {
		list = append(list, fmt.Sprintf("%d dependencies that do not decide", deps))
	}
	if list == nil {
		return ""
	}
	return "Left out: " + strings.Join(list, ", and ") + "; --show-all draws them."
}

// programEvents counts the events of threads.
func programEvents(x *graph.Execution) (n int) {
	for _, e := range x.Events {
		if e.Thread != graph.InitThread {
			n++
		}
	}
	return n
}

// deciding keeps the edges that are among those that the picture points at.
func deciding(edges []graph.Edge, why []graph.LabelledEdge) (kept []graph.Edge) {
	for _, e := range edges {
		if slices.ContainsFunc(why, func(w graph.LabelledEdge) bool { return w.Edge == e }) {
			kept = append(kept, e)
		}
	}
	return kept
}

// private says of each event whether it accesses a variable of one thread alone. A
// location with an event that decides is not private.
func private(x *graph.Execution, why []graph.LabelledEdge) []bool {
	const nobody, several = -2, -3
	thread := make([]int, len(x.Locs))
	for l := range thread {
		thread[l] = nobody
	}
	for _, e := range x.Events {
		if e.Loc == graph.NoLoc || e.Thread == graph.InitThread {
			continue
		}
		if t := thread[e.Loc]; t == nobody || t == e.Thread {
			thread[e.Loc] = e.Thread
		} else {
			thread[e.Loc] = several
		}
	}
	decides := func(e int) {
		if l := x.Events[e].Loc; l != graph.NoLoc {
			thread[l] = several
		}
	}
	for _, w := range why {
		decides(w.From)
		decides(w.To)
	}
	if x.Failure != nil {
		for _, e := range x.Failure.Events {
			decides(e)
		}
	}
	drop := make([]bool, len(x.Events))
	for i, e := range x.Events {
		drop[i] = e.Loc != graph.NoLoc && thread[e.Loc] >= 0
	}
	return drop
}

// without is x without some events: whole locations.
func without(x *graph.Execution, drop []bool) *graph.Execution {
	place := make([]int, len(x.Events))
	b := *x
	b.Events, b.Values, b.RF, b.CO = nil, nil, nil, make([][]int, len(x.CO))
	for i, e := range x.Events {
		place[i] = len(b.Events)
		if drop[i] {
			continue
		}
		b.Events, b.Values = append(b.Events, e), append(b.Values, value(x, i))
	}
	for r, w := range x.RF {
		switch {
		case drop[r]:
		case w < 0:
			b.RF = append(b.RF, w)
		default:
			b.RF = append(b.RF, place[w])
		}
	}
	for l, order := range x.CO {
		for _, w := range order {
			if !drop[w] {
				b.CO[l] = append(b.CO[l], place[w])
			}
		}
	}
	move := func(edges []graph.Edge) (kept []graph.Edge) {
		for _, e := range edges {
			if !drop[e.From] && !drop[e.To] {
				kept = append(kept, graph.Edge{From: place[e.From], To: place[e.To]})
			}
		}
		return kept
	}
	label := func(edges []graph.LabelledEdge) (kept []graph.LabelledEdge) {
		for _, e := range edges {
			kept = append(kept, graph.LabelledEdge{Edge: graph.Edge{From: place[e.From], To: place[e.To]}, Label: e.Label})
		}
		return kept
	}
	b.Addr, b.Data, b.Ctrl, b.RMW = move(x.Addr), move(x.Data), move(x.Ctrl), move(x.RMW)
	b.Cycle, b.Flagged = label(x.Cycle), label(x.Flagged)
	if x.Failure != nil {
		f := *x.Failure
		f.Events = nil
		for _, e := range x.Failure.Events {
			f.Events = append(f.Events, place[e])
		}
		b.Failure = &f
	}
	return &b
}
