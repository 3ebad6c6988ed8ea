package litmus

import (
	"slices"

	"crosscall/memmodel/internal/ir"
)

// stmtsToBrace reads statements up to "}", which it leaves.
func (p *parser) stmtsToBrace(list []stmt) []stmt {
	for p.tok.kind != '}' {
		if p.tok.kind == eof {
			p.fail(`the file ends before the "}" of these statements`)
		}
		list = p.stmt(list)
	}
	return list
}

// stmt reads a statement and appends what it comes to: nothing, if it only
// declares a register.
func (p *parser) stmt(list []stmt) []stmt {
	p.nest()
	defer p.unnest()
	s := stmt{at: p.tok.at, from: p.tok.from}
	switch {
	case p.accept(';'):
		return list
	case p.accept('{'):
		outer := p.enterBlock()
		list = p.stmtsToBrace(list)
		p.leaveBlock(outer)
		p.advance()
		return list
	case p.tok.kind == name:
		switch p.tok.text {
		case "if":
			return append(list, p.ifStmt(s))
		case "while":
			return append(list, p.whileStmt(s))
		case "do":
			return append(list, p.doStmt(s))
		case "for":
			return p.forStmt(list, s)
		}
		if p.declares() {
			return p.declaration(list)
		}
	}
	s = p.simple(s)
	p.expect(';', `";"`)
	return append(list, s)
}

// enterBlock opens a scope for registers, and returns what leaveBlock needs.
func (p *parser) enterBlock() (outer int) {
	outer, p.block = p.block, len(p.declared)
	return outer
}

func (p *parser) leaveBlock(outer int) { p.declared, p.block = p.declared[:p.block], outer }

// declare enters a register that a declaration names. A thread has one register
// of a name, so that one which hides another is refused.
func (p *parser) declare(t token) {
	if slices.Contains(p.declared[:p.block], t.text) {
		fail(p.file, t.at, "%s hides the register of that name that is declared around this block: give it another name", t.text)
	}
	p.declared = append(p.declared, t.text)
	p.mentions(t.text)
}

// simple reads an assignment, a store, or an expression that is evaluated for
// its effects.
func (p *parser) simple(s stmt) stmt {
	e := p.expr()
	s.val, s.to = e, p.end
	if p.tok.kind != '=' {
		return s
	}
	switch {
	case e.kind == nameExpr && p.table == nil:
		s.kind, s.name = assignStmt, e.name
		p.assigns(e.name)
	case e.kind == derefExpr:
		s.kind, s.lhs = storeStmt, e.x
	default:
		p.fail("only a register or *p can stand on the left of =")
	}
	p.advance()
	s.val = p.expr()
	s.to = p.end
	return s
}

func (p *parser) assigns(register string) {
	pr := &p.ast.procs[len(p.ast.procs)-1]
	pr.assigned = p.addName(pr.assigned, register)
}

func (p *parser) mentions(register string) {
	pr := &p.ast.procs[len(p.ast.procs)-1]
	pr.named = p.addName(pr.named, register)
}

// addName adds a name to a list that has each once.
func (p *parser) addName(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	if len(list) == maxNames {
		p.fail("there are more than %d names, which is too many", maxNames)
	}
	return append(list, word)
}

// declares reports whether a declaration starts at the word tok: with the name
// of a type, or with a word that another follows, or a star and another.
func (p *parser) declares() bool {
	if isType(p.tok.text) {
		return true
	}
	saved := p.lexer
	defer func() { p.lexer = saved }()
	t := p.next()
	stars := t.kind == '*'
	for t.kind == '*' {
		t = p.next()
	}
	if t.kind != name || !stars {
		return t.kind == name
	}
	switch p.next().kind { // a * b; would be an odd thing to compute
	case ';', '=', ',':
		return true
	}
	return false
}

// unreserved checks that a word can be the name of a register or a function.
func (p *parser) unreserved(t token) {
	switch t.text {
	case "if", "else", "while", "do", "for", "return", "goto", "break", "continue", "switch", "case", "default", "sizeof":
		fail(p.file, t.at, "%s cannot be used here: a litmus test has assignments, calls, if, while, do and for", t.text)
	case "true", "false":
		fail(p.file, t.at, "%s is a constant", t.text)
	}
	if isType(t.text) {
		fail(p.file, t.at, "%s is a type", t.text)
	}
}

func isType(word string) bool {
	switch word {
	case "int", "long", "short", "char", "unsigned", "signed", "void", "bool", "_Bool", "volatile", "const",
		"struct", "_Atomic", "intptr_t", "uintptr_t", "size_t", "ssize_t", "atomic_t", "spinlock_t", "atomic_long_t",
		"int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
		"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "atomic_int", "__int128", "__uint128":
		return true
	}
	return false
}

// typeWords goes past a type without its stars. The last word before a star,
// a comma or the like is not part of it, unless it is a type's name itself.
func (p *parser) typeWords() {
	for p.tok.kind == name {
		tag := p.tok.text == "struct"
		known := tag || isType(p.tok.text)
		if !known && p.peek().kind != name && p.peek().kind != '*' {
			return
		}
		p.advance()
		if tag {
			p.expect(name, "the name of the struct")
		}
		if !known {
			return
		}
	}
}

// declaration reads int r1, *r2 = e; and keeps what it assigns.
func (p *parser) declaration(list []stmt) []stmt {
	if p.table != nil {
		p.fail("an entry of a table has no registers of its own")
	}
	p.typeWords()
	for {
		for p.tok.kind == '*' || p.isWord("const") || p.isWord("volatile") {
			p.advance()
		}
		s := stmt{kind: assignStmt, at: p.tok.at, from: p.tok.from} // of "int r1 = 1" the text is "r1 = 1"
		register := p.expect(name, "the name of a register")
		p.unreserved(register)
		p.declare(register)
		s.name = register.text
		if p.tok.kind == '[' {
			p.fail("a thread's own arrays are not supported: registers hold one value each")
		}
		if p.accept('=') {
			s.val = p.expr()
			s.to = p.end
			p.assigns(s.name)
			list = append(list, s)
		}
		if !p.accept(',') {
			break
		}
	}
	p.expect(';', `";"`)
	return list
}

// condition reads ( e ).
func (p *parser) condition() *expr {
	p.expect('(', `"("`)
	e := p.expr()
	p.expect(')', `")"`)
	return e
}

func (p *parser) ifStmt(s stmt) stmt {
	p.advance()
	s.kind = ifStmt
	s.val = p.condition()
	s.to = p.end
	s.body = p.stmt(nil)
	if p.isWord("else") {
		p.advance()
		s.alt = p.stmt(nil)
	}
	return s
}

func (p *parser) whileStmt(s stmt) stmt {
	p.advance()
	s.kind = whileStmt
	s.val = p.condition()
	s.to = p.end
	s.body = p.stmt(nil)
	return s
}

func (p *parser) doStmt(s stmt) stmt {
	p.advance()
	s.kind = doStmt
	s.body = p.stmt(nil)
	if !p.isWord("while") {
		p.fail("this should be the while of do, but is %v", p.tok)
	}
	s.from, s.at = p.tok.from, p.tok.at
	p.advance()
	s.val = p.condition()
	s.to = p.end
	p.expect(';', `";"`)
	return s
}

// forStmt reads for (a; b; c) d as a; while (b) { d c; }.
func (p *parser) forStmt(list []stmt, s stmt) []stmt {
	outer := p.enterBlock()
	defer p.leaveBlock(outer)
	p.advance()
	p.expect('(', `"("`)
	list = p.stmt(list)
	s.kind = whileStmt
	if p.tok.kind == ';' {
		s.val = p.newExpr(expr{kind: numExpr, at: p.tok.at, k: 1})
	} else {
		s.val = p.expr()
	}
	p.expect(';', `";"`)
	var step []stmt
	if p.tok.kind != ')' {
		step = []stmt{p.simple(stmt{at: p.tok.at, from: p.tok.from})}
	}
	p.expect(')', `")"`)
	s.to = p.end
	s.body = append(p.stmt(nil), step...)
	return append(list, s)
}

func (p *parser) newExpr(e expr) *expr {
	if len(p.spare) == 0 {
		p.spare = make([]expr, 24)
	}
	n := &p.spare[0]
	p.spare = p.spare[1:]
	*n = e
	return n
}

// A binary operator, and how tightly it binds.
type binary struct {
	op   ir.ExprOp
	prec int
}

func binaryOp(k kind) binary {
	switch k {
	case orOr:
		return binary{ir.LOr, 1}
	case andAnd:
		return binary{ir.LAnd, 2}
	case '|':
		return binary{ir.Or, 3}
	case '^':
		return binary{ir.Xor, 4}
	case '&':
		return binary{ir.And, 5}
	case equal:
		return binary{ir.Eq, 6}
	case notEqual:
		return binary{ir.Ne, 6}
	case '<':
		return binary{ir.Lt, 7}
	case '>':
		return binary{ir.Gt, 7}
	case lessEq:
		return binary{ir.Le, 7}
	case moreEq:
		return binary{ir.Ge, 7}
	case shiftL:
		return binary{ir.Shl, 8}
	case shiftR:
		return binary{ir.Shr, 8}
	case '+':
		return binary{ir.Add, 9}
	case '-':
		return binary{ir.Sub, 9}
	case '*':
		return binary{ir.Mul, 10}
	case '/':
		return binary{ir.Div, 10}
	case '%':
		return binary{ir.Mod, 10}
	}
	return binary{}
}

// computes reports whether op can make one address out of another.
func computes(op ir.ExprOp) bool {
	switch op {
	case ir.Eq, ir.Ne, ir.Lt, ir.Le, ir.Gt, ir.Ge, ir.LAnd, ir.LOr, ir.Not:
		return false
	}
	return true
}

func (p *parser) expr() *expr {
	p.nest()
	defer p.unnest()
	cond := p.binary(1)
	if p.tok.kind != '?' {
		return cond
	}
	p.advance()
	yes := p.expr()
	p.expect(':', `":" of "? :"`)
	no := p.expr()
	return p.newExpr(expr{kind: condExpr, at: cond.at, from: cond.from, to: p.end, x: cond, y: yes, z: no})
}

// binary reads operators that bind at least as tightly as prec says.
func (p *parser) binary(prec int) *expr {
	left := p.unary()
	for {
		b := binaryOp(p.tok.kind)
		if b.prec == 0 || b.prec < prec {
			return left
		}
		p.advance()
		right := p.binary(b.prec + 1)
		p.computes(b.op)
		left = p.newExpr(expr{kind: binaryExpr, op: b.op, at: left.at, from: left.from, to: p.end, x: left, y: right})
	}
}

func (p *parser) computes(op ir.ExprOp) { p.arith = p.arith || computes(op) }

func (p *parser) unary() *expr {
	p.nest()
	defer p.unnest()
	e := expr{kind: unaryExpr, at: p.tok.at, from: p.tok.from}
	switch p.tok.kind {
	case '*':
		e.kind = derefExpr
	case '&':
		e.kind = addrExpr
	case '-':
		e.op = ir.Neg
	case '~':
		e.op = ir.Inv
	case '!':
		e.op = ir.Not
	case '+':
		p.advance()
		return p.unary()
	case '(':
		if p.cast() {
			return p.unary()
		}
		return p.postfix()
	default:
		return p.postfix()
	}
	p.advance()
	e.x = p.unary()
	e.to = p.end
	if e.kind == addrExpr && e.x.kind != derefExpr && e.x.kind != formalExpr {
		fail(p.file, e.at, "& needs something in memory after it, as in &*p: a register has no address, and a parameter such as x is the address already")
	}
	if e.op == ir.Neg && e.x.kind == numExpr {
		return p.newExpr(expr{kind: numExpr, at: e.at, from: e.from, to: e.to, k: -e.x.k})
	}
	if e.kind == unaryExpr {
		p.computes(e.op)
	}
	return p.newExpr(e)
}

// cast goes past (type), if that is what stands here. Types do not matter, but
// for those that cut off what does not fit them.
func (p *parser) cast() bool {
	if t := p.peek(); t.kind != name || !isType(t.text) {
		return false
	}
	p.advance()
	var narrow token
	for p.tok.kind == name && isType(p.tok.text) && !p.isWord("struct") {
		if isNarrow(p.tok.text) {
			narrow = p.tok
		}
		p.advance()
	}
	p.typeWords()
	for p.tok.kind == '*' || p.isWord("const") || p.isWord("volatile") {
		narrow = token{}
		p.advance()
	}
	p.expect(')', `the ")" of a cast`)
	if narrow.kind == name {
		fail(p.file, narrow.at, "a cast to %s is not supported, for values have 64 bits here: write what it does, as in (e & 255) or (e != 0)", narrow.text)
	}
	return true
}

// isNarrow reports whether a word makes a type of less than 32 bits.
func isNarrow(word string) bool {
	switch word {
	case "char", "short", "bool", "_Bool", "int8_t", "int16_t", "uint8_t", "uint16_t", "u8", "u16", "s8", "s16":
		return true
	}
	return false
}

// postfix reads something that may be indexed.
func (p *parser) postfix() *expr {
	e := p.primary()
	for p.tok.kind == '[' {
		p.advance()
		index := p.expr()
		p.expect(']', `"]"`)
		p.computes(ir.Add)
		sum := p.newExpr(expr{kind: binaryExpr, op: ir.Add, at: e.at, from: e.from, to: p.end, x: e, y: index})
		e = p.newExpr(expr{kind: derefExpr, at: e.at, from: e.from, to: p.end, x: sum})
	}
	return e
}

func (p *parser) primary() *expr {
	e := expr{at: p.tok.at, from: p.tok.from}
	switch p.tok.kind {
	case number:
		e.kind, e.k = numExpr, p.tok.num
	case name:
		return p.nameOrCall(e)
	case '(':
		p.advance()
		inner := p.expr()
		p.expect(')', `")"`)
		return inner
	default:
		p.fail("this should be an expression, but is %v", p.tok)
	}
	p.advance()
	e.to = p.end
	return p.newExpr(e)
}

// nameOrCall reads a word and what it is applied to.
func (p *parser) nameOrCall(e expr) *expr {
	word := p.tok
	p.advance()
	e.name, e.to = word.text, p.end
	if prim, ok := primitiveNamed(word.text); ok {
		return p.primitive(e, prim)
	}
	switch {
	case word.text == "true":
		e.kind, e.k = numExpr, 1
		return p.newExpr(e)
	case word.text == "false":
		e.kind = numExpr
		return p.newExpr(e)
	}
	p.unreserved(word)
	switch {
	case p.accept('('):
		e.kind, e.args = callExpr, p.args()
		e.to = p.end
		p.calls = p.addName(p.calls, e.name)
	case p.table != nil:
		e.kind, e.k = formalExpr, p.formal(word)
	default:
		e.kind = nameExpr
		p.mentions(e.name)
	}
	return p.newExpr(e)
}

// formal is the number of a parameter of the macro that is being read.
func (p *parser) formal(word token) int64 {
	i := slices.Index(p.formals, word.text)
	if i < 0 {
		fail(p.file, word.at, "%s is not a parameter of this primitive", word.text)
	}
	return int64(i)
}

// args reads the arguments of a call after its "(".
func (p *parser) args() []*expr {
	var buf [4]*expr
	list := buf[:0]
	for !p.accept(')') {
		list = append(list, p.expr())
		if p.tok.kind != ')' {
			p.expect(',', `"," or ")"`)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}
