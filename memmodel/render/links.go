package render

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"crosscall/memmodel/graph"
)

// A link is an edge between events.
type link struct {
	graph.Edge
	kind  kind
	label string
	cycle bool
}

// collectLinks lists what is drawn besides po: first the edges of the cycle,
// then the others.
func collectLinks(x *graph.Execution, why []graph.LabelledEdge) []link {
	var plain []link
	add := func(k kind, edges ...graph.Edge) {
		for _, e := range edges {
			plain = append(plain, link{Edge: e, kind: k, label: looks[k].name})
		}
	}
	for r, w := range x.RF {
		if w >= 0 {
			add(rf, graph.Edge{From: w, To: r})
		}
	}
	add(co, coEdges(x)...)
	add(fr, frEdges(x)...)
	add(rmw, x.RMW...)
	add(addr, x.Addr...)
	add(data, x.Data...)
	add(ctrl, reduce(x.Ctrl)...)

	links := cycleLinks(why)
	seen := map[link]bool{}
	for _, l := range links {
		seen[link{Edge: l.Edge, kind: l.kind}] = true
	}
	for _, l := range plain {
		key := link{Edge: l.Edge, kind: l.kind}
		if !seen[key] {
			seen[key] = true
			links = append(links, l)
		}
	}
	return links
}

// cycleLinks lists the edges of the cycle, each once.
func cycleLinks(why []graph.LabelledEdge) []link {
	var links []link
	seen := map[graph.LabelledEdge]bool{}
	for _, e := range why {
		if !seen[e] {
			seen[e] = true
			links = append(links, link{e.Edge, kindOf(e.Label), e.Label, true})
		}
	}
	return links
}

// decisive has the edges at which the picture points: those that the model forbids, the pairs that
// are flagged, or a cycle that no interleaving has. In the last case orders is true.
func decisive(x *graph.Execution) (why []graph.LabelledEdge, orders bool) {
	switch {
	case x.Violated != "":
		return x.Cycle, false
	case len(x.Flagged) > 0 && (x.Failure == nil || x.Failure.Thread < 0):
		return x.Flagged, false
	}
	why = interleavingCycle(x)
	return why, len(why) > 0
}

// kindOf is the kind of edge that a model's relation is a part of: fre is fr.
// po is derived here: only the one between neighbours is drawn otherwise.
func kindOf(label string) kind {
	switch label {
	case "rf", "rfe", "rfi":
		return rf
	case "co", "coe", "coi":
		return co
	case "fr", "fre", "fri":
		return fr
	case "rmw":
		return rmw
	case "addr":
		return addr
	case "data":
		return data
	case "ctrl":
		return ctrl
	}
	return derived
}

// coEdges are the neighbours in co, but for the initial write, which is first
// in any case.
func coEdges(x *graph.Execution) []graph.Edge {
	var edges []graph.Edge
	for _, order := range x.CO {
		for i := 1; i < len(order); i++ {
			if x.Events[order[i-1]].Thread != graph.InitThread {
				edges = append(edges, graph.Edge{From: order[i-1], To: order[i]})
			}
		}
	}
	return edges
}

// frEdges go from each read to the write that follows in co what it reads. To
// the write of its own atomic operation there is the edge rmw already.
func frEdges(x *graph.Execution) []graph.Edge {
	next := map[int]int{}
	for _, order := range x.CO {
		for i := 1; i < len(order); i++ {
			next[order[i-1]] = order[i]
		}
	}
	atomic := map[graph.Edge]bool{}
	for _, e := range x.RMW {
		atomic[e] = true
	}
	var edges []graph.Edge
	for r, w := range x.RF {
		if w < 0 {
			continue
		}
		to, ok := next[w]
		if e := (graph.Edge{From: r, To: to}); ok && r != to && !atomic[e] {
			edges = append(edges, e)
		}
	}
	return edges
}

// reduce drops the edges that follow from two others. A branch inside a branch
// would otherwise be told once for every branch around it.
func reduce(edges []graph.Edge) []graph.Edge {
	has := map[graph.Edge]bool{}
	after := map[int][]int{}
	for _, e := range edges {
		has[e] = true
		after[e.From] = append(after[e.From], e.To)
	}
	var kept []graph.Edge
	for _, e := range edges {
		implied := false
		for _, mid := range after[e.From] {
			implied = implied || mid != e.To && mid != e.From && has[graph.Edge{From: mid, To: e.To}]
		}
		if !implied {
			kept = append(kept, e)
		}
	}
	return kept
}

// validate makes sure that all of x's indices are in range.
func validate(x *graph.Execution) error {
	if x == nil {
		return fmt.Errorf("render: no execution to draw")
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("render: execution %q: "+format, append([]any{x.Name}, args...)...)
	}
	if len(x.RF) > len(x.Events) {
		return fail("rf has %d entries for %d events", len(x.RF), len(x.Events))
	}
	for i, e := range x.Events {
		if e.Thread != graph.InitThread && (e.Thread < 0 || e.Thread >= x.Threads) {
			return fail("event %d is in thread %d of %d", i, e.Thread, x.Threads)
		}
		if e.Loc != graph.NoLoc && (e.Loc < 0 || e.Loc >= len(x.Locs)) {
			return fail("event %d is at location %d of %d", i, e.Loc, len(x.Locs))
		}
	}
	if f := x.Failure; f != nil && f.Thread >= x.Threads {
		return fail("the failure is in thread %d of %d", f.Thread, x.Threads)
	}
	for _, named := range eventRefs(x) {
		for _, e := range named.events {
			if e < 0 || e >= len(x.Events) {
				return fail("%s names event %d of %d", named.by, e, len(x.Events))
			}
		}
	}
	return nil
}

type refs struct {
	by     string
	events []int
}

// eventRefs lists the events that each relation of x names.
func eventRefs(x *graph.Execution) []refs {
	var all []refs
	for _, w := range x.RF {
		if w != -1 {
			all = append(all, refs{"rf", []int{w}})
		}
	}
	for _, order := range x.CO {
		all = append(all, refs{"co", order})
	}
	for _, r := range []struct {
		by    string
		edges []graph.Edge
	}{{"addr", x.Addr}, {"data", x.Data}, {"ctrl", x.Ctrl}, {"rmw", x.RMW}} {
		for _, e := range r.edges {
			all = append(all, refs{r.by, []int{e.From, e.To}})
		}
	}
	for _, e := range slices.Concat(x.Cycle, x.Flagged) {
		all = append(all, refs{"the cycle", []int{e.From, e.To}})
	}
	if x.Failure != nil {
		all = append(all, refs{"the failure", x.Failure.Events})
	}
	return all
}

// clean makes s one line without anything that a terminal obeys or XML forbids.
func clean(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
