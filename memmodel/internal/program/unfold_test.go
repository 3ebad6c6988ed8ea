package program

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
)

// The cells of the programs below: x and y, and p, which points to x. Between
// variables there is a gap.
const (
	cellX = 0
	cellY = 2
	cellP = 4
)

func cells() []Cell {
	return []Cell{{Name: "x"}, {}, {Name: "y"}, {}, {Name: "p", Init: AddrOf(cellX)}}
}

func num(k int64) *Expr                { return &Expr{Op: Const, K: k} }
func reg(r Reg) *Expr                  { return &Expr{Op: Load, R: r} }
func bin(op ExprOp, a, b *Expr) *Expr  { return &Expr{Op: op, A: a, B: b} }
func readOf(dst Reg, addr *Expr) Instr { return Instr{Kind: graph.Read, Dst: dst, Addr: addr} }
func writeOf(addr, val *Expr) Instr {
	return Instr{Kind: graph.Write, Dst: NoReg, Addr: addr, Val: val}
}
func at(cell int) *Expr { return num(AddrOf(cell)) }

func unfoldAll(t *testing.T, p *Program) [][]*Path {
	t.Helper()
	paths, err := p.UnfoldAll(2, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// unfold words the paths of a thread, one a line: its events, dependencies as
// letters and the events they are from and to, and how it ends.
func unfold(t *testing.T, p *Program) string {
	t.Helper()
	var out []string
	for _, path := range unfoldAll(t, p)[0] {
		var words []string
		for i, e := range path.Events {
			w := fmt.Sprintf("%c%s", "RWF"[e.Kind], p.Cells[e.Loc].Name)
			if e.Kind == graph.Write {
				if t := path.Syms[path.Write[i]]; t.Op == Const {
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
		instr []Instr
		want  []string
	}{
		{"a dependency without an effect", []Instr{
			readOf(0, at(cellX)),
			writeOf(at(cellY), bin(Add, num(1), bin(Xor, reg(0), reg(0)))),
		}, []string{"Rx Wy=1 data01"}},
		{"a branch that joins", []Instr{
			readOf(0, at(cellX)),
			{Op: Branch, Val: reg(0), Target: 3, Join: 3},
			writeOf(at(cellY), num(1)),
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Wx=1", "Rx Wy=1 Wx=1 ctrl01"}},
		{"control through a register", []Instr{
			readOf(0, at(cellX)),
			{Op: Branch, Val: reg(0), Target: 3, Join: 4},
			{Op: Assign, Dst: 1, Val: num(1)},
			{Op: Assign, Dst: 1, Val: num(1)},
			{Op: Branch, Val: bin(Eq, reg(1), num(0)), Target: 6, Join: 6},
			writeOf(at(cellY), num(1)),
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Wy=1 Wx=1 ctrl01", "Rx Wy=1 Wx=1 ctrl01"}},
		{"a branch that no value takes", []Instr{
			readOf(0, at(cellX)),
			{Op: Branch, Val: bin(Eq, reg(0), num(7)), Target: 3, Join: 3},
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Wx=1 ctrl01"}},
		{"a branch that only its own write takes", []Instr{
			readOf(0, at(cellX)),
			{Op: Branch, Val: bin(Ne, reg(0), num(7)), Target: 3, Join: 3},
			writeOf(at(cellX), num(7)),
		}, []string{"Rx", "Rx Wx=7 ctrl01"}},
		{"a pointer", []Instr{
			readOf(0, at(cellP)),
			readOf(1, reg(0)),
			writeOf(at(cellP), at(cellY)),
		}, []string{"Rp Rx Wp=1099511627778 addr01", "Rp Ry Wp=1099511627778 addr01"}},
		{"a pointer to nothing", []Instr{
			readOf(0, at(cellX)),
			readOf(1, bin(Add, at(cellX), reg(0))),
			writeOf(at(cellX), num(1)),
		}, []string{"Rx fault1099511627777", "Rx Rx Wx=1 addr01"}},
		{"division", []Instr{
			readOf(0, at(cellX)),
			writeOf(at(cellY), bin(Div, num(4), reg(0))),
			writeOf(at(cellX), num(0)),
		}, []string{""}},
		{"a loop that waits", []Instr{
			readOf(0, at(cellX)),
			{Op: Branch, Val: bin(Eq, reg(0), num(0)), Target: 0, Join: 2},
			writeOf(at(cellX), num(1)),
		}, []string{"Rx Rx Rx ctrl01 ctrl02 ctrl12 cut", "Rx Rx Rx Wx=1 ctrl01 ctrl02 ctrl12",
			"Rx Rx Wx=1 ctrl01", "Rx Wx=1"}},
		{"a loop that counts", []Instr{
			{Op: Assign, Dst: 0, Val: bin(Add, reg(0), num(1))},
			writeOf(at(cellX), reg(0)),
			{Op: Branch, Val: bin(Lt, reg(0), num(5)), Target: 0, Join: 3},
		}, []string{"Wx=1 Wx=2 Wx=3 Wx=4 Wx=5"}},
		{"two ways and an assumption", []Instr{
			readOf(0, at(cellX)),
			{Op: Fork, Target: 5},
			{Op: Assume, Val: bin(Eq, reg(0), num(0))},
			{Kind: graph.Write, RMW: true, Dst: NoReg, Addr: at(cellX), Val: num(1)},
			{Op: Jump, Target: 6},
			{Op: Assume, Val: bin(Ne, reg(0), num(0))},
		}, []string{"Rx", "Rx Wx=1 rmw01"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := &Program{Cells: cells(), Threads: []Thread{{Regs: []string{"r0", "r1"}, Init: []int64{0, 0}, Instr: test.instr}}}
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
	increment := []Instr{readOf(0, at(cellX)), writeOf(at(cellX), bin(Add, reg(0), num(1))),
		{Op: Branch, Val: bin(Gt, reg(0), num(40)), Target: 2, Join: 3}}
	p := &Program{Cells: cells()}
	for range 3 {
		p.Threads = append(p.Threads, Thread{Regs: []string{"r0"}, Init: []int64{0}, Instr: increment})
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
	var instr []Instr
	for i := range 40 {
		instr = append(instr, readOf(0, at(cellX)),
			Instr{Op: Branch, Val: reg(0), Target: 3*i + 3, Join: 3*i + 3}, writeOf(at(cellX), num(1)))
	}
	p := &Program{Cells: cells(), Threads: []Thread{{Name: "P0", Regs: []string{"r0"}, Init: []int64{0}, Instr: instr}}}
	_, err := p.UnfoldAll(2, func() error { return nil })
	if many := new(TooManyPaths); !errors.As(err, &many) || many.Thread != "P0" {
		t.Errorf("40 branches: %v", err)
	}
	stop := errors.New("stop")
	if _, err := p.UnfoldAll(2, func() error { return stop }); err != stop {
		t.Errorf("told to stop: %v", err)
	}
}

func TestBadAddress(t *testing.T) {
	var err error = &BadAddress{Pos: graph.Pos{File: "a.litmus", Line: 3, Col: 5}, Text: "*r1 = 0", Addr: 0}
	var bad *BadAddress
	if !errors.As(err, &bad) || err.Error() != "a.litmus:3:5: *r1 = 0 accesses address 0, which is no variable's" {
		t.Error(err)
	}
}

func TestApply(t *testing.T) {
	tests := []struct {
		op      ExprOp
		a, b, c int64
		want    int64
		ok      bool
	}{
		{Add, 2, 3, 0, 5, true}, {Sub, 2, 3, 0, -1, true}, {Mul, 2, 3, 0, 6, true},
		{Div, 7, 2, 0, 3, true}, {Div, -7, 2, 0, -3, true}, {Div, 1, 0, 0, 0, false},
		{Mod, 7, 4, 0, 3, true}, {Mod, 7, 0, 0, 0, false},
		{And, 6, 3, 0, 2, true}, {Or, 6, 3, 0, 7, true}, {Xor, 6, 3, 0, 5, true},
		{Shl, 1, 4, 0, 16, true}, {Shr, -16, 2, 0, -4, true},
		{Eq, 1, 1, 0, 1, true}, {Ne, 1, 1, 0, 0, true}, {Lt, 1, 2, 0, 1, true}, {Le, 2, 2, 0, 1, true},
		{Gt, 1, 2, 0, 0, true}, {Ge, 2, 2, 0, 1, true},
		{LAnd, 2, 4, 0, 1, true}, {LOr, 0, 0, 0, 0, true}, {Not, 0, 0, 0, 1, true}, {Inv, 0, 0, 0, -1, true},
		{Neg, 5, 0, 0, -5, true}, {Cond, 1, 5, 6, 5, true}, {Cond, 0, 5, 6, 6, true},
	}
	for _, test := range tests {
		got, ok := apply(test.op, test.a, test.b, test.c)
		if got != test.want || ok != test.ok {
			t.Errorf("op %d of %d, %d, %d is %d, %v; want %d, %v", test.op, test.a, test.b, test.c, got, ok, test.want, test.ok)
		}
	}
}
