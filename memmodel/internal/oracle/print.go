package oracle

import (
	"fmt"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/program"
	"crosscall/memmodel/internal/rel"
)

// Text lists p for people, to report a difference.
func Text(p *program.Program) string {
	var b strings.Builder
	for _, c := range p.Cells {
		fmt.Fprintf(&b, "%s=%d ", c.Name, c.Init-truth(c.Init >= program.AddrBase)*program.AddrBase)
	}
	for t, th := range p.Threads {
		fmt.Fprintf(&b, "\nP%d %v", t, th.Init)
		for i, in := range th.Instr {
			fmt.Fprintf(&b, "\n  %2d  %s", i, instr(p, in))
		}
	}
	return b.String()
}

func instr(p *program.Program, in program.Instr) string {
	val := ""
	if in.Val != nil {
		val = " " + text(p, in.Val)
	}
	switch in.Op {
	case program.Assign:
		return fmt.Sprintf("r%d =%s", in.Dst, val)
	case program.Branch:
		return fmt.Sprintf("if%s goto %d, join %d", val, in.Target, in.Join)
	case program.Jump:
		return fmt.Sprintf("goto %d", in.Target)
	case program.Fork:
		return fmt.Sprintf("fork %d", in.Target)
	case program.Assume:
		return "assume" + val
	case program.Assert:
		return "assert" + val
	case program.Alloc:
		return fmt.Sprintf("r%d = alloc %v", in.Dst, in.Objects)
	case program.Free:
		return "free *" + text(p, in.Addr)
	case program.Idle:
		return "idle"
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
	program.Add: "+", program.Sub: "-", program.Mul: "*", program.Div: "/", program.Mod: "%", program.And: "&",
	program.Or: "|", program.Xor: "^", program.Shl: "<<", program.Shr: ">>", program.Eq: "==", program.Ne: "!=",
	program.Lt: "<", program.Le: "<=", program.Gt: ">", program.Ge: ">=", program.LAnd: "&&", program.LOr: "||",
	program.Not: "!", program.Inv: "~", program.Neg: "-",
}

func text(p *program.Program, e *program.Expr) string {
	switch {
	case e.Op == program.Const && e.K >= program.AddrBase:
		return "&" + p.Cells[e.K-program.AddrBase].Name
	case e.Op == program.Const:
		return fmt.Sprint(e.K)
	case e.Op == program.Load:
		return fmt.Sprintf("r%d", e.R)
	case e.Op == program.Cond:
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
