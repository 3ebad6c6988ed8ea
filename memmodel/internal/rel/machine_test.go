package rel

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"crosscall/memmodel/graph"
)

// plan is a Plan under construction.
type plan struct{ *Plan }

func newPlan() plan { return plan{&Plan{Title: "test"}} }

func (p plan) add(n Node) ID {
	p.Nodes = append(p.Nodes, n)
	return ID(len(p.Nodes) - 1)
}

func (p plan) set(name string) ID { return p.add(Node{Op: BaseSet, IsSet: true, Name: name}) }
func (p plan) rel(name string) ID { return p.add(Node{Op: BaseRel, Name: name}) }

// op is a node whose value is of the kind that its operation makes of args.
func (p plan) op(op Op, args ...ID) ID {
	isSet := p.Nodes[args[0]].IsSet
	switch op {
	case Ident, Cross:
		isSet = false
	case Domain, Range:
		isSet = true
	}
	return p.add(Node{Op: op, IsSet: isSet, Args: args})
}

// watch has the machine keep node id up to date, by a check that always holds,
// and compute it exactly in the end, by a flag.
func (p plan) watch(id ID) {
	seen := id
	if p.Nodes[id].IsSet {
		seen = p.op(Cross, id, p.set("_"))
	}
	seen = p.op(Diff, seen, p.rel("id"))
	p.Checks = append(p.Checks,
		Check{Kind: Irreflexive, Node: seen, Name: "watch"},
		Check{Kind: Empty, Negated: true, Node: id, Name: "some", Flag: true})
}

// randomStructure draws a structure. Dependencies are between any two events:
// they are the random relations that operations are tried on. A long one has fences in between, and
// mostly more than 64 events.
func randomStructure(t *rapid.T, long bool) *Structure {
	s := &Structure{}
	var drawn []int // no fences in between
	fences := 0
	if long {
		fences = 1
	}
	for range rapid.IntRange(0, 2).Draw(t, "initial writes") {
		drawn = append(drawn, len(s.Events))
		s.Events = append(s.Events, &graph.Event{Thread: graph.InitThread, Kind: graph.Write, Loc: len(s.Events)})
	}
	for thread := range rapid.IntRange(1, 3).Draw(t, "threads") {
		for range rapid.IntRange(1, 3).Draw(t, "events") {
			for range fences * rapid.IntRange(0, 80).Draw(t, "fences") {
				s.Events = append(s.Events, &graph.Event{Thread: thread, Kind: graph.Fence, Loc: graph.NoLoc})
			}
			e := &graph.Event{Thread: thread, Loc: graph.NoLoc}
			e.Kind = graph.Kind(rapid.SampledFrom([]int{0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8}).Draw(t, "kind"))
			if e.Kind != graph.Fence {
				e.Loc = rapid.IntRange(0, 1).Draw(t, "cell")
			}
			if rapid.Bool().Draw(t, "tagged") {
				e.Tags = []string{rapid.SampledFrom([]string{"once", "release", "RMW"}).Draw(t, "tag")}
			}
			drawn = append(drawn, len(s.Events))
			s.Events = append(s.Events, e)
		}
	}
	event := rapid.SampledFrom(drawn[max(0, len(drawn)-12):])
	for _, list := range []*[]graph.Edge{&s.Addr, &s.Data, &s.Ctrl, &s.RMW, &s.LockRM} {
		for range rapid.IntRange(0, 4+16*fences).Draw(t, "pairs") {
			*list = append(*list, graph.Edge{From: event.Draw(t, "from"), To: event.Draw(t, "to")})
		}
	}
	s.Finals = rapid.SampledFrom([][]int{nil, {0}, {0, 1}}).Draw(t, "finals")
	return s
}

// A bench has a machine, and the naive evaluation that it must agree with.
type bench struct {
	t *rapid.T
	m *Machine
	naive
	watched []ID
}

func newBench(t *rapid.T, p plan, s *Structure) *bench {
	c, err := Compile(p.Plan)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, m: NewMachine(c, false)}
	b.naive = naive{p: p.Plan, s: s, rf: map[[2]int]bool{}, co: map[[2]int]bool{}}
	b.value = func(e int) (int64, bool) { return int64(e % 3), s.Events[e].Kind != graph.Fence }
	b.m.Value = b.value
	return b
}

// run has every node watched while random pairs are added and taken back.
func run(t *rapid.T, p plan) {
	var watched []ID
	for id := range ID(len(p.Nodes)) {
		if !p.inner(id) {
			watched = append(watched, id)
			p.watch(id)
		}
	}
	b := newBench(t, p, randomStructure(t, rapid.IntRange(0, 29).Draw(t, "more than a word") == 0))
	b.watched = watched
	b.run()
}

// inner reports whether id has a variable in it: then it has a value only with
// the whole recursion.
func (p plan) inner(id ID) bool {
	n := &p.Nodes[id]
	return n.Op != Var && slices.ContainsFunc(n.Args, func(a ID) bool { return p.Nodes[a].Op == Var || p.inner(a) })
}

// table is the machine's value of node id.
func (b *bench) table(id ID, words []uint64) table {
	if b.p.Nodes[id].IsSet {
		return b.naive.set(func(a int) bool { return has(words, a) })
	}
	return b.relation(func(x, y int) bool { return has(b.m.row(words, x), y) })
}

// check compares the machine with the naive values. If rf and co are complete,
// all are equal. Otherwise those of late nodes may lack pairs.
func (b *bench) check(complete bool) {
	b.t.Helper()
	b.known = map[ID]table{}
	for _, id := range b.watched {
		i := b.m.c.ids[id]
		want, f := b.node(id), b.m.info[i]
		switch {
		case complete:
			b.same(id, "in the end", b.table(id, b.m.value(i)), want)
		case f.static:
			b.same(id, "static", b.table(id, b.m.static(i)), want)
		case !f.active:
			b.same(id, "inactive", b.table(id, make([]uint64, b.m.size(i))), want)
		case f.kept && !f.late:
			b.same(id, "kept", b.table(id, b.m.lower(i)), want)
		case f.kept && !b.m.dn[f.rep].forwards && b.m.dn[f.rep].within < 0:
			b.within(id, b.table(id, b.m.lower(i)), want)
		}
	}
}

func (b *bench) same(id ID, what string, got, want table) {
	b.t.Helper()
	if !same(got, want) {
		b.t.Fatalf("node %d, %s: got %v\nwant %v\n%s", id, what, pairsOf(got), pairsOf(want), b.text())
	}
}

func (b *bench) within(id ID, got, want table) {
	b.t.Helper()
	for x := range got {
		for y, in := range got[x] {
			if in && !want[x][y] {
				b.t.Fatalf("node %d is no lower bound: got %v\nwant %v\n%s", id, pairsOf(got), pairsOf(want), b.text())
			}
		}
	}
}

func pairsOf(t table) (list [][2]int) {
	for a := range t {
		for b, in := range t[a] {
			if in {
				list = append(list, [2]int{a, b})
			}
		}
	}
	return list
}

func (b *bench) text() string {
	out := fmt.Sprintf("rf %v\nco %v\naddr %v data %v\n", slices.Collect(maps.Keys(b.rf)), slices.Collect(maps.Keys(b.co)), b.s.Addr, b.s.Data)
	for i, e := range b.s.Events {
		out += fmt.Sprintf("event %d: %+v\n", i, *e)
	}
	for i, n := range b.p.Nodes {
		out += fmt.Sprintf("node %d: %+v\n", i, n)
	}
	return out
}

// run adds random pairs to rf and co, takes some back, and looks at every
// state.
func (b *bench) run() {
	if !b.m.Load(b.s) || !b.m.Settle() {
		b.t.Fatalf("a check that always holds does not\n%s", b.text())
	}
	b.check(false)
	type state struct{ rf, co map[[2]int]bool }
	var marks []state
	for range rapid.IntRange(1, 8).Draw(b.t, "steps") {
		if len(marks) > 0 && rapid.IntRange(0, 3).Draw(b.t, "back") == 0 {
			b.m.Pop()
			b.rf, b.co = marks[len(marks)-1].rf, marks[len(marks)-1].co
			marks = marks[:len(marks)-1]
		} else {
			marks = append(marks, state{maps.Clone(b.rf), maps.Clone(b.co)})
			b.m.Push()
			b.step()
			if !b.m.Settle() {
				b.t.Fatalf("a check that always holds does not\n%s", b.text())
			}
		}
		b.check(false)
	}
	if !b.m.Complete() {
		b.t.Fatal("a check that always holds does not hold in the end")
	}
	b.m.Flags()
	b.check(true)
}

// step adds up to two pairs.
func (b *bench) step() {
	var writers, readers []int
	for i, e := range b.s.Events {
		if e.Kind.Writes() {
			writers = append(writers, i)
		}
		if e.Kind.Reads() {
			readers = append(readers, i)
		}
	}
	if len(writers) == 0 {
		return
	}
	write := rapid.SampledFrom(writers)
	if len(readers) > 0 && rapid.Bool().Draw(b.t, "reads") {
		w, r := write.Draw(b.t, "w"), rapid.SampledFrom(readers).Draw(b.t, "r")
		if !slices.ContainsFunc(writers, func(w int) bool { return b.rf[[2]int{w, r}] }) {
			b.rf[[2]int{w, r}] = true
			b.m.ReadFrom(w, r)
		}
	}
	if rapid.Bool().Draw(b.t, "orders") {
		b.order(write.Draw(b.t, "before"), write.Draw(b.t, "after"), writers)
	}
}

// order adds that x comes before y in co, and closes co transitively.
func (b *bench) order(x, y int, writers []int) {
	was := maps.Clone(b.co)
	for _, from := range writers {
		for _, to := range writers {
			if (from == x || was[[2]int{from, x}]) && (to == y || was[[2]int{y, to}]) {
				b.co[[2]int{from, to}] = true
				b.m.Order(from, to)
			}
		}
	}
}

var (
	setNames = []string{"_", "IW", "FW", "R", "W", "F", "M", "LKR", "LKW", "UL", "LF", "RL", "RU", "RMW", "Once", "Release", "Nowhere"}
	relNames = []string{"po", "id", "loc", "int", "ext", "addr", "data", "ctrl", "rmw", "lkrmw", "rf", "rf", "co", "co", "fr", "fr", "same-value"}
)

func (p plan) randomSet(t *rapid.T) ID { return p.set(rapid.SampledFrom(setNames).Draw(t, "set")) }
func (p plan) randomRel(t *rapid.T) ID { return p.rel(rapid.SampledFrom(relNames).Draw(t, "relation")) }

// TestBases looks at every base set and relation.
func TestBases(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan()
		for _, name := range setNames {
			p.set(name)
		}
		for _, name := range relNames {
			p.rel(name)
		}
		run(t, p)
	})
}

// TestOperations has each operation on random bases, which rf and co change or
// do not.
func TestOperations(t *testing.T) {
	operations := []struct {
		name string
		make func(t *rapid.T, p plan)
	}{
		{"empty", func(_ *rapid.T, p plan) { p.add(Node{Op: EmptySet, IsSet: true}); p.add(Node{Op: EmptyRel}) }},
		{"union", func(t *rapid.T, p plan) { p.op(Union, p.randomRel(t), p.randomRel(t), p.randomRel(t)) }},
		{"union of sets", func(t *rapid.T, p plan) { p.op(Union, p.randomSet(t), p.randomSet(t)) }},
		{"intersection", func(t *rapid.T, p plan) { p.op(Inter, p.randomRel(t), p.randomRel(t), p.randomRel(t)) }},
		{"intersection of sets", func(t *rapid.T, p plan) { p.op(Inter, p.randomSet(t), p.op(Range, p.randomRel(t))) }},
		{"difference", func(t *rapid.T, p plan) { p.op(Diff, p.randomRel(t), p.randomRel(t)) }},
		{"difference of sets", func(t *rapid.T, p plan) { p.op(Diff, p.op(Domain, p.randomRel(t)), p.randomSet(t)) }},
		{"complement", func(t *rapid.T, p plan) { p.op(Compl, p.randomRel(t)); p.op(Compl, p.randomSet(t)) }},
		{"sequence", func(t *rapid.T, p plan) { p.op(Seq, p.randomRel(t), p.randomRel(t)) }},
		{"sequence of reflexive", func(t *rapid.T, p plan) {
			p.op(Seq, p.op(Opt, p.randomRel(t)), p.op(Star, p.randomRel(t)))
		}},
		{"sequence with a set", func(t *rapid.T, p plan) {
			p.op(Seq, p.op(Ident, p.randomSet(t)), p.op(Seq, p.randomRel(t), p.op(Ident, p.randomSet(t))))
		}},
		{"inverse", func(t *rapid.T, p plan) { p.op(Inverse, p.randomRel(t)) }},
		{"closure", func(t *rapid.T, p plan) { p.op(Plus, p.op(Union, p.randomRel(t), p.randomRel(t))) }},
		{"reflexive closure", func(t *rapid.T, p plan) { p.op(Star, p.op(Union, p.randomRel(t), p.randomRel(t))) }},
		{"reflexive", func(t *rapid.T, p plan) { p.op(Opt, p.randomRel(t)) }},
		{"identity", func(t *rapid.T, p plan) { p.op(Ident, p.randomSet(t)); p.op(Ident, p.op(Range, p.randomRel(t))) }},
		{"product", func(t *rapid.T, p plan) { p.op(Cross, p.op(Domain, p.randomRel(t)), p.op(Range, p.randomRel(t))) }},
		{"domain, range", func(t *rapid.T, p plan) { p.op(Domain, p.randomRel(t)); p.op(Range, p.randomRel(t)) }},
	}
	for _, o := range operations {
		t.Run(o.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := newPlan()
				o.make(t, p)
				run(t, p)
			})
		})
	}
}

// TestRecursion has two variables, each defined by the other.
func TestRecursion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan()
		v, w := p.add(Node{Op: Var}), p.add(Node{Op: Var})
		step := p.op(Seq, p.randomRel(t), w)
		if rapid.Bool().Draw(t, "turned round") {
			step = p.op(Inverse, step)
		}
		first := p.op(Union, p.randomRel(t), step)
		second := p.op(Union, p.op(Inter, v, p.randomRel(t)), p.op(Plus, p.op(Union, v, p.randomRel(t))))
		p.Recs = []Rec{{Vars: []ID{v, w}, Bodies: []ID{first, second}}}
		run(t, p)
	})
}

// TestNested has random expressions of several operations.
func TestNested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan()
		list := []ID{p.rel("rf"), p.rel("co"), p.rel("fr"), p.rel("po"), p.rel("addr")}
		any := func() ID { return rapid.SampledFrom(list).Draw(t, "argument") }
		ops := []Op{Union, Inter, Diff, Seq, Seq, Inverse, Plus, Star, Opt, Compl, Domain, Range}
		for range 6 {
			var id ID
			switch op := rapid.SampledFrom(ops).Draw(t, "op"); op {
			case Union, Inter, Diff, Seq:
				id = p.op(op, any(), any())
			case Domain, Range:
				id = p.op(Seq, p.op(Ident, p.op(op, any())), any())
			default:
				id = p.op(op, any())
			}
			list = append(list, id)
		}
		run(t, p)
	})
}
