package oracle

import (
	"fmt"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// Text lists p for people, to report a difference.
func Text(p *ir.Program) string {
	var b strings.Builder
	for _, c := range p.Cells {
		fmt.Fprintf(&b, "%s=%d ", c.Name, c.Init-truth(c.Init >= ir.AddrBase)*ir.AddrBase)
	}
	for t, th := range p.Threads {
		fmt.Fprintf(&b, "\nP%d %v", t, th.Init)
		for i, in := range th.Instr {
			fmt.Fprintf(&b, "\n  %2d  %s", i, instr(p, in))
		}
	}
	return b.String()
}

func instr(p *ir.Program, in ir.Instr) string {
	val := ""
	if in.Val != nil {
		val = " " + text(p, in.Val)
	}
	switch in.Op {
	case ir.Assign:
		return fmt.Sprintf("r%d =%s", in.Dst, val)
	case ir.Branch:
		return fmt.Sprintf("if%s goto %d, join %d", val, in.Target, in.Join)
	case ir.Jump:
		return fmt.Sprintf("goto %d", in.Target)
	case ir.Fork:
		return fmt.Sprintf("fork %d", in.Target)
	case ir.Assume:
		return "assume" + val
	case ir.Assert:
		return "assert" + val
	case ir.Alloc:
		return fmt.Sprintf("r%d = alloc %v", in.Dst, in.Objects)
	case ir.Free:
		return "free *" + text(p, in.Addr)
	case ir.Idle:
		return "idle"
	case ir.Exit:
		return "exit"
	case ir.Lapse:
		return "lapse"
	}
	s := kindNames[in.Kind] + fmt.Sprint(in.Tags)
	if in.RMW {
		s += " rmw"
	}
	if in.Addr != nil {
		s += " *" + text(p, in.Addr)
	}
	if in.Val != nil {
		s += " =" + val
	}
	if in.Kind == graph.Read {
		s = fmt.Sprintf("r%d = %s", in.Dst, s)
	}
	return s
}

var kindNames = [...]string{
	graph.Read: "R", graph.Write: "W", graph.Fence: "F", graph.LockRead: "LKR", graph.LockWrite: "LKW",
	graph.Unlock: "UL", graph.LockFail: "LF", graph.SeeLock: "RL", graph.SeeFree: "RU",
}

var exprNames = [...]string{
	ir.Add: "+", ir.Sub: "-", ir.Mul: "*", ir.Div: "/", ir.Mod: "%", ir.And: "&",
	ir.Or: "|", ir.Xor: "^", ir.Shl: "<<", ir.Shr: ">>", ir.Eq: "==", ir.Ne: "!=",
	ir.Lt: "<", ir.Le: "<=", ir.Gt: ">", ir.Ge: ">=", ir.LAnd: "&&", ir.LOr: "||",
	ir.Not: "!", ir.Inv: "~", ir.Neg: "-",
}

func text(p *ir.Program, e *ir.Expr) string {
	switch {
	case e.Op == ir.Const && e.K >= ir.AddrBase:
		return "&" + p.Cells[e.K-ir.AddrBase].Name
	case e.Op == ir.Const:
		return fmt.Sprint(e.K)
	case e.Op == ir.Load:
		return fmt.Sprintf("r%d", e.R)
	case e.Op == ir.Cond:
		return fmt.Sprintf("(%s ? %s : %s)", text(p, e.A), text(p, e.B), text(p, e.C))
	case e.B == nil:
		return exprNames[e.Op] + text(p, e.A)
	}
	return fmt.Sprintf("(%s %s %s)", text(p, e.A), exprNames[e.Op], text(p, e.B))
}

// PlanText lists what the checks of m are made of.
func PlanText(m *rel.Plan) string {
	var b strings.Builder
	for _, k := range m.Checks {
		word := [...]string{rel.Acyclic: "acyclic", rel.Irreflexive: "irreflexive", rel.Empty: "empty"}[k.Kind]
		if k.Negated {
			word = "~" + word
		}
		if k.Flag {
			word = "flag " + word
		}
		fmt.Fprintf(&b, "%s %s as %s\n", word, nodeText(m, k.Node), k.Name)
	}
	for _, r := range m.Recs {
		for i, v := range r.Vars {
			fmt.Fprintf(&b, "rec %s = %s\n", nodeText(m, v), nodeText(m, r.Bodies[i]))
		}
	}
	return b.String()
}

func nodeText(m *rel.Plan, id rel.ID) string {
	n := m.Nodes[id]
	switch n.Op {
	case rel.BaseSet, rel.BaseRel:
		return n.Name
	case rel.EmptySet, rel.EmptyRel:
		return "0"
	case rel.Var:
		return fmt.Sprintf("%s%d", n.Name, id)
	}
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = nodeText(m, a)
	}
	switch n.Op {
	case rel.Compl:
		return "~" + args[0]
	case rel.Inverse:
		return args[0] + "^-1"
	case rel.Plus:
		return args[0] + "+"
	case rel.Star:
		return args[0] + "*"
	case rel.Opt:
		return args[0] + "?"
	case rel.Ident:
		return "[" + args[0] + "]"
	case rel.Domain:
		return "domain(" + args[0] + ")"
	case rel.Range:
		return "range(" + args[0] + ")"
	}
	sep := map[rel.Op]string{rel.Union: " | ", rel.Inter: " & ", rel.Diff: " \\ ", rel.Seq: " ; ", rel.Cross: " * "}[n.Op]
	return "(" + strings.Join(args, sep) + ")"
}
