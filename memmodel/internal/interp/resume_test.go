package interp

import (
	"errors"
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// TestInterpreter stops a thread at its fences, looks at it, and goes on.
func TestInterpreter(t *testing.T) {
	num := func(k int64) *ir.Expr { return &ir.Expr{Op: ir.Const, K: k} }
	reg := func(r ir.Reg) *ir.Expr { return &ir.Expr{Op: ir.Load, R: r} }
	th := ir.Thread{Name: "main", Regs: []string{"i", "p"}, Init: []int64{0, 0}, Instr: []ir.Instr{
		{Op: ir.Alloc, Dst: 1, Objects: []int{0, 1}},
		{Op: ir.Do, Kind: graph.Write, Dst: ir.NoReg, Addr: reg(1), Val: reg(0)},
		{Op: ir.Do, Kind: graph.Fence, Dst: 0, Val: reg(0)},
		{Op: ir.Branch, Val: &ir.Expr{Op: ir.Lt, A: reg(0), B: num(2)}, Target: 0, Join: 4},
	}}
	p := &ir.Program{
		Cells:   []ir.Cell{{Name: "a", Heap: true}, {Name: "b", Heap: true}, {Name: "c"}},
		Objects: []ir.Object{{Cell: 0, Size: 1}, {Cell: 1, Size: 1}},
	}
	in := New(p, &th, make([]int64, 3))
	fences := func(at int) bool { return th.Instr[at].Kind == graph.Fence && th.Instr[at].Op == ir.Do }
	for round := range int64(2) {
		ended, err := in.Run(fences)
		if ended || err != nil || in.At() != 2 || in.Eval(th.Instr[2].Val) != round {
			t.Fatal("round", round, ": ", ended, err, in.At())
		}
		in.Set(0, round+1)
	}
	if ended, err := in.Run(fences); !ended || err != nil {
		t.Fatal(ended, err)
	}
	if !slices.Equal(in.Regs(), []int64{2, ir.AddrOf(1)}) || !slices.Equal(in.Memory(), []int64{0, 1, 0}) {
		t.Error(in.Regs(), in.Memory())
	}
	if !in.Written(1) || in.Written(2) {
		t.Error("what was written is not what is said to be")
	}
}

// TestInterpretLocks is about locks that no other thread can release.
func TestInterpretLocks(t *testing.T) {
	at := &ir.Expr{Op: ir.Const, K: ir.AddrBase}
	one, zero := &ir.Expr{Op: ir.Const, K: 1}, &ir.Expr{Op: ir.Const}
	lock := []ir.Instr{{Op: ir.Do, Kind: graph.LockRead, Dst: ir.NoReg, Addr: at}, {Op: ir.Do, Kind: graph.LockWrite, Dst: ir.NoReg, Addr: at, Val: one}}
	unlock := ir.Instr{Op: ir.Do, Kind: graph.Unlock, Dst: ir.NoReg, Addr: at, Val: zero}
	p := &ir.Program{Cells: []ir.Cell{{Name: "l", Lock: true}}}
	run := func(code []ir.Instr) error {
		return Run(p, &ir.Thread{Name: "init", Instr: code}, make([]int64, 1), nil)
	}
	if err := run(slices.Concat(lock, []ir.Instr{unlock}, lock)); err != nil {
		t.Error(err)
	}
	if err := run(slices.Concat(lock, lock)); !errors.As(err, new(*Endless)) {
		t.Error(err)
	}
	// A trylock of a lock that is taken fails.
	try := []ir.Instr{{Op: ir.Fork, Target: 6}, lock[0], lock[1], {Op: ir.Assert, Val: zero}, {Op: ir.Do, Kind: graph.LockFail, Dst: ir.NoReg, Addr: at}}
	if err := run(slices.Concat(lock, try)); err != nil {
		t.Error(err)
	}
}
