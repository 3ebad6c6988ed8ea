package litmus

import (
	"slices"
	"strings"
)

// Macros is a table of primitives: what each call that a test may make is made
// of. The package comment describes the language.
type Macros struct {
	file  string
	table map[string]*macro

	// bareOp is set if some __atomic_op has no annotation: the table is of the
	// kind that Linux has up to 6.12, in which herd knows more than it is told.
	bareOp bool
	// perHalf is set if some __atomic_op has a bare tag: the table is of the
	// newer kind, where a tag of a read-modify-write goes to both its halves.
	perHalf bool
}

// A macro is one entry of a table: an expression, statements, or the reason
// why there is neither.
type macro struct {
	name   string
	at     place
	params int
	value  *expr
	body   []stmt
	reason string // not empty: it cannot be used
	calls  []string
	arith  bool // it may compute one address out of another
}

// addUnless is a primitive that older tables leave out because herd has it
// built in.
const addUnless = "atomic_add_unless(X,V,W) __atomic_add_unless{mb}(X,V,W)"

// ParseMacros reads a table of primitives: the kernel's linux-kernel.def, or
// another in the same language. Its errors are *Error.
func ParseMacros(file string, src []byte) (m *Macros, err error) {
	defer catch(&err)
	m = &Macros{file: file, table: make(map[string]*macro)}
	prims := m.read(file, string(src))
	if m.bareOp && m.table["atomic_add_unless"] == nil {
		prims = append(prims, m.read("built in", addUnless)...)
	}
	for _, p := range prims {
		p.settle(file, m.perHalf)
	}
	m.checkPlain("__plain_load", 1, true)
	m.checkPlain("__plain_store", 2, false)
	m.spreadArith()
	return m, nil
}

// read adds the entries in src, and returns the primitives in them.
func (m *Macros) read(file, src string) []*primitive {
	p := &parser{lexer: lexer{file: file, src: src, line: 1}, table: m}
	p.advance()
	for p.tok.kind != eof {
		p.macro()
	}
	return p.prims
}

// macro reads NAME(X,Y) and what it stands for.
func (p *parser) macro() {
	at := p.tok.at
	word := p.expect(name, "the name of a primitive")
	p.unreserved(word)
	e := &macro{at: at, name: word.text}
	if _, ok := primitives[e.name]; ok {
		fail(p.file, at, "%s is part of the language and cannot be defined", e.name)
	}
	if old := p.table.table[e.name]; old != nil {
		fail(p.file, at, "%s is defined in line %d already", e.name, old.at.line)
	}
	p.macroFormals()
	e.params = len(p.formals)
	p.calls, p.arith = nil, false
	switch {
	case p.accept('{'):
		e.body = p.stmtsToBrace(nil)
		p.advance()
	case p.isWord("unsupported"):
		e.reason = p.unsupported()
	default:
		e.value = p.expr()
	}
	e.calls, e.arith = p.calls, p.arith
	p.table.table[e.name] = e
}

func (p *parser) macroFormals() {
	p.formals = nil
	p.expect('(', `"("`)
	for !p.accept(')') {
		t := p.expect(name, "a parameter")
		p.unreserved(t)
		if slices.Contains(p.formals, t.text) {
			fail(p.file, t.at, "there are two parameters %s", t.text)
		}
		p.formals = append(p.formals, t.text)
		if p.tok.kind != ')' {
			p.expect(',', `"," or ")"`)
		}
	}
}

func (p *parser) unsupported() string {
	p.advance()
	p.expect('(', `"("`)
	reason := p.expect(quoted, "the reason, in quotes")
	if reason.text == "" {
		fail(p.file, reason.at, "the reason is missing")
	}
	p.expect(')', `")"`)
	return reason.text
}

// find returns the macro of a name, or nil. The kernel's atomics of 64 bits and
// of the size of a long differ from those of an int in nothing that matters
// here, so where a table has no word of its own for them, theirs stands for them.
func (m *Macros) find(name string) *macro {
	if e := m.table[name]; e != nil {
		return e
	}
	for _, kin := range []string{"atomic64_", "atomic_long_"} {
		if rest, ok := strings.CutPrefix(name, kin); ok {
			return m.table["atomic_"+rest]
		}
	}
	return nil
}

// checkPlain checks the entry that says what a plain access is, if there is one.
func (m *Macros) checkPlain(name string, params int, value bool) {
	e := m.table[name]
	if e == nil || e.reason != "" {
		return
	}
	if e.params != params || (e.value != nil) != value {
		kind := "statements"
		if value {
			kind = "an expression"
		}
		fail(m.file, e.at, "%s has to have %d parameters and to stand for %s", name, params, kind)
	}
}

// spreadArith sets arith where it is set in something that is called.
func (m *Macros) spreadArith() {
	for changed := true; changed; {
		changed = false
		for _, e := range m.table {
			if !e.arith && m.anyArith(e.calls) {
				e.arith, changed = true, true
			}
		}
	}
}

func (m *Macros) anyArith(calls []string) bool {
	for _, name := range calls {
		if e := m.find(name); e != nil && e.arith {
			return true
		}
	}
	return false
}

// primitive reads what comes after the name of a primitive.
func (p *parser) primitive(e expr, kind primKind) *expr {
	if p.table == nil {
		fail(p.file, e.at, "%s belongs in a table of primitives, not in a test", e.name)
	}
	prim := &primitive{kind: kind, at: e.at, name: e.name}
	e.kind, e.prim = primExpr, prim
	if p.tok.kind == '{' {
		p.annotation(prim)
	}
	p.primitiveArgs(&e)
	e.to = p.end
	if prim.isOp() {
		p.arith = true
		p.table.bareOp = p.table.bareOp || kind == atomicOp && !prim.annotated
		p.table.perHalf = p.table.perHalf || kind == atomicOp && prim.bare != nil
	}
	p.prims = append(p.prims, prim)
	return p.newExpr(e)
}

func (p *parser) primitiveArgs(e *expr) {
	want := primArgs[e.prim.kind]
	if want == 0 && p.tok.kind != '(' {
		return
	}
	p.expect('(', `"("`)
	if e.prim.isOp() {
		e.args = append(e.args, p.expr())
		p.expect(',', `","`)
		p.operator(e.prim)
		p.expect(',', `","`)
	}
	e.args = append(e.args, p.args()...)
	if len(e.args) != want {
		fail(p.file, e.at, "%s takes %d operands, not %d", e.name, want, len(e.args))
	}
}

// operator reads the operation of a read-modify-write: + - & | ^ or &~.
func (p *parser) operator(prim *primitive) {
	b := binaryOp(p.tok.kind)
	switch p.tok.kind {
	case '+', '-', '&', '|', '^':
	default:
		p.fail("this should be one of + - & | ^ &~, but is %v", p.tok)
	}
	p.advance()
	prim.op = b.op
	if p.tok.kind == '~' && prim.op == binaryOp('&').op {
		prim.inverted = true
		p.advance()
	}
}

// annotation reads {...}: items between semicolons, each key=list or a list
// alone.
func (p *parser) annotation(prim *primitive) {
	from := p.off
	size := strings.IndexByte(p.src[from:], '}')
	if size < 0 {
		p.fail(`this annotation has no "}"`)
	}
	text := p.src[from : from+size]
	at := p.here()
	p.pass(size + 1)
	p.advance()
	prim.annotated = true
	for item := range strings.SplitSeq(text, ";") {
		key, list, ok := strings.Cut(item, "=")
		if !ok {
			key, list = "", item
		}
		key = strings.TrimSpace(key)
		if ok && key == "" || !prim.set(key, tags(p.file, at, list)) {
			fail(p.file, at, "%s has no %q", prim.name, strings.TrimSpace(item))
		}
	}
}

// tags splits a list at its blanks, and each part at its commas.
func tags(file string, at place, list string) [][]string {
	var parts [][]string
	for part := range strings.FieldsSeq(list) {
		var events []string
		for tag := range strings.SplitSeq(part, ",") {
			if tag == "" {
				continue
			}
			if i := strings.IndexFunc(tag, notInTag); i >= 0 {
				fail(file, at, "the tag %q has a character that no tag may have", tag)
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
	return c > 0x7f || !isLetter(byte(c)) && !isDigit(byte(c)) && !strings.ContainsRune("-.+'", c)
}
