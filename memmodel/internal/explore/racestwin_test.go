package explore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
	"crosscall/memmodel/internal/oracle"

	"pgregory.net/rapid"
)

// TestTwinRaces: to leave out the rounds of loops that only wait leaves out no pair of accesses
// of two threads that the model flags. The twin is the static explorer, which has all rounds up to its bound.
// A pair that has it only with load buffering may be left out: through races it is not looked
// for, nor within a round that is kept. The other way round, with two rounds more the twin has each
// pair that is found in executions whose threads all end.
func TestTwinRaces(t *testing.T) {
	for _, name := range []string{"rc11", "rc20", "lkmm"} {
		t.Run(name, func(t *testing.T) {
			m, err := model.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			inOrder, err := m.Stricter("acyclic po | rf as without-load-buffering")
			if err != nil {
				t.Fatal(err)
			}
			check(t, 12, func(t *rapid.T) {
				p := raceProgram(t, oracle.Dialects[name])
				want, _ := flagged(t, explore.RunUnfolded, p, m, 1)
				p.Waits = true
				got, bound := flagged(t, explore.Run, p, m, 10)
				p.Waits = false
				if lacks(got, want) != "" {
					want, _ = flagged(t, explore.RunUnfolded, p, inOrder, 1)
				}
				if pair := lacks(got, want); pair != "" {
					t.Fatalf("%s is not found\n%s", pair, oracle.Text(p))
				}
				if bound {
					return
				}
				more, _ := flagged(t, explore.RunUnfolded, p, m, 3)
				if pair := lacks(more, got); pair != "" && !strings.HasPrefix(pair, "endless") {
					t.Fatalf("%s is none\n%s", pair, oracle.Text(p))
				}
			})
		})
	}
}

// lacks is a pair that all has and some does not.
func lacks(some, all map[string]bool) string {
	for pair := range all {
		if !some[pair] {
			return pair
		}
	}
	return ""
}

// flagged has the pairs of instructions that the model flags. Those of executions in which a thread waits
// forever stand for themselves.
func flagged(t *rapid.T, run runner, p *ir.Program, m *model.Model, bound int) (pairs map[string]bool, cut bool) {
	pairs = map[string]bool{}
	take := func(x *explore.Execution) error {
		kind := ""
		if x.Failure() != nil {
			kind = "endless "
		}
		for _, flag := range x.Flags() {
			for _, pair := range x.Flagged(flag) {
				if pair[0].Thread == pair[1].Thread {
					continue
				}
				a, b := pair[0].Text, pair[1].Text // a race has no direction
				pairs[fmt.Sprintf("%s%s of %s and %s", kind, flag, min(a, b), max(a, b))] = true
			}
		}
		return nil
	}
	stats, err := run(&patience{Context: context.Background()}, p, m.Plan, explore.Config{Bound: bound, Flagged: take}, take)
	if errors.Is(err, context.DeadlineExceeded) {
		t.Skip("too long")
	} else if err != nil {
		t.Fatal(err)
	}
	return pairs, stats.BoundHit
}

// raceProgram draws two or three threads, of which one at least waits.
func raceProgram(t *rapid.T, d oracle.Dialect) *ir.Program {
	g := &raceGen{t: t, d: d}
	p := &ir.Program{}
	for _, name := range []string{"x", "y", "z"} {
		p.Cells = append(p.Cells, ir.Cell{Name: name})
	}
	for i := range rapid.SampledFrom([]int{2, 2, 3}).Draw(t, "threads") {
		g.th = ir.Thread{Name: fmt.Sprintf("P%d", i), Regs: []string{"r0", "r1"}, Init: []int64{0, 0}}
		if i == 0 || g.upto(2) == 0 {
			g.waits()
		}
		for range 1 + g.upto(2) {
			g.straight()
		}
		for k := range g.th.Instr {
			g.th.Instr[k].Text = fmt.Sprintf("P%d:%d", i, k)
		}
		p.Threads = append(p.Threads, g.th)
	}
	return p
}

type raceGen struct {
	t  *rapid.T
	d  oracle.Dialect
	th ir.Thread
}

// upto draws a number from 0 to n.
func (g *raceGen) upto(n int) int { return rapid.IntRange(0, n).Draw(g.t, "n") }

func (g *raceGen) tags(words []string) []string {
	return strings.Fields(rapid.SampledFrom(words).Draw(g.t, "tags"))
}

func (g *raceGen) add(in ir.Instr) { g.th.Instr = append(g.th.Instr, in) }

func (g *raceGen) read(r ir.Reg, cell int) {
	g.add(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: g.tags(g.d.Reads), Dst: r, Addr: at(cell)})
}

func (g *raceGen) write(cell int, v *ir.Expr) {
	g.add(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: g.tags(g.d.Writes), Dst: ir.NoReg, Addr: at(cell), Val: v})
}

// exchange reads a cell into r and writes v to it.
func (g *raceGen) exchange(r ir.Reg, cell int, v *ir.Expr) {
	tags := g.tags(g.d.Atomics)
	g.add(ir.Instr{Op: ir.Do, Kind: graph.Read, Tags: tags, Dst: r, Addr: at(cell)})
	g.add(ir.Instr{Op: ir.Do, Kind: graph.Write, Tags: tags, RMW: true, Dst: ir.NoReg, Addr: at(cell), Val: v})
}

// unless adds what body adds, with a branch around it that is taken if v is not 0.
func (g *raceGen) unless(v *ir.Expr, body func()) {
	at := len(g.th.Instr)
	g.add(ir.Instr{Op: ir.Branch, Val: v})
	body()
	g.th.Instr[at].Target, g.th.Instr[at].Join = len(g.th.Instr), len(g.th.Instr)
}

// waits adds a loop that goes round until a cell has some value.
func (g *raceGen) waits() {
	head, cell := len(g.th.Instr), g.upto(2)
	if g.upto(3) == 0 {
		g.exchange(0, cell, constant(int64(g.upto(1))))
	} else {
		g.read(0, cell)
	}
	until := op(ir.Eq, reg(0), constant(int64(g.upto(2))))
	switch g.upto(3) {
	case 0:
		g.unless(until, func() { g.read(1, g.upto(2)) })
	case 1:
		g.read(1, g.upto(2))
		g.unless(not(reg(1)), func() { g.read(1, g.upto(2)) })
	case 2:
		g.unless(until, func() { g.waitsWithin() })
	}
	g.add(ir.Instr{Op: ir.Branch, Val: until, Target: len(g.th.Instr) + 2, Join: len(g.th.Instr) + 2})
	g.add(ir.Instr{Op: ir.Jump, Target: head})
}

// waitsWithin adds a loop within another.
func (g *raceGen) waitsWithin() {
	head := len(g.th.Instr)
	g.read(1, g.upto(2))
	g.add(ir.Instr{Op: ir.Branch, Val: reg(1), Target: head, Join: len(g.th.Instr) + 1})
}

// straight adds an access or two.
func (g *raceGen) straight() {
	switch cell := g.upto(2); g.upto(5) {
	case 0:
		g.read(1, cell)
	case 1:
		g.read(1, cell)
		g.unless(reg(1), func() { g.write(g.upto(2), constant(1)) })
	case 2:
		g.exchange(1, cell, constant(int64(g.upto(2))))
	default:
		g.write(cell, constant(int64(g.upto(2))))
	}
}
