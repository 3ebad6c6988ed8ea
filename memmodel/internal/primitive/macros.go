package primitive

import (
	"slices"
	"strings"
)

// Macros is a table of primitives: it defines each call that a test may make.
// The package comment describes the language.
type Macros struct {
	File  string
	table map[string]*macro

	// bareOp is set if some __atomic_op has no annotation. The table is then of
	// the kind that Linux has up to 6.12, where herd adds meanings that are not
	// in the table.
	bareOp bool
	// perHalf is set if some __atomic_op has a bare tag: the table is of the
	// newer kind, where a tag of a read-modify-write goes to both its halves.
	perHalf bool
}

// A macro is one entry of a table: an expression, statements, or the reason
// why there is neither.
type macro struct {
	name   string
	at     Place
	params int
	Value  *Expr
	body   []Stmt
	reason string // not empty: it cannot be used
	calls  []string
	arith  bool          // it may compute one address out of another
	uses   map[int64]int // by number of a parameter: how many times it is written
}

// addUnless is a primitive that older tables lack because herd has it built in.
const addUnless = "atomic_add_unless(X,V,W) __atomic_add_unless{mb}(X,V,W)"

// ParseMacros reads a table of primitives: the kernel's linux-kernel.def, or
// another in the same language. Errors are of type *Error.
func ParseMacros(file string, src []byte) (m *Macros, err error) {
	defer Catch(&err)
	m = &Macros{File: file, table: make(map[string]*macro)}
	prims := m.read(file, string(src))
	if m.bareOp && m.table["atomic_add_unless"] == nil {
		prims = append(prims, m.read("built in", addUnless)...)
	}
	for _, p := range prims {
		p.placeBareTags(file, m.perHalf)
	}
	m.checkPlain("__plain_load", 1, true)
	m.checkPlain("__plain_store", 2, false)
	m.spreadArith()
	return m, nil
}

// read adds the entries in src, and returns the primitives in them.
func (m *Macros) read(file, src string) []*primitive {
	p := &Parser{Lexer: Lexer{File: file, Src: src, Line: 1}, table: m}
	p.Advance()
	for p.Tok.Kind != Eof {
		p.macro()
	}
	return p.prims
}

// macro reads NAME(X,Y) and its definition.
func (p *Parser) macro() {
	at := p.Tok.At
	word := p.Expect(Name, "the name of a primitive")
	p.unreserved(word)
	e := &macro{at: at, name: word.Text}
	if _, ok := primitives[e.name]; ok {
		Fail(p.File, at, "%s is part of the language and cannot be defined", e.name)
	}
	if old := p.table.table[e.name]; old != nil {
		Fail(p.File, at, "%s is defined in line %d already", e.name, old.at.line)
	}
	p.macroFormals()
	e.params = len(p.formals)
	p.Calls, p.Arith = nil, false
	switch {
	case p.Accept('{'):
		e.body = p.StmtsToBrace(nil)
		p.Advance()
	case p.IsWord("unsupported"):
		e.reason = p.unsupported()
	default:
		e.Value = p.expr()
	}
	e.calls, e.arith, e.uses = p.Calls, p.Arith, map[int64]int{}
	count := func(x *Expr) {
		if x.Kind == formalExpr {
			e.uses[x.K]++
		}
	}
	walk(e.Value, count)
	WalkStmts(e.body, count)
	p.table.table[e.name] = e
}

func (p *Parser) macroFormals() {
	p.formals = nil
	p.Expect('(', `"("`)
	for !p.Accept(')') {
		t := p.Expect(Name, "a parameter")
		p.unreserved(t)
		if slices.Contains(p.formals, t.Text) {
			Fail(p.File, t.At, "there are two parameters %s", t.Text)
		}
		p.formals = append(p.formals, t.Text)
		if p.Tok.Kind != ')' {
			p.Expect(',', `"," or ")"`)
		}
	}
}

func (p *Parser) unsupported() string {
	p.Advance()
	p.Expect('(', `"("`)
	reason := p.Expect(quoted, "the reason, in quotes")
	if reason.Text == "" {
		Fail(p.File, reason.At, "the reason is missing")
	}
	p.Expect(')', `")"`)
	return reason.Text
}

// Find returns the macro of a name, or nil. The kernel's atomics of 64 bits and
// of the size of a long behave here as those of an int. If a table has no entry
// for one, the entry for the int stands for it.
func (m *Macros) Find(name string) *macro {
	if e := m.table[name]; e != nil {
		return e
	}
	for _, prefix := range []string{"atomic64_", "atomic_long_"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return m.table["atomic_"+rest]
		}
	}
	return nil
}

// fetchUnless is the entry that atomic_fetch_add_unless and its variants are made of, an
// extension: the one that says whether it added. It is nil for other names.
func (m *Macros) fetchUnless(name string) *macro {
	prefix, ok := strings.CutSuffix(name, "_fetch_add_unless")
	if !ok {
		return nil
	}
	e := m.Find(prefix + "_add_unless")
	if e == nil || e.Value == nil || e.Value.Kind != primExpr || e.Value.prim.kind != addUnlessPrim {
		return nil
	}
	return e
}

// checkPlain checks the entry that defines a plain access, if there is one.
func (m *Macros) checkPlain(name string, params int, value bool) {
	e := m.table[name]
	if e == nil || e.reason != "" {
		return
	}
	if e.params != params || (e.Value != nil) != value {
		kind := "statements"
		if value {
			kind = "an expression"
		}
		Fail(m.File, e.at, "%s has to have %d parameters and to stand for %s", name, params, kind)
	}
}

// spreadArith sets arith for each macro that calls one for which it is set.
func (m *Macros) spreadArith() {
	for changed := true; changed; {
		changed = false
		for _, e := range m.table {
			if !e.arith && m.AnyArith(e.calls) {
				e.arith, changed = true, true
			}
		}
	}
}

func (m *Macros) AnyArith(calls []string) bool {
	for _, name := range calls {
		e := m.Find(name)
		if e == nil {
			e = m.fetchUnless(name)
		}
		if e != nil && e.arith {
			return true
		}
	}
	return false
}

// primitive reads what comes after the name of a primitive.
func (p *Parser) primitive(e Expr, kind primKind) *Expr {
	if p.table == nil {
		Fail(p.File, e.At, "%s belongs in a table of primitives, not in a test", e.Name)
	}
	prim := &primitive{kind: kind, at: e.At, name: e.Name}
	e.Kind, e.prim = primExpr, prim
	if p.Tok.Kind == '{' {
		p.annotation(prim)
	}
	p.primitiveArgs(&e)
	e.To = p.end
	if prim.isOp() {
		p.Arith = true
		p.table.bareOp = p.table.bareOp || kind == atomicOp && !prim.annotated
		p.table.perHalf = p.table.perHalf || kind == atomicOp && prim.bare != nil
	}
	p.prims = append(p.prims, prim)
	return p.newExpr(e)
}

func (p *Parser) primitiveArgs(e *Expr) {
	want := primArgs[e.prim.kind]
	if want == 0 && p.Tok.Kind != '(' {
		return
	}
	p.Expect('(', `"("`)
	if e.prim.isOp() {
		e.Args = append(e.Args, p.expr())
		p.Expect(',', `","`)
		p.operator(e.prim)
		p.Expect(',', `","`)
	}
	e.Args = append(e.Args, p.args()...)
	if unused := e.prim.kind == srcuPrim && len(e.Args) == 2; len(e.Args) != want && !unused {
		Fail(p.File, e.At, "%s takes %d operands, not %d", e.Name, want, len(e.Args))
	}
}

// operator reads the operation of a read-modify-write: + - & | ^ or &~.
func (p *Parser) operator(prim *primitive) {
	b := binaryOp(p.Tok.Kind)
	switch p.Tok.Kind {
	case '+', '-', '&', '|', '^':
	default:
		p.Fail("this should be one of + - & | ^ &~, but is %v", p.Tok)
	}
	p.Advance()
	prim.op = b.op
	if p.Tok.Kind == '~' && prim.op == binaryOp('&').op {
		prim.inverted = true
		p.Advance()
	}
}

// annotation reads {...}: items between semicolons, each key=list or a list
// alone.
func (p *Parser) annotation(prim *primitive) {
	from := p.Off
	size := strings.IndexByte(p.Src[from:], '}')
	if size < 0 {
		p.Fail(`this annotation has no "}"`)
	}
	text := p.Src[from : from+size]
	at := p.Here()
	p.Pass(size + 1)
	p.Advance()
	prim.annotated = true
	for item := range strings.SplitSeq(text, ";") {
		key, list, ok := strings.Cut(item, "=")
		if !ok {
			key, list = "", item
		}
		key = strings.TrimSpace(key)
		if ok && key == "" || !prim.set(key, tags(p.File, at, list)) {
			Fail(p.File, at, "%s has no %q", prim.name, strings.TrimSpace(item))
		}
	}
}

// tags splits a list at its blanks, and each part at its commas.
func tags(file string, at Place, list string) [][]string {
	var parts [][]string
	for part := range strings.FieldsSeq(list) {
		var events []string
		for tag := range strings.SplitSeq(part, ",") {
			if tag == "" {
				continue
			}
			if i := strings.IndexFunc(tag, notInTag); i >= 0 {
				Fail(file, at, "the tag %q has a character that no tag may have", tag)
			}
			events = append(events, tag)
		}
		if events != nil {
			parts = append(parts, events)
		}
	}
	return parts
}

func notInTag(c rune) bool {
	return c > 0x7f || !IsLetter(byte(c)) && !IsDigit(byte(c)) && !strings.ContainsRune("-.+'", c)
}

// OnlyFences reports whether a primitive performs no accesses.
func (m *Macros) OnlyFences(e *macro, depth int) bool {
	for i := range e.body {
		s := &e.body[i]
		if s.Kind != EvalStmt || depth > maxMacroDepth {
			return false
		}
		switch s.Val.Kind {
		case primExpr:
			if s.Val.prim.kind != fencePrim {
				return false
			}
		case CallExpr:
			if inner := m.Find(s.Val.Name); inner == nil || inner.Value != nil || !m.OnlyFences(inner, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// TakesPlace reports whether the first operand of a primitive is a place in
// memory, such as *p, and not an address: whether the primitive's entry passes
// it unchanged to an access.
func (m *Macros) TakesPlace(name string) bool {
	e := m.Find(name)
	return e != nil && m.placeIn(e, 0, 0)
}

// placeIn reports whether formal k of e is used as a place in memory.
func (m *Macros) placeIn(e *macro, k int64, depth int) (found bool) {
	if depth > maxMacroDepth {
		return false
	}
	look := func(x *Expr) {
		for i, arg := range x.Args {
			if arg.Kind != formalExpr || arg.K != k {
				continue
			}
			switch x.Kind {
			case primExpr:
				found = found || i == 0 && (x.prim.kind == loadPrim || x.prim.kind == storePrim)
			case CallExpr:
				if inner := m.Find(x.Name); inner != nil {
					found = found || m.placeIn(inner, int64(i), depth+1)
				}
			}
		}
	}
	walk(e.Value, look)
	WalkStmts(e.body, look)
	return found
}
