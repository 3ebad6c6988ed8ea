package render

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"crosscall/memmodel/graph"
)

// failing is message passing in which an assertion fails, with an atomic operation and two
// files.
func failing() *graph.Execution {
	b := newBuilder("failing", "x", "y")
	wx := b.write(0, "x", "1")
	wy := b.write(0, "y", "1")
	ry := b.read(1, "r0", "y", wy)
	f := b.add(1, graph.Fence, "xchg(x, 2)", graph.NoLoc, "", "mb")
	r := b.readAs(1, graph.Read, "xchg(x, 2)", "x", -1, "once")
	w := b.add(1, graph.Write, "xchg(x, 2)", b.loc("x"), "2", "once")
	g := b.add(1, graph.Fence, "xchg(x, 2)", graph.NoLoc, "", "mb")
	for _, e := range []int{f, r, w, g} {
		b.x.Events[e].Pos = graph.Pos{File: "lib/list.h", Line: 7, Col: 2}
	}
	b.x.RMW = []graph.Edge{{From: r, To: w}}
	b.x.CO[b.loc("x")] = []int{0, w, wx}
	b.x.Failure = &graph.Failure{Text: "assert(r == 1) fails", Pos: graph.Pos{File: "failing.litmus", Line: 20, Col: 2}, Thread: 1, Events: []int{r}}
	b.read(1, "r1", "y", wy)
	_ = ry
	return b.final()
}

func TestFailureIsDrawn(t *testing.T) {
	s := string(draw(t, text(TextOptions{Width: 120}), failing()))
	for _, want := range []string{
		"*d: xchg(x, 2)", "F[mb] RMW[once] x=0->2 F[mb]  list.h:7",
		"*!: assert(r == 1) fails  failing.litmus:20", "=> ",
		"in which this goes wrong: assert(r == 1) fails (failing.litmus:20). No interleaving",
		"-po->", "-fr->",
	} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in\n%s", want, s)
		}
	}
	if i, k := strings.Index(s, "*!: assert"), strings.Index(s, "e: r1 = READ_ONCE"); i < 0 || k < i {
		t.Errorf("the failure does not stand behind what decides it:\n%s", s)
	}
	for _, f := range []string{string(draw(t, SVG, failing())), string(draw(t, page1, failing())), string(draw(t, DOT, failing()))} {
		if !strings.Contains(f, "assert(r == 1) fails") {
			t.Error("the failure is missing")
		}
	}
	x := failing()
	x.Failure.Thread = 5
	if err := SVG(&strings.Builder{}, x); err == nil {
		t.Error("a failure in no thread is drawn")
	}
}

// TestInterleavingCycleTwin: an execution has the cycle if and only if no order of its
// events, one after the other, gives what it reads.
func TestInterleavingCycleTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := smallExecution(t)
		c := interleavingCycle(x)
		if found := interleaves(x, make([]int, x.Threads), make([]int, len(x.Locs))); found != (c == nil) {
			t.Fatalf("%+v: cycle %v, but interleaves: %v", x, c, found)
		}
		for i, e := range c {
			if next := c[(i+1)%len(c)]; e.To != next.From {
				t.Fatalf("%v is no cycle", c)
			}
		}
	})
}

// smallExecution has up to three threads of up to three accesses to two locations.
func smallExecution(t *rapid.T) *graph.Execution {
	b := newBuilder("small", "x", "y")
	writes := [][]int{{0}, {1}}
	for thread := range rapid.IntRange(1, 3).Draw(t, "threads") {
		for range rapid.IntRange(1, 3).Draw(t, "accesses") {
			loc := rapid.IntRange(0, 1).Draw(t, "loc")
			if rapid.Bool().Draw(t, "write") {
				writes[loc] = append(writes[loc], b.write(thread, b.x.Locs[loc], "1"))
			} else {
				b.read(thread, "r", b.x.Locs[loc], -1)
			}
		}
	}
	for e, ev := range b.x.Events {
		if ev.Kind == graph.Read {
			b.x.RF[e] = rapid.SampledFrom(writes[ev.Loc]).Draw(t, "rf")
		}
	}
	for l := range b.x.CO {
		b.x.CO[l] = append(b.x.CO[l][:1], rapid.Permutation(b.x.CO[l][1:]).Draw(t, "co")...)
	}
	return b.final()
}

// interleaves runs the threads from where they are, in every order. last has, by
// location, how many writes have come.
func interleaves(x *graph.Execution, done, last []int) bool {
	over := true
	for thread := range x.Threads {
		var list []int
		for e, ev := range x.Events {
			if ev.Thread == thread {
				list = append(list, e)
			}
		}
		if done[thread] == len(list) {
			continue
		}
		over = false
		e := list[done[thread]]
		ev := x.Events[e]
		done, last := slices.Clone(done), slices.Clone(last)
		done[thread]++
		if ev.Kind == graph.Write {
			last[ev.Loc]++
			if x.CO[ev.Loc][last[ev.Loc]] != e {
				continue
			}
		} else if x.CO[ev.Loc][last[ev.Loc]] != x.RF[e] {
			continue
		}
		if interleaves(x, done, last) {
			return true
		}
	}
	return over
}

// TestBrief: what is left out of a large execution is accesses to variables of one thread alone, and
// dependencies; what decides stays.
func TestBrief(t *testing.T) {
	b := newBuilder("large", "x", "y", "own", "other")
	wx := b.write(0, "x", "1")
	var reads []int
	for range manyEvents {
		reads = append(reads, b.read(0, "r", "own", -1))
	}
	wy := b.write(0, "y", "1")
	ry := b.read(1, "r0", "y", wy)
	o := b.write(1, "other", "1")
	rx := b.read(1, "r1", "x", -1)
	b.x.Data = []graph.Edge{{From: reads[0], To: wy}, {From: ry, To: o}}
	x := b.final()
	x.Failure = &graph.Failure{Text: "fails", Thread: 1, Events: []int{o, rx}}
	_ = wx
	brief := Brief(x)
	if n := programEvents(brief); n != 5 || len(brief.Data) != 0 || len(brief.CO[2]) != 0 || len(brief.CO[3]) != 2 {
		t.Errorf("%d events are left: %+v", n, brief)
	}
	if !strings.Contains(brief.Note, "40 accesses to variables of one thread alone, and 2 dependencies") {
		t.Error(brief.Note)
	}
	s := string(draw(t, text(TextOptions{}), brief))
	if !strings.Contains(s, "Left out: 40") || strings.Contains(s, "own") || !strings.Contains(s, "*!: fails") {
		t.Error(s)
	}
	if y := mp(); Brief(y) != y {
		t.Error("a small execution is made brief")
	}
}
