package complete_test

import (
	"fmt"
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/complete"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/oracle"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"

	"pgregory.net/rapid"
)

// models are those that the dumb enumeration knows.
var models = []struct {
	name string
	plan *rel.Plan
	all  bool // all of po is kept in order, not only that of one location
}{
	{"coherence", oracle.Coherence(), false},
	{"SC", oracle.SC(), true},
}

// TestTwin: of the events of a random path through each thread, Run finds each rf and co
// that the model allows, once, and no other.
func TestTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, paths := events(t)
		m := models[rapid.IntRange(0, len(models)-1).Draw(t, "model")]
		var got []string
		run(t, p, paths, m.plan, nil, func(s *execgraph.State) { got = append(got, key(s, s.RF, s.Line)) })
		want := enumerate(t, p, paths, m.all)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%s under %s: found %d\n%q\nwant %d\n%q", oracle.Text(p), m.name, len(got), got, len(want), want)
		}
	})
}

// TestGoal: with a goal Run finds the executions in which it is true, and no others.
func TestGoal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, paths := events(t)
		goal := oracle.Props(p).Draw(t, "goal")
		var got, want []string
		wanted := func(to *[]string) func(*execgraph.State) {
			return func(s *execgraph.State) {
				if c := (&complete.Completer{State: s, Goal: goal}); c.Wanted() {
					*to = append(*to, key(s, s.RF, s.Line))
				}
			}
		}
		run(t, p, paths, oracle.SC(), goal, wanted(&got))
		run(t, p, paths, oracle.SC(), nil, wanted(&want))
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%s: with the goal %d, of all %d", oracle.Text(p), len(got), len(want))
		}
	})
}

// events is a random program with a random path through each thread.
func events(t *rapid.T) (*ir.Program, []*thread.Path) {
	p := oracle.Programs(oracle.Dialect{
		Reads: []string{""}, Writes: []string{""}, Atomics: []string{""}, Fences: []string{""},
	}, 6).Draw(t, "program").Program
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
	return p, paths
}

// run has a Completer finish the paths.
func run(t *rapid.T, p *ir.Program, paths []*thread.Path, plan *rel.Plan, goal *ir.Prop, found func(*execgraph.State)) {
	k, err := rel.Compile(plan)
	if err != nil {
		t.Fatal(err)
	}
	s := &execgraph.State{Coherent: k.Native(), Atomic: k.Native(), Machine: rel.NewMachine(k, k.Native())}
	s.Machine.Value = s.ValueOf
	s.Reset(p, nil)
	if !s.Load(paths) || !s.Begin(false) || !s.LoadMachine() {
		return
	}
	c := &complete.Completer{State: s, Goal: goal, Stopped: func() bool { return false }, Found: func() { found(s) }}
	c.Run()
}

// key writes down rf and co.
func key(s *execgraph.State, rf func(r int) int, co func(cell int) []int) (text string) {
	for _, r := range slices.Sorted(slices.Values(s.Reads)) {
		text += fmt.Sprintf("%d<-%d ", r, rf(r))
	}
	for cell, list := range s.Writes {
		if len(list) > 0 {
			text += fmt.Sprint(co(cell))
		}
	}
	return text
}

// enumerate is the dumb twin: every rf times every order of the writes of each cell.
func enumerate(t *rapid.T, p *ir.Program, paths []*thread.Path, all bool) (keys []string) {
	s := &execgraph.State{}
	s.Reset(p, nil)
	if !s.Load(paths) || !s.Begin(false) {
		return nil
	}
	rf, co := make(map[int]int), make(map[int][]int)
	var cells []int
	for cell, list := range s.Writes {
		if len(list) > 0 {
			cells = append(cells, cell)
		}
	}
	var order func(i int)
	order = func(i int) {
		if i == len(cells) {
			if acyclic(s, rf, co, all) && atomic(s, rf, co) && valued(s, rf) {
				keys = append(keys, key(s, func(r int) int { return rf[r] }, func(c int) []int { return co[c] }))
			}
			return
		}
		list := s.Writes[cells[i]]
		first := slices.IndexFunc(list, func(w int) bool { return s.Events[w].Thread == graph.InitThread })
		permute(slices.Delete(slices.Clone(list), first, first+1), func(rest []int) {
			co[cells[i]] = append([]int{list[first]}, rest...)
			order(i + 1)
		})
	}
	var read func(i int)
	read = func(i int) {
		if i == len(s.Reads) {
			order(0)
			return
		}
		for _, w := range s.Writes[s.Events[s.Reads[i]].Loc] {
			rf[s.Reads[i]] = w
			read(i + 1)
		}
	}
	read(0)
	return keys
}

// permute calls to with each order of a list.
func permute(list []int, to func([]int)) {
	if len(list) == 0 {
		to(nil)
		return
	}
	for i, first := range list {
		permute(slices.Delete(slices.Clone(list), i, i+1), func(rest []int) { to(append([]int{first}, rest...)) })
	}
}

// acyclic looks for a cycle of po, rf, co and fr, in a matrix.
func acyclic(s *execgraph.State, rf map[int]int, co map[int][]int, all bool) bool {
	n := len(s.Events)
	edge := make([][]bool, n)
	for a := range edge {
		edge[a] = make([]bool, n)
		for b := a + 1; b < n; b++ {
			x, y := s.Events[a], s.Events[b]
			edge[a][b] = x.Thread == y.Thread && x.Thread != graph.InitThread && (all || x.Loc == y.Loc && x.Loc != graph.NoLoc)
		}
	}
	for _, list := range co {
		for i, w := range list {
			for _, v := range list[i+1:] {
				edge[w][v] = true
			}
		}
	}
	for r, w := range rf {
		edge[w][r] = true
		for _, v := range after(s, co, w) {
			edge[r][v] = edge[r][v] || v != r
		}
	}
	for k := range n {
		for a := range n {
			for b := range n {
				edge[a][b] = edge[a][b] || edge[a][k] && edge[k][b]
			}
		}
	}
	return !slices.ContainsFunc(s.Reads, func(e int) bool { return edge[e][e] }) && !anyWrite(s, func(e int) bool { return edge[e][e] })
}

func anyWrite(s *execgraph.State, is func(int) bool) bool {
	return slices.ContainsFunc(s.Writes, func(list []int) bool { return slices.ContainsFunc(list, is) })
}

// after are the writes that come after w in co.
func after(s *execgraph.State, co map[int][]int, w int) []int {
	list := co[s.Events[w].Loc]
	return list[slices.Index(list, w)+1:]
}

// atomic reports whether each atomic operation writes directly after what it reads.
func atomic(s *execgraph.State, rf map[int]int, co map[int][]int) bool {
	for _, x := range s.Rel.RMW {
		if s.Events[x.From].Loc != s.Events[x.To].Loc {
			continue
		}
		if next := after(s, co, rf[x.From]); len(next) == 0 || next[0] != x.To {
			return false
		}
	}
	return true
}

// valued reports whether the values that rf gives are those that the paths demand, and come
// from somewhere.
func valued(s *execgraph.State, rf map[int]int) bool {
	ok := true
	for r, w := range rf {
		s.Push()
		ok = s.ReadFrom(w, r) && ok
	}
	unknown, copied := s.OutOfThinAir()
	for range rf {
		s.Pop()
	}
	return ok && (!unknown || copied)
}
