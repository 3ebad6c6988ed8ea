package explore_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// TestTwinBlocked: the order in which threads are blocked makes no difference. The twin is
// the program with its threads in the reverse order: each execution of the one is an
// execution of the other, and found as often unless several threads wait in it. Of those in
// which an assertion fails, only which one counts: where a thread ends that fails in a round of
// waiting depends on whether the round was explored with its values.
func TestTwinBlocked(t *testing.T) {
	for _, name := range []string{"sc", "x86-tso", "lkmm", "armv8", "power"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			check(t, 25, func(t *rapid.T) {
				p := wildPrograms(oracle.Dialects[name], features{waits: true}).Draw(t, "program").Program
				other := *p
				other.Threads = slices.Clone(p.Threads)
				slices.Reverse(other.Threads)
				c := explore.Config{Bound: 2}
				got := tallyWords(t, p, m, c, func(thread int) int { return thread })
				want := tallyWords(t, &other, m, c, func(thread int) int { return len(p.Threads) - 1 - thread })
				if !maps.Equal(got, want) {
					t.Fatalf("%s\n%s", differences(got, want), oracle.Text(p))
				}
			})
		})
	}
}

// tallyWords counts executions by their words, where threads have these numbers. Of those in
// which assertions fail it has these assertions, each once.
func tallyWords(t *rapid.T, p *ir.Program, m *model.Model, c explore.Config, number func(thread int) int) map[string]int {
	failing := map[string]int{}
	found := tally(t, p, m.Plan, c, func(x *explore.Execution) string {
		list := explore.AllFailed(x)
		for _, f := range list {
			failing[fmt.Sprint("fails: thread ", number(f.Thread), " at ", f.At)] = 1
		}
		if len(list) > 0 {
			return ""
		}
		return inWords(x.Graph(), number)
	})
	delete(found, "")
	maps.Copy(found, failing)
	return found
}

// TestBlocked has programs of which some execution was missed, with the waiting thread the
// first or the last: a thread that waits because of what another reads; a blocked thread
// that waits at a write which it has not passed over; at one whose value was not known; and
// for two reads at once.
func TestBlocked(t *testing.T) {
	for _, c := range []struct {
		model    string
		waiter   string
		others   []string
		executed int64
	}{
		{
			"sc", "READ_ONCE(x); do { r0 = READ_ONCE(x); r1 = READ_ONCE(x); } while ((r0 == 0) != (r1 == 1)); WRITE_ONCE(x, r0);",
			[]string{"r0 = READ_ONCE(x); spin_lock(&l); WRITE_ONCE(x, r0); spin_unlock(&l); do { r0 = READ_ONCE(x); } while (cmpxchg(&x, r0, r0 + 1) != r0);"}, 6,
		},
		{
			"lkmm", "while (READ_ONCE(x)) { } WRITE_ONCE(x, 1);",
			[]string{"if (READ_ONCE(x) == 1) barrier(); WRITE_ONCE(p, 1); WRITE_ONCE(x, 1);", "if (READ_ONCE(p)) WRITE_ONCE(x, 0);"}, 24,
		},
		{
			"lkmm", "while (READ_ONCE(x)) { } WRITE_ONCE(x, 1);",
			[]string{"if (READ_ONCE(x) == 1) barrier(); WRITE_ONCE(p, 1); WRITE_ONCE(x, READ_ONCE(x) + 1);", "if (READ_ONCE(p)) WRITE_ONCE(x, 0);"}, 38,
		},
		{
			"lkmm", "do { r0 = READ_ONCE(x); r1 = READ_ONCE(x); } while (r0 | r1); WRITE_ONCE(x, 1);",
			[]string{"if (READ_ONCE(x) == 2) barrier(); WRITE_ONCE(p, 1); WRITE_ONCE(x, 1);", "if (READ_ONCE(p)) WRITE_ONCE(x, 0);"}, 30,
		},
	} {
		m, err := model.Load(c.model)
		if err != nil {
			t.Fatal(err)
		}
		first, last := append([]string{c.waiter}, c.others...), append(slices.Clone(c.others), c.waiter)
		for _, threads := range [][]string{first, last} {
			stats, err := explore.RunGrowing(context.Background(), compile(t, m, threads), m.Plan, explore.Config{Bound: 2}, func(*explore.Execution) error { return nil })
			if err != nil || stats.BoundHit || stats.Executions != c.executed {
				t.Errorf("%s, %q: %d executions, want %d; %v", c.model, threads, stats.Executions, c.executed, err)
			}
		}
	}
}

// TestFailsInRound: a thread that is to wait forever, because others wait, finds that an
// assertion of its round fails. Every such execution is found in either order of threads.
func TestFailsInRound(t *testing.T) {
	m, err := model.Load("armv8")
	if err != nil {
		t.Fatal(err)
	}
	p := compile(t, m, []string{
		"WRITE_ONCE(x, 0); __atomic_fetch_add(&x, 1, 0);",
		"for (;;) { r0 = READ_ONCE(x); r1 = READ_ONCE(x); if (!r0 || r1 == 2) break; BUG_ON(r0); } __atomic_fetch_add(&x, 1, 0);",
		"while (READ_ONCE(x)) { }",
	})
	for th := range p.Threads { // what comes behind a loop does not depend on it
		for i := range p.Threads[th].Instr {
			if in := &p.Threads[th].Instr[i]; in.Op == ir.Branch {
				in.Join = max(in.Target, i+1)
			}
		}
	}
	failing := func(p *ir.Program, number func(thread int) int) map[string]bool {
		found := map[string]bool{}
		stats, err := explore.RunGrowing(context.Background(), p, m.Plan, explore.Config{Bound: 2}, func(x *explore.Execution) error {
			if _, fails := x.Failed(); fails {
				found[inWords(x.Graph(), number)] = true
			}
			return nil
		})
		if err != nil || stats.BoundHit {
			t.Fatalf("%v, bound hit %t", err, stats.BoundHit)
		}
		return found
	}
	want := failing(p, func(thread int) int { return thread })
	if len(want) != 3 {
		t.Errorf("%d executions in which the assertion fails, want 3", len(want))
	}
	other := *p
	other.Threads = slices.Clone(p.Threads)
	slices.Reverse(other.Threads)
	got := failing(&other, func(thread int) int { return 2 - thread })
	for x := range want {
		if !got[x] {
			t.Errorf("not found with the threads in reverse order:\n%s", x)
		}
	}
}

// compile makes a program of the bodies of threads, which share x, p and a lock.
func compile(t *testing.T, m *model.Model, threads []string) *ir.Program {
	t.Helper()
	src := "#include <linux/atomic.h>\n#include <linux/spinlock.h>\n#include <crosscall.h>\nint x, y, z, p; atomic_t a; DEFINE_SPINLOCK(l);\n"
	for i, body := range threads {
		src += fmt.Sprintf("void P%d(void) { int r0, r1; %s }\n", i, body)
	}
	return compileC(t, m, src)
}

// inWords is an execution in words that depend on the numbers of its threads alone, and
// not on their order.
func inWords(g *graph.Execution, number func(thread int) int) string {
	names := make([]string, len(g.Events))
	events := map[int]int{}
	for e, ev := range g.Events {
		thread := ev.Thread
		if thread != graph.InitThread {
			thread = number(thread)
		}
		names[e] = fmt.Sprintf("%d.%d", thread, events[thread])
		events[thread]++
	}
	lines := make([]string, 0, len(g.Events)+len(g.CO))
	for e, ev := range g.Events {
		line := fmt.Sprint(names[e], " kind ", ev.Kind, " loc ", ev.Loc, " value ", g.Values[e])
		if g.RF[e] >= 0 {
			line += " from " + names[g.RF[e]]
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	for loc, writes := range g.CO {
		line := fmt.Sprint("co of ", loc)
		for _, w := range writes {
			line += " " + names[w]
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// differences lists the executions that are not found equally often.
func differences(got, want map[string]int) string {
	var b strings.Builder
	all := maps.Clone(got)
	maps.Copy(all, want)
	for _, x := range slices.Sorted(maps.Keys(all)) {
		if got[x] != want[x] {
			fmt.Fprintf(&b, "found %d times, the other way round %d times:\n%s\n", got[x], want[x], x)
		}
	}
	return b.String()
}

// TestWaitsBehindGuess: a thread goes on without a value, performs another read, and waits because
// of both.
func TestWaitsBehindGuess(t *testing.T) {
	lkmm, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	threads := []string{
		"do { r0 = READ_ONCE(x); if (r0 == 1) r1 = READ_ONCE(y); else r1 = 0; } while (r1 == 0); WRITE_ONCE(p, 2);",
		"if (READ_ONCE(p)) { WRITE_ONCE(x, 1); atomic_set(&a, 1); }",
		"if (atomic_read(&a)) WRITE_ONCE(z, 1); WRITE_ONCE(p, 1);",
	}
	for _, order := range ordersWithin([]int{0, 0, 0}) {
		inOrder := []string{threads[order[0]], threads[order[1]], threads[order[2]]}
		if stats := count(t, compile(t, lkmm, inOrder), lkmm.Plan, explore.Config{}); stats.Executions != 3 || stats.BoundHit {
			t.Errorf("%q: %d executions, want 3; bound hit %t", inOrder, stats.Executions, stats.BoundHit)
		}
	}
}

// TestLaterHolder: a thread holds a lock that orders nothing, reads what a later holder writes,
// and needs to know it in a loop that comes afterwards.
func TestLaterHolder(t *testing.T) {
	power, err := model.Load("power")
	if err != nil {
		t.Fatal(err)
	}
	check(t, 1, func(t *rapid.T) {
		rapid.Bool().Draw(t, "nothing")
		p := laterHolder()
		found, missed := tallyUnnumbered(t, p, power, explore.Config{}, codesOf(p))
		if len(found) != 40 || len(missed) > 0 {
			t.Errorf("%d executions, want 40; found in one order of threads alone:\n%s", len(found), strings.Join(missed, "\n"))
		}
	})
}

// laterHolder has two threads that hold a lock, and one that adds.
func laterHolder() *ir.Program {
	p := &ir.Program{Name: "holder", Waits: true, Cells: []ir.Cell{{Name: "x"}, {Name: "l", Lock: true}}}
	do := func(k graph.Kind, tags string, dst ir.Reg, cell int, v *ir.Expr) ir.Instr {
		return ir.Instr{Op: ir.Do, Kind: k, Tags: strings.Fields(tags), Dst: dst, Addr: at(cell), Val: v}
	}
	zero := func(r ir.Reg) *ir.Expr { return op(ir.Eq, reg(r), constant(0)) }
	add := do(graph.Write, "EX", ir.NoReg, 0, op(ir.Add, reg(0), constant(1)))
	add.RMW = true
	holds := ir.Thread{Init: make([]int64, 2), Regs: []string{"r0", "r1"}, Instr: []ir.Instr{
		do(graph.LockRead, "X", ir.NoReg, 1, nil), do(graph.LockWrite, "X", ir.NoReg, 1, nil),
		do(graph.Read, "EX", 1, 0, nil), {Op: ir.Assume, Val: zero(1)},
		do(graph.Unlock, "", ir.NoReg, 1, nil), do(graph.Write, "", ir.NoReg, 0, constant(0)),
		do(graph.Read, "", 0, 0, nil), {Op: ir.Branch, Val: not(op(ir.LAnd, zero(0), zero(1))), Target: 6, Join: 8},
	}}
	adds := ir.Thread{Init: make([]int64, 1), Regs: []string{"r0"}, Instr: []ir.Instr{do(graph.Read, "EX", 0, 0, nil), add}}
	p.Threads = []ir.Thread{holds, adds, holds}
	for t := range p.Threads {
		p.Threads[t].Name = fmt.Sprint("P", t)
		p.Threads[t].Instr = slices.Clone(p.Threads[t].Instr)
		for i := range p.Threads[t].Instr {
			p.Threads[t].Instr[i].Text = fmt.Sprint("P", t, ".", i)
		}
	}
	return p
}
