package csource_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// headers are those that random programs use.
const headers = `#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
`

// randomC makes programs of C. The function run, with the suffix of the program, returns its result. In the text the
// suffix is @.
var randomC = rapid.Custom(func(t *rapid.T) string {
	g := &cGen{t: t, id: "@", size: 60 + 30*rapid.IntRange(0, 6).Draw(t, "size")}
	fmt.Fprintf(&g.file, "static unsigned long chk@;\nstatic atomic_int at@ = 3;\nstatic _Atomic unsigned char au@ = 250;\nstatic int pl@ = 7;\n")
	fmt.Fprintf(&g.file, "static void mix@(unsigned long x) { chk@ = (chk@ ^ x) * 0x9e3779b97f4a7c15 + (chk@ >> 29); }\n")
	fmt.Fprintf(&g.file, "static long va@(int n, ...) { va_list l; long s = 0; va_start(l, n); while (n--) s = s * 3 + va_arg(l, int); s -= va_arg(l, unsigned long); va_end(l); return s; }\n")
	if g.oneIn(2) {
		g.enum()
	}
	g.defineMacros()
	for range g.below(4) {
		g.record()
	}
	for range 1 + g.below(5) {
		g.global()
	}
	for range g.below(4) {
		g.function()
	}
	g.pointersToFunctions()
	return g.run()
})

// global declares a variable of file scope.
func (g *cGen) global() {
	v := &cVar{name: g.name("g") + g.id}
	v.root = v.name
	v.t = g.member(2)
	fmt.Fprintf(&g.file, "static %s", v.t.declare(v.name))
	switch {
	case v.t.kind == 'i' && g.oneIn(2):
		fmt.Fprintf(&g.file, " = %s", g.constant(3, false))
	case v.t.kind == 'a' && v.t.elem.kind == 'i':
		fmt.Fprintf(&g.file, " = {%s, [1] = %s}", g.constant(2, false), g.constant(2, false))
	case v.t.kind == 'r' && g.oneIn(2):
		for _, f := range v.t.fields {
			if f.name != "" && f.t.kind == 'i' {
				fmt.Fprintf(&g.file, " = {.%s = %s}", f.name, g.constant(2, false))
				break
			}
		}
	}
	g.file.WriteString(";\n")
	g.scope = append(g.scope, v)
}

// function defines a function.
func (g *cGen) function() {
	f := &cFunc{name: g.name("f") + g.id, result: g.integer(), reads: map[string]bool{}, writes: map[string]bool{}}
	if len(g.types) > 0 && g.oneIn(4) {
		f.result = oneOf(g, g.types...)
	}
	for range g.below(3) {
		p := &cVar{name: g.name("a")}
		p.root = p.name
		p.t = g.integer()
		if len(g.types) > 0 {
			switch t := oneOf(g, g.types...); g.below(4) {
			case 0:
				p.t = t
			case 1:
				p.t, p.target, p.ro = &cType{kind: 'p', elem: t}, &cArray{text: p.name, root: "*" + p.name, n: 1}, false
			}
		}
		f.params = append(f.params, p)
	}
	g.define(f, 2+g.below(3))
	g.funcs = append(g.funcs, f)
}

// define makes the body of a function.
func (g *cGen) define(f *cFunc, n int) {
	outer := len(g.scope)
	var params []string
	for _, p := range f.params {
		params = append(params, p.t.declare(p.name))
		g.scope = append(g.scope, p)
	}
	if len(params) == 0 {
		params = []string{"void"}
	}
	g.in = f
	var b strings.Builder
	fmt.Fprintf(&b, "static %s\n{\n", f.result.declare(f.name+"("+strings.Join(params, ", ")+")"))
	for range n {
		g.stmt(&b, "\t")
	}
	switch f.result.kind {
	case 'r':
		var e string
		g.sequenced(func() { e = g.initial(f.result, 2) })
		v := g.name("r")
		fmt.Fprintf(&b, "\t%s = %s;\n\treturn %s;\n}\n", f.result.declare(v), e, v)
	default:
		fmt.Fprintf(&b, "\treturn %s;\n}\n", g.full(3))
	}
	g.scope, g.in = g.scope[:outer], nil
	g.file.WriteString(b.String())
}

// pointersToFunctions makes two functions of the same type, and an array of pointers to them.
func (g *cGen) pointersToFunctions() {
	if !g.oneIn(2) {
		return
	}
	a, b, result := g.integer(), g.integer(), g.integer()
	var list []*cFunc
	for range 2 {
		f := &cFunc{name: g.name("f") + g.id, result: result, reads: map[string]bool{}, writes: map[string]bool{}}
		for _, t := range []*cType{a, b} {
			n := g.name("a")
			f.params = append(f.params, &cVar{name: n, t: t, root: n})
		}
		g.define(f, 1)
		list = append(list, f)
	}
	g.family, g.funcs = list, append(g.funcs, list...)
	fmt.Fprintf(&g.file, "static %s (*fns@[])(%s, %s) = {%s, &%s};\n", result.name, a.name, b.name, g.family[0].name, g.family[1].name)
}

// run makes the function that returns the program's result.
func (g *cGen) run() string {
	f := &cFunc{name: "run" + g.id, reads: map[string]bool{}, writes: map[string]bool{}}
	g.in = f
	n := len(g.scope)
	var b strings.Builder
	if g.oneIn(3) {
		fmt.Fprintf(&g.file, "static long deep@(int n, %s x) { return n <= 0 ? x : deep@(n - 1, x * 3 + n) - (x >> 1); }\n", g.integer().name)
		var e string
		g.sequenced(func() { e = g.expr(2) })
		fmt.Fprintf(&b, "\tmix@(deep@(%d, %s));\n", g.below(6), e)
	}
	for range 3 + g.below(6) {
		g.stmt(&b, "\t")
	}
	g.sums(&b)
	g.scope = g.scope[:n]
	fmt.Fprintf(&g.file, "static unsigned long run@(void)\n{\n%s\tmix@(at@ + au@ * 256 + pl@);\n\treturn chk@;\n}\n", b.String())
	return g.file.String()
}

// sums mixes all variables in scope into the result.
func (g *cGen) sums(b *strings.Builder) {
	for _, v := range g.scope {
		if v.t.kind != 'p' {
			g.sum(b, v.name, v.t)
		}
	}
}

func (g *cGen) sum(b *strings.Builder, text string, t *cType) {
	switch t.kind {
	case 'i':
		fmt.Fprintf(b, "\tmix@(%s);\n", text)
	case 'a':
		for i := range t.n {
			g.sum(b, fmt.Sprintf("%s[%d]", text, i), t.elem)
		}
	case 'r':
		for _, f := range t.fields {
			if f.name == "" {
				g.sum(b, text, f.t)
			} else {
				g.sum(b, text+"."+f.name, f.t)
			}
			if t.union {
				break
			}
		}
	}
}
