package litmus

import (
	"strconv"
	"strings"

	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// Format writes the test anew, in a form that Parse reads as the same test.
// Comments, the types of variables and casts are not kept: they mean nothing.
func (a *AST) Format() []byte {
	w := &writer{}
	w.add("C ", a.Name, "\n\n")
	if a.Result != "" {
		w.add("(* Result: ", a.Result, " *)\n\n")
	}
	w.add("{\n")
	for i := range a.init {
		w.initial(&a.init[i])
	}
	w.add("}\n")
	for i := range a.procs {
		w.proc(i, &a.procs[i])
	}
	w.final(a)
	return w.out
}

type writer struct {
	out    []byte
	indent int
}

func (w *writer) add(list ...string) {
	for _, s := range list {
		w.out = append(w.out, s...)
	}
}

func (w *writer) line(list ...string) {
	for range w.indent {
		w.add("\t")
	}
	w.add(list...)
	w.add("\n")
}

// typeName is a type that means what can be meant by one.
func typeName(lock, unsigned bool) string {
	switch {
	case lock:
		return "spinlock_t "
	case unsigned:
		return "atomic_t "
	}
	return "int "
}

func (w *writer) initial(in *condition.Initial) {
	w.add("\t", typeName(in.Lock, in.Unsigned))
	if in.Loc.Thread != condition.SharedVar {
		w.add(strconv.Itoa(in.Loc.Thread), ":")
	}
	w.add(in.Loc.Name)
	if in.Size > 0 {
		w.add("[", strconv.Itoa(in.Size), "]")
	}
	switch {
	case in.Values == nil:
	case in.Size > 0:
		w.out = condition.AppendOperand(append(w.out, " = "...), condition.Operand{Kind: condition.ListOperand, List: in.Values})
	default:
		w.out = condition.AppendOperand(append(w.out, " = "...), in.Values[0])
	}
	w.add(";\n")
}

func (w *writer) proc(i int, pr *proc) {
	w.add("\nP", strconv.Itoa(i), "(")
	for k, q := range pr.params {
		if k > 0 {
			w.add(", ")
		}
		w.add(typeName(q.lock, false))
		if q.pointer {
			w.add("*")
		}
		w.add(q.name)
	}
	w.add(")\n{\n")
	w.block(pr.Body)
	w.add("}\n")
}

func (w *writer) final(a *AST) {
	w.add("\n")
	if a.Locations != nil {
		w.add("locations [")
		for _, loc := range a.Locations {
			w.add(condition.LocText(loc), "; ")
		}
		w.add("]\n")
	}
	if a.Filter != nil {
		w.add("filter (")
		w.out = condition.AppendProp(w.out, a.Filter, condition.TopLevel)
		w.add(")\n")
	}
	w.add(condition.Text(a.Quant, a.Cond), "\n")
}

func (w *writer) block(list []primitive.Stmt) {
	w.indent++
	for i := range list {
		w.stmt(&list[i])
	}
	w.indent--
}

func (w *writer) stmt(s *primitive.Stmt) {
	switch s.Kind {
	case primitive.EvalStmt:
		w.line(exprText(s.Val), ";")
	case primitive.AssignStmt:
		w.line(s.Name, " = ", exprText(s.Val), ";")
	case primitive.StoreStmt:
		w.line("*", exprText(s.Lhs), " = ", exprText(s.Val), ";")
	case primitive.IfStmt:
		w.line("if (", exprText(s.Val), ") {")
		w.block(s.Body)
		if s.Alt != nil {
			w.line("} else {")
			w.block(s.Alt)
		}
		w.line("}")
	case primitive.WhileStmt:
		w.line("while (", exprText(s.Val), ") {")
		w.block(s.Body)
		w.line("}")
	case primitive.BreakStmt:
		w.line("break;")
	case primitive.GotoStmt:
		if s.Name == "" {
			w.line("return;")
			return
		}
		w.line("goto ", s.Name, ";")
	case primitive.LabelStmt:
		w.line(s.Name, ":;")
	case primitive.DoStmt:
		w.line("do {")
		w.block(s.Body)
		w.line("} while (", exprText(s.Val), ");")
	}
}

func exprText(e *primitive.Expr) string { return string(appendExpr(nil, e)) }

// appendExpr prints an expression of a test, with brackets around whatever
// consists of parts.
func appendExpr(b []byte, e *primitive.Expr) []byte {
	switch e.Kind {
	case primitive.NumExpr:
		if e.K < 0 {
			return append(strconv.AppendInt(append(b, '('), e.K, 10), ')')
		}
		return strconv.AppendInt(b, e.K, 10)
	case primitive.NameExpr:
		return append(b, e.Name...)
	case primitive.RefExpr:
		return append(append(b, '&'), e.Name...)
	case primitive.UnaryExpr:
		return append(appendExpr(append(b, "("+operatorText(e.Op)...), e.X), ')')
	case primitive.StepExpr:
		step := operatorText(e.Op) + operatorText(e.Op)
		if e.K == 1 {
			return append(append(append(append(b, '('), e.Name...), step...), ')')
		}
		return append(append(append(append(b, '('), step...), e.Name...), ')')
	case primitive.DerefExpr:
		return append(appendExpr(append(b, "(*"...), e.X), ')')
	case primitive.AddrExpr:
		return append(appendExpr(append(b, "(&"...), e.X), ')')
	case primitive.BinaryExpr:
		b = appendExpr(append(b, '('), e.X)
		b = append(b, " "+operatorText(e.Op)+" "...)
		return append(appendExpr(b, e.Y), ')')
	case primitive.CondExpr:
		b = appendExpr(append(b, '('), e.X)
		b = appendExpr(append(b, " ? "...), e.Y)
		return append(appendExpr(append(b, " : "...), e.Z), ')')
	}
	name := e.Name
	if len(e.Args) == 3 && e.Args[1].Kind == primitive.RefExpr && !strings.HasPrefix(name, "c11_") {
		name = strings.Replace(name, "cmpxchg", "try_cmpxchg", 1)
	}
	b = append(append(b, name...), '(')
	for i, arg := range e.Args {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendExpr(b, arg)
	}
	return append(b, ')')
}

func operatorText(op ir.ExprOp) string {
	switch op {
	case ir.Not:
		return "!"
	case ir.Inv:
		return "~"
	case ir.Neg:
		return "-"
	}
	return binaryText[op]
}

var binaryText = map[ir.ExprOp]string{
	ir.Add: "+", ir.Sub: "-", ir.Mul: "*", ir.Div: "/", ir.Mod: "%",
	ir.And: "&", ir.Or: "|", ir.Xor: "^", ir.Shl: "<<", ir.Shr: ">>",
	ir.Eq: "==", ir.Ne: "!=", ir.Lt: "<", ir.Le: "<=", ir.Gt: ">", ir.Ge: ">=",
	ir.LAnd: "&&", ir.LOr: "||",
}
