package rel

import (
	"fmt"
	"slices"
	"testing"

	"crosscall/memmodel/graph"
)

// chain is a structure of a thread with 100 events, reads and writes of one cell in turns. addr leads
// from each to the next one, from "addr" on.
func chain(addr int) *Structure {
	s := &Structure{}
	for i := range 100 {
		s.Events = append(s.Events, &graph.Event{Kind: []graph.Kind{graph.Write, graph.Read}[i%2]})
		if i > addr {
			s.Addr = append(s.Addr, graph.Edge{From: i - 1, To: i})
		}
	}
	return s
}

// TestPartOfTwo: what one closure has already is needed for another one.
func TestPartOfTwo(t *testing.T) {
	for _, first := range []string{"po", "addr"} {
		p := newPlan()
		second := map[string]string{"po": "addr", "addr": "po"}[first]
		step := p.op(Inter, p.rel("rf"), p.rel("loc"))
		for _, name := range []string{first, second} {
			p.Checks = append(p.Checks, Check{Kind: Irreflexive, Node: p.op(Plus, p.op(Union, p.rel(name), step))})
		}
		m, s := machineOf(t, p), chain(100)
		s.Addr = []graph.Edge{{From: 99, To: 0}}
		if !m.Load(s) {
			t.Fatal("ruled out")
		}
		m.Push()
		m.ReadFrom(0, 99)
		if m.Settle() {
			t.Errorf("%s first: rf | addr has a cycle", first)
		}
	}
}

// TestSeedForward: a relation that leads forward need not be transitive.
func TestSeedForward(t *testing.T) {
	p := newPlan()
	p.Checks = []Check{{Kind: Irreflexive, Node: p.op(Plus, p.op(Union, p.rel("addr"), p.rel("rf")))}}
	m := machineOf(t, p)
	for _, x := range []struct {
		addr int
		want bool
	}{{10, false}, {11, true}} {
		if !m.Load(chain(x.addr)) {
			t.Fatal("ruled out")
		}
		m.Push()
		m.ReadFrom(98, 10)
		if got := m.Settle(); got != x.want {
			t.Errorf("addr from %d on: %v", x.addr, got)
		}
	}
}

// TestFreed: the matrix of a static relation may be used again by another one, but not where pairs
// that are added meet it.
func TestFreed(t *testing.T) {
	p := newPlan()
	near := p.op(Inter, p.rel("addr"), p.rel("po"))
	met := p.op(Inter, p.rel("rf"), near)
	far := p.op(Seq, near, p.rel("po"))
	for k := range 4 {
		far = p.op(Seq, far, p.op(Union, near, p.rel("po")))
		p.Checks = append(p.Checks, Check{Kind: Empty, Negated: true, Node: far, Flag: true, Name: fmt.Sprint("far ", k)})
	}
	once := p.op(Inter, near, p.op(Seq, near, near))
	p.Checks = append(p.Checks, Check{Kind: Empty, Node: met},
		Check{Kind: Empty, Negated: true, Flag: true, Name: "near", Node: near}, Check{Kind: Empty, Negated: true, Flag: true, Name: "once", Node: once})
	m := machineOf(t, p)
	for w := 0; w < 98; w += 2 {
		if !m.Load(chain(0)) {
			t.Fatal("ruled out")
		}
		for r := w + 1; r < 98; r += 2 {
			m.Push()
			m.ReadFrom(w, r)
			if got := m.Settle(); got != (r != w+1) {
				t.Errorf("%d reads from %d: %v", r, w, got)
			}
			m.Pop()
		}
		if got := m.Flags(); !m.Complete() || !slices.Equal(got, []string{"far 0", "far 1", "far 2", "far 3", "near"}) {
			t.Errorf("flags: %v", got)
		}
	}
}
