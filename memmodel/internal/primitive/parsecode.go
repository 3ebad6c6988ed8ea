package primitive

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// StmtsToBrace reads statements up to "}", which it leaves.
func (p *Parser) StmtsToBrace(list []Stmt) []Stmt {
	for p.Tok.Kind != '}' {
		if p.Tok.Kind == Eof {
			p.Fail(`the file ends before the "}" of these statements`)
		}
		list = p.stmt(list)
	}
	return list
}

// stmt reads a statement and appends it. It appends nothing if the statement
// only declares a register.
func (p *Parser) stmt(list []Stmt) []Stmt {
	p.Nest()
	defer p.Unnest()
	s := Stmt{at: p.Tok.At, from: p.Tok.from}
	switch {
	case p.Accept(';'):
		return list
	case p.Accept('{'):
		outer := p.enterBlock()
		list = p.StmtsToBrace(list)
		p.leaveBlock(outer)
		p.Advance()
		return list
	case p.Tok.Kind == Name:
		switch p.Tok.Text {
		case "if":
			return append(list, p.ifStmt(s))
		case "while":
			return append(list, p.whileStmt(s))
		case "do":
			return append(list, p.doStmt(s))
		case "for":
			return p.forStmt(list, s)
		}
		if p.IsWord("continue") && p.Peek().Kind == ';' {
			p.Fail("continue cannot be used here: a litmus test has assignments, calls, if, while, do and for; herd7 takes the word for a register")
		}
		switch {
		case p.IsWord("break"):
			return append(list, p.breakStmt(s))
		case p.IsWord("goto"):
			return append(list, p.gotoStmt(s))
		case p.IsWord("return"):
			return append(list, p.returnStmt(s))
		}
		if u, ok := p.update(s); ok {
			p.Expect(';', `";"`)
			return append(list, u)
		}
		if p.table == nil && p.Peek().Kind == ':' {
			return append(list, p.labelStmt(s))
		}
		if p.declares() {
			return p.declaration(list)
		}
	}
	s = p.simple(s)
	p.Expect(';', `";"`)
	return append(list, s)
}

// enterBlock opens a scope for registers, and returns the argument for
// leaveBlock.
func (p *Parser) enterBlock() (outer int) {
	outer, p.Block = p.Block, len(p.Declared)
	return outer
}

func (p *Parser) leaveBlock(outer int) { p.Declared, p.Block = p.Declared[:p.Block], outer }

// declare enters a register that a declaration names. A thread has one register
// of each name, so a declaration that hides another is refused.
func (p *Parser) declare(t Token) {
	if slices.Contains(p.Declared[:p.Block], t.Text) {
		Fail(p.File, t.At, "%s hides the register of that name that is declared around this block: give it another name", t.Text)
	}
	p.Declared = append(p.Declared, t.Text)
	p.mentions(t.Text)
}

// simple reads an assignment, a store, or an expression that is evaluated for
// its effects.
func (p *Parser) simple(s Stmt) Stmt {
	if u, ok := p.update(s); ok {
		return u
	}
	e := p.expr()
	s.Val, s.to = e, p.end
	if p.Tok.Kind != '=' {
		p.checkSteps("", e)
		return s
	}
	switch {
	case e.Kind == NameExpr && p.table == nil:
		s.Kind, s.Name = AssignStmt, e.Name
		p.assigns(e.Name)
	case e.Kind == DerefExpr:
		s.Kind, s.Lhs = StoreStmt, e.X
	default:
		p.Fail("only a register or *p can stand on the left of =")
	}
	p.Advance()
	s.Val = p.expr()
	s.to = p.end
	p.checkSteps(s.Name, s.Lhs, s.Val)
	return s
}

func (p *Parser) assigns(register string) {
	p.Code.assigned = p.addName(p.Code.assigned, register)
}

func (p *Parser) mentions(register string) {
	p.Code.Named = p.addName(p.Code.Named, register)
}

// addName adds a name to a list that has each once.
func (p *Parser) addName(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	if len(list) == MaxNames {
		p.Fail("there are more than %d names, which is too many", MaxNames)
	}
	return append(list, word)
}

// declares reports whether a declaration starts at the word tok: with the name
// of a type, or with a word that another follows, or a star and another.
func (p *Parser) declares() bool {
	if IsType(p.Tok.Text) {
		return true
	}
	saved := p.Lexer
	defer func() { p.Lexer = saved }()
	t := p.next()
	stars := t.Kind == '*'
	for t.Kind == '*' {
		t = p.next()
	}
	if t.Kind != Name || !stars {
		return t.Kind == Name
	}
	switch p.next().Kind { // a * b; is hardly a computation
	case ';', '=', ',':
		return true
	}
	return false
}

// unreserved checks that a word can be the name of a register or a function.
func (p *Parser) unreserved(t Token) {
	switch t.Text {
	case "if", "else", "while", "do", "for", "return", "goto", "break", "switch", "case", "default", "sizeof":
		Fail(p.File, t.At, "%s cannot be used here: a litmus test has assignments, calls, if, while, do and for", t.Text)
	case "true", "false":
		Fail(p.File, t.At, "%s is a constant", t.Text)
	}
	if IsType(t.Text) {
		Fail(p.File, t.At, "%s is a type", t.Text)
	}
}

func IsType(word string) bool {
	switch word {
	case "int", "long", "short", "char", "unsigned", "signed", "void", "bool", "_Bool", "volatile", "const",
		"struct", "_Atomic", "intptr_t", "uintptr_t", "size_t", "ssize_t", "atomic_t", "spinlock_t", "atomic_long_t",
		"int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
		"u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "atomic_int", "atomic_uint", "atomic_long", "atomic_ulong",
		"atomic_llong", "atomic_ullong", "atomic_bool", "mtx_t", "mutex", "__int128", "__uint128":
		return true
	}
	return false
}

// typeWords skips a type without its stars. The last word before a star, a
// comma or the like is not part of the type, unless it is the name of a type.
func (p *Parser) typeWords() {
	for p.Tok.Kind == Name {
		tag := p.Tok.Text == "struct"
		known := tag || IsType(p.Tok.Text)
		if !known && p.Peek().Kind != Name && p.Peek().Kind != '*' {
			return
		}
		p.Advance()
		if tag {
			p.Expect(Name, "the name of the struct")
		}
		if !known {
			return
		}
	}
}

// declaration reads int r1, *r2 = e; and keeps its assignments.
func (p *Parser) declaration(list []Stmt) []Stmt {
	if p.table != nil {
		p.Fail("an entry of a table has no registers of its own")
	}
	p.typeWords()
	for {
		for p.Tok.Kind == '*' || p.IsWord("const") || p.IsWord("volatile") {
			p.Advance()
		}
		s := Stmt{Kind: AssignStmt, at: p.Tok.At, from: p.Tok.from} // of "int r1 = 1" the text is "r1 = 1"
		register := p.Expect(Name, "the name of a register")
		p.unreserved(register)
		p.declare(register)
		s.Name = register.Text
		if p.Tok.Kind == '[' {
			p.Fail("a thread's own arrays are not supported: registers hold one value each")
		}
		if p.Accept('=') {
			s.Val = p.fullExpr(s.Name)
			s.to = p.end
			p.assigns(s.Name)
			list = append(list, s)
		}
		if !p.Accept(',') {
			break
		}
	}
	p.Expect(';', `";"`)
	return list
}

// condition reads ( e ).
func (p *Parser) condition() *Expr {
	p.Expect('(', `"("`)
	e := p.fullExpr("")
	p.Expect(')', `")"`)
	return e
}

func (p *Parser) ifStmt(s Stmt) Stmt {
	p.Advance()
	s.Kind = IfStmt
	s.Val = p.condition()
	s.to = p.end
	s.Body = p.stmt(nil)
	if p.IsWord("else") {
		p.Advance()
		s.Alt = p.stmt(nil)
	}
	return s
}

// breakStmt reads break, an extension: herd7 has none.
func (p *Parser) breakStmt(s Stmt) Stmt {
	if p.loops == 0 || p.table != nil {
		p.Fail("break is in no loop")
	}
	p.Advance()
	s.Kind, s.to = BreakStmt, p.end
	p.Expect(';', `";"`)
	return s
}

// loopBody reads the body of a loop.
func (p *Parser) loopBody() []Stmt {
	p.loops++
	defer func() { p.loops-- }()
	return p.stmt(nil)
}

func (p *Parser) whileStmt(s Stmt) Stmt {
	p.Advance()
	s.Kind = WhileStmt
	s.Val = p.condition()
	s.to = p.end
	s.Body = p.loopBody()
	return s
}

func (p *Parser) doStmt(s Stmt) Stmt {
	p.Advance()
	s.Kind = DoStmt
	s.Body = p.loopBody()
	if !p.IsWord("while") {
		p.Fail("this should be the while of do, but is %v", p.Tok)
	}
	s.from, s.at = p.Tok.from, p.Tok.At
	p.Advance()
	s.Val = p.condition()
	s.to = p.end
	p.Expect(';', `";"`)
	return s
}

// forStmt reads for (a; b; c) d as a; while (b) { d c; }.
func (p *Parser) forStmt(list []Stmt, s Stmt) []Stmt {
	outer := p.enterBlock()
	defer p.leaveBlock(outer)
	p.Advance()
	p.Expect('(', `"("`)
	list = p.stmt(list)
	s.Kind = WhileStmt
	if p.Tok.Kind == ';' {
		s.Val = p.newExpr(Expr{Kind: NumExpr, At: p.Tok.At, K: 1})
	} else {
		s.Val = p.fullExpr("")
	}
	p.Expect(';', `";"`)
	var step []Stmt
	if p.Tok.Kind != ')' {
		step = []Stmt{p.simple(Stmt{at: p.Tok.At, from: p.Tok.from})}
	}
	p.Expect(')', `")"`)
	s.to = p.end
	s.Body = append(p.loopBody(), step...)
	return append(list, s)
}

func (p *Parser) newExpr(e Expr) *Expr {
	if len(p.spare) == 0 {
		p.spare = make([]Expr, 24)
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

func binaryOp(k Kind) binary {
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
	case Equal:
		return binary{ir.Eq, 6}
	case NotEqual:
		return binary{ir.Ne, 6}
	case '<':
		return binary{ir.Lt, 7}
	case '>':
		return binary{ir.Gt, 7}
	case LessEq:
		return binary{ir.Le, 7}
	case MoreEq:
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

func (p *Parser) expr() *Expr {
	p.Nest()
	defer p.Unnest()
	cond := p.binary(1)
	if p.Tok.Kind != '?' {
		return cond
	}
	p.Advance()
	yes := p.expr()
	p.Expect(':', `":" of "? :"`)
	no := p.expr()
	return p.newExpr(Expr{Kind: CondExpr, At: cond.At, From: cond.From, To: p.end, X: cond, Y: yes, Z: no})
}

// binary reads operators that bind at least as tightly as prec says.
func (p *Parser) binary(prec int) *Expr {
	left := p.unary()
	for {
		b := binaryOp(p.Tok.Kind)
		if b.prec == 0 || b.prec < prec {
			return left
		}
		p.Advance()
		right := p.binary(b.prec + 1)
		p.computes(b.op)
		left = p.newExpr(Expr{Kind: BinaryExpr, Op: b.op, At: left.At, From: left.From, To: p.end, X: left, Y: right})
	}
}

func (p *Parser) computes(op ir.ExprOp) { p.Arith = p.Arith || computes(op) }

func (p *Parser) unary() *Expr {
	p.Nest()
	defer p.Unnest()
	e := Expr{Kind: UnaryExpr, At: p.Tok.At, From: p.Tok.from}
	switch p.Tok.Kind {
	case '*':
		e.Kind = DerefExpr
	case '&':
		e.Kind = AddrExpr
	case '-':
		e.Op = ir.Neg
	case '~':
		e.Op = ir.Inv
	case '!':
		e.Op = ir.Not
	case '+':
		p.Advance()
		return p.unary()
	case stepKind:
		return p.stepFirst()
	case '(':
		if p.cast() {
			return p.unary()
		}
		return p.postfix()
	default:
		return p.postfix()
	}
	p.Advance()
	e.X = p.unary()
	e.To = p.end
	switch {
	case e.Kind != AddrExpr || e.X.Kind == DerefExpr || e.X.Kind == formalExpr:
	case e.X.Kind == NameExpr && p.table == nil:
		e.Kind, e.Name = RefExpr, e.X.Name
	default:
		Fail(p.File, e.At, noAddress)
	}
	if e.Op == ir.Neg && e.X.Kind == NumExpr {
		return p.newExpr(Expr{Kind: NumExpr, At: e.At, From: e.From, To: e.To, K: -e.X.K})
	}
	if e.Kind == UnaryExpr {
		p.computes(e.Op)
	}
	return p.newExpr(e)
}

const noAddress = "& needs something in memory after it, as in &*p: a register has no address, and a parameter such as x is the address already"

// cast skips (type), if there is one here. Types do not matter, except those
// that cut off bits.
func (p *Parser) cast() bool {
	if t := p.Peek(); t.Kind != Name || !IsType(t.Text) {
		return false
	}
	p.Advance()
	var narrow Token
	for p.Tok.Kind == Name && IsType(p.Tok.Text) && !p.IsWord("struct") {
		if isNarrow(p.Tok.Text) {
			narrow = p.Tok
		}
		p.Advance()
	}
	p.typeWords()
	for p.Tok.Kind == '*' || p.IsWord("const") || p.IsWord("volatile") {
		narrow = Token{}
		p.Advance()
	}
	p.Expect(')', `the ")" of a cast`)
	if narrow.Kind == Name {
		Fail(p.File, narrow.At, "a cast to %s is not supported, because values have 64 bits here: write the operation, as in (e & 255) or (e != 0)", narrow.Text)
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
func (p *Parser) postfix() *Expr {
	e := p.primary()
	for p.Tok.Kind == '[' {
		p.Advance()
		index := p.expr()
		p.Expect(']', `"]"`)
		p.computes(ir.Add)
		sum := p.newExpr(Expr{Kind: BinaryExpr, Op: ir.Add, At: e.At, From: e.From, To: p.end, X: e, Y: index})
		e = p.newExpr(Expr{Kind: DerefExpr, At: e.At, From: e.From, To: p.end, X: sum})
	}
	if p.Tok.Kind == stepKind {
		return p.stepLast(e)
	}
	return e
}

func (p *Parser) primary() *Expr {
	e := Expr{At: p.Tok.At, From: p.Tok.from}
	switch p.Tok.Kind {
	case Number:
		e.Kind, e.K = NumExpr, p.Tok.Num
	case Name:
		return p.nameOrCall(e)
	case '(':
		p.Advance()
		inner := p.expr()
		p.Expect(')', `")"`)
		return inner
	default:
		p.Fail("this should be an expression, but is %v", p.Tok)
	}
	p.Advance()
	e.To = p.end
	return p.newExpr(e)
}

// nameOrCall reads a name, with its arguments if it is called.
func (p *Parser) nameOrCall(e Expr) *Expr {
	word := p.Tok
	p.Advance()
	e.Name, e.To = word.Text, p.end
	if prim, ok := primitiveNamed(word.Text); ok {
		return p.primitive(e, prim)
	}
	switch {
	case word.Text == "true":
		e.Kind, e.K = NumExpr, 1
		return p.newExpr(e)
	case word.Text == "false":
		e.Kind = NumExpr
		return p.newExpr(e)
	}
	p.unreserved(word)
	switch {
	case p.Accept('('):
		e.Kind, e.Args = CallExpr, p.args()
		e.To = p.end
		e = p.renamed(e)
		p.Calls = p.addName(p.Calls, e.Name)
	case p.table != nil:
		e.Kind, e.K = formalExpr, p.formal(word)
	case strings.HasPrefix(word.Text, orderPrefix):
		e.Kind = orderExpr
	default:
		e.Kind = NameExpr
		p.mentions(e.Name)
	}
	return p.newExpr(e)
}

// formal is the number of a parameter of the macro that is being read.
func (p *Parser) formal(word Token) int64 {
	i := slices.Index(p.formals, word.Text)
	if i < 0 {
		Fail(p.File, word.At, "%s is not a parameter of this primitive", word.Text)
	}
	return int64(i)
}

// args reads the arguments of a call after its "(".
func (p *Parser) args() []*Expr {
	var buf [4]*Expr
	list := buf[:0]
	for !p.Accept(')') {
		list = append(list, p.expr())
		if p.Tok.Kind != ')' {
			p.Expect(',', `"," or ")"`)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}
