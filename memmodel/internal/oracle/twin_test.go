package oracle

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Cells of the programs by hand.
const (
	x = iota
	y
	l
)

func prog(threads ...[]ir.Instr) *ir.Program {
	p := &ir.Program{Name: "hand", Cells: []ir.Cell{{Name: "x"}, {Name: "y"}, {Name: "l", Lock: true}}}
	for _, code := range threads {
		p.Threads = append(p.Threads, ir.Thread{Regs: []string{"r0", "r1"}, Init: []int64{0, 0}, Instr: code})
	}
	return p
}

func at(c int) *ir.Expr { return konst(ir.AddrOf(c)) }

func rd(r ir.Reg, c int, tags ...string) ir.Instr {
	return ir.Instr{Op: ir.Do, Kind: graph.Read, Dst: r, Addr: at(c), Tags: tags}
}

func wr(c int, v *ir.Expr, tags ...string) ir.Instr {
	return ir.Instr{Op: ir.Do, Kind: graph.Write, Addr: at(c), Val: v, Tags: tags}
}

func fence(tag string) ir.Instr {
	return ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{tag}}
}

func locking(k graph.Kind) ir.Instr {
	return ir.Instr{Op: ir.Do, Kind: k, Dst: ir.NoReg, Addr: at(l)}
}

func one() *ir.Expr { return konst(1) }

// inc adds one to x, atomically or not.
func inc(atomic bool) []ir.Instr {
	w := wr(x, expr(ir.Add, load(0), one()))
	w.RMW = atomic
	return []ir.Instr{rd(0, x), w}
}

func sb(between ...ir.Instr) *ir.Program {
	t := func(w, r int) []ir.Instr {
		return append(append([]ir.Instr{wr(w, one())}, between...), rd(0, r))
	}
	return prog(t(x, y), t(y, x))
}

func mp(left []ir.Instr, right []ir.Instr) *ir.Program {
	return prog(
		slices.Concat([]ir.Instr{wr(x, one())}, left, []ir.Instr{wr(y, one(), "release")}),
		slices.Concat([]ir.Instr{rd(0, y, "acquire")}, right, []ir.Instr{rd(1, x)}))
}

func locked(body ...ir.Instr) []ir.Instr {
	return slices.Concat([]ir.Instr{locking(graph.LockRead), locking(graph.LockWrite)}, body, []ir.Instr{locking(graph.Unlock)})
}

// pick writes down the final values of what is asked for, one string for each
// different one, in order.
func pick(t *testing.T, p *ir.Program, m *rel.Plan, of ...ir.Obs) []string {
	t.Helper()
	cs, err := Candidates(p, 2, 100000)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range cs {
		if _, ok := c.Judge(m); !ok {
			continue
		}
		s := ""
		for _, o := range of {
			s += fmt.Sprint(c.Value(o))
		}
		seen[s] = true
	}
	var out []string
	for s := range seen {
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

func reg(t int, r ir.Reg) ir.Obs {
	return ir.Obs{Kind: ir.RegObs, Thread: t, Reg: r}
}

func cell(c int) ir.Obs { return ir.Obs{Kind: ir.CellObs, Cell: c} }

func TestKnown(t *testing.T) {
	weakMP := mp(nil, nil)
	for i := range weakMP.Threads {
		for j := range weakMP.Threads[i].Instr {
			weakMP.Threads[i].Instr[j].Tags = nil
		}
	}
	islocked := func(k graph.Kind, v int64) []ir.Instr {
		return locked(locking(k), ir.Instr{Op: ir.Assign, Dst: 1, Val: konst(v)})
	}
	for _, c := range []struct {
		name string
		p    *ir.Program
		m    *rel.Plan
		of   []ir.Obs
		want []string
	}{
		{"SB in SC", sb(), SC(), []ir.Obs{reg(0, 0), reg(1, 0)}, []string{"01", "10", "11"}},
		{"SB in TSO", sb(), TSO(), []ir.Obs{reg(0, 0), reg(1, 0)}, []string{"00", "01", "10", "11"}},
		{"SB with mb in TSO", sb(fence("mb")), TSO(), []ir.Obs{reg(0, 0), reg(1, 0)}, []string{"01", "10", "11"}},
		{"SB with wmb, weak", sb(fence("wmb")), Weak(), []ir.Obs{reg(0, 0), reg(1, 0)}, []string{"00", "01", "10", "11"}},
		{"SB with mb, weak", sb(fence("mb")), Weak(), []ir.Obs{reg(0, 0), reg(1, 0)}, []string{"01", "10", "11"}},
		{"MP in TSO", weakMP, TSO(), []ir.Obs{reg(1, 0), reg(1, 1)}, []string{"00", "01", "11"}},
		{"MP, weak", weakMP, Weak(), []ir.Obs{reg(1, 0), reg(1, 1)}, []string{"00", "01", "10", "11"}},
		{"MP, release and acquire", mp(nil, nil), Weak(), []ir.Obs{reg(1, 0), reg(1, 1)}, []string{"00", "01", "11"}},
		{"CoRR", prog([]ir.Instr{wr(x, one())}, []ir.Instr{rd(0, x), rd(1, x)}), Coherence(),
			[]ir.Obs{reg(1, 0), reg(1, 1)}, []string{"00", "01", "11"}},
		{"CoWW", prog([]ir.Instr{wr(x, one()), wr(x, konst(2))}), Coherence(), []ir.Obs{cell(x)}, []string{"2"}},
		{"CoWW without coherence", prog([]ir.Instr{wr(x, one()), wr(x, konst(2))}), Free(), []ir.Obs{cell(x)}, []string{"1", "2"}},
		{"a counter", prog(inc(true), inc(true)), Coherence(), []ir.Obs{cell(x)}, []string{"2"}},
		{"a counter of three", prog(inc(true), inc(true), inc(true)), Coherence(), []ir.Obs{cell(x)}, []string{"3"}},
		{"a racing counter", prog(inc(false), inc(false)), SC(), []ir.Obs{cell(x)}, []string{"1", "2"}},
		{"a locked counter", prog(locked(inc(false)...), locked(inc(false)...)), TSO(), []ir.Obs{cell(x)}, []string{"2"}},
		{"a locked counter, weak", prog(locked(inc(false)...), locked(inc(false)...)), Weak(), []ir.Obs{cell(x)}, []string{"2"}},
		{"a lock taken twice", prog(append(locked()[:2:2], locked()...)), Coherence(), []ir.Obs{cell(x)}, nil},
		{"locked inside", prog(islocked(graph.SeeLock, 1), locked()), Coherence(), []ir.Obs{reg(0, 1)}, []string{"1"}},
		{"not free inside", prog(islocked(graph.SeeFree, 1), locked()), Coherence(), []ir.Obs{reg(0, 1)}, nil},
		{"fails only if taken", prog([]ir.Instr{locking(graph.LockFail)}), Free(), []ir.Obs{cell(x)}, nil},
		{"fails if taken", prog([]ir.Instr{locking(graph.LockFail)}, locked()), SC(), []ir.Obs{cell(x)}, []string{"0"}},
		{"RCU", prog(
			[]ir.Instr{fence("rcu-lock"), rd(0, y), rd(1, x), fence("rcu-unlock")},
			[]ir.Instr{wr(x, one()), fence("sync-rcu"), wr(y, one())}), Weak(),
			[]ir.Obs{reg(0, 0), reg(0, 1)}, []string{"00", "01", "11"}},
		{"RCU without a grace period", prog(
			[]ir.Instr{fence("rcu-lock"), rd(0, y), rd(1, x), fence("rcu-unlock")},
			[]ir.Instr{wr(x, one()), wr(y, one())}), Weak(),
			[]ir.Obs{reg(0, 0), reg(0, 1)}, []string{"00", "01", "10", "11"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, pick(t, c.p, c.m, c.of...)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestPaths has what threads do on their own: branches, loops, bounds, forks,
// wrong addresses.
func TestPaths(t *testing.T) {
	spin := []ir.Instr{
		rd(0, x),
		{Op: ir.Branch, Val: load(0), Target: 3, Join: 3},
		{Op: ir.Jump, Target: 0},
		wr(y, one()),
	}
	cas := []ir.Instr{
		rd(0, x),
		{Op: ir.Fork, Target: 5},
		{Op: ir.Assume, Val: expr(ir.Eq, load(0), konst(0))},
		{Op: ir.Do, Kind: graph.Write, RMW: true, Addr: at(x), Val: one()},
		{Op: ir.Jump, Target: 6},
		{Op: ir.Assume, Val: load(0)},
		{Op: ir.Assign, Dst: 1, Val: expr(ir.Add, load(0), konst(5))},
	}
	for _, c := range []struct {
		name string
		p    *ir.Program
		of   []ir.Obs
		want []string
		n    int // executions
	}{
		{"a loop", prog(spin, []ir.Instr{wr(x, one())}), []ir.Obs{reg(0, 0), cell(y)}, []string{"11"}, 3},
		{"cmpxchg", prog(cas, cas), []ir.Obs{reg(0, 1), reg(1, 1), cell(x)}, []string{"561", "651"}, 2},
		{"a value that only a dropped run writes", prog([]ir.Instr{wr(x, one()), rd(0, x), {Op: ir.Assume, Val: load(0)}}),
			[]ir.Obs{reg(0, 0)}, []string{"1"}, 1},
		{"values that a cycle of branches allows", prog(
			[]ir.Instr{rd(0, x), {Op: ir.Branch, Val: load(0), Target: 3, Join: 4}, {Op: ir.Jump, Target: 4}, wr(y, one())},
			[]ir.Instr{rd(0, y), {Op: ir.Assume, Val: load(0)}, wr(x, one())}),
			[]ir.Obs{reg(0, 0), reg(1, 0)}, []string{"11"}, 1},
		{"division by zero", prog([]ir.Instr{rd(0, x), {Op: ir.Assign, Dst: 1, Val: expr(ir.Div, one(), load(0))}},
			[]ir.Instr{wr(x, one())}), []ir.Obs{reg(0, 0), reg(0, 1)}, []string{"11"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, pick(t, c.p, Coherence(), c.of...)); d != "" {
				t.Error(d)
			}
			out, err := Executions(c.p, Coherence(), 2, 1000)
			if err != nil || len(out) != c.n {
				t.Errorf("%d executions, want %d; %v", len(out), c.n, err)
			}
		})
	}
}

// TestDependencies looks at the edges of one thread.
func TestDependencies(t *testing.T) {
	addr := rd(1, x)
	addr.Addr = expr(ir.Add, at(x), expr(ir.Xor, load(0), load(0)))
	p := prog([]ir.Instr{
		rd(0, y),
		addr,
		{Op: ir.Branch, Val: load(1), Target: 4, Join: 4},
		wr(y, load(0)),
		fence("mb"),
		{Op: ir.Do, Kind: graph.Write, RMW: true, Addr: at(x), Val: expr(ir.Add, load(0), load(1))},
	})
	out, err := Executions(p, Coherence(), 2, 1000)
	if err != nil || len(out) != 1 {
		t.Fatal(out, err)
	}
	want := "0.0:0[]y 0.1:0[]x 0.2:1[]y 0.3:2[mb] 0.4:1[]x " +
		"\n addr 0.0>0.1\n data 0.0>0.2 0.0>0.4 0.1>0.4\n ctrl 0.1>0.2\n rmw 0.1>0.4\n rf x>0.1 y>0.0\n co x>0.4 y>0.2"
	if d := cmp.Diff(want, out[0].Key); d != "" {
		t.Error(d)
	}
}

func TestStray(t *testing.T) {
	stray := rd(1, x)
	stray.Addr = expr(ir.Add, at(x), expr(ir.Mul, load(0), konst(7)))
	cs, err := Candidates(prog([]ir.Instr{rd(0, x), stray, wr(y, one())}, []ir.Instr{wr(x, one())}), 2, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cs {
		got = append(got, fmt.Sprint(c.Final(), c.Stray()))
	}
	slices.Sort(got)
	want := []string{
		"0:r0=0; 0:r1=0; 1:r0=0; 1:r1=0; x=1; y=1; false",
		"0:r0=0; 0:r1=1; 1:r0=0; 1:r1=0; x=1; y=1; false",
		"0:r0=1; 0:r1=0; 1:r0=0; 1:r1=0; x=1; y=0; true",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAsserts(t *testing.T) {
	p := prog([]ir.Instr{rd(0, x), {Op: ir.Assert, Val: load(0), Text: "r0 != 0"}}, []ir.Instr{wr(x, one())})
	out, err := Executions(p, SC(), 2, 1000)
	if err != nil || len(out) != 2 || out[0].Failed+out[1].Failed != "r0 != 0" {
		t.Error(out, err)
	}
}

func TestThinAir(t *testing.T) {
	lb := prog([]ir.Instr{rd(0, x), wr(y, load(0))}, []ir.Instr{rd(0, y), wr(x, load(0))})
	out, err := Executions(lb, Coherence(), 2, 1000)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, o := range out {
		if o.ThinAir {
			n++
		}
	}
	if len(out) != 4 || n != 1 {
		t.Errorf("%d executions, %d of them out of thin air; want 4 and 1", len(out), n)
	}
}

func TestTooBig(t *testing.T) {
	if _, err := Executions(sb(), SC(), 2, 3); !errors.Is(err, ErrTooBig) {
		t.Error(err)
	}
}

// TestRec has two definitions that use each other: w from w to r, and back.
func TestRec(t *testing.T) {
	b := newBuilder("rec")
	even, odd := b.node(rel.Node{Op: rel.Var, Name: "even"}), b.node(rel.Node{Op: rel.Var, Name: "odd"})
	step := b.op(rel.Diff, b.rel("po"), b.seq(b.rel("po"), b.rel("po")))
	b.plan.Recs = []rel.Rec{{Vars: []rel.ID{even, odd}, Bodies: []rel.ID{b.or(b.rel("id"), b.seq(odd, step)), b.seq(even, step)}}}
	b.flag("even", b.and(even, b.cross(b.set("R"), b.set("Mb"))))
	b.flag("odd", b.and(odd, b.cross(b.set("R"), b.set("Mb"))))
	for i, want := range []string{"[odd]", "[even]"} {
		code := []ir.Instr{rd(0, x), fence("wmb"), fence("mb")}
		out, err := Executions(prog(slices.Delete(code, 1, 2-i)), b.plan, 2, 10)
		if err != nil || len(out) != 1 || fmt.Sprint(out[0].Flags) != want {
			t.Error(out, err, want)
		}
	}
}

// TestStronger: on random programs, what SC allows TSO allows, and so on down
// to everything.
func TestStronger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Programs(Kernel, 8).Draw(t, "program").Program
		cs, err := Candidates(p, 1, 300)
		if errors.Is(err, ErrTooBig) {
			t.Skip(err)
		}
		for _, c := range cs {
			allowed := false
			for _, m := range []*rel.Plan{SC(), TSO(), Coherence(), Free()} {
				o, ok := c.Judge(m)
				if allowed && !ok {
					t.Fatalf("%s rules out what a stronger model allows\n%s\n%s", m.Title, Text(p), o.Key)
				}
				allowed = ok
			}
		}
	})
}
