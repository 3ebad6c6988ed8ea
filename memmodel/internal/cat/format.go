package cat

import (
	"strings"

	"crosscall/memmodel/internal/rel"
)

// Format prints f as text that Parse turns into the same File, except for
// places. Comments are lost.
func (f *File) Format() []byte {
	w := &printer{}
	switch {
	case f.Arch != f.Title:
		w.put(f.Arch, ` "`, f.Title, "\"\n")
	case f.Title != "":
		w.put(`"`, f.Title, "\"\n")
	}
	if f.Catdep {
		w.put("catdep\n")
	}
	w.block(f.Ins)
	return []byte(w.b.String())
}

// formatExpr prints an expression.
func formatExpr(x Expr) string {
	w := &printer{}
	w.expr(x, lWord)
	return w.b.String()
}

type printer struct {
	b      strings.Builder
	indent int
}

func (w *printer) put(words ...string) {
	for _, s := range words {
		w.b.WriteString(s)
	}
}

func (w *printer) block(list []Ins) {
	for _, i := range list {
		w.put(strings.Repeat("  ", w.indent))
		w.ins(i)
		w.put("\n")
	}
}

// inner prints the instructions between the words of another.
func (w *printer) inner(list []Ins) {
	w.put("\n")
	w.indent++
	w.block(list)
	w.indent--
	w.put(strings.Repeat("  ", w.indent))
}

func (w *printer) ins(i Ins) {
	switch i := i.(type) {
	case *Define:
		w.binds(i.Rec, i.Binds)
		if i.When != nil {
			w.put(" when ")
			w.test(i.When)
		}
	case *Check:
		if i.Role != "" {
			w.put(i.Role, " ")
		}
		w.test(i.Test)
	case *MatchIns:
		w.put("match ")
		w.expr(i.X, lWord)
		w.put(" with")
		for _, c := range i.Cases {
			w.put(" || '", c.Tag, " ->")
			w.inner(c.Body)
		}
		if i.HasDefault {
			w.put(" || _ ->")
			w.inner(i.Default)
		}
		w.put("end")
	case *Show:
		w.put(map[bool]string{false: "show ", true: "unshow "}[i.Hide], strings.Join(i.Names, ", "))
	case *ShowAs:
		w.put("show ")
		w.expr(i.X, lUnion)
		w.as(i.Name)
	case *Include:
		w.put(`include "`, i.File, `"`)
	case *Procedure:
		w.put("procedure ", recWord(i.Rec), i.Name, " ")
		w.param(i.Param)
		w.put(" =")
		w.inner(i.Body)
		w.put("end")
	case *Call:
		w.put("call ", i.Name, " ")
		w.expr(i.Arg, lSimple)
		w.as(i.As)
	case *Debug:
		w.put("debug ")
		w.expr(i.X, lWord)
	case *ForAll:
		w.put("forall ", i.Var, " in ")
		w.expr(i.X, lWord)
		w.put(" do")
		w.inner(i.Body)
		w.put("end")
	case *WithFrom:
		w.put("with ", i.Name, " from ")
		w.expr(i.X, lWord)
	case *IfIns:
		w.put("if ")
		w.cond(i.Cond)
		w.inner(i.Then)
		if len(i.Else) > 0 {
			w.put("else")
			w.inner(i.Else)
		}
		w.put("end")
	case *Enum:
		w.put("enum ", i.Name, " = '", strings.Join(i.Tags, " || '"))
	case *Instructions:
		w.put(map[bool]string{false: "instructions ", true: "default "}[i.Default], i.Kind, "[")
		w.list(i.Args, lUnion)
		w.put("]")
	}
}

func (w *printer) test(t *Test) {
	if t.Negated {
		w.put("~")
	}
	w.put(checkWord(t.Kind), " ")
	w.expr(t.X, lWord)
	w.as(t.Name)
}

func checkWord(k rel.CheckKind) string {
	return [...]string{rel.Acyclic: "acyclic", rel.Irreflexive: "irreflexive", rel.Empty: "empty"}[k]
}

func recWord(rec bool) string {
	if rec {
		return "rec "
	}
	return ""
}

func (w *printer) as(name string) {
	if name != "" {
		w.put(" as ", name)
	}
}

func (w *printer) binds(rec bool, list []Bind) {
	w.put("let ", recWord(rec))
	for i, b := range list {
		if i > 0 {
			w.put(" and ")
		}
		w.param(b.Pattern)
		w.put(" = ")
		w.expr(b.X, lWord)
	}
}

func (w *printer) param(p Pattern) {
	names := make([]string, len(p.Names))
	for i, n := range p.Names {
		names[i] = formal(n)
	}
	if p.Tuple {
		w.put("(", strings.Join(names, ", "), ")")
	} else {
		w.put(names[0])
	}
}

func formal(name string) string {
	if name == "" {
		return "_"
	}
	return name
}

func (w *printer) list(list []Expr, level int) {
	for i, x := range list {
		if i > 0 {
			w.put(", ")
		}
		w.expr(x, level)
	}
}

// Levels of expressions, the loosest first.
const (
	lWord  = iota // let, fun, try, if, match; tuples
	lUnion        // |
	lAdd          // ++
	lSeq          // ;
	lDiff         // \
	lInter        // &
	lStar         // ~ + * ?
	lHat          // ^-1
	lApply        // f x
	lSimple
)

// opLevels gives, for each operator, its own level and the loosest that its
// left and right sides may have without parentheses.
var opLevels = map[string][3]int{
	"|": {lUnion, lAdd, lUnion}, "++": {lAdd, lSeq, lAdd}, ";": {lSeq, lDiff, lSeq},
	`\`: {lDiff, lDiff, lInter}, "&": {lInter, lStar, lInter}, "*": {lStar, lHat, lHat},
}

func level(x Expr) int {
	switch x := x.(type) {
	case *Binary:
		return opLevels[x.Op][0]
	case *Unary:
		switch x.Op {
		case "[]":
			return lSimple
		case "^-1":
			return lHat
		}
		return lStar
	case *App, *Name:
		return lApply
	case *Tuple:
		if len(x.Elems) > 0 {
			return lWord
		}
	case *Let, *Fn, *Match, *MatchSet, *Try, *If:
		return lWord
	}
	return lSimple
}

// expr prints x where an expression of level at or closer may stand.
func (w *printer) expr(x Expr, at int) {
	if level(x) < at {
		w.put("(")
		w.bare(x)
		w.put(")")
		return
	}
	w.bare(x)
}

func (w *printer) bare(x Expr) {
	switch x := x.(type) {
	case *Empty:
		w.put("0")
	case *Universe:
		w.put("_")
	case *Name:
		w.put(x.Name)
	case *Tag:
		w.put("'", x.Name)
	case *SetOf:
		w.put("{")
		w.list(x.Elems, lUnion)
		w.put("}")
	case *Tuple:
		if len(x.Elems) == 0 {
			w.put("()")
		} else {
			w.list(x.Elems, lUnion)
		}
	case *Unary:
		w.unary(x)
	case *Binary:
		l := opLevels[x.Op]
		w.expr(x.X, l[1])
		w.put(" ", x.Op, " ")
		w.expr(x.Y, l[2])
	case *App:
		w.expr(x.Fun, lApply)
		w.put(" ")
		w.expr(x.Arg, lSimple)
	case *Fn:
		w.put("fun ")
		w.param(x.Param)
		w.put(" -> ")
		w.expr(x.Body, lWord)
	case *Let:
		w.binds(x.Rec, x.Binds)
		w.put(" in ")
		w.expr(x.Body, lWord)
	case *Match, *MatchSet:
		w.match(x)
	case *Try:
		w.put("try ")
		w.expr(x.X, lWord)
		w.put(" with ")
		w.expr(x.Y, lWord)
	case *If:
		w.put("if ")
		w.cond(x.Cond)
		w.put(" then ")
		w.expr(x.Then, lWord)
		w.put(" else ")
		w.expr(x.Else, lWord)
	}
}

func (w *printer) unary(x *Unary) {
	switch x.Op {
	case "[]":
		w.put("[")
		w.expr(x.X, lWord)
		w.put("]")
	case "~":
		w.put("~")
		w.expr(x.X, lHat)
	case "^-1":
		w.expr(x.X, lHat)
		w.put("^-1")
	default:
		w.expr(x.X, lHat)
		w.put(x.Op)
	}
}

func (w *printer) match(x Expr) {
	switch x := x.(type) {
	case *Match:
		w.put("match ")
		w.expr(x.X, lWord)
		w.put(" with")
		for _, c := range x.Cases {
			w.put(" || '", c.Tag, " -> ")
			w.expr(c.Body, lWord)
		}
		if x.Default != nil {
			w.put(" || _ -> ")
			w.expr(x.Default, lWord)
		}
	case *MatchSet:
		w.put("match ")
		w.expr(x.X, lWord)
		w.put(" with || {} -> ")
		w.expr(x.Empty, lWord)
		w.put(" || ")
		if x.Split {
			w.put(formal(x.Before), " | ")
		}
		w.put(formal(x.Elem), " ++ ", formal(x.After), " -> ")
		w.expr(x.More, lWord)
	}
	w.put(" end")
}

func (w *printer) cond(c *Cond) {
	switch c.Op {
	case "variant":
		w.put(`"`, c.Name, `"`)
	case "not":
		w.put("not (")
		w.cond(c.Kids[0])
		w.put(")")
	case "&&", "||":
		w.put("(")
		w.cond(c.Kids[0])
		w.put(" ", c.Op, " ")
		w.cond(c.Kids[1])
		w.put(")")
	default:
		w.expr(c.X, lUnion)
		w.put(" ", c.Op, " ")
		w.expr(c.Y, lWord)
	}
}
