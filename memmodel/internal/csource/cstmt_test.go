package csource_test

import (
	"fmt"
	"strings"
)

// special has macros, built-in functions, strings, pointers as values, and atomic operations.
func (g *cGen) special(depth int) string {
	switch g.below(9) {
	case 0:
		return g.macroUse(depth)
	case 1:
		return g.builtin(depth)
	case 2:
		s := oneOf(g, `"abc\x41\102"`, `"\377\n0"`, `"a" "b" "cd"`, `"7\0end"`)
		return oneOf(g, fmt.Sprintf("%s[%s & 3]", s, g.expr(min(depth, 1))), "strlen("+s+")", "sizeof("+s+")")
	case 3:
		if len(g.enums) > 0 {
			return oneOf(g, g.enums...)
		}
		return g.value()
	case 4, 5:
		return g.pointers(depth)
	case 6:
		return fmt.Sprintf("va%s(2, (int)%s, (short)%s, (long)%s)", g.id, g.expr(depth), g.expr(min(depth, 1)), g.expr(min(depth, 1)))
	}
	return g.atomic(depth)
}

func (g *cGen) builtin(depth int) string {
	switch g.below(5) {
	case 0:
		return fmt.Sprintf("__builtin_popcount(%s)", g.expr(depth))
	case 1:
		return fmt.Sprintf("__builtin_popcountl(%s)", g.expr(depth))
	case 2:
		return fmt.Sprintf("__builtin_expect(%s, %s)", g.expr(depth), oneOf(g, "0", "1"))
	case 3:
		return fmt.Sprintf("__builtin_choose_expr(%s, %s, %s)", oneOf(g, "0", "1", "sizeof(int) == 4"), g.expr(depth), g.expr(depth))
	}
	return fmt.Sprintf("__builtin_ctzl(%s | 0x100)", g.expr(depth))
}

// pointers compares or subtracts pointers.
func (g *cGen) pointers(depth int) string {
	var list []*cVar
	for _, v := range g.scope {
		if v.t.kind == 'p' && g.canWrite(v.root) {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return g.value()
	}
	v := oneOf(g, list...)
	w := oneOf(g, list...)
	g.reading(v.root)
	other := fmt.Sprintf("((%s) + (%s & %d))", v.target.text, g.expr(min(depth, 1)), v.target.n-1)
	if w.target == v.target && g.oneIn(2) {
		g.reading(w.root)
		other = w.name
	}
	switch g.below(5) {
	case 0:
		return fmt.Sprintf("(%s - %s)", v.name, other)
	case 1:
		return fmt.Sprintf("((char *)%s - (char *)%s)", v.name, other)
	case 2:
		return "!" + v.name
	case 3:
		return fmt.Sprintf("(%s ? 1 : 2)", v.name)
	}
	return fmt.Sprintf("(%s %s %s)", v.name, oneOf(g, "==", "!=", "<", "<=", ">", ">="), other)
}

// atomic is an operation on an _Atomic variable of file scope.
func (g *cGen) atomic(depth int) string {
	v := "at" + g.id
	if g.oneIn(3) {
		v = "au" + g.id
	}
	if !g.canWrite(v) {
		return g.value()
	}
	order := oneOf(g, "relaxed", "seq_cst", "acq_rel")
	ORDER := "__ATOMIC_" + strings.ToUpper(order)
	g.reading(v)
	e := g.expr(depth)
	g.writing(v)
	op := oneOf(g, "add", "sub", "and", "or", "xor")
	switch g.below(9) {
	case 0:
		return fmt.Sprintf("atomic_fetch_%s(&%s, %s)", op, v, e)
	case 1:
		return fmt.Sprintf("atomic_fetch_%s_explicit(&%s, %s, memory_order_%s)", op, v, e, order)
	case 2:
		return fmt.Sprintf("__atomic_%s_fetch(&%s, %s, %s)", op, v, e, ORDER)
	case 3:
		return fmt.Sprintf("atomic_exchange(&%s, %s)", v, e)
	case 4:
		return fmt.Sprintf("(atomic_store(&%s, %s), atomic_load(&%s))", v, e, v)
	case 5:
		x := g.name("o")
		return fmt.Sprintf("({ __typeof__((%s) + 0) w%s = %s; %s %s = w%s; int r%s = atomic_compare_exchange_strong(&%s, &%s, w%s + 1); r%s * 2 + %s; })",
			e, x, oneOf(g, e, v), map[bool]string{true: "int", false: "unsigned char"}[v[1] == 't'], x, x, x, v, x, x, x, x)
	case 6:
		return fmt.Sprintf("(%s %s= %s)", v, oneOf(g, "+", "-", "&", "|", "^"), e)
	case 7:
		return fmt.Sprintf("(%s%s + %s)", v, oneOf(g, "++", "--"), e)
	}
	return fmt.Sprintf("__sync_fetch_and_%s(&pl%s, 3)", op, g.id)
}

// defineMacros defines macros of file scope.
func (g *cGen) defineMacros() {
	for i := range 3 {
		name := fmt.Sprintf("M%d%s", i, g.id)
		switch g.below(5) {
		case 0:
			fmt.Fprintf(&g.file, "#define %s(a, b) ((a) %s (b))\n", name, oneOf(g, "+", "-", "*", "^"))
			g.macros = append(g.macros, cMacro{name, 2})
		case 1:
			fmt.Fprintf(&g.file, "#define %s(a, ...) (sizeof(#a) + sizeof(#__VA_ARGS__))\n", name)
			g.macros = append(g.macros, cMacro{name, 2})
		case 2:
			fmt.Fprintf(&g.file, "#define P%s(a, ...) ((a) - (__VA_ARGS__))\n#define %s(...) P%s(__VA_ARGS__, 7)\n", name, name, name)
			g.macros = append(g.macros, cMacro{name, 1})
		case 3:
			fmt.Fprintf(&g.file, "#define C%s(a, b) a##b\n#define %s(a) (C%s(1, 2) + C%s(0x, fu) + (a))\n", name, name, name, name)
			g.macros = append(g.macros, cMacro{name, 1})
		default:
			fmt.Fprintf(&g.file, "#if %s\n#define %s(a) ((a) + 1)\n#else\n#define %s(a) ((a) * 2)\n#endif\n", g.condition(3), name, name)
			g.macros = append(g.macros, cMacro{name, 1})
		}
	}
}

func (g *cGen) macroUse(depth int) string {
	if len(g.macros) == 0 {
		return g.value()
	}
	m := oneOf(g, g.macros...)
	args := []string{g.expr(depth)}
	if m.n == 2 {
		args = append(args, g.expr(min(depth, 1)))
	}
	return m.name + "(" + strings.Join(args, ", ") + ")"
}

// condition is a constant expression of the preprocessor.
func (g *cGen) condition(depth int) string {
	if depth == 0 {
		return oneOf(g, "0", "1", "2", "-1", "3u", "'a'", "0x7fffffff", "0x80000000", "4294967296", "0xffffffffffffffff", "undefined"+g.id, "defined(NOTHING)", "defined INT_MAX")
	}
	switch g.below(5) {
	case 0:
		return fmt.Sprintf("(%s ? %s : %s)", g.condition(depth-1), g.condition(depth-1), g.condition(depth-1))
	case 1:
		return fmt.Sprintf("(%s %s)", oneOf(g, "-", "~", "!"), g.condition(depth-1))
	case 2:
		return fmt.Sprintf("(%s %s ((%s & 7) | 1))", g.condition(depth-1), oneOf(g, "/", "%", "<<", ">>"), g.condition(depth-1))
	}
	text := fmt.Sprintf("(%s %s %s)", g.condition(depth-1), oneOf(g, "&", "|", "^", "&&", "||", "<", ">", "==", "<="), g.condition(depth-1))
	if strings.Contains(text, "&&") {
		return "!!" + text // the value of && is not supported there: ifvalue.go
	}
	return text
}

// constant is a constant expression. An integer constant expression, which is needed for a case or a size, does not
// overflow.
func (g *cGen) constant(depth int, small bool) string {
	if depth <= 0 {
		if small {
			return oneOf(g, "0", "1", "2", "5", "9u", "'a'", "100l", "-3", "sizeof(short)")
		}
		return oneOf(g, cLiterals...)
	}
	depth--
	x, y := g.constant(depth, small), g.constant(depth, small)
	switch g.below(9) {
	case 0:
		return fmt.Sprintf("(%s %s ((%s & 0xf) | 1))", x, oneOf(g, "/", "%"), y)
	case 1:
		return fmt.Sprintf("(%s >> (%s & 31))", x, y)
	case 2:
		return fmt.Sprintf("((%s)%s)", g.integer().name, x)
	case 3:
		return fmt.Sprintf("(%s ? %s : %s)", x, y, g.constant(depth, small))
	case 4:
		return fmt.Sprintf("(%s %s)", oneOf(g, "-", "~", "!", "+"), x)
	case 5:
		return fmt.Sprintf("(%s %s %s)", x, oneOf(g, "<", ">", "==", "<=", "&&", "||"), y)
	case 6:
		if !small {
			return fmt.Sprintf("(%s * %s)", x, y)
		}
	case 7:
		return fmt.Sprintf("sizeof(%s)", x)
	}
	return fmt.Sprintf("(%s %s %s)", x, oneOf(g, "+", "-", "&", "|", "^"), y)
}

// block makes some statements in a scope of their own.
func (g *cGen) block(b *strings.Builder, indent string, n int) {
	outer := len(g.scope)
	for range n {
		g.stmt(b, indent)
	}
	g.scope = g.scope[:outer]
}

func (g *cGen) stmt(b *strings.Builder, in string) {
	if g.size <= 0 {
		return
	}
	line := func(format string, args ...any) { fmt.Fprintf(b, in+format+"\n", args...) }
	g.depth++
	defer func() { g.depth-- }()
	k := g.below(20)
	if g.depth > 3 && k >= 12 {
		k -= 12
	}
	switch k {
	default:
		line("%s;", g.assigns())
	case 3, 4, 5:
		line("%s", g.local())
	case 6, 7:
		var e string
		g.sequenced(func() { e = g.expr(3); g.writing("chk") })
		line("mix%s(%s);", g.id, e)
	case 8:
		line("%s", g.bytes())
	case 9:
		line("%s", g.whole())
	case 10:
		line("%s", g.moves())
	case 11:
		if len(g.family) > 0 {
			line("%s", g.indirect())
		}
	case 12, 13:
		line("if (%s) {", g.full(2))
		g.block(b, in+"\t", 1+g.below(2))
		if g.oneIn(2) {
			line("} else {")
			g.block(b, in+"\t", 1)
		}
		line("}")
	case 14, 15, 16:
		g.loop(b, in)
	case 17, 18:
		g.switches(b, in)
	case 19:
		l := g.name("out") + g.id
		line("if (%s)\n%s\tgoto %s;", g.full(2), in, l)
		line("{")
		g.block(b, in+"\t", 1+g.below(2))
		line("}\n%s: ;", l)
	}
}

func (g *cGen) assigns() (text string) {
	g.sequenced(func() { text = g.effect(3) })
	return text
}

// local declares a local variable.
func (g *cGen) local() string {
	v := &cVar{name: g.name("v")}
	v.root = v.name
	var text string
	switch k := g.below(8); {
	case k == 0 && len(g.types) > 0:
		v.t = oneOf(g, g.types...)
		g.sequenced(func() { text = g.initial(v.t, 1) })
	case k == 1:
		v.t = array(g.member(1), oneOf(g, 2, 4))
		g.sequenced(func() { text = g.initial(v.t, 1) })
	case k <= 3:
		return g.pointer()
	case k == 4:
		v.t = g.integer()
		v.root += g.id + "static"
		g.scope = append(g.scope, v)
		return "static " + v.t.declare(v.name) + " = " + g.constant(2, false) + ";"
	case k == 5 && g.oneIn(2):
		v.t = array(g.integer(), oneOf(g, 2, 4))
		v.root += g.id + "static"
		g.scope = append(g.scope, v)
		return fmt.Sprintf("static %s = {%s, [1] = %s};", v.t.declare(v.name), g.constant(2, false), g.constant(2, false))
	default:
		v.t = g.integer()
		text = g.full(3)
	}
	g.scope = append(g.scope, v)
	qualifier := ""
	if g.oneIn(10) {
		qualifier = "volatile "
	}
	return qualifier + v.t.declare(v.name) + " = " + text + ";"
}

// pointer declares a pointer into an array, or to a variable.
func (g *cGen) pointer() string {
	for range 5 {
		if len(g.scope) == 0 {
			break
		}
		v := oneOf(g, g.scope...)
		if v.ro || v.t.kind == 'p' {
			continue
		}
		text, t := v.name, v.t
		for t.kind != 'i' {
			switch {
			case t.kind == 'a' && t.elem.kind != 'a' && g.oneIn(2), t.kind == 'r' && g.oneIn(2):
			case t.kind == 'a':
				text, t = fmt.Sprintf("%s[%d]", text, g.below(t.n)), t.elem
				continue
			default:
				f := oneOf(g, t.fields...)
				if f.name == "" || f.bits > 0 || t.union {
					break
				}
				text, t = text+"."+f.name, f.t
				continue
			}
			break
		}
		p := &cVar{name: g.name("p"), target: &cArray{text: "&" + text, root: v.root, n: 1}}
		if t.kind == 'a' {
			p.target.text, p.target.n = text, t.n
			t = t.elem
		}
		p.root, p.t = p.name, &cType{kind: 'p', elem: t}
		if p.target.n > 1 {
			p.target.text = "&" + text + "[0]"
		}
		var at string
		g.sequenced(func() { at = g.expr(1) })
		g.scope = append(g.scope, p)
		return fmt.Sprintf("%s = (%s) + (%s & %d);", p.t.declare(p.name), p.target.text, at, p.target.n-1)
	}
	return ";"
}

// moves moves a pointer within what it points into.
func (g *cGen) moves() string {
	for range 5 {
		if len(g.scope) == 0 {
			break
		}
		v := oneOf(g, g.scope...)
		if v.t.kind != 'p' || v.ro {
			continue
		}
		last := fmt.Sprintf("(%s) + %d", v.target.text, v.target.n-1)
		var text string
		g.sequenced(func() {
			g.reading(v.root)
			switch g.below(5) {
			case 0:
				text = fmt.Sprintf("if (%s < %s) %s;", v.name, last, oneOf(g, v.name+"++", "++"+v.name, v.name+" += 1"))
			case 1:
				text = fmt.Sprintf("if (%s > (%s)) %s;", v.name, v.target.text, oneOf(g, v.name+"--", "--"+v.name, v.name+" -= 1"))
			case 2:
				text = fmt.Sprintf("if (%s < %s) mix%s(%s++ - (%s));", v.name, last, g.id, v.name, v.target.text)
				g.writing("chk")
			default:
				text = fmt.Sprintf("%s = (%s) + ((%s - (%s) + %s) & %d);", v.name, v.target.text, v.name, v.target.text, g.expr(1), v.target.n-1)
			}
			g.writing(v.root)
		})
		return text
	}
	return ";"
}

// bytes calls a function of string.h.
func (g *cGen) bytes() string {
	v, w := g.aggregate(nil), (*cVar)(nil)
	if v == nil {
		return ";"
	}
	if v.t.kind == 'a' && g.oneIn(3) {
		return g.overlaps(v)
	}
	if w = g.aggregate(v); w == nil || g.oneIn(3) {
		byte := oneOf(g, "0", "0xff", "1", "0x80")
		text := fmt.Sprintf("memset(&%s, %s, sizeof(%s));", v.name, byte, v.name)
		g.sequenced(func() {
			g.writing(v.root)
			if v.t.kind == 'a' && g.oneIn(2) {
				text = fmt.Sprintf("memset(%s + 1, %s, sizeof(%s[0]) * %d);", v.name, byte, v.name, v.t.n-1)
			}
		})
		if strings.Contains(g.spelling(v.t), "_Bool") {
			return fmt.Sprintf("memset(&%s, %s, sizeof(%s));", v.name, oneOf(g, "0", "1"), v.name)
		}
		return text
	}
	var text string
	g.sequenced(func() {
		g.reading(w.root)
		if g.oneIn(2) && !v.t.padded {
			g.reading(v.root)
			g.writing("chk")
			text = fmt.Sprintf("mix%s((memcmp(&%s, &%s, sizeof(%s)) > 0) * 2 + !memcmp(&%s, &%s, sizeof(%s)));", g.id, v.name, w.name, v.name, v.name, w.name, v.name)
			return
		}
		g.writing(v.root)
		text = fmt.Sprintf("%s(&%s, &%s, sizeof(%s));", oneOf(g, "memcpy", "memmove"), v.name, w.name, oneOf(g, v.name, w.name))
	})
	return text
}

// overlaps moves most elements of an array by one.
func (g *cGen) overlaps(v *cVar) (text string) {
	g.sequenced(func() {
		g.reading(v.root)
		g.writing(v.root)
		text = fmt.Sprintf("memmove(%s + %d, %s + %d, sizeof(%s[0]) * %d);", v.name, g.below(2), v.name, g.below(2), v.name, v.t.n-1)
	})
	return text
}

// spelling has the names of the types within a type.
func (g *cGen) spelling(t *cType) string {
	switch t.kind {
	case 'a', 'p':
		return g.spelling(t.elem)
	case 'r':
		all := ""
		for _, f := range t.fields {
			all += g.spelling(f.t) + ","
		}
		return all
	}
	return t.name
}

// aggregate is a struct, union or array: one that has the same type as other, which is another, if that is not nil.
func (g *cGen) aggregate(other *cVar) *cVar {
	var list []*cVar
	for _, v := range g.scope {
		if (v.t.kind == 'r' || v.t.kind == 'a') && !v.ro && (other == nil || v.root != other.root && v.t.declare("x") == other.t.declare("x")) {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return oneOf(g, list...)
}

// whole assigns a struct, or what a function returns.
func (g *cGen) whole() (text string) {
	v := g.aggregate(nil)
	if v == nil || v.t.kind == 'a' {
		return g.assigns() + ";"
	}
	text = ";"
	g.sequenced(func() {
		g.reading(v.root)
		for _, f := range g.funcs {
			if f.result == v.t && g.callable(f) && !f.writes[v.root] && g.oneIn(2) {
				g.sequenced(func() { text = g.arguments(f, 1) }, func() { g.frames[len(g.frames)-1].add(&cFrame{f.reads, f.writes}) })
				text = fmt.Sprintf("%s = %s%s;", v.name, f.name, text)
				g.writing(v.root)
				return
			}
		}
		if w := g.aggregate(v); w != nil && g.oneIn(2) {
			g.reading(w.root)
			text = fmt.Sprintf("%s = %s;", v.name, w.name)
			if u := g.aggregate(v); g.oneIn(2) {
				g.reading(u.root)
				text = fmt.Sprintf("%s = %s ? %s : %s;", v.name, g.expr(1), w.name, u.name)
			}
		} else {
			text = fmt.Sprintf("%s = (%s)%s;", v.name, v.t.name, g.initial(v.t, 2))
		}
		g.writing(v.root)
	})
	return text
}

// indirect calls a function through the array of pointers.
func (g *cGen) indirect() (text string) {
	g.sequenced(func() {
		text = fmt.Sprintf("mix%s(fns%s[%s & %d](%s, %s));", g.id, g.id, g.expr(1), len(g.family)-1, g.expr(1), g.expr(1))
	})
	g.sequenced(func() {
		for _, f := range g.family {
			g.frames[len(g.frames)-1].add(&cFrame{f.reads, f.writes})
		}
		g.writing("chk")
	})
	return text
}

// loop is a loop of a few rounds.
func (g *cGen) loop(b *strings.Builder, in string) {
	line := func(format string, args ...any) { fmt.Fprintf(b, in+format+"\n", args...) }
	i, n := g.name("i"), 1+g.below(4)
	outer := len(g.scope)
	end := ""
	switch g.below(4) {
	case 0:
		line("for (%s %s = 0; %s < %d; %s++) {", oneOf(g, "int", "unsigned char", "long"), i, i, n, i)
		end = "}"
	case 1:
		line("{ int %s = %d; while (%s--) {", i, n, i)
		end = "} }"
	case 2:
		line("{ unsigned %s = 0; do {", i)
		end = fmt.Sprintf("} while (++%s < %d); }", i, n)
	default:
		line("{ int %s = 0;\n%sagain%s%s:\n%s\t{", i, in, i, g.id, in)
		end = fmt.Sprintf("}\n%sif (++%s < %d) goto again%s%s; }", in, i, n, i, g.id)
	}
	again := strings.Contains(end, "goto")
	g.scope = append(g.scope, &cVar{name: i, t: cIntegers[0], root: i, ro: true})
	g.block(b, in+"\t", 1+g.below(2))
	if g.oneIn(3) && !again {
		line("\tif (%s)\n%s\t\t%s;", g.full(2), in, oneOf(g, "break", "continue"))
		g.block(b, in+"\t", 1)
	}
	g.scope = g.scope[:outer]
	line("%s", end)
}

func (g *cGen) switches(b *strings.Builder, in string) {
	line := func(format string, args ...any) { fmt.Fprintf(b, in+format+"\n", args...) }
	line("switch (%s) {", oneOf(g, g.full(2)+" & 3", g.full(2), "("+g.integer().name+")"+g.full(2)))
	cases := []string{"case 0:", "case 1:", "case 2 ... 3:", "case (unsigned char)300:", "case -1:", "default:", "case sizeof(int) + 1:", "case 'a' - 90:", "case 4294967295u - 5:"}
	for range 1 + g.below(4) {
		i := g.below(len(cases))
		line("%s", cases[i])
		cases = append(cases[:i:i], cases[i+1:]...)
		line("\t{")
		g.block(b, in+"\t", 1)
		line("\t}")
		if g.oneIn(2) {
			line("\tbreak;")
		}
		if len(cases) == 0 {
			break
		}
	}
	line("}")
}
