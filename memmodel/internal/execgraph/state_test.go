package execgraph_test

import (
	"fmt"
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/thread"

	"pgregory.net/rapid"
)

// loaded returns a State with a random path through each thread of a random program.
func loaded(t *rapid.T) *execgraph.State {
	p := oracle.Programs(oracle.Dialect{
		Reads: []string{""}, Writes: []string{""}, Atomics: []string{""}, Fences: []string{""},
	}, 7).Draw(t, "program").Program
	choice, err := thread.UnfoldAll(p, 1, func() error { return nil })
	if err != nil {
		t.Skip(err)
	}
	var paths []*thread.Path
	for _, list := range choice {
		if len(list) == 0 {
			t.Skip("no path")
		}
		paths = append(paths, rapid.SampledFrom(list).Draw(t, "path"))
	}
	s := &execgraph.State{Coherent: true, Atomic: true}
	s.Reset(p, nil)
	if !s.Load(paths) || !s.Begin(false) {
		t.Skip("not possible")
	}
	return s
}

// visible is all that can be seen of a State.
func visible(s *execgraph.State) string {
	text := ""
	for e := range s.Events {
		v, known := s.Known(e)
		if !known {
			v = 0
		}
		text += fmt.Sprint(e, s.RF(e), v, known, ":")
		for f := range s.Events {
			if s.Before(e, f) {
				text += fmt.Sprint(" ", f)
			}
		}
	}
	return text
}

// TestPop: whatever a decision has brought about, Pop takes it back.
func TestPop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := loaded(t)
		var before []string
		var decided []int // reads, or -1
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if len(before) > 0 && rapid.IntRange(0, 2).Draw(t, "pop") == 0 {
				s.Pop()
				if got, want := visible(s), before[len(before)-1]; got != want {
					t.Fatalf("after Pop\n%s\nbefore Push\n%s", got, want)
				}
				before, decided = before[:len(before)-1], decided[:len(decided)-1]
				continue
			}
			before = append(before, visible(s))
			s.Push()
			r := decide(t, s, decided)
			decided = append(decided, r)
		}
	})
}

// decide decides a read that is not decided, or a pair of co.
func decide(t *rapid.T, s *execgraph.State, decided []int) (read int) {
	if a, b, open := s.Unordered(); open && rapid.Bool().Draw(t, "order") {
		s.Order(a, b)
		return -1
	}
	var free []int
	for _, r := range s.Reads {
		if !slices.Contains(decided, r) {
			free = append(free, r)
		}
	}
	if len(free) == 0 {
		return -1
	}
	r := rapid.SampledFrom(free).Draw(t, "read")
	s.ReadFrom(rapid.SampledFrom(s.Writes[s.Events[r].Loc]).Draw(t, "write"), r)
	return r
}

// TestTwinCoherence: the conclusions that are drawn for co as rf is decided allow just the
// executions in which po-loc, rf, co and fr have no cycle together, and no write comes
// between the halves of an atomic operation.
func TestTwinCoherence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := loaded(t)
		rf, co := map[int]int{}, map[int][]int{}
		for _, r := range s.Reads {
			rf[r] = rapid.SampledFrom(s.Writes[s.Events[r].Loc]).Draw(t, "write")
		}
		for c, list := range s.Writes {
			if len(list) > 0 {
				co[c] = append([]int{list[0]}, rapid.Permutation(list[1:]).Draw(t, "co")...)
			}
		}
		ok := true
		for _, r := range s.Reads {
			s.Push()
			ok = s.ReadFrom(rf[r], r) && ok
		}
		for _, list := range co {
			for i, a := range list {
				for _, b := range list[i+1:] {
					ok = s.Order(a, b) && ok
				}
			}
		}
		want := coherent(s, rf, co)
		if ok && !want || !ok && want && !demands(s) {
			t.Fatalf("coherent %v, decided %v: rf %v co %v", want, ok, rf, co)
		}
	})
}

// demands reports whether a path demands something of values.
func demands(s *execgraph.State) bool {
	return slices.ContainsFunc(s.Paths, func(p *thread.Path) bool { return len(p.Must) > 0 })
}

// coherent is the dumb twin: it has a matrix of all edges.
func coherent(s *execgraph.State, rf map[int]int, co map[int][]int) bool {
	n := len(s.Events)
	edge := make([][]bool, n)
	for i := range edge {
		edge[i] = make([]bool, n)
	}
	for a, x := range s.Events {
		for b, y := range s.Events {
			if a < b && x.Thread == y.Thread && x.Thread != graph.InitThread && x.Loc == y.Loc && x.Loc != graph.NoLoc {
				edge[a][b] = true
			}
		}
	}
	after := func(w int) []int {
		list := co[s.Events[w].Loc]
		return list[slices.Index(list, w)+1:]
	}
	for _, list := range co {
		for _, w := range list {
			for _, x := range after(w) {
				edge[w][x] = true
			}
		}
	}
	for r, w := range rf {
		edge[w][r] = true
		for _, x := range after(w) {
			if x != r {
				edge[r][x] = true
			}
		}
	}
	for k := range n {
		for a := range n {
			for b := range n {
				edge[a][b] = edge[a][b] || edge[a][k] && edge[k][b]
			}
		}
	}
	for e := range n {
		if edge[e][e] {
			return false
		}
	}
	return atomic(s, rf, after)
}

// atomic reports whether each atomic operation writes directly after what it reads.
func atomic(s *execgraph.State, rf map[int]int, after func(w int) []int) bool {
	for _, x := range s.Rel.RMW {
		if s.Events[x.From].Loc != s.Events[x.To].Loc {
			continue
		}
		if next := after(rf[x.From]); len(next) == 0 || next[0] != x.To {
			return false
		}
	}
	return true
}
