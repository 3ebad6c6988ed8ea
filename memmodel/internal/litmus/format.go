package litmus

import (
	"strconv"

	"crosscall/memmodel/internal/ir"
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

func (w *writer) initial(in *initial) {
	w.add("\t", typeName(in.lock, in.unsigned))
	if in.loc.thread != sharedVar {
		w.add(strconv.Itoa(in.loc.thread), ":")
	}
	w.add(in.loc.name)
	if in.size > 0 {
		w.add("[", strconv.Itoa(in.size), "]")
	}
	switch {
	case in.values == nil:
	case in.size > 0:
		w.out = appendOperand(append(w.out, " = "...), operand{kind: listOperand, list: in.values})
	default:
		w.out = appendOperand(append(w.out, " = "...), in.values[0])
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
	w.block(pr.body)
	w.add("}\n")
}

func (w *writer) final(a *AST) {
	w.add("\n")
	if a.locations != nil {
		w.add("locations [")
		for _, loc := range a.locations {
			w.add(locText(loc), "; ")
		}
		w.add("]\n")
	}
	if a.filter != nil {
		w.add("filter (")
		w.out = appendProp(w.out, a.filter, topLevel)
		w.add(")\n")
	}
	w.add(condText(a.quant, a.cond), "\n")
}

func (w *writer) block(list []stmt) {
	w.indent++
	for i := range list {
		w.stmt(&list[i])
	}
	w.indent--
}

func (w *writer) stmt(s *stmt) {
	switch s.kind {
	case evalStmt:
		w.line(exprText(s.val), ";")
	case assignStmt:
		w.line(s.name, " = ", exprText(s.val), ";")
	case storeStmt:
		w.line("*", exprText(s.lhs), " = ", exprText(s.val), ";")
	case ifStmt:
		w.line("if (", exprText(s.val), ") {")
		w.block(s.body)
		if s.alt != nil {
			w.line("} else {")
			w.block(s.alt)
		}
		w.line("}")
	case whileStmt:
		w.line("while (", exprText(s.val), ") {")
		w.block(s.body)
		w.line("}")
	case doStmt:
		w.line("do {")
		w.block(s.body)
		w.line("} while (", exprText(s.val), ");")
	}
}

func exprText(e *expr) string { return string(appendExpr(nil, e)) }

// appendExpr prints an expression of a test, with brackets around whatever
// consists of parts.
func appendExpr(b []byte, e *expr) []byte {
	switch e.kind {
	case numExpr:
		if e.k < 0 {
			return append(strconv.AppendInt(append(b, '('), e.k, 10), ')')
		}
		return strconv.AppendInt(b, e.k, 10)
	case nameExpr:
		return append(b, e.name...)
	case unaryExpr:
		return append(appendExpr(append(b, "("+operatorText(e.op)...), e.x), ')')
	case derefExpr:
		return append(appendExpr(append(b, "(*"...), e.x), ')')
	case addrExpr:
		return append(appendExpr(append(b, "(&"...), e.x), ')')
	case binaryExpr:
		b = appendExpr(append(b, '('), e.x)
		b = append(b, " "+operatorText(e.op)+" "...)
		return append(appendExpr(b, e.y), ')')
	case condExpr:
		b = appendExpr(append(b, '('), e.x)
		b = appendExpr(append(b, " ? "...), e.y)
		return append(appendExpr(append(b, " : "...), e.z), ')')
	}
	b = append(append(b, e.name...), '(')
	for i, arg := range e.args {
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
