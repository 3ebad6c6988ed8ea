package thread

import (
	"slices"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"

	"pgregory.net/rapid"
)

// runner returns a Runner of the only thread of a program whose loops wait.
func runner(code ...ir.Instr) *Runner {
	p := &ir.Program{Cells: cells(), Waits: true, Threads: []ir.Thread{{Name: "P0", Regs: []string{"r0", "r1"}, Init: []int64{0, 0}, Instr: code}}}
	return NewRunner(NewFlow(p, 0, true), 0, 2)
}

// returns is what reads return: values, in the order of events; -1 is none yet.
func returns(values ...int64) func(int) (int64, bool) {
	return func(e int) (int64, bool) {
		if e >= len(values) || values[e] < 0 {
			return 0, false
		}
		return values[e], true
	}
}

// waitFor is while (READ_ONCE(*x) == 0).
func waitFor(cell int) []ir.Instr {
	return []ir.Instr{
		readOf(0, at(cell)),
		{Op: ir.Branch, Val: bin(ir.Eq, reg(0), num(0)), Target: 0, Join: 2},
	}
}

func TestRunnerNeedsValue(t *testing.T) {
	r := runner(readOf(0, at(cellX)), ir.Instr{Op: ir.Branch, Val: reg(0), Target: 3, Join: 3}, writeOf(at(cellY), num(1)))
	r.Run(returns())
	if r.Status() != NeedsValue || r.Need() != 0 {
		t.Fatal(r.Status(), r.Need())
	}
	if !r.MayWrite(cellY) || r.MayWrite(cellX) {
		t.Error("it may write y, and nothing else")
	}
	for value, events := range map[int64]int{0: 2, 1: 1} {
		way := r.Clone()
		way.Run(returns(value))
		if way.Status() != Ended || len(way.Path().Events) != events || way.MayWrite(cellY) {
			t.Errorf("%d: %v, %v", value, way.Status(), way.Path().Events)
		}
	}
	if len(r.Path().Events) != 1 {
		t.Error("clones have changed what they are copies of")
	}
}

func TestRunnerWaits(t *testing.T) {
	r := runner(append(waitFor(cellX), writeOf(at(cellY), num(1)))...)
	r.Run(returns(0))
	if r.Status() != Waits || !slices.Equal(r.Path().Wait, []int{0}) {
		t.Error("an iteration that changes nothing waits:", r.Status(), r.Path().Wait)
	}
	r = runner(append(waitFor(cellX), writeOf(at(cellY), num(1)))...)
	r.Run(returns(1))
	if r.Status() != Ended || len(r.Path().Events) != 2 {
		t.Error(r.Status(), r.Path().Events)
	}
}

// r0 = 2; while (r0) { r0--; if (r0) {} y = 1; } has two rounds: a branch to the next instruction tells nothing.
func TestRunnerBranchesToNext(t *testing.T) {
	isZero := bin(ir.Eq, reg(0), num(0))
	r := runner(ir.Instr{Op: ir.Assign, Dst: 0, Val: num(2)},
		ir.Instr{Op: ir.Branch, Val: isZero, Target: 6, Join: 6},
		ir.Instr{Op: ir.Assign, Dst: 0, Val: bin(ir.Sub, reg(0), num(1))},
		ir.Instr{Op: ir.Branch, Val: isZero, Target: 4, Join: 4},
		writeOf(at(cellY), num(1)),
		ir.Instr{Op: ir.Jump, Target: 1})
	r.Run(returns())
	if r.Status() != Ended || len(r.Path().Events) != 2 {
		t.Error(r.Status(), r.Path().Events)
	}
}

// An iteration that counts changes something, and is cut at the bound.
func TestRunnerCutsOff(t *testing.T) {
	r := runner(readOf(0, at(cellX)),
		ir.Instr{Op: ir.Assign, Dst: 1, Val: bin(ir.Add, reg(1), num(1))},
		ir.Instr{Op: ir.Branch, Val: bin(ir.Lt, bin(ir.Add, reg(0), reg(1)), num(9)), Target: 0, Join: 3})
	r.Run(func(int) (int64, bool) { return 0, true })
	if r.Status() != CutOff || r.Path().Cut == nil {
		t.Error(r.Status())
	}
}

// compareAndSwap is cmpxchg(x, expected, v), the failure second.
func compareAndSwap(expected, v int64) []ir.Instr {
	swap := writeOf(at(cellX), num(v))
	swap.RMW = true
	return []ir.Instr{
		{Op: ir.Fork, Target: 5},
		readOf(0, at(cellX)),
		{Op: ir.Assume, Val: bin(ir.Eq, reg(0), num(expected))},
		swap,
		{Op: ir.Jump, Target: 7},
		readOf(0, at(cellX)),
		{Op: ir.Assume, Val: bin(ir.Ne, reg(0), num(expected))},
	}
}

func TestRunnerNeedsRMW(t *testing.T) {
	r := runner(compareAndSwap(1, 2)...)
	r.Run(returns())
	if r.Status() != NeedsRMW {
		t.Fatal(r.Status())
	}
	for v := range int64(3) {
		succeeds, fails := r.Ways()[0].Admits(v), r.Ways()[1].Admits(v)
		if succeeds != (v == 1) || fails != (v != 1) {
			t.Errorf("%d: succeeds %v, fails %v", v, succeeds, fails)
		}
	}
	if v, ok := r.Ways()[0].NextWrite(cellX); !ok || v != 2 {
		t.Error("the way that succeeds writes 2:", v, ok)
	}
	if _, ok := r.Ways()[1].NextWrite(cellX); ok {
		t.Error("the way that fails writes nothing")
	}
}

// keeps orders what it says.
type keeps struct{ control, fence bool }

func (k keeps) Fence([]string) bool              { return k.fence }
func (k keeps) Control() bool                    { return k.control }
func (k keeps) Address() bool                    { return true }
func (k keeps) Operation() bool                  { return true }
func (k keeps) Access(graph.Kind, []string) bool { return false }
func branchOver(target int) ir.Instr {
	return ir.Instr{Op: ir.Branch, Val: reg(0), Target: target, Join: target}
}
func fenceOf() ir.Instr { return ir.Instr{Kind: graph.Fence, Dst: ir.NoReg} }

// TestMayOvertake: a write behind the join of a branch may be performed before the branch
// is decided; one within not, where the model keeps control dependencies; none behind a
// fence that keeps order.
func TestMayOvertake(t *testing.T) {
	within := []ir.Instr{readOf(0, at(cellX)), branchOver(3), writeOf(at(cellY), num(1))}
	behind := []ir.Instr{readOf(0, at(cellX)), branchOver(2), writeOf(at(cellY), num(1))}
	fenced := []ir.Instr{readOf(0, at(cellX)), branchOver(2), fenceOf(), writeOf(at(cellY), num(1))}
	for _, test := range []struct {
		name string
		code []ir.Instr
		by   keeps
		want bool
	}{
		{"within", within, keeps{control: true}, false}, {"within, control not kept", within, keeps{}, true},
		{"behind", behind, keeps{control: true}, true},
		{"behind a fence", fenced, keeps{control: true, fence: true}, false}, {"behind a fence that keeps nothing", fenced, keeps{control: true}, true},
	} {
		r := runner(test.code...)
		r.Run(returns())
		if got := r.MayOvertake(r.Need(), []int{cellY}, test.by); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
		if r.MayOvertake(r.Need(), []int{cellP}, test.by) {
			t.Errorf("%s: no write to p can come", test.name)
		}
	}
}

// TestGuesses: each way demands the value that it is for.
func TestGuesses(t *testing.T) {
	r := runner(readOf(0, at(cellX)), branchOver(3), writeOf(at(cellY), num(1)))
	r.Run(returns())
	ways := r.Guesses()
	if len(ways) != 2 || r.Guessed() {
		t.Fatal(len(ways), r.Guessed())
	}
	for i, events := range []int{1, 2} {
		ways[i].Run(returns())
		p := ways[i].Path()
		if ways[i].Status() != Ended || len(p.Events) != events || len(p.Must) != 1 {
			t.Errorf("way %d: %v, %v, demands %v", i, ways[i].Status(), p.Events, p.Must)
		}
	}
}

// TestTwinInterpreter: a Runner whose reads return what a memory of its own would hold
// performs what the interpreter does.
func TestTwinInterpreter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := randomCode(t)
		p := &ir.Program{Cells: cells(), Threads: []ir.Thread{{Name: "P0", Regs: []string{"r0", "r1"}, Init: []int64{0, 1}, Instr: code}}}
		mem := make([]int64, len(p.Cells))
		for c := range mem {
			mem[c] = p.Cells[c].Init
		}
		in := interp.New(p, &p.Threads[0], mem)
		if _, err := in.Run(nil); err != nil {
			t.Skip(err)
		}
		r := NewRunner(NewFlow(p, 0, true), 0, 100)
		var value func(e int) (int64, bool)
		value = func(e int) (int64, bool) { return lastWritten(p, r.Path(), e, value), true }
		r.Run(value)
		if r.Status() != Ended {
			t.Fatalf("status %d of %v", r.Status(), code)
		}
		for i, want := range in.Regs() {
			if got, ok := r.Path().Eval(r.Path().Regs[i], value); !ok || got != want {
				t.Fatalf("register %d: %d, %v, want %d of %v", i, got, ok, want, code)
			}
		}
	})
}

// lastWritten is what the thread has written last to the cell of read e, before it.
func lastWritten(p *ir.Program, path *Path, e int, value func(int) (int64, bool)) int64 {
	for w := e - 1; w >= 0; w-- {
		if path.Events[w].Loc == path.Events[e].Loc && path.Write[w] != NoSym {
			v, _ := path.Eval(path.Write[w], value)
			return v
		}
	}
	return p.Cells[path.Events[e].Loc].Init
}

// randomCode draws statements on x and y, and branches forward.
func randomCode(t *rapid.T) (code []ir.Instr) {
	register := func() ir.Reg { return ir.Reg(rapid.IntRange(0, 1).Draw(t, "register")) }
	place := func() *ir.Expr { return at(rapid.SampledFrom([]int{cellX, cellY}).Draw(t, "cell")) }
	value := func() *ir.Expr {
		o := rapid.SampledFrom([]ir.ExprOp{ir.Add, ir.Xor, ir.Lt, ir.Eq, ir.Mul}).Draw(t, "operator")
		return bin(o, reg(register()), num(int64(rapid.IntRange(0, 2).Draw(t, "number"))))
	}
	for range rapid.IntRange(1, 8).Draw(t, "statements") {
		switch rapid.IntRange(0, 3).Draw(t, "statement") {
		case 0:
			code = append(code, readOf(register(), place()))
		case 1:
			code = append(code, writeOf(place(), value()))
		case 2:
			code = append(code, ir.Instr{Op: ir.Assign, Dst: register(), Val: value()})
		default:
			code = append(code, ir.Instr{Op: ir.Branch, Val: value(), Target: len(code) + 2, Join: len(code) + 2}, writeOf(place(), value()))
		}
	}
	return code
}

// TestFutureOfCounting: a loop that counts without end, until something is read, has more
// outlooks than can be looked at; and what it may write behind the loop is found all the same.
func TestFutureOfCounting(t *testing.T) {
	r := runner(
		readOf(0, at(cellX)),
		ir.Instr{Op: ir.Assign, Dst: 1, Val: bin(ir.Add, reg(1), num(1))},
		ir.Instr{Op: ir.Branch, Val: bin(ir.Ne, reg(0), reg(1)), Target: 0, Join: 3},
		writeOf(at(cellY), num(1)),
	)
	if n, ok := r.MostWrites(cellY); n != 1 || !ok {
		t.Errorf("%d writes to y, known %t; want 1", n, ok)
	}
	if n, ok := r.MostWrites(cellP); n != 0 || !ok {
		t.Errorf("%d writes to p, known %t; want none", n, ok)
	}
}
