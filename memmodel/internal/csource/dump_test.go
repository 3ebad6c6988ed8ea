package csource_test

import (
	"fmt"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// dump writes a program for golden files: cells that can be accessed, objects,
// and the code of each thread.
func dump(p *ir.Program) string {
	var b strings.Builder
	for i, c := range p.Cells {
		if c.Name == "" {
			continue
		}
		fmt.Fprintf(&b, "%d %s = %s", i, c.Name, number(c.Init))
		for _, flag := range []struct {
			set  bool
			name string
		}{{c.Lock, "lock"}, {c.Private, "private"}, {c.Heap, "heap"}, {c.Uninit, "uninit"}} {
			if flag.set {
				b.WriteString(" " + flag.name)
			}
		}
		if c.Class != 0 {
			fmt.Fprintf(&b, " class %d", c.Class)
		}
		b.WriteByte('\n')
	}
	for i, o := range p.Objects {
		fmt.Fprintf(&b, "object %d: %d, %d bytes\n", i, o.Cell, o.Size)
	}
	for i := range p.Threads {
		dumpThread(&b, p, &p.Threads[i])
	}
	if p.Final != nil {
		dumpThread(&b, p, p.Final)
	}
	return b.String()
}

func dumpThread(b *strings.Builder, p *ir.Program, th *ir.Thread) {
	fmt.Fprintf(b, "%s:\n", th.Name)
	for r, v := range th.Init {
		if v != 0 {
			fmt.Fprintf(b, "\t%s = %s\n", th.Regs[r], number(v))
		}
	}
	targets := make(map[int]bool)
	for _, in := range th.Instr {
		switch in.Op {
		case ir.Branch:
			targets[in.Target], targets[in.Join] = true, true
		case ir.Jump, ir.Fork:
			targets[in.Target] = true
		}
	}
	for i, in := range th.Instr {
		mark := "\t"
		if targets[i] {
			mark = fmt.Sprintf("%d:\t", i)
		}
		fmt.Fprintf(b, "%s%s", mark, instruction(p, th, &in))
		if in.Class != 0 {
			fmt.Fprintf(b, " class %d", in.Class)
		}
		fmt.Fprintf(b, "\t; %d %s\n", in.Pos.Line, in.Text)
	}
	if targets[len(th.Instr)] {
		fmt.Fprintf(b, "%d:\n", len(th.Instr))
	}
}

var kinds = map[graph.Kind]string{
	graph.Read: "R", graph.Write: "W", graph.Fence: "F", graph.LockRead: "LKR", graph.LockWrite: "LKW",
	graph.Unlock: "UL", graph.LockFail: "LF", graph.SeeLock: "RL", graph.SeeFree: "RU",
}

func instruction(p *ir.Program, th *ir.Thread, in *ir.Instr) string {
	e := func(x *ir.Expr) string { return expr2text(p, th, x) }
	switch in.Op {
	case ir.Do:
		s := kinds[in.Kind]
		if in.RMW {
			s += "*"
		}
		if len(in.Tags) > 0 {
			s += "{" + strings.Join(in.Tags, ",") + "}"
		}
		if in.Kind.Reads() && in.Dst != ir.NoReg {
			s = th.Regs[in.Dst] + " = " + s
		}
		if in.Addr != nil {
			s += " " + e(in.Addr)
		}
		if in.Val != nil {
			s += " := " + e(in.Val)
		}
		return s
	case ir.Assign:
		return th.Regs[in.Dst] + " = " + e(in.Val)
	case ir.Branch:
		return fmt.Sprintf("if %s goto %d, join %d", e(in.Val), in.Target, in.Join)
	case ir.Jump:
		return fmt.Sprintf("goto %d", in.Target)
	case ir.Fork:
		return fmt.Sprintf("or goto %d", in.Target)
	case ir.Assume:
		return "assume " + e(in.Val)
	case ir.Assert:
		return "assert " + e(in.Val)
	case ir.Alloc:
		return fmt.Sprintf("%s = alloc %v", th.Regs[in.Dst], in.Objects)
	case ir.Free:
		return "free " + e(in.Addr)
	}
	return "idle"
}

var operators = map[ir.ExprOp]string{
	ir.Add: "+", ir.Sub: "-", ir.Mul: "*", ir.Div: "/", ir.Mod: "%", ir.And: "&", ir.Or: "|",
	ir.Xor: "^", ir.Shl: "<<", ir.Shr: ">>", ir.Eq: "==", ir.Ne: "!=", ir.Lt: "<", ir.Le: "<=",
	ir.Gt: ">", ir.Ge: ">=", ir.LAnd: "&&", ir.LOr: "||", ir.Not: "!", ir.Inv: "~", ir.Neg: "-",
}

func expr2text(p *ir.Program, th *ir.Thread, e *ir.Expr) string {
	switch e.Op {
	case ir.Const:
		if c := e.K - ir.AddrBase; c >= 0 && c < int64(len(p.Cells)) && p.Cells[c].Name != "" {
			return "&" + p.Cells[c].Name
		}
		return number(e.K)
	case ir.Load:
		return th.Regs[e.R]
	case ir.Cond:
		return fmt.Sprintf("(%s ? %s : %s)", expr2text(p, th, e.A), expr2text(p, th, e.B), expr2text(p, th, e.C))
	case ir.Not, ir.Inv, ir.Neg:
		return operators[e.Op] + expr2text(p, th, e.A)
	}
	return "(" + expr2text(p, th, e.A) + " " + operators[e.Op] + " " + expr2text(p, th, e.B) + ")"
}

// number writes an address as cell @n.
func number(k int64) string {
	if c := k - ir.AddrBase; c >= 0 && c < 1<<20 {
		return fmt.Sprintf("@%d", c)
	}
	return fmt.Sprint(k)
}
