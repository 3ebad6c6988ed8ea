package litmus

import (
	"path/filepath"
	"regexp"
	"strings"
)

// A parser reads a test or a table of primitives.
type parser struct {
	lexer
	tok   token
	end   int // where the token before tok ends
	depth int

	ast     *AST         // the test that is being read; nil if it is a table
	table   *Macros      // the table that is being read; nil if it is a test
	formals []string     // the parameters of the macro that is being read
	prims   []*primitive // those in the table
	calls   []string     // the names of what is called, each once
	arith   bool         // something computes what may be an address
	spare   []expr       // expressions yet to be used, allocated together

	declared []string // the registers that the blocks around declare
	block    int      // how many of them are from outside the innermost block
}

// maxDepth is how deeply expressions, statements and propositions may nest. No
// test that a person wrote comes near, and beyond some depth the stack ends.
const maxDepth = 200

// maxNames bounds the names of a kind that a thread has, which are searched one
// by one.
const maxNames = 4096

// Parse reads a litmus test of the C dialect. Its errors are *Error.
func Parse(file string, src []byte) (ast *AST, err error) {
	defer catch(&err)
	text := strings.TrimPrefix(string(src), "\ufeff")
	p := &parser{lexer: lexer{file: file, src: text, state: true, line: 1}, ast: &AST{file: file, src: text}}
	p.ast.Result = expectation(text)
	p.header()
	p.advance()
	p.initialState()
	for p.tok.kind == name && !isFinalWord(p.tok.text) {
		p.proc()
	}
	if len(p.ast.procs) == 0 {
		p.fail("this should be the first thread, as in P0(int *x) { ... }, but is %v", p.tok)
	}
	p.final()
	p.ast.calls, p.ast.arith = p.calls, p.arith
	return p.ast, nil
}

// titleLine is the line with the test's name.
var titleLine = regexp.MustCompile(`(?m)^[ \t]*C[ \t][^\n]*$`)

// expectation finds what the author expects: the word after "Result:" in a comment, not
// in the test's name.
func expectation(src string) string {
	const mark = "Result:"
	if named := titleLine.FindStringIndex(src); named != nil {
		src = src[:named[0]] + src[named[1]:]
	}
	at := strings.Index(src, mark)
	if at < 0 {
		return ""
	}
	rest := strings.TrimLeft(src[at+len(mark):], " \t")
	end := 0
	for end < len(rest) && isLetter(rest[end]) {
		end++
	}
	return rest[:end]
}

func (p *parser) advance() {
	p.end = p.tok.to
	p.tok = p.next()
}

func (p *parser) fail(format string, args ...any) { fail(p.file, p.tok.at, format, args...) }

// expect goes past a token that must be there.
func (p *parser) expect(k kind, what string) token {
	t := p.tok
	if t.kind != k {
		p.fail("this should be %s, but is %v", what, t)
	}
	p.advance()
	return t
}

func (p *parser) accept(k kind) bool {
	if p.tok.kind != k {
		return false
	}
	p.advance()
	return true
}

func (p *parser) isWord(word string) bool { return p.tok.kind == name && p.tok.text == word }

// peek is the token after tok.
func (p *parser) peek() token {
	saved := p.lexer
	t := p.next()
	p.lexer = saved
	return t
}

// nest is called on the way into everything that can hold itself, and what it
// returns on the way out.
func (p *parser) nest() {
	if p.depth++; p.depth > maxDepth {
		p.fail("this is nested more than %d deep", maxDepth)
	}
}

func (p *parser) unnest() { p.depth-- }

// header reads the first line and whatever stands before the initial state:
// comments, a title in quotes, lines of the form key=value.
func (p *parser) header() {
	p.skip()
	at := p.here()
	if arch := p.field(); arch != "C" {
		fail(p.file, at, "this should be C and the test's name, but is %.20q: only tests in C can be read", arch)
	}
	p.blanks()
	p.ast.Name = strings.TrimSuffix(p.field(), ".litmus")
	if p.ast.Name == "" || p.ast.Name == "--" {
		p.ast.Name = strings.TrimSuffix(filepath.Base(p.file), ".litmus")
	}
	for p.off < len(p.src) && p.src[p.off] != '{' {
		p.headerItem()
	}
	if p.off == len(p.src) {
		fail(p.file, p.here(), "the test ends before its initial state: { ... } is missing")
	}
}

// field is what stands here up to a blank.
func (p *parser) field() string {
	from := p.off
	for p.off < len(p.src) && strings.IndexByte(" \t\r\n\"({;", p.src[p.off]) < 0 {
		p.off++
	}
	return p.src[from:p.off]
}

func (p *parser) blanks() {
	for p.off < len(p.src) && (p.src[p.off] == ' ' || p.src[p.off] == '\t') {
		p.off++
	}
}

// headerItem goes past one comment, title or line.
func (p *parser) headerItem() {
	rest := p.src[p.off:]
	switch c := rest[0]; {
	case c == '\n' || c == ' ' || c == '\t' || c == '\r' || c == '/' || strings.HasPrefix(rest, "(*") && nested(rest) > 0:
		before := p.off
		p.skip()
		if p.off > before {
			return
		}
	case c == '"':
		if end := strings.IndexByte(rest[1:], '"'); end >= 0 {
			p.pass(end + 2)
			return
		}
	}
	p.headerLine()
}

// headerLine goes past a line of free text, which the initial state ends, or
// one of the form key=value, which may hold anything.
func (p *parser) headerLine() {
	line, _, _ := strings.Cut(p.src[p.off:], "\n")
	if key, _, ok := strings.Cut(line, "="); !ok || !isKey(strings.TrimRight(key, " \t")) {
		if brace := strings.IndexByte(line, '{'); brace > 0 {
			line = line[:brace]
		}
	}
	p.off += len(line)
}

func isKey(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isLetter(s[i]) && (i == 0 || !isDigit(s[i])) {
			return false
		}
	}
	return s != ""
}

// isFinalWord reports whether a word opens the part after the threads.
func isFinalWord(s string) bool {
	switch s {
	case "exists", "forall", "final", "not", "locations", "filter":
		return true
	}
	return false
}

// proc reads a thread: void P0(int *x) { ... }.
func (p *parser) proc() {
	for p.isWord("static") || p.isWord("void") {
		p.advance()
		p.accept('*')
	}
	want := len(p.ast.procs)
	if n, ok := threadNumber(p.tok); !ok || n != want {
		p.fail("this should be P%d, the next thread, or the condition, but is %v", want, p.tok)
	}
	p.ast.procs = append(p.ast.procs, proc{at: p.tok.at})
	pr := &p.ast.procs[want]
	p.advance()
	p.expect('(', `"("`)
	if p.isWord("void") && p.peek().kind == ')' {
		p.advance()
	}
	for !p.accept(')') {
		if len(pr.params) == maxNames {
			p.fail("there are more than %d parameters, which is too many", maxNames)
		}
		pr.params = append(pr.params, p.param(pr.params))
		if p.tok.kind != ')' {
			p.expect(',', `"," or ")"`)
		}
	}
	p.state = false
	p.expect('{', `"{"`)
	p.declared, p.block = p.declared[:0], 0
	pr.body = p.stmtsToBrace(make([]stmt, 0, 4))
	p.state = true
	p.advance()
}

// threadNumber is n if t is the word Pn.
func threadNumber(t token) (n int, ok bool) {
	if t.kind != name || len(t.text) < 2 || len(t.text) > 6 || t.text[0] != 'P' {
		return 0, false
	}
	for i := 1; i < len(t.text); i++ {
		if !isDigit(t.text[i]) {
			return 0, false
		}
		n = n*10 + int(t.text[i]-'0')
	}
	return n, true
}

// param reads a parameter. Its name is the last word; what comes before is its
// type, of which it matters only whether it is a pointer.
func (p *parser) param(before []param) param {
	var q param
	for p.tok.kind == name || p.tok.kind == '*' {
		if p.tok.kind == '*' {
			q.pointer = true
		} else {
			q.lock = q.lock || q.name == "spinlock_t"
			q.at, q.name = p.tok.at, p.tok.text
		}
		p.advance()
	}
	if q.name == "" || p.tok.kind != ')' && p.tok.kind != ',' {
		p.fail("this should be a parameter, as in int *x, but is %v", p.tok)
	}
	for i := range before {
		if before[i].name == q.name {
			fail(p.file, q.at, "there are two parameters %s", q.name)
		}
	}
	return q
}
