package rel

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"crosscall/memmodel/graph"
)

// holds reports whether check ch holds for rf and co as they are.
func (v *naive) holds(ch Check) bool {
	t := v.node(ch.Node)
	count := len(v.s.Events)
	holds := true
	switch {
	case ch.Kind == Empty:
		holds = len(pairsOf(t)) == 0
	case ch.Kind == Irreflexive:
		holds = !some(count, func(a int) bool { return t[a][a] })
	case ch.Kind == Acyclic:
		t = v.plus(t)
		holds = !some(count, func(a int) bool { return t[a][a] })
	}
	return holds != ch.Negated
}

// broken lists the checks, without flags, that do not hold and are of the kind
// asked for.
func (b *bench) broken(kind func(ch Check) bool) (list []string) {
	b.known = map[ID]table{}
	for _, ch := range b.p.Checks {
		if !ch.Flag && kind(ch) && !b.holds(ch) {
			list = append(list, ch.Name)
		}
	}
	return list
}

// growing reports whether more pairs can only break ch.
func (b *bench) growing(ch Check) bool { return !ch.Negated && !b.m.info[b.m.c.ids[ch.Node]].late }

// settled compares the result of Settle, or Load, with the checks.
func (b *bench) settled(ok bool) {
	b.t.Helper()
	if list := b.broken(b.growing); ok && len(list) > 0 {
		b.t.Fatalf("broken and not noticed: %q\n%v\n%s", list, b.p.Checks, b.text())
	}
	if list := b.broken(func(Check) bool { return true }); !ok && len(list) == 0 {
		b.t.Fatalf("nothing is broken\n%v\n%s", b.p.Checks, b.text())
	}
}

// completed compares Complete and Flags with the checks.
func (b *bench) completed() {
	b.t.Helper()
	broken := b.broken(func(Check) bool { return true })
	if ok := b.m.Complete(); ok != (len(broken) == 0) {
		b.t.Fatalf("Complete: %v, but broken are %q\n%v\n%s", ok, broken, b.p.Checks, b.text())
	}
	var want []string
	for _, ch := range b.p.Checks {
		if ch.Flag && b.holds(ch) {
			want = append(want, ch.Name)
		}
	}
	if got := b.m.Flags(); !slices.Equal(got, want) {
		b.t.Fatalf("flags %q, want %q\n%v\n%s", got, want, b.p.Checks, b.text())
	}
}

// TestChecks has random checks of random nodes. Most are violated at some
// point.
func TestChecks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := newPlan()
		com := func() ID { return p.rel(rapid.SampledFrom([]string{"rf", "co", "fr"}).Draw(t, "communication")) }
		relations := []ID{
			com(), p.op(Inter, com(), p.randomRel(t)), p.op(Union, com(), p.randomRel(t)), p.op(Seq, com(), p.randomRel(t)),
			p.op(Diff, p.randomRel(t), com()), p.op(Plus, com()), p.op(Compl, com()), p.randomRel(t),
		}
		all := p.op(Plus, p.op(Union, p.rel("rf"), p.rel("co"), p.rel("fr")))
		hb := p.op(Plus, p.op(Union, p.randomRel(t), com()))
		relations = append(relations, all, p.op(Seq, hb, all), p.op(Seq, hb, p.op(Opt, all)), p.op(Seq, p.randomRel(t), all),
			p.op(Seq, com(), p.op(Seq, p.randomRel(t), com())))
		sets := []ID{p.op(Range, com()), p.op(Inter, p.op(Domain, com()), p.randomSet(t)), p.randomSet(t)}
		for k := range rapid.IntRange(1, 4).Draw(t, "checks") {
			ch := Check{
				Kind:    rapid.SampledFrom([]CheckKind{Empty, Acyclic, Irreflexive}).Draw(t, "kind"),
				Negated: rapid.IntRange(0, 5).Draw(t, "negated") == 5,
				Flag:    rapid.IntRange(0, 3).Draw(t, "flag") == 3,
				Name:    fmt.Sprint("check", k),
			}
			nodes := relations
			if ch.Kind == Empty && rapid.IntRange(0, 2).Draw(t, "of a set") == 2 {
				nodes = sets
			}
			ch.Node = rapid.SampledFrom(nodes).Draw(t, "node")
			p.Checks = append(p.Checks, ch)
		}
		b := newBench(t, p, randomStructure(t, rapid.IntRange(0, 3).Draw(t, "more than a word") == 0))
		ok := b.m.Load(b.s)
		b.settled(ok)
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			if !ok {
				return
			}
			rf, co := maps.Clone(b.rf), maps.Clone(b.co)
			b.m.Push()
			b.step()
			settled := b.m.Settle()
			b.settled(settled)
			if settled {
				b.completed()
			}
			if !settled || rapid.Bool().Draw(t, "back") {
				b.m.Pop()
				b.rf, b.co = rf, co
				if !b.m.Settle() {
					t.Fatalf("broken after Pop\n%v\n%s", p.Checks, b.text())
				}
				b.completed()
			}
		}
	})
}

// TestNoticed has checks that the last of four pairs violates, before the
// execution is complete.
func TestNoticed(t *testing.T) {
	order := func(p plan) ID { return p.op(Union, p.rel("po"), p.rel("rf"), p.rel("co"), p.rel("fr")) }
	stales := func(p plan) ID { return p.op(Inter, p.rel("fr"), p.rel("ext")) }
	checks := map[string]func(p plan) Check{
		"acyclic":     func(p plan) Check { return Check{Kind: Acyclic, Node: order(p)} },
		"irreflexive": func(p plan) Check { return Check{Kind: Irreflexive, Node: p.op(Plus, order(p))} },
		"empty":       func(p plan) Check { return Check{Kind: Empty, Node: stales(p)} },
		"empty set":   func(p plan) Check { return Check{Kind: Empty, Node: p.op(Domain, stales(p))} },
		"empty with id": func(p plan) Check {
			return Check{Kind: Empty, Node: p.op(Inter, p.op(Star, order(p)), p.op(Seq, stales(p), p.rel("po")))}
		},
		"irreflexive sequence": func(p plan) Check { return Check{Kind: Irreflexive, Node: p.op(Seq, p.op(Star, order(p)), stales(p))} },
	}
	for name, check := range checks {
		p := newPlan()
		p.Checks = []Check{check(p)}
		m := machineOf(t, p)
		if !m.Load(messagePassing()) {
			t.Fatal(name)
		}
		for range 2 {
			m.Push()
			m.Order(initX, writeX)
			m.Order(initY, writeY)
			m.ReadFrom(writeY, readY)
			if !m.Settle() {
				t.Errorf("%s: broken too early", name)
			}
			m.Push()
			m.ReadFrom(initX, readX)
			if m.Settle() {
				t.Errorf("%s: not noticed", name)
			}
			m.Pop()
			m.ReadFrom(writeX, readX)
			if !m.Settle() {
				t.Errorf("%s: broken after Pop", name)
			}
			m.Pop()
		}
	}
}

// TestInactive has checks of nodes that are empty for all rf and co.
func TestInactive(t *testing.T) {
	p := newPlan()
	nowhere := p.op(Seq, p.rel("rf"), p.op(Ident, p.set("Nowhere")))
	for _, flag := range []bool{true, false} {
		for _, kind := range []CheckKind{Acyclic, Irreflexive, Empty} {
			p.Checks = append(p.Checks, Check{Kind: kind, Node: nowhere, Name: fmt.Sprint("holds", kind), Flag: flag})
		}
	}
	p.Checks = append(p.Checks, Check{Kind: Empty, Negated: true, Node: nowhere, Name: "some", Flag: true})
	m := machineOf(t, p)
	if !m.Load(messagePassing()) || !m.Settle() || !m.Complete() {
		t.Error("ruled out")
	}
	if diff := cmp.Diff([]string{"holds0", "holds1", "holds2"}, m.Flags()); diff != "" {
		t.Error("flags:", diff)
	}
	p.Checks = append(p.Checks, Check{Kind: Empty, Negated: true, Node: nowhere, Name: "must be some"})
	m = machineOf(t, p)
	if m.Load(messagePassing()) && m.Settle() && m.Complete() {
		t.Error("nothing is there, and allowed")
	}
}

func machineOf(t *testing.T, p plan) *Machine {
	t.Helper()
	c, err := Compile(p.Plan)
	if err != nil {
		t.Fatal(err)
	}
	return NewMachine(c, false)
}

// The events of messagePassing.
const (
	initX = iota
	initY
	writeX
	wmb
	writeY
	readY
	readX
)

// messagePassing has a thread that writes x and y, and one that reads y and x.
func messagePassing() *Structure {
	event := func(thread int, kind graph.Kind, loc int, tag string) *graph.Event {
		return &graph.Event{Thread: thread, Kind: kind, Loc: loc, Tags: []string{tag}}
	}
	return &Structure{
		Events: []*graph.Event{
			initX: event(graph.InitThread, graph.Write, 0, ""), initY: event(graph.InitThread, graph.Write, 1, ""),
			writeX: event(0, graph.Write, 0, "once"), wmb: event(0, graph.Fence, graph.NoLoc, "wmb"), writeY: event(0, graph.Write, 1, "once"),
			readY: event(1, graph.Read, 1, "once"), readX: event(1, graph.Read, 0, "once"),
		},
		Addr: []graph.Edge{{From: readY, To: readX}},
	}
}

// stale has the read of x overtake the message.
func stale(m *Machine) {
	m.Order(initX, writeX)
	m.Order(initY, writeY)
	m.ReadFrom(writeY, readY)
	m.ReadFrom(initX, readX)
}

// TestViolation: the violation shows why the stale read is forbidden, by names
// of the model.
func TestViolation(t *testing.T) {
	named := func(p plan, id ID, name string) ID { p.Nodes[id].Name = name; return id }
	order := func(p plan) ID { // wmb | addr | rfe | fre
		fence := p.op(Seq, p.op(Seq, p.rel("po"), p.op(Ident, p.set("Wmb"))), p.rel("po"))
		return p.op(Union, named(p, fence, "wmb"), p.rel("addr"),
			named(p, p.op(Inter, p.rel("rf"), p.rel("ext")), "rfe"), named(p, p.op(Inter, p.rel("fr"), p.rel("ext")), "fre"))
	}
	step := func(from, to int, label string) graph.LabelledEdge {
		return graph.LabelledEdge{Edge: graph.Edge{From: from, To: to}, Label: label}
	}
	whole := []graph.LabelledEdge{
		step(writeX, writeY, "wmb"), step(writeY, readY, "rfe"), step(readY, readX, "addr"), step(readX, writeX, "fre")}
	tests := []struct {
		name  string
		check func(p plan) Check
		want  []graph.LabelledEdge
	}{
		{"acyclic", func(p plan) Check { return Check{Kind: Acyclic, Node: order(p)} }, whole},
		{"irreflexive", func(p plan) Check { return Check{Kind: Irreflexive, Node: p.op(Plus, order(p))} }, whole},
		{"empty", func(p plan) Check {
			o := order(p)
			return Check{Kind: Empty, Node: p.op(Inter, p.op(Seq, p.op(Star, o), o), p.rel("id"))}
		}, whole},
		{"recursive", func(p plan) Check {
			v := p.add(Node{Op: Var, Name: "ordered"})
			body := p.op(Union, order(p), p.op(Seq, order(p), v))
			p.Recs = []Rec{{Vars: []ID{v}, Bodies: []ID{body}}}
			return Check{Kind: Irreflexive, Node: v}
		}, whole},
		{"a set", func(p plan) Check { return Check{Kind: Empty, Node: p.op(Domain, order(p))} }, nil},
		{"negated", func(p plan) Check { return Check{Kind: Acyclic, Negated: true, Node: p.rel("po")} }, nil},
	}
	for _, x := range tests {
		p := newPlan()
		p.Checks = []Check{{Kind: Acyclic, Node: p.rel("po"), Name: "holds"}, x.check(p)}
		p.Checks[1].Name = x.name
		c, err := Compile(p.Plan)
		if err != nil {
			t.Fatal(err)
		}
		m := NewLoose(c)
		if !m.Load(messagePassing()) {
			t.Errorf("%s: a loose machine rules out", x.name)
			continue
		}
		stale(m)
		if !m.Settle() || !m.Complete() {
			t.Errorf("%s: a loose machine rules out", x.name)
		}
		name, why := m.Violation()
		if name != x.name {
			t.Errorf("%s: %q is violated", x.name, name)
		}
		if diff := cmp.Diff(rotate(x.want), rotate(why)); diff != "" {
			t.Errorf("%s: %s", x.name, diff)
		}
	}
}

// rotate begins a cycle where its lowest event is.
func rotate(cycle []graph.LabelledEdge) []graph.LabelledEdge {
	least := 0
	for k, e := range cycle {
		if e.From < cycle[least].From {
			least = k
		}
	}
	return slices.Concat(cycle[least:], cycle[:least])
}

// TestReload loads another structure into a machine that has a violation and
// pairs whose consequences Settle has not computed.
func TestReload(t *testing.T) {
	p := newPlan()
	p.Checks = []Check{{Kind: Acyclic, Node: p.op(Union, p.rel("po"), p.rel("rf"), p.rel("co"), p.rel("fr")), Name: "sc"}}
	m := machineOf(t, p)
	for round := range 2 {
		m.Load(messagePassing())
		m.Push()
		stale(m)
		if m.Settle() {
			t.Errorf("round %d: allowed", round)
		}
		m.Push()
		m.ReadFrom(writeX, readX)
	}
	if !m.Load(messagePassing()) {
		t.Fatal("ruled out")
	}
	m.ReadFrom(writeY, readY)
	m.ReadFrom(writeX, readX)
	if !m.Settle() || !m.Complete() {
		t.Error("ruled out")
	}
}

// TestNative has checks of coherence and atomicity, and some that differ a
// little from these.
func TestNative(t *testing.T) {
	po := func(p plan) ID { return p.op(Inter, p.rel("po"), p.rel("loc")) }
	external := func(p plan, name string) ID { return p.op(Inter, p.rel(name), p.rel("ext")) }
	com := func(p plan) ID { return p.op(Union, p.rel("rf"), p.rel("co"), p.rel("fr")) }
	coherent := func(p plan) Check { return Check{Kind: Acyclic, Node: p.op(Union, po(p), com(p))} }
	atomic := func(p plan) Check {
		return Check{Kind: Empty, Node: p.op(Inter, p.rel("rmw"), p.op(Seq, external(p, "fr"), external(p, "co")))}
	}
	tests := []struct {
		name   string
		checks []func(p plan) Check
		want   bool
	}{
		{"both", []func(plan) Check{coherent, atomic}, true},
		{"no atomicity", []func(plan) Check{coherent}, false},
		{"no coherence", []func(plan) Check{atomic}, false},
		{"a flag", []func(plan) Check{coherent, func(p plan) Check { c := atomic(p); c.Flag = true; return c }}, false},
		{"all of po", []func(plan) Check{atomic, func(p plan) Check {
			return Check{Kind: Acyclic, Node: p.op(Union, p.rel("po"), com(p))}
		}}, false},
		{"without fr", []func(plan) Check{atomic, func(p plan) Check {
			return Check{Kind: Acyclic, Node: p.op(Union, po(p), p.rel("rf"), p.rel("co"))}
		}}, false},
		{"internal writes too", []func(plan) Check{coherent, func(p plan) Check {
			return Check{Kind: Empty, Node: p.op(Inter, p.rel("rmw"), p.op(Seq, p.rel("fr"), p.rel("co")))}
		}}, false},
	}
	for _, x := range tests {
		p := newPlan()
		for _, check := range x.checks {
			p.Checks = append(p.Checks, check(p))
		}
		c, err := Compile(p.Plan)
		if err != nil {
			t.Fatal(err)
		}
		if c.Native() != x.want {
			t.Errorf("%s: native: %v", x.name, c.Native())
		}
	}
}

// TestFlagged: a pair that is flagged both ways is named once.
func TestFlagged(t *testing.T) {
	p := newPlan()
	rf := p.rel("rf")
	p.Checks = []Check{{Kind: Empty, Negated: true, Flag: true, Node: p.op(Union, rf, p.op(Inverse, rf)), Name: "seen"}}
	m := machineOf(t, p)
	m.Load(messagePassing())
	m.ReadFrom(writeX, readX)
	if !m.Settle() || !m.Complete() || len(m.Flags()) != 1 {
		t.Fatal("not flagged")
	}
	got := m.Flagged()
	if len(got) != 1 || got[0].Label != "seen" || min(got[0].From, got[0].To) != min(writeX, readX) || max(got[0].From, got[0].To) != max(writeX, readX) {
		t.Errorf("got %v", got)
	}
}
