package render

import (
	"fmt"
	pathpkg "path"
	"strings"

	"crosscall/memmodel/graph"
)

// boxOf is the events from i on that share a box: those of one atomic operation, with its
// fences, or of taking a lock. An edge of the cycle within an operation would not be seen,
// so that its events have boxes of their own.
func boxOf(x *graph.Execution, i int, why []graph.LabelledEdge) []int {
	e := x.Events[i]
	end := i + 1
	for end < len(x.Events) && sameOperation(e, x.Events[end]) {
		end++
	}
	one := []int{i}
	if !atomicRun(x, i, end) {
		if end = i + 2; !locks(x, i) {
			return one
		}
	}
	for _, c := range why {
		if c.From != c.To && i <= c.From && c.From < end && i <= c.To && c.To < end {
			return one
		}
	}
	for k := i + 1; k < end; k++ {
		one = append(one, k)
	}
	return one
}

func sameOperation(a, b graph.Event) bool {
	return a.Thread == b.Thread && a.Thread != graph.InitThread && a.Pos == b.Pos && a.Text == b.Text && a.Text != ""
}

// atomicRun reports whether the events from i up to end are one read, its write, and
// fences.
func atomicRun(x *graph.Execution, i, end int) bool {
	pairs, fences := 0, 0
	for k := i; k < end; k++ {
		if x.Events[k].Kind == graph.Fence {
			fences++
		}
	}
	for _, e := range x.RMW {
		if i <= e.From && e.To < end && x.Events[e.From].Kind == graph.Read && x.Events[e.To].Kind == graph.Write {
			pairs++
		}
	}
	return pairs == 1 && fences+2 == end-i
}

// locks reports whether events i and i+1 are the halves of taking one lock.
func locks(x *graph.Execution, i int) bool {
	if i+1 >= len(x.Events) {
		return false
	}
	r, w := x.Events[i], x.Events[i+1]
	if r.Kind != graph.LockRead || w.Kind != graph.LockWrite || r.Thread != w.Thread || r.Loc != w.Loc {
		return false
	}
	for _, e := range x.RMW {
		if (e.From == i) != (e.To == i+1) {
			return false
		}
	}
	return true
}

// operation says what an atomic operation is: "F[mb] RMW[once] x=0->1 F[mb]".
func operation(x *graph.Execution, events []int) string {
	var parts []string
	read := -1
	for _, e := range events {
		switch ev := x.Events[e]; ev.Kind {
		case graph.Read:
			read = e
		case graph.Write:
			tags := clean(strings.Join(x.Events[read].Tags, ","))
			if w := clean(strings.Join(ev.Tags, ",")); w != tags {
				tags += "/" + w
			}
			word := "RMW"
			if tags != "" {
				word += "[" + tags + "]"
			}
			parts = append(parts, fmt.Sprintf("%s %s=%s->%s", word, location(x, e), value(x, read), value(x, e)))
		default:
			parts = append(parts, what(x, []int{e}))
		}
	}
	return strings.Join(parts, " ")
}

// wheres words the place of each event: the line, and the file where there are several.
func wheres(x *graph.Execution) func(at graph.Pos) string {
	files := make(map[string]bool)
	for _, e := range x.Events {
		if e.Thread != graph.InitThread && e.Pos.Line > 0 {
			files[e.Pos.File] = true
		}
	}
	if x.Failure != nil && x.Failure.Pos.Line > 0 {
		files[x.Failure.Pos.File] = true
	}
	bases := make(map[string]int)
	for f := range files {
		bases[pathpkg.Base(f)]++
	}
	return func(at graph.Pos) string {
		switch {
		case at.Line == 0:
			return ""
		case len(files) < 2:
			return fmt.Sprintf("line %d", at.Line)
		case bases[pathpkg.Base(at.File)] > 1:
			return fmt.Sprintf("%s:%d", clean(at.File), at.Line)
		}
		return fmt.Sprintf("%s:%d", clean(pathpkg.Base(at.File)), at.Line)
	}
}
