package rel

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestLinear has random checks of an order that the model chooses. They hold for some order
// if one of all permutations passes them.
func TestLinear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan()
		id := p.linear(t)
		list := []ID{id, id, p.rel("rf"), p.rel("fr"), p.rel("po"), p.rel("loc")}
		any := func() ID { return rapid.SampledFrom(list).Draw(t, "argument") }
		for range 3 {
			op := rapid.SampledFrom([]Op{Union, Inter, Diff, Seq, Inverse, Plus, Compl}).Draw(t, "op")
			list = append(list, p.op(op, []ID{any(), any()}[:arity(op)]...))
		}
		for range 2 {
			k := Check{Node: any(), Kind: rapid.SampledFrom([]CheckKind{Acyclic, Irreflexive, Empty}).Draw(t, "kind")}
			k.Negated = rapid.IntRange(0, 3).Draw(t, "negated") == 0
			p.Checks = append(p.Checks, k)
		}
		b := newBench(t, p, randomStructure(t, false))
		if len(b.ordered(id)) > 5 {
			t.Skip("more permutations than a test can try")
		}
		got := b.m.Load(b.s)
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			if got {
				b.step()
				got = b.m.Settle()
			}
		}
		got = got && b.m.Complete()
		if want := b.someOrder(id); got != want {
			t.Fatalf("consistent: %v, want %v\n%s", got, want, b.text())
		}
	})
}

func arity(op Op) int {
	if op == Inverse || op == Plus || op == Compl {
		return 1
	}
	return 2
}

// linear is an order of a random set or, with the halves of atomic operations at one place,
// of all accesses.
func (p plan) linear(t *rapid.T) ID {
	set := p.set(rapid.SampledFrom([]string{"R", "W", "IW", "FW", "F", "Once"}).Draw(t, "set"))
	before, alike := p.op(Inter, p.randomRel(t), p.randomRel(t)), p.rel("id")
	if rapid.Bool().Draw(t, "halves at one place") {
		set = p.set("M")
		rmw := p.op(Inter, p.rel("rmw"), p.op(Cross, set, set))
		alike = p.op(Opt, p.op(Plus, p.op(Union, rmw, p.op(Inverse, rmw))))
		before = p.op(Diff, p.op(Seq, alike, p.op(Seq, before, alike)), alike)
	}
	onSet := p.op(Inter, before, p.op(Cross, set, set))
	p.Checks = append(p.Checks, Check{Kind: Acyclic, Node: onSet})
	return p.add(Node{Op: Linear, Args: []ID{set, before, alike}})
}

// someOrder reports whether all checks hold for some order of the set of a Linear node.
func (b *bench) someOrder(id ID) bool {
	n := b.p.Nodes[id]
	b.known = map[ID]table{}
	set, before, alike := b.node(n.Args[0])[0], b.node(n.Args[1]), b.node(n.Args[2])
	return permutations(nil, b.ordered(id), func(order []int) bool {
		chosen := b.relation(func(x, y int) bool {
			return set[x] && set[y] && slices.Index(order, x) < slices.Index(order, y) && !alike[x][y]
		})
		for x := range before {
			for y := range before {
				if before[x][y] && set[x] && set[y] && !chosen[x][y] {
					return false
				}
			}
		}
		for i, x := range order {
			for j, y := range order[i:] {
				if alike[x][y] && slices.ContainsFunc(order[i:i+j], func(z int) bool { return !alike[x][z] }) {
					return false // another event is between two that have one place
				}
			}
		}
		b.known = map[ID]table{id: chosen}
		return !slices.ContainsFunc(b.p.Checks, func(k Check) bool { return !b.holds(k) })
	})
}

// ordered are the events that a Linear node orders.
func (b *bench) ordered(id ID) (list []int) {
	b.known = map[ID]table{}
	for e, in := range b.node(b.p.Nodes[id].Args[0])[0] {
		if in {
			list = append(list, e)
		}
	}
	return list
}

// permutations calls ok with the orders of rest behind done, until it is true.
func permutations(done, rest []int, ok func([]int) bool) bool {
	if len(rest) == 0 {
		return ok(done)
	}
	for i, e := range rest {
		if permutations(append(slices.Clip(done), e), slices.Concat(rest[:i], rest[i+1:]), ok) {
			return true
		}
	}
	return false
}
