package oracle

import (
	"fmt"

	"pgregory.net/rapid"

	"crosscall/memmodel/internal/rel"
)

// A builder makes a plan node by node, each once.
type builder struct {
	plan *rel.Plan
	seen map[string]rel.ID
}

func newBuilder(title string) *builder {
	return &builder{&rel.Plan{Title: title, Names: map[string]rel.ID{}}, map[string]rel.ID{}}
}

func (b *builder) node(n rel.Node) rel.ID {
	key := fmt.Sprint(n.Op, n.IsSet, n.Name, n.Args)
	id, ok := b.seen[key]
	if !ok || n.Op == rel.Var {
		id = rel.ID(len(b.plan.Nodes))
		b.plan.Nodes = append(b.plan.Nodes, n)
		b.seen[key] = id
	}
	return id
}

func (b *builder) set(name string) rel.ID {
	return b.node(rel.Node{Op: rel.BaseSet, IsSet: true, Name: name})
}

func (b *builder) rel(name string) rel.ID { return b.node(rel.Node{Op: rel.BaseRel, Name: name}) }

// op is a node whose result is of the kind that its first argument is.
func (b *builder) op(op rel.Op, args ...rel.ID) rel.ID {
	return b.node(rel.Node{Op: op, IsSet: b.plan.Nodes[args[0]].IsSet, Args: args})
}

func (b *builder) or(args ...rel.ID) rel.ID  { return b.op(rel.Union, args...) }
func (b *builder) and(args ...rel.ID) rel.ID { return b.op(rel.Inter, args...) }

func (b *builder) seq(first rel.ID, then ...rel.ID) rel.ID {
	for _, r := range then {
		first = b.op(rel.Seq, first, r)
	}
	return first
}

func (b *builder) ident(set rel.ID) rel.ID {
	return b.node(rel.Node{Op: rel.Ident, Args: []rel.ID{set}})
}

func (b *builder) cross(x, y rel.ID) rel.ID {
	return b.node(rel.Node{Op: rel.Cross, Args: []rel.ID{x, y}})
}

// side is the domain or the range of r.
func (b *builder) side(op rel.Op, r rel.ID) rel.ID {
	return b.node(rel.Node{Op: op, IsSet: true, Args: []rel.ID{r}})
}

// sets is the union of base sets.
func (b *builder) sets(names ...string) rel.ID {
	s := b.set(names[0])
	for _, n := range names[1:] {
		s = b.or(s, b.set(n))
	}
	return s
}

func (b *builder) check(k rel.CheckKind, name string, id rel.ID) {
	b.plan.Checks = append(b.plan.Checks, rel.Check{Kind: k, Node: id, Name: name})
}

// flag raises name where id is not empty.
func (b *builder) flag(name string, id rel.ID) {
	b.plan.Checks = append(b.plan.Checks, rel.Check{Kind: rel.Empty, Negated: true, Node: id, Name: name, Flag: true})
}

func (b *builder) com() rel.ID { return b.or(b.rel("rf"), b.rel("co"), b.rel("fr")) }

// atomic adds the check that nothing comes between the halves of an atomic
// operation.
func (b *builder) atomic() {
	ext := b.rel("ext")
	b.check(rel.Empty, "atomic", b.and(b.rel("rmw"), b.seq(b.and(b.rel("fr"), ext), b.and(b.rel("co"), ext))))
}

// coherent adds the checks that nearly all models share: coherence of each
// location, and atomic.
func (b *builder) coherent() {
	poloc := b.and(b.rel("po"), b.rel("loc"))
	b.check(rel.Acyclic, "coherence", b.or(poloc, b.com()))
	b.atomic()
}

// Free forbids nothing.
func Free() *rel.Plan { return newBuilder("free").plan }

// Coherence forbids what no machine does.
func Coherence() *rel.Plan {
	b := newBuilder("coherence")
	b.coherent()
	return b.plan
}

// SC is sequential consistency (Lamport 1979), as an acyclic union.
func SC() *rel.Plan {
	b := newBuilder("SC")
	b.check(rel.Acyclic, "sc", b.or(b.rel("po"), b.com()))
	b.atomic()
	return b.plan
}

// TSO is x86's model in the form of Herding Cats, with an mb fence. Atomic
// operations order like fences.
func TSO() *rel.Plan {
	b := newBuilder("TSO")
	b.coherent()
	po := b.rel("po")
	w, r := b.sets("W", "LKW", "UL"), b.sets("R", "LKR", "LF", "RL", "RU")
	ppo := b.op(rel.Diff, po, b.cross(w, r))
	locked := b.ident(b.or(b.set("Mb"), b.set("RMW"), b.sets("LKR", "LKW")))
	fence := b.or(b.seq(po, locked), b.seq(locked, po))
	rfe := b.and(b.rel("rf"), b.rel("ext"))
	b.check(rel.Acyclic, "tso", b.or(ppo, fence, rfe, b.rel("co"), b.rel("fr")))
	return b.plan
}

// Weak is a model with the ingredients of the kernel's: dependencies, fences
// of several strengths, acquire and release, propagation, the matching of RCU
// critical sections, recursion, and flags that say something of rf and co. It
// is nobody's model.
func Weak() *rel.Plan {
	b := newBuilder("weak")
	b.coherent()
	po, ext, intern := b.rel("po"), b.rel("ext"), b.rel("int")
	r, w := b.sets("R", "LKR", "LF", "RL", "RU"), b.sets("W", "LKW", "UL")
	m := b.or(r, w)
	between := func(tag string) rel.ID {
		f := b.ident(b.set(tag))
		return b.seq(b.ident(m), po, f, po, b.ident(m))
	}
	mb := between("Mb")
	rmb := b.and(between("Rmb"), b.cross(r, r))
	wmb := b.and(between("Wmb"), b.cross(w, w))
	acq := b.seq(b.ident(b.or(b.set("Acquire"), b.set("LKR"))), po)
	rls := b.seq(po, b.ident(b.or(b.set("Release"), b.set("UL"))))
	gp := b.seq(po, b.ident(b.set("Sync-rcu")), b.op(rel.Opt, po))
	strong := b.or(mb, gp)
	rfi, rfe := b.and(b.rel("rf"), intern), b.and(b.rel("rf"), ext)

	carry := b.op(rel.Star, b.seq(b.rel("data"), rfi))
	dep := b.seq(carry, b.or(b.rel("addr"), b.rel("data")))
	ctrl := b.seq(carry, b.rel("ctrl"), b.ident(w))
	overwrite := b.or(b.rel("co"), b.rel("fr"))
	ppo := b.or(dep, ctrl, b.and(overwrite, intern), b.seq(dep, rfi), acq, rls, rmb, wmb, strong)
	cumul := b.or(b.seq(b.op(rel.Opt, rfe), b.or(strong, rls)), wmb)
	prop := b.seq(b.op(rel.Opt, b.and(overwrite, ext)), b.op(rel.Star, cumul), b.op(rel.Opt, rfe))
	hb := b.or(ppo, rfe, b.and(b.op(rel.Diff, prop, b.rel("id")), intern))
	b.check(rel.Acyclic, "happens-before", hb)
	pb := b.seq(prop, strong, b.op(rel.Star, hb))
	b.check(rel.Acyclic, "propagation", pb)

	rscs := b.rscs()
	link := b.seq(b.op(rel.Opt, po), b.op(rel.Star, hb), b.op(rel.Star, pb), prop, po)
	sync, back := b.ident(b.set("Sync-rcu")), b.op(rel.Inverse, rscs)
	order := b.node(rel.Node{Op: rel.Var, Name: "rcu-order"})
	b.plan.Recs = append(b.plan.Recs, rel.Rec{Vars: []rel.ID{order}, Bodies: []rel.ID{b.or(sync,
		b.seq(sync, link, back), b.seq(back, link, sync),
		b.seq(sync, link, order, link, back), b.seq(back, link, order, link, sync),
		b.seq(order, link, order))}})
	rb := b.seq(prop, po, order, b.op(rel.Opt, po), b.op(rel.Star, hb), b.op(rel.Star, pb))
	b.check(rel.Irreflexive, "rcu", rb)

	b.flag("unmatched-rcu", b.op(rel.Diff, b.set("Rcu-lock"), b.side(rel.Domain, rscs)))
	racing := b.and(ext, b.rel("loc"), b.cross(b.op(rel.Compl, b.set("Once")), b.set("W")))
	b.flag("unordered", b.op(rel.Diff, b.and(racing, b.or(b.rel("rf"), overwrite)), b.op(rel.Plus, b.or(hb, pb))))
	b.flag("last", b.and(b.set("FW"), b.set("Release")))
	return b.plan
}

// rscs matches rcu-lock and rcu-unlock from the innermost outwards, as the
// kernel's bell file does: a recursion that does not only grow.
func (b *builder) rscs() rel.ID {
	po := b.rel("po")
	matched := b.node(rel.Node{Op: rel.Var, Name: "matched"})
	locks := b.op(rel.Diff, b.set("Rcu-lock"), b.side(rel.Domain, matched))
	unlocks := b.op(rel.Diff, b.set("Rcu-unlock"), b.side(rel.Range, matched))
	open := b.ident(b.or(locks, unlocks))
	pairs := b.seq(b.ident(locks), po, b.ident(unlocks))
	crossing := b.seq(open, po, open, po, open)
	b.plan.Recs = append(b.plan.Recs, rel.Rec{
		Vars: []rel.ID{matched}, Bodies: []rel.ID{b.or(matched, b.op(rel.Diff, pairs, crossing))},
	})
	return matched
}

var (
	someSets = []string{"_", "IW", "FW", "R", "W", "M", "F", "LKR", "LKW", "UL", "LF", "RL", "RU", "RMW",
		"Once", "Acquire", "Release", "Mb", "Rmb", "Wmb", "Rcu-lock", "Rcu-unlock", "Sync-rcu", "Nowhere"}
	someRels = []string{"po", "id", "loc", "int", "ext", "addr", "data", "ctrl", "rmw", "lkrmw", "same-value", "rf", "rf", "co", "co", "fr", "fr"}
)

// A RandomPlan prints as PlanText does.
type RandomPlan struct{ *rel.Plan }

func (r RandomPlan) GoString() string { return PlanText(r.Plan) }

// Plans draws models that mean nothing: any operation on anything, with a few
// checks and flags. Many forbid everything or nothing; some start from
// coherence, as every real model does.
func Plans() *rapid.Generator[RandomPlan] {
	return rapid.Custom(func(t *rapid.T) RandomPlan {
		b := newBuilder("random")
		if rapid.Bool().Draw(t, "coherent") {
			b.coherent()
		}
		g := planGen{b, t}
		for range rapid.IntRange(1, 3).Draw(t, "checks") {
			id := g.relation(1 + upto(t, 5, "depth"))
			kind := rapid.SampledFrom([]rel.CheckKind{rel.Acyclic, rel.Irreflexive, rel.Empty}).Draw(t, "kind")
			b.plan.Checks = append(b.plan.Checks, rel.Check{
				Kind: kind, Node: id, Name: fmt.Sprintf("check%d", len(b.plan.Checks)),
				Negated: rapid.IntRange(0, 3).Draw(t, "negated") == 0,
				Flag:    rapid.IntRange(0, 2).Draw(t, "flag") == 0,
			})
		}
		return RandomPlan{b.plan}
	})
}

type planGen struct {
	b *builder
	t *rapid.T
}

func (g planGen) pick(n int) int { return upto(g.t, n, "op") }

func (g planGen) relation(depth int) rel.ID {
	if depth == 0 {
		return g.b.rel(oneOf(g.t, someRels, "rel"))
	}
	sub := func() rel.ID { return g.relation(depth - 1) }
	switch g.pick(16) {
	case 0:
		return g.relation(0)
	case 1, 2:
		return g.b.or(sub(), sub())
	case 3:
		return g.b.or(sub(), sub(), sub())
	case 4, 5:
		return g.b.and(sub(), sub())
	case 6:
		return g.b.op(rel.Diff, sub(), sub())
	case 7:
		return g.b.op(rel.Compl, sub())
	case 8, 9:
		return g.b.seq(sub(), sub())
	case 10:
		return g.b.seq(sub(), g.b.ident(g.set(depth-1)), sub())
	case 11:
		return g.b.op(rel.Inverse, sub())
	case 12:
		return g.b.op(rapid.SampledFrom([]rel.Op{rel.Plus, rel.Star, rel.Opt}).Draw(g.t, "closure"), sub())
	case 13:
		return g.b.ident(g.set(depth - 1))
	case 14:
		return g.b.cross(g.set(depth-1), g.set(depth-1))
	}
	return g.recursive(depth)
}

// recursive is one of two relations that are defined by each other, by
// operations under which they only grow.
func (g planGen) recursive(depth int) rel.ID {
	vars := []rel.ID{g.b.node(rel.Node{Op: rel.Var, Name: "v"}), g.b.node(rel.Node{Op: rel.Var, Name: "w"})}
	base := g.relation(depth - 1)
	vw := g.b.seq(vars[0], vars[1])
	if g.pick(2) == 0 {
		vw = g.b.op(rel.Inverse, vw)
	}
	bodies := []rel.ID{g.b.or(base, vw), g.b.or(g.b.and(vars[0], g.relation(depth-1)), g.b.op(rel.Plus, g.relation(depth-1)))}
	g.b.plan.Recs = append(g.b.plan.Recs, rel.Rec{Vars: vars, Bodies: bodies})
	return vars[g.pick(2)]
}

func (g planGen) set(depth int) rel.ID {
	if depth == 0 {
		return g.b.set(oneOf(g.t, someSets, "set"))
	}
	sub := func() rel.ID { return g.set(depth - 1) }
	switch g.pick(7) {
	case 0:
		return g.set(0)
	case 1:
		return g.b.or(sub(), sub())
	case 2:
		return g.b.and(sub(), sub())
	case 3:
		return g.b.op(rel.Diff, sub(), sub())
	case 4:
		return g.b.op(rel.Compl, sub())
	case 5:
		return g.b.side(rel.Domain, g.relation(depth-1))
	}
	return g.b.side(rel.Range, g.relation(depth-1))
}
