package explore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/model"
)

// TestGuessBeforeCompareAndSwap: a thread goes on without the value of a read, comes to a
// compare-and-swap, and waits because of both. The read of the compare-and-swap is not an
// event of its thread before its outcome is known.
func TestGuessBeforeCompareAndSwap(t *testing.T) {
	power, err := model.Load("power")
	if err != nil {
		t.Fatal(err)
	}
	p := retryBesideSwap()
	other := *p
	other.Threads = slices.Clone(p.Threads)
	slices.Reverse(other.Threads)
	for _, p := range []*ir.Program{p, &other} {
		if stats := count(t, p, power.Plan, explore.Config{Bound: 2}); stats.Executions != 18 || stats.BoundHit {
			t.Errorf("%s first: %d executions, want 18; bound hit %t", p.Threads[0].Name, stats.Executions, stats.BoundHit)
		}
	}
}

// retryBesideSwap has a thread that writes 1 under a lock which orders nothing, and then
// swaps 1 for 2 until that succeeds; and a thread that tries this swap once under the lock.
func retryBesideSwap() *ir.Program {
	const x, l = 0, 1
	do := func(k graph.Kind, tags string, cell int, v *ir.Expr) ir.Instr {
		return ir.Instr{Op: ir.Do, Kind: k, Tags: strings.Fields(tags), Dst: ir.NoReg, Addr: at(cell), Val: v}
	}
	isOne := op(ir.Eq, reg(1), constant(1))
	// swap is cmpxchg(x, 1, 2) into r1, whose first instruction has this number.
	swap := func(first int) []ir.Instr {
		read, write := do(graph.Read, "EX", x, nil), do(graph.Write, "EX", x, constant(2))
		read.Dst, write.RMW = 1, true
		return []ir.Instr{
			{Op: ir.Fork, Target: first + 5},
			read, {Op: ir.Assume, Val: isOne}, write, {Op: ir.Jump, Target: first + 7},
			read, {Op: ir.Assume, Val: not(isOne)},
		}
	}
	lock := []ir.Instr{do(graph.LockRead, "X", l, nil), do(graph.LockWrite, "X", l, nil)}
	unlock := do(graph.Unlock, "", l, nil)
	last := do(graph.Read, "", x, nil)
	last.Dst = 0
	retries := slices.Concat([]ir.Instr{do(graph.Write, "", x, constant(0))}, lock, []ir.Instr{do(graph.Write, "", x, constant(1)), unlock},
		swap(5), []ir.Instr{{Op: ir.Branch, Val: not(isOne), Target: 5, Join: 13}})
	once := slices.Concat(lock, swap(2), []ir.Instr{unlock, last})
	p := &ir.Program{Name: "swap", Waits: true, Cells: []ir.Cell{{Name: "x"}, {Name: "l", Lock: true}}}
	for t, instr := range [][]ir.Instr{retries, once} {
		for i := range instr {
			instr[i].Text = fmt.Sprint("P", t, ".", i)
		}
		p.Threads = append(p.Threads, ir.Thread{Name: fmt.Sprint("P", t), Init: make([]int64, 2), Regs: []string{"r0", "r1"}, Instr: instr})
	}
	return p
}
