package litmus

import (
	"fmt"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/ir"
)

// dump prints a test as people can read it.
func dump(t *ir.Test) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", t.Arch, t.Name)
	for i, c := range t.Prog.Cells {
		lock := ""
		if c.Lock {
			lock = " lock"
		}
		if c.Name == "" {
			continue
		}
		fmt.Fprintf(&b, "cell %d %s = %s%s\n", i, c.Name, constText(t.Prog, c.Init), lock)
	}
	for i := range t.Prog.Threads {
		dumpThread(&b, t.Prog, i)
	}
	if t.Filter != nil {
		fmt.Fprintf(&b, "filter %s\n", propText(t.Prog, t.Filter))
	}
	fmt.Fprintf(&b, "condition %s\n", propText(t.Prog, t.Cond))
	fmt.Fprintf(&b, "herd: %s\n", t.CondText)
	fmt.Fprintf(&b, "observed: %s\n", strings.Join(t.ObservedNames, " "))
	return b.String()
}

func dumpThread(b *strings.Builder, p *ir.Program, i int) {
	th := &p.Threads[i]
	fmt.Fprintf(b, "%s\n", th.Name)
	for r, v := range th.Init {
		if v != 0 {
			fmt.Fprintf(b, "  %s = %s\n", th.Regs[r], constText(p, v))
		}
	}
	for n := range th.Instr {
		in := &th.Instr[n]
		fmt.Fprintf(b, "  %2d %-60s | %d:%d %s\n", n, instrText(p, th, in), in.Pos.Line, in.Pos.Col, in.Text)
	}
}

func instrText(p *ir.Program, th *ir.Thread, in *ir.Instr) string {
	val := func() string { return valueText(p, th, in.Val) }
	switch in.Op {
	case ir.Assign:
		return fmt.Sprintf("%s := %s", th.Regs[in.Dst], val())
	case ir.Branch:
		return fmt.Sprintf("branch %d if %s join %d", in.Target, val(), in.Join)
	case ir.Jump:
		return fmt.Sprintf("jump %d", in.Target)
	case ir.Fork:
		return fmt.Sprintf("fork %d", in.Target)
	case ir.Assume:
		return "assume " + val()
	case ir.Assert:
		return "assert " + val()
	}
	names := [...]string{graph.Read: "R", graph.Write: "W", graph.Fence: "F", graph.LockRead: "LKR", graph.LockWrite: "LKW",
		graph.Unlock: "UL", graph.LockFail: "LF", graph.SeeLock: "RL", graph.SeeFree: "RU"}
	s := names[in.Kind]
	if len(in.Tags) > 0 {
		s += "[" + strings.Join(in.Tags, ",") + "]"
	}
	if in.RMW {
		s += " rmw"
	}
	if in.Addr != nil {
		s += " " + valueText(p, th, in.Addr)
	}
	if in.Val != nil {
		s += " <- " + val()
	}
	if in.Kind.Reads() && in.Dst != ir.NoReg {
		s += " -> " + th.Regs[in.Dst]
	}
	return s
}

func constText(p *ir.Program, v int64) string {
	if c := v - ir.AddrBase; c >= 0 && c < int64(len(p.Cells)) {
		return "&" + p.Cells[c].Name
	}
	return fmt.Sprint(v)
}

func valueText(p *ir.Program, th *ir.Thread, e *ir.Expr) string {
	switch e.Op {
	case ir.Const:
		return constText(p, e.K)
	case ir.Load:
		return th.Regs[e.R]
	case ir.Cond:
		return fmt.Sprintf("(%s ? %s : %s)", valueText(p, th, e.A), valueText(p, th, e.B), valueText(p, th, e.C))
	}
	if e.B == nil {
		return operatorText(e.Op) + valueText(p, th, e.A)
	}
	return fmt.Sprintf("(%s %s %s)", valueText(p, th, e.A), operatorText(e.Op), valueText(p, th, e.B))
}

func propText(p *ir.Program, q *ir.Prop) string {
	obs := func(o ir.Obs) string {
		switch o.Kind {
		case ir.RegObs:
			return fmt.Sprintf("%d:%s", o.Thread, p.Threads[o.Thread].Regs[o.Reg])
		case ir.CellObs:
			return "[" + p.Cells[o.Cell].Name + "]"
		}
		return constText(p, o.K)
	}
	var kids []string
	for _, k := range q.Kids {
		kids = append(kids, propText(p, k))
	}
	switch q.Op {
	case ir.True:
		return "true"
	case ir.All:
		return "all(" + strings.Join(kids, ", ") + ")"
	case ir.Any:
		return "any(" + strings.Join(kids, ", ") + ")"
	case ir.NotProp:
		return "not(" + kids[0] + ")"
	case ir.NeAtom:
		return obs(q.Left) + " != " + obs(q.Right)
	}
	return obs(q.Left) + " " + condition.CmpText(q.Op) + " " + obs(q.Right)
}
