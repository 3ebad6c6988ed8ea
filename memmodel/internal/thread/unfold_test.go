package thread

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// The cells of the programs below: x and y, and p, which points to x. Between
// variables there is a gap.
const (
	cellX = 0
	cellY = 2
	cellP = 4
)

func cells() []ir.Cell {
	return []ir.Cell{{Name: "x"}, {}, {Name: "y"}, {}, {Name: "p", Init: ir.AddrOf(cellX)}}
}

func num(k int64) *ir.Expr  { return &ir.Expr{Op: ir.Const, K: k} }
func reg(r ir.Reg) *ir.Expr { return &ir.Expr{Op: ir.Load, R: r} }
func bin(op ir.ExprOp, a, b *ir.Expr) *ir.Expr {
	return &ir.Expr{Op: op, A: a, B: b}
}
func readOf(dst ir.Reg, addr *ir.Expr) ir.Instr {
	return ir.Instr{Kind: graph.Read, Dst: dst, Addr: addr}
}
func writeOf(addr, val *ir.Expr) ir.Instr {
	return ir.Instr{Kind: graph.Write, Dst: ir.NoReg, Addr: addr, Val: val}
}
func at(cell int) *ir.Expr { return num(ir.AddrOf(cell)) }

func unfoldAll(t *testing.T, p *ir.Program) [][]*Path {
	t.Helper()
	paths, err := UnfoldAll(p, 2, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// unfold words the paths of a thread, one a line: its events, dependencies as
// letters and the events they are from and to, and how it ends.
func unfold(t *testing.T, p *ir.Program) string {
	t.Helper()
	var out []string
	for _, path := range unfoldAll(t, p)[0] {
		var words []string
		for i, e := range path.Events {
			w := fmt.Sprintf("%c%s", "RWF"[e.Kind], p.Cells[e.Loc].Name)
			if e.Kind == graph.Write {
				if t := path.Syms[path.Write[i]]; t.Op == ir.Const {
					w += fmt.Sprint("=", t.K)
				}
			}
			words = append(words, w)
		}
		for _, d := range []struct {
			name  string
			edges []graph.Edge
		}{{"addr", path.Addr}, {"data", path.Data}, {"ctrl", path.Ctrl}, {"rmw", path.RMW}} {
			for _, e := range d.edges {
				words = append(words, fmt.Sprintf("%s%d%d", d.name, e.From, e.To))
			}
		}
		if path.Cut != nil {
			words = append(words, "cut")
		}
		if path.Fault != nil {
			words = append(words, fmt.Sprint("fault", path.Fault.Addr))
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, "\n")
}

func TestUnfold(t *testing.T) {
	tests := []struct {
		name  string
		instr []ir.Instr
		want  []string
	}{
		{"a dependency without an effect", []ir.Instr{
			readOf(0, at(cellX)),
			writeOf(at(cellY), bin(ir.Add, num(1), bin(ir.Xor, reg(0), reg(0)))),
		}, []string{"Rx Wy=1 data01"}},
		{"a branch that joins", []ir.Instr{
			readOf(0, at(cellX)),
			{Op: ir.Branch, Val: reg(0), Target: 3, Join: 3},
			writeOf(at(cellY), num(1)),
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Wx=1", "Rx Wy=1 Wx=1 ctrl01"}},
		{"control through a register", []ir.Instr{
			readOf(0, at(cellX)),
			{Op: ir.Branch, Val: reg(0), Target: 3, Join: 4},
			{Op: ir.Assign, Dst: 1, Val: num(1)},
			{Op: ir.Assign, Dst: 1, Val: num(1)},
			{Op: ir.Branch, Val: bin(ir.Eq, reg(1), num(0)), Target: 6, Join: 6},
			writeOf(at(cellY), num(1)),
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Wy=1 Wx=1 ctrl01", "Rx Wy=1 Wx=1 ctrl01"}},
		{"a branch that no value takes", []ir.Instr{
			readOf(0, at(cellX)),
			{Op: ir.Branch, Val: bin(ir.Eq, reg(0), num(7)), Target: 3, Join: 3},
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Wx=1 ctrl01"}},
		{"a branch that only its own write takes", []ir.Instr{
			readOf(0, at(cellX)),
			{Op: ir.Branch, Val: bin(ir.Ne, reg(0), num(7)), Target: 3, Join: 3},
			writeOf(at(cellX), num(7)),
		}, []string{"Rx", "Rx Wx=7 ctrl01"}},
		{"a pointer", []ir.Instr{
			readOf(0, at(cellP)),
			readOf(1, reg(0)),
			writeOf(at(cellP), at(cellY)),
		}, []string{"Rp Rx Wp=1099511627778 addr01", "Rp Ry Wp=1099511627778 addr01"}},
		{"a pointer to nothing", []ir.Instr{
			readOf(0, at(cellX)),
			readOf(1, bin(ir.Add, at(cellX), reg(0))),
			writeOf(at(cellX), num(1)),
		}, []string{"Rx fault1099511627777", "Rx Rx Wx=1 addr01"}},
		{"division", []ir.Instr{
			readOf(0, at(cellX)),
			writeOf(at(cellY), bin(ir.Div, num(4), reg(0))),
			writeOf(at(cellX), num(0)),
		}, []string{""}},
		{"a loop that waits", []ir.Instr{
			readOf(0, at(cellX)),
			{Op: ir.Branch, Val: bin(ir.Eq, reg(0), num(0)), Target: 0, Join: 2},
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Rx Rx ctrl01 ctrl02 ctrl12 cut", "Rx Rx Rx Wx=1 ctrl01 ctrl02 ctrl12",
			"Rx Rx Wx=1 ctrl01", "Rx Wx=1"}},
		{"a loop that counts", []ir.Instr{
			{Op: ir.Assign, Dst: 0, Val: bin(ir.Add, reg(0), num(1))},
			writeOf(at(cellX), reg(0)),
			{Op: ir.Branch, Val: bin(ir.Lt, reg(0), num(5)), Target: 0, Join: 3},
		}, []string{"Wx=1 Wx=2 Wx=3 Wx=4 Wx=5"}},
		{"two ways and an assumption", []ir.Instr{
			readOf(0, at(cellX)),
			{Op: ir.Fork, Target: 5},
			{Op: ir.Assume, Val: bin(ir.Eq, reg(0), num(0))},
			{Kind: graph.Write, RMW: true, Dst: ir.NoReg, Addr: at(cellX), Val: num(1)},
			{Op: ir.Jump, Target: 6},
			{Op: ir.Assume, Val: bin(ir.Ne, reg(0), num(0))},
		}, []string{"Rx", "Rx Wx=1 rmw01"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &ir.Program{Cells: cells(), Threads: []ir.Thread{{Regs: []string{"r0", "r1"}, Init: []int64{0, 0}, Instr: test.instr}}}
			want := strings.Join(test.want, "\n")
			if got := unfold(t, p); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestDomainRounds: a counter has as many values as there are increments, not
// as many as it takes to give up.
func TestDomainRounds(t *testing.T) {
	increment := []ir.Instr{readOf(0, at(cellX)), writeOf(at(cellX), bin(ir.Add, reg(0), num(1))),
		{Op: ir.Branch, Val: bin(ir.Gt, reg(0), num(40)), Target: 2, Join: 3}}
	p := &ir.Program{Cells: cells()}
	for range 3 {
		p.Threads = append(p.Threads, ir.Thread{Regs: []string{"r0"}, Init: []int64{0}, Instr: increment})
	}
	for t2, list := range unfoldAll(t, p) {
		if len(list) != 1 {
			t.Errorf("thread %d has %d paths, want 1: no count can exceed 40", t2, len(list))
		}
	}
}

// TestTooManyPaths: forty branches are an error, at once, and so is being told
// to stop.
func TestTooManyPaths(t *testing.T) {
	var instr []ir.Instr
	for i := range 40 {
		instr = append(instr, readOf(0, at(cellX)),
			ir.Instr{Op: ir.Branch, Val: reg(0), Target: 3*i + 3, Join: 3*i + 3}, writeOf(at(cellX), num(1)))
	}
	p := &ir.Program{Cells: cells(), Threads: []ir.Thread{{Name: "P0", Regs: []string{"r0"}, Init: []int64{0}, Instr: instr}}}
	_, err := UnfoldAll(p, 2, func() error { return nil })
	if many := new(TooManyPaths); !errors.As(err, &many) || many.Thread != "P0" {
		t.Errorf("40 branches: %v", err)
	}
	stop := errors.New("stop")
	if _, err := UnfoldAll(p, 2, func() error { return stop }); err != stop {
		t.Errorf("told to stop: %v", err)
	}
}

func TestBadAddress(t *testing.T) {
	var err error = &ir.BadAddress{Pos: graph.Pos{File: "a.litmus", Line: 3, Col: 5}, Text: "*r1 = 0", Addr: 0}
	var bad *ir.BadAddress
	if !errors.As(err, &bad) || err.Error() != "a.litmus:3:5: *r1 = 0 accesses address 0, which is no variable's" {
		t.Error(err)
	}
}

func TestApply(t *testing.T) {
	tests := []struct {
		op      ir.ExprOp
		a, b, c int64
		want    int64
		ok      bool
	}{
		{ir.Add, 2, 3, 0, 5, true}, {ir.Sub, 2, 3, 0, -1, true}, {ir.Mul, 2, 3, 0, 6, true},
		{ir.Div, 7, 2, 0, 3, true}, {ir.Div, -7, 2, 0, -3, true}, {ir.Div, 1, 0, 0, 0, false},
		{ir.Mod, 7, 4, 0, 3, true}, {ir.Mod, 7, 0, 0, 0, false},
		{ir.And, 6, 3, 0, 2, true}, {ir.Or, 6, 3, 0, 7, true}, {ir.Xor, 6, 3, 0, 5, true},
		{ir.Shl, 1, 4, 0, 16, true}, {ir.Shr, -16, 2, 0, -4, true},
		{ir.Eq, 1, 1, 0, 1, true}, {ir.Ne, 1, 1, 0, 0, true}, {ir.Lt, 1, 2, 0, 1, true}, {ir.Le, 2, 2, 0, 1, true},
		{ir.Gt, 1, 2, 0, 0, true}, {ir.Ge, 2, 2, 0, 1, true},
		{ir.LAnd, 2, 4, 0, 1, true}, {ir.LOr, 0, 0, 0, 0, true}, {ir.Not, 0, 0, 0, 1, true}, {ir.Inv, 0, 0, 0, -1, true},
		{ir.Neg, 5, 0, 0, -5, true}, {ir.Cond, 1, 5, 6, 5, true}, {ir.Cond, 0, 5, 6, 6, true},
	}
	for _, test := range tests {
		got, ok := test.op.Apply(test.a, test.b, test.c)
		if got != test.want || ok != test.ok {
			t.Errorf("op %d of %d, %d, %d is %d, %v; want %d, %v", test.op, test.a, test.b, test.c, got, ok, test.want, test.ok)
		}
	}
}
