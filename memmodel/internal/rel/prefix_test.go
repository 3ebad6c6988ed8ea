package rel

import (
	"slices"
	"testing"

	"crosscall/memmodel/graph"

	"pgregory.net/rapid"
)

// TestGrowth compares random relations on a structure with those on a part of it,
// which lacks the ends of its threads. Pairs are removed by the rest, or added
// between the events of the part, only where traits do not rule it out.
func TestGrowth(t *testing.T) {
	kept := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan()
		p.randomNodes(t)
		whole := growingStructure(t)
		part, index, growth := whole.part(t)
		c, err := Compile(p.Plan)
		if err != nil {
			t.Fatal(err)
		}
		traits := c.traits(growth)
		whole.naive.p, part.p = p.Plan, p.Plan
		for id := range ID(len(p.Nodes)) {
			after, before := whole.node(id), part.node(id)
			x := traits[c.ids[id]]
			for a := range before {
				for b := range before[a] {
					was, is := before[a][b], after[0][index[b]]
					if !p.Nodes[id].IsSet {
						is = after[index[a]][index[b]]
					}
					if was && !is && x.grows || is && !was && x.shrinks {
						t.Fatalf("node %d of %v: %v before, %v after from %d to %d; halves %v", id, p.Nodes, was, is, a, b, growth.Halves)
					}
				}
			}
			if x.grows {
				kept["grows"]++
			}
			if x.shrinks {
				kept["shrinks"]++
			}
			kept["nodes"]++
		}
	})
	for _, trait := range []string{"grows", "shrinks"} {
		if n := kept[trait]; n < kept["nodes"]/4 {
			t.Errorf("%s is said of %d of %d nodes only", trait, n, kept["nodes"])
		}
	}
}

// randomNodes adds relations and sets that depend on each other.
func (p plan) randomNodes(t *rapid.T) {
	rels := []ID{p.rel("po"), p.rel("rf"), p.rel("rmw")}
	sets := []ID{p.set("RMW"), p.set("Once"), p.op(Domain, rels[2]), p.op(Range, rels[2])}
	sets = append(sets, p.op(Diff, sets[0], p.op(Union, sets[2], sets[3])), p.op(Union, sets[1], sets[2]))
	pick := func(list []ID) ID { return rapid.SampledFrom(list).Draw(t, "argument") }
	for range 2 {
		rels, sets = append(rels, p.randomRel(t)), append(sets, p.randomSet(t))
	}
	for range 8 {
		switch op := rapid.SampledFrom([]Op{Union, Inter, Diff, Compl, Seq, Seq, Inverse, Plus, Star, Opt, Ident, Cross, Domain, Range}).Draw(t, "op"); op {
		case Union, Inter, Diff:
			rels = append(rels, p.op(op, pick(rels), pick(rels)))
			sets = append(sets, p.op(op, pick(sets), pick(sets)))
		case Compl:
			rels, sets = append(rels, p.op(op, pick(rels))), append(sets, p.op(op, pick(sets)))
		case Seq:
			rels = append(rels, p.op(op, pick(rels), pick(rels)))
		case Ident:
			rels = append(rels, p.op(op, pick(sets)))
		case Cross:
			rels = append(rels, p.op(op, pick(sets), pick(sets)))
		case Domain, Range:
			sets = append(sets, p.op(op, pick(rels)))
		default:
			rels = append(rels, p.op(op, pick(rels)))
		}
	}
}

// growing is a structure with rf and co.
type growing struct{ naive }

// growingStructure draws one in which pairs of a thread are in program order, and an
// event is a half of one atomic operation at most.
func growingStructure(t *rapid.T) *growing {
	s := randomStructure(t, false)
	forward := func(list []graph.Edge) []graph.Edge {
		return slices.DeleteFunc(list, func(x graph.Edge) bool {
			a, b := s.Events[x.From], s.Events[x.To]
			return x.From >= x.To || a.Thread != b.Thread || a.Thread == graph.InitThread
		})
	}
	s.Addr, s.Data, s.Ctrl = forward(s.Addr), forward(s.Data), forward(s.Ctrl)
	s.LockRM = slices.DeleteFunc(forward(s.LockRM), func(x graph.Edge) bool { return x.To != x.From+1 })
	var taken []int
	s.RMW = slices.DeleteFunc(forward(s.RMW), func(x graph.Edge) bool {
		if slices.Contains(taken, x.From) || slices.Contains(taken, x.To) || s.Events[x.From].Kind != graph.Read {
			return true
		}
		taken = append(taken, x.From, x.To)
		return false
	})
	g := &growing{naive{s: s, rf: map[[2]int]bool{}, co: map[[2]int]bool{}, known: map[ID]table{}}}
	event := rapid.IntRange(0, len(s.Events)-1)
	for range rapid.IntRange(0, 6).Draw(t, "rf, co") {
		g.rf[[2]int{event.Draw(t, "write"), event.Draw(t, "read")}] = true
		g.co[[2]int{event.Draw(t, "before"), event.Draw(t, "after")}] = true
	}
	g.value = func(int) (int64, bool) { return 0, true }
	return g
}

// part returns g without the ends of some threads and without initial writes,
// the events of g that are in it, and its Growth.
func (g *growing) part(t *rapid.T) (*growing, []int, Growth) {
	s := &Structure{Finals: g.s.Finals}
	var index []int
	var growth Growth
	place := map[int]int{}
	over := map[int]bool{} // threads
	for e, ev := range g.s.Events {
		growth.Tags = append(growth.Tags, ev.Tags...)
		lock := slices.ContainsFunc(g.s.LockRM, func(x graph.Edge) bool { return x.To == e }) // is added together with its other half
		if stop := rapid.IntRange(0, 3).Draw(t, "stop") == 0; stop && !lock && ev.Thread != graph.InitThread {
			over[ev.Thread] = true
		}
		if over[ev.Thread] || ev.Thread == graph.InitThread && rapid.Bool().Draw(t, "left out") {
			continue
		}
		place[e] = len(index)
		index = append(index, e)
		s.Events = append(s.Events, ev)
	}
	for _, x := range []struct{ to, from *[]graph.Edge }{
		{&s.Addr, &g.s.Addr}, {&s.Data, &g.s.Data}, {&s.Ctrl, &g.s.Ctrl}, {&s.RMW, &g.s.RMW}, {&s.LockRM, &g.s.LockRM},
	} {
		for _, edge := range *x.from {
			from, ok := place[edge.From]
			to, ok2 := place[edge.To]
			switch {
			case ok && ok2:
				*x.to = append(*x.to, graph.Edge{From: from, To: to})
			case ok && x.to == &s.RMW:
				growth.Halves = append(growth.Halves, g.s.Events[edge.From].Tags)
			}
		}
	}
	p := &growing{naive{s: s, rf: map[[2]int]bool{}, co: map[[2]int]bool{}, known: map[ID]table{}}}
	for i, a := range index {
		for j, b := range index {
			if g.rf[[2]int{a, b}] {
				p.rf[[2]int{i, j}] = true
			}
			if g.co[[2]int{a, b}] {
				p.co[[2]int{i, j}] = true
			}
		}
	}
	p.value = g.value
	return p, index, growth
}
