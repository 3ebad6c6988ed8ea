package render

import (
	"slices"

	"crosscall/memmodel/graph"
)

// maxSearched bounds the events of an execution in which a cycle is looked for.
const maxSearched = 300

// interleavingCycle is a shortest cycle of po, rf, co and fr. An execution that has none
// is an interleaving of its threads; one that has is allowed only because the model keeps
// too little of po in order.
func interleavingCycle(x *graph.Execution) []graph.LabelledEdge {
	if len(x.Events) > maxSearched {
		return nil
	}
	next := orderEdges(x)
	var best []graph.LabelledEdge
	for start := range x.Events {
		if c := cycleThrough(next, start); c != nil && (best == nil || len(c) < len(best)) {
			best = c
		}
	}
	return best
}

// orderEdges has, by event, the events that an interleaving has later, because of po, rf, co or fr.
func orderEdges(x *graph.Execution) [][]graph.LabelledEdge {
	next := make([][]graph.LabelledEdge, len(x.Events))
	add := func(from, to int, label string) {
		next[from] = append(next[from], graph.LabelledEdge{Edge: graph.Edge{From: from, To: to}, Label: label})
	}
	accesses := func(e int) bool { return x.Events[e].Kind.Reads() || x.Events[e].Kind.Writes() }
	for i := range x.Events {
		for k := i + 1; k < len(x.Events) && x.Events[k].Thread == x.Events[i].Thread; k++ {
			if x.Events[i].Thread != graph.InitThread && accesses(i) && accesses(k) {
				add(i, k, "po")
			}
		}
	}
	later := make(map[int][]int) // by write: those after it in co
	for _, order := range x.CO {
		for i, w := range order {
			later[w] = order[i+1:]
			for _, v := range later[w] {
				add(w, v, "co")
			}
		}
	}
	for r, w := range x.RF {
		if w < 0 {
			continue
		}
		add(w, r, "rf")
		for _, v := range later[w] {
			if v != r {
				add(r, v, "fr")
			}
		}
	}
	return next
}

// cycleThrough is a shortest cycle through an event, or nil.
func cycleThrough(next [][]graph.LabelledEdge, start int) []graph.LabelledEdge {
	by := make(map[int]graph.LabelledEdge) // the edge by which an event was reached first
	todo := []int{start}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		for _, e := range next[at] {
			if _, seen := by[e.To]; seen {
				continue
			}
			by[e.To] = e
			if e.To == start {
				return pathTo(by, start)
			}
			todo = append(todo, e.To)
		}
	}
	return nil
}

// pathTo follows the edges back from start to itself.
func pathTo(by map[int]graph.LabelledEdge, start int) []graph.LabelledEdge {
	var path []graph.LabelledEdge
	for at := start; len(path) == 0 || at != start; at = by[at].From {
		path = append(path, by[at])
	}
	slices.Reverse(path)
	return path
}
