package csource_test

import (
	"fmt"
	"strings"
)

// reading notes that a root is read. It returns false if that would be unsequenced with a write.
func (g *cGen) reading(root string) bool {
	for _, f := range g.frames {
		if f.writes[root] {
			return false
		}
	}
	g.frames[len(g.frames)-1].reads[root] = true
	return true
}

func (g *cGen) canWrite(root string) bool {
	for _, f := range g.frames {
		if f.writes[root] || f.reads[root] {
			return false
		}
	}
	return true
}

func (g *cGen) writing(root string) { g.frames[len(g.frames)-1].writes[root] = true }

// sequenced makes parts of an expression that are evaluated one after the other.
func (g *cGen) sequenced(parts ...func()) {
	all := newFrame()
	for _, part := range parts {
		f := newFrame()
		g.frames = append(g.frames, f)
		part()
		g.frames = g.frames[:len(g.frames)-1]
		all.add(f)
	}
	if n := len(g.frames); n > 0 {
		g.frames[n-1].add(all)
	} else if g.in != nil {
		for r := range all.reads {
			g.in.reads[r] = true
		}
		for r := range all.writes {
			g.in.writes[r] = true
		}
	}
}

func (f *cFrame) add(other *cFrame) {
	for r := range other.reads {
		f.reads[r] = true
	}
	for r := range other.writes {
		f.writes[r] = true
	}
}

// full makes a full expression.
func (g *cGen) full(depth int) (text string) {
	g.sequenced(func() { text = g.expr(depth) })
	return text
}

var cLiterals = []string{
	"0", "1", "2", "3", "7", "10", "100", "127", "128", "255", "256", "32767", "32768", "65535", "65536", "2147483647", "2147483648", "4294967295", "4294967296",
	"0x7fffffffffffffff", "0xffffffffffffffff", "0x80000000", "0xffffffff", "0x8000000000000000", "1u", "0u", "3u", "4294967295u", "1l", "5ul", "0ull", "17ll",
	"0177", "0b1011", "'a'", "'\\n'", "'\\377'", "'\\x80'", "'\\0'", "-1", "-2", "-128", "-2147483648", "(-2147483647 - 1)", "123456789012", "-1l", "-1u", "0x12345678u",
}

// place is a scalar in memory, and its root. A place that is written is one that nothing else of the expression
// accesses. It returns "" if there is none.
func (g *cGen) place(write bool) (text string, t *cType, root string) {
	for range 6 {
		if len(g.scope) == 0 {
			break
		}
		v := oneOf(g, g.scope...)
		root := v.root
		if v.t.kind == 'p' {
			root = v.target.root
		}
		if write && (v.ro || !g.canWrite(root)) || !g.reading(v.root) || !g.reading(root) {
			continue
		}
		if v.t.kind == 'p' {
			text, t = g.pointed(v)
		} else {
			text, t = g.within(v.name, v.t)
		}
		return text, t, root
	}
	return "", nil, ""
}

// pointed is a scalar to which a pointer points.
func (g *cGen) pointed(v *cVar) (string, *cType) {
	switch {
	case v.t.elem.kind == 'r' && g.oneIn(2):
		text, t := g.within(v.name+"->", v.t.elem)
		return strings.Replace(text, "->.", "->", 1), t
	case v.target.n > 1 && g.oneIn(2):
		return g.within(fmt.Sprintf("(%s)[((%s - (%s)) + %s) & %d]", v.target.text, v.name, v.target.text, g.expr(1), v.target.n-1), v.t.elem)
	case g.oneIn(2):
		return g.within(v.name+"[0]", v.t.elem)
	}
	return g.within("(*"+v.name+")", v.t.elem)
}

// within is a scalar within something of type t.
func (g *cGen) within(text string, t *cType) (string, *cType) {
	inUnion := false
	for {
		switch t.kind {
		case 'i':
			return text, t
		case 'a':
			switch {
			case inUnion || g.oneIn(2):
				text += fmt.Sprintf("[%d]", g.below(t.n))
			case g.oneIn(12) && !strings.HasSuffix(text, "]"):
				text = fmt.Sprintf("(%d)[%s]", g.below(t.n), text)
			default:
				text += fmt.Sprintf("[%s & %d]", g.expr(1), t.n-1)
			}
			t = t.elem
		default:
			f := oneOf(g, t.fields...)
			inUnion = t.union
			if f.name != "" {
				text += "." + f.name
			}
			t = f.t
			if f.bits > 0 {
				return text, &cType{kind: 'i', name: t.name, size: t.size, signed: t.signed, n: f.bits}
			}
		}
	}
}

// value is the value of a place. A bit-field wider than int has a type of its own in GCC's C, and its declared one in
// Clang's: it is converted.
func (g *cGen) value() string {
	text, t, _ := g.place(false)
	switch {
	case text == "":
		return oneOf(g, cLiterals...)
	case t.n > 0 && t.size == 8:
		return fmt.Sprintf("((%s)%s)", t.name, text)
	}
	return text
}

func (g *cGen) expr(depth int) string {
	g.size--
	if depth <= 0 || g.size <= 0 {
		if g.below(3) == 0 {
			return oneOf(g, cLiterals...)
		}
		return g.value()
	}
	depth--
	switch g.below(16) {
	case 0:
		return oneOf(g, cLiterals...)
	case 1, 2:
		return g.value()
	case 3, 4:
		return fmt.Sprintf("(%s %s %s)", g.expr(depth), oneOf(g, "+", "-", "*", "&", "|", "^"), g.expr(depth))
	case 5:
		return g.guarded(g.expr(depth), depth, "")
	case 6:
		return fmt.Sprintf("(%s %s %s)", g.expr(depth), oneOf(g, "<", ">", "<=", ">=", "==", "!="), g.expr(depth))
	case 7:
		return fmt.Sprintf("(%s %s)", oneOf(g, "-", "~", "!", "+", "!!"), g.expr(depth))
	case 8:
		return fmt.Sprintf("((%s)%s)", g.typeName(depth), g.expr(depth))
	case 9, 10:
		return g.branching(depth)
	case 11:
		return g.effect(depth)
	case 12:
		return g.call(depth)
	case 13:
		return g.typed(depth)
	case 14:
		return g.special(depth)
	}
	return g.compound(depth)
}

// guarded is a shift or a division, with x on the left, that is defined whatever the operands are.
func (g *cGen) guarded(x string, depth int, assign string) string {
	switch g.below(5) {
	case 0:
		return fmt.Sprintf("(%s %s%s (%s & 31))", x, oneOf(g, "<<", ">>"), assign, g.expr(depth))
	case 1:
		if assign == "" {
			return fmt.Sprintf("((%s)%s %s (%s & 63))", oneOf(g, "long", "unsigned long"), x, oneOf(g, "<<", ">>"), g.expr(depth))
		}
		return fmt.Sprintf("(%s %s%s %d)", x, oneOf(g, "<<", ">>"), assign, g.below(32))
	case 2:
		return fmt.Sprintf("(%s %s%s ((%s & 0xff) | 1))", x, oneOf(g, "/", "%"), assign, g.expr(depth))
	case 3:
		return fmt.Sprintf("(%s %s%s (%s)%s)", x, oneOf(g, "/", "%"), assign, oneOf(g, "int", "long", "unsigned"), oneOf(g, "3", "-7", "10", "2147483647", "-2147483647"))
	}
	return fmt.Sprintf("(%s %s%s ((%s & 7) - 9))", x, oneOf(g, "/", "%"), assign, g.expr(depth))
}

// typeName names an integer type.
func (g *cGen) typeName(depth int) string {
	if g.oneIn(6) {
		return fmt.Sprintf("__typeof__(%s + 0)", g.expr(min(depth, 1)))
	}
	return g.integer().name
}

func (g *cGen) branching(depth int) (text string) {
	var a, b, c string
	g.sequenced(func() { a = g.expr(depth) }, func() { b = g.expr(depth) }, func() { c = g.expr(depth) })
	switch g.below(6) {
	case 0:
		return fmt.Sprintf("(%s && %s)", a, b)
	case 1:
		return fmt.Sprintf("(%s || %s)", a, b)
	case 2: // a constant as the first operand is refused
		if x, _, _ := g.place(false); x != "" {
			return fmt.Sprintf("(%s ?: %s)", x, b)
		}
	case 3:
		return fmt.Sprintf("(%s, %s)", a, b)
	}
	return fmt.Sprintf("(%s ? %s : %s)", a, b, c)
}

// effect is an expression that writes.
func (g *cGen) effect(depth int) string {
	x, t, root := g.place(true)
	if x == "" {
		return g.value()
	}
	text := ""
	switch k := g.below(6); {
	case k == 0 && t.name != "_Bool":
		text = fmt.Sprintf("(%s%s)", x, oneOf(g, "++", "--"))
	case k == 1:
		text = fmt.Sprintf("(%s%s)", oneOf(g, "++", "--"), x)
	case k == 2:
		text = g.guarded(x, depth, "=")
	case k == 3:
		text = fmt.Sprintf("(%s %s= %s)", x, oneOf(g, "+", "-", "*", "&", "|", "^"), g.expr(depth))
	default:
		text = fmt.Sprintf("(%s = %s)", x, g.expr(depth))
	}
	g.writing(root)
	if t.n > 0 && t.size == 8 {
		text = fmt.Sprintf("((%s)%s)", t.name, text)
	}
	return text
}

// call calls a function, by its name or through the array of pointers.
func (g *cGen) call(depth int) string {
	var can []*cFunc
	for _, f := range g.funcs {
		if f.result.kind == 'i' && g.callable(f) {
			can = append(can, f)
		}
	}
	if len(can) == 0 {
		return g.value()
	}
	f := oneOf(g, can...)
	text := ""
	g.sequenced(func() { text = g.arguments(f, depth) }, func() { g.frames[len(g.frames)-1].add(&cFrame{f.reads, f.writes}) })
	return f.name + text
}

func (g *cGen) callable(f *cFunc) bool {
	for r := range f.writes {
		if !g.canWrite(r) {
			return false
		}
	}
	for r := range f.reads {
		for _, fr := range g.frames {
			if fr.writes[r] {
				return false
			}
		}
	}
	for _, p := range f.params {
		if p.t.kind != 'i' && g.argument(f, p) == nil {
			return false
		}
	}
	return true
}

// argument is a variable that a function can be given for a parameter that is no integer.
func (g *cGen) argument(f *cFunc, p *cVar) *cVar {
	for _, v := range g.scope {
		switch {
		case p.t.kind == 'r' && v.t == p.t && !f.writes[v.root] && g.canWrite(v.root):
			return v
		case p.t.kind == 'p' && v.t == p.t.elem && !v.ro && !f.writes[v.root] && !f.reads[v.root] && g.canWrite(v.root):
			return v
		}
	}
	return nil
}

func (g *cGen) arguments(f *cFunc, depth int) string {
	var list []string
	for _, p := range f.params {
		if p.t.kind == 'i' {
			list = append(list, g.expr(min(depth, 1)))
		} else {
			list = append(list, "0")
		}
	}
	for i, p := range f.params {
		if p.t.kind == 'i' {
			continue
		}
		v := g.argument(f, p)
		if v == nil { // an argument before it has written it
			return g.noArguments(f)
		}
		list[i] = v.name
		g.reading(v.root)
		if p.t.kind == 'p' {
			list[i] = "&" + v.name
			g.writing(v.root)
		}
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// noArguments are zeros, in objects of their own.
func (g *cGen) noArguments(f *cFunc) string {
	var list []string
	for _, p := range f.params {
		switch p.t.kind {
		case 'i':
			list = append(list, "0")
		case 'r':
			list = append(list, fmt.Sprintf("(%s){0}", p.t.name))
		default:
			list = append(list, fmt.Sprintf("&(%s){0}", p.t.elem.name))
		}
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// typed has what depends on types.
func (g *cGen) typed(depth int) string {
	switch g.below(6) {
	case 0:
		return fmt.Sprintf("sizeof(%s)", oneOf(g, g.place1(), g.expr(depth)+" + 0"))
	case 1:
		t := g.member(1)
		for t.hasBits() {
			t = g.member(1)
		}
		return fmt.Sprintf("sizeof(%s)", strings.TrimSpace(t.declare("")))
	case 2:
		if len(g.types) == 0 {
			return "sizeof(long)"
		}
		t := oneOf(g, g.types...)
		f := oneOf(g, t.fields...)
		if f.name == "" || t.hasBits() {
			return fmt.Sprintf("_Alignof(%s)", t.name)
		}
		return fmt.Sprintf("offsetof(%s, %s)", t.name, f.name)
	case 3:
		x := g.place1()
		return fmt.Sprintf("_Generic((%s), _Bool: 1, char: 2, signed char: 3, unsigned char: 4, short: 5, unsigned short: 6, int: 7, unsigned: 8, long: 9, unsigned long: 10, long long: 11, unsigned long long: 12, default: 13)", x)
	case 4:
		return fmt.Sprintf("_Generic(%s + 0, int: 7, unsigned: 8, long: 9, unsigned long: 10, long long: 11, unsigned long long: 12)", g.expr(depth))
	}
	return fmt.Sprintf("__builtin_types_compatible_p(__typeof__(%s + 0), %s)", g.expr(depth), oneOf(g, "int", "unsigned", "long", "unsigned long"))
}

// place1 is a place that is no bit-field.
func (g *cGen) place1() string {
	if text, t, _ := g.place(false); text != "" && t.n == 0 {
		return text
	}
	return "1"
}

// compound has compound literals and statement expressions.
func (g *cGen) compound(depth int) (text string) {
	switch g.below(4) {
	case 0:
		return fmt.Sprintf("((%s){%s})", g.integer().name, g.expr(depth))
	case 1:
		return fmt.Sprintf("((%s[4]){%s, [%d] = %s})[%s & 3]", g.integer().name, g.expr(1), 1+g.below(3), g.expr(1), g.expr(1))
	case 2:
		if len(g.types) == 0 {
			return g.value()
		}
		t := oneOf(g, g.types...)
		inits := g.initial(t, 1)
		x, f := g.within(fmt.Sprintf("((%s)%s)", t.name, inits), t)
		if f.n > 0 && f.size == 8 {
			return fmt.Sprintf("((%s)%s)", f.name, x)
		}
		return x
	}
	t, v := g.integer(), g.name("x")
	var first, second, last string
	n := len(g.scope)
	g.sequenced(func() { first = g.expr(depth) }, func() {
		g.scope = append(g.scope, &cVar{name: v, t: t, root: v})
		second = g.effect(depth)
	}, func() {
		g.reading(v) // beside last
		last = g.expr(1)
	})
	g.scope = g.scope[:n]
	return fmt.Sprintf("({ %s %s = %s; %s; %s %s %s; })", t.name, v, first, second, v, oneOf(g, "+", "^", "-", "*"), last)
}

// initial is an initializer in braces.
func (g *cGen) initial(t *cType, depth int) string {
	switch t.kind {
	case 'i':
		return g.expr(depth)
	case 'a':
		var list []string
		for i := 0; i == 0 || i < t.n && !g.oneIn(3); i++ {
			e := g.initial(t.elem, depth)
			switch g.below(6) {
			case 0:
				e = fmt.Sprintf("[%d] = %s", i, e)
			case 1:
				if t.elem.kind == 'i' && i+1 < t.n {
					e = fmt.Sprintf("[%d ... %d] = %s", i, i+1, oneOf(g, cLiterals...))
					i++
				}
			}
			list = append(list, e)
		}
		return "{" + strings.Join(list, ", ") + "}"
	}
	var list []string
	for _, f := range t.fields {
		switch {
		case f.name == "" || g.oneIn(4):
			continue
		case t.union && len(list) > 0:
			continue
		}
		list = append(list, fmt.Sprintf(".%s = %s", f.name, g.initial(f.t, depth)))
	}
	if len(list) == 0 {
		return "{0}"
	}
	if g.oneIn(4) {
		list[0], list[len(list)-1] = list[len(list)-1], list[0]
	}
	return "{" + strings.Join(list, ", ") + "}"
}
