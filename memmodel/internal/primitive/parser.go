package primitive

// A parser reads statements and expressions: of a thread, or of a table of primitives.
type Parser struct {
	Lexer
	Tok   Token
	end   int // where the token before tok ends
	depth int
	loops int // around what is being read

	Code    *Code        // the thread that is being read; nil in a table
	table   *Macros      // the table that is being read; nil if it is a test
	formals []string     // the parameters of the macro that is being read
	prims   []*primitive // those in the table
	Calls   []string     // the names of all calls, each once
	Arith   bool         // an expression computes a value that may be an address
	spare   []Expr       // expressions yet to be used, allocated together

	Declared []string // the registers that the blocks around declare
	Block    int      // how many of them are from outside the innermost block
}

// maxDepth is how deeply expressions, statements and propositions may nest. The
// parser is recursive, and its stack is bounded. No test written by a person
// nests so deeply.
const maxDepth = 200

// MaxNames bounds the number of names of each kind in a thread, which are
// searched linearly.
const MaxNames = 4096

func (p *Parser) Advance() {
	p.end = p.Tok.to
	p.Tok = p.next()
}

func (p *Parser) Fail(format string, args ...any) { Fail(p.File, p.Tok.At, format, args...) }

// Expect skips a token that must be there.
func (p *Parser) Expect(k Kind, what string) Token {
	t := p.Tok
	if t.Kind != k {
		p.Fail("this should be %s, but is %v", what, t)
	}
	p.Advance()
	return t
}

func (p *Parser) Accept(k Kind) bool {
	if p.Tok.Kind != k {
		return false
	}
	p.Advance()
	return true
}

func (p *Parser) IsWord(word string) bool { return p.Tok.Kind == Name && p.Tok.Text == word }

// Peek is the token after tok.
func (p *Parser) Peek() Token {
	saved := p.Lexer
	t := p.next()
	p.Lexer = saved
	return t
}

// Nest is called at the start of each construct that can contain itself, and
// Unnest at its end.
func (p *Parser) Nest() {
	if p.depth++; p.depth > maxDepth {
		p.Fail("this is nested more than %d deep", maxDepth)
	}
}

func (p *Parser) Unnest() { p.depth-- }
