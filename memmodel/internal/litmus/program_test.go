package litmus

import (
	"testing"

	"crosscall/memmodel/internal/ir"
)

// checkProgram checks that a program keeps what package ir asks for.
func checkProgram(t *testing.T, test *ir.Test) {
	t.Helper()
	for i := range test.Prog.Threads {
		checkThread(t, &test.Prog.Threads[i])
	}
	if len(test.Observed) != len(test.ObservedNames) {
		t.Errorf("%d observed, %d names", len(test.Observed), len(test.ObservedNames))
	}
	for o := range test.Observed {
		checkObs(t, test.Prog, test.Observed[o])
		test.FormatValue(o, ir.AddrOf(len(test.Prog.Cells)), true)
	}
}

func checkObs(t *testing.T, p *ir.Program, o ir.Obs) {
	switch {
	case o.Kind == ir.CellObs && (o.Cell >= len(p.Cells) || p.Cells[o.Cell].Name == ""):
		t.Errorf("no cell %d", o.Cell)
	case o.Kind == ir.RegObs && int(o.Reg) >= len(p.Threads[o.Thread].Regs):
		t.Errorf("no register %d in thread %d", o.Reg, o.Thread)
	}
}

func checkThread(t *testing.T, th *ir.Thread) {
	if len(th.Regs) != len(th.Init) {
		t.Errorf("%s: %d registers, %d initial values", th.Name, len(th.Regs), len(th.Init))
	}
	lastRead := -1
	for i := range th.Instr {
		in := &th.Instr[i]
		for _, e := range []*ir.Expr{in.Addr, in.Val} {
			checkExpr(t, th, e)
		}
		switch in.Op {
		case ir.Do:
			if (in.Addr == nil) && (in.Kind.Reads() || in.Kind.Writes()) || in.Kind.Writes() != (in.Val != nil) {
				t.Errorf("%s: instruction %d lacks an operand: %+v", th.Name, i, in)
			}
			if in.Kind.Reads() {
				lastRead = i
			}
			if in.RMW && lastRead < 0 {
				t.Errorf("%s: instruction %d has no read half", th.Name, i)
			}
		case ir.Branch, ir.Jump, ir.Fork:
			if in.Target < 0 || in.Target > len(th.Instr) || in.Op != ir.Jump && in.Target <= i {
				t.Errorf("%s: instruction %d goes to %d", th.Name, i, in.Target)
			}
			if in.Op == ir.Branch && (in.Join < in.Target || in.Join > len(th.Instr)) {
				t.Errorf("%s: branch %d to %d joins at %d", th.Name, i, in.Target, in.Join)
			}
		}
		if in.Pos.Line < 1 || in.Text == "" {
			t.Errorf("%s: instruction %d comes from nowhere", th.Name, i)
		}
	}
}

func checkExpr(t *testing.T, th *ir.Thread, e *ir.Expr) {
	if e == nil {
		return
	}
	if e.Op == ir.Load && (e.R < 0 || int(e.R) >= len(th.Regs)) {
		t.Errorf("%s: no register %d", th.Name, e.R)
	}
	if e.Op == ir.Cond && (e.A == nil || e.B == nil || e.C == nil) {
		t.Errorf("%s: half a condition", th.Name)
	}
	checkExpr(t, th, e.A)
	checkExpr(t, th, e.B)
	checkExpr(t, th, e.C)
}
