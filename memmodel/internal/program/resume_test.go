package program

import (
	"errors"
	"slices"
	"testing"

	"crosscall/memmodel/graph"
)

// TestInterpreter stops a thread at its fences, looks at it, and goes on.
func TestInterpreter(t *testing.T) {
	num := func(k int64) *Expr { return &Expr{Op: Const, K: k} }
	reg := func(r Reg) *Expr { return &Expr{Op: Load, R: r} }
	th := Thread{Name: "main", Regs: []string{"i", "p"}, Init: []int64{0, 0}, Instr: []Instr{
		{Op: Alloc, Dst: 1, Objects: []int{0, 1}},
		{Op: Do, Kind: graph.Write, Dst: NoReg, Addr: reg(1), Val: reg(0)},
		{Op: Do, Kind: graph.Fence, Dst: 0, Val: reg(0)},
		{Op: Branch, Val: &Expr{Op: Lt, A: reg(0), B: num(2)}, Target: 0, Join: 4},
	}}
	p := &Program{
		Cells:   []Cell{{Name: "a", Heap: true}, {Name: "b", Heap: true}, {Name: "c"}},
		Objects: []Object{{0, 1}, {1, 1}},
	}
	in := p.NewInterpreter(&th, make([]int64, 3))
	fences := func(at int) bool { return th.Instr[at].Kind == graph.Fence && th.Instr[at].Op == Do }
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
	if !slices.Equal(in.Regs(), []int64{2, AddrOf(1)}) || !slices.Equal(in.Memory(), []int64{0, 1, 0}) {
		t.Error(in.Regs(), in.Memory())
	}
	if !in.Written(1) || in.Written(2) {
		t.Error("what was written is not what is said to be")
	}
}

// TestInterpretLocks is about locks that nobody else can give back.
func TestInterpretLocks(t *testing.T) {
	at := &Expr{Op: Const, K: AddrBase}
	one, zero := &Expr{Op: Const, K: 1}, &Expr{Op: Const}
	lock := []Instr{{Op: Do, Kind: graph.LockRead, Dst: NoReg, Addr: at}, {Op: Do, Kind: graph.LockWrite, Dst: NoReg, Addr: at, Val: one}}
	unlock := Instr{Op: Do, Kind: graph.Unlock, Dst: NoReg, Addr: at, Val: zero}
	p := &Program{Cells: []Cell{{Name: "l", Lock: true}}}
	run := func(code []Instr) error {
		return p.Interpret(&Thread{Name: "init", Instr: code}, make([]int64, 1), nil)
	}
	if err := run(slices.Concat(lock, []Instr{unlock}, lock)); err != nil {
		t.Error(err)
	}
	if err := run(slices.Concat(lock, lock)); !errors.As(err, new(*Endless)) {
		t.Error(err)
	}
	// A trylock of a lock that is taken goes the way that fails.
	try := []Instr{{Op: Fork, Target: 6}, lock[0], lock[1], {Op: Assert, Val: zero}, {Op: Do, Kind: graph.LockFail, Dst: NoReg, Addr: at}}
	if err := run(slices.Concat(lock, try)); err != nil {
		t.Error(err)
	}
}
