package litmus

import (
	"path/filepath"
	"regexp"
	"strings"

	"crosscall/memmodel/internal/primitive"
)

// A testParser reads a test.
type testParser struct {
	primitive.Parser
	ast *AST
}

// Parse reads a litmus test of the C dialect. Its errors are *Error.
func Parse(file string, src []byte) (ast *AST, err error) {
	defer primitive.Catch(&err)
	text := strings.TrimPrefix(string(src), "\ufeff")
	p := &testParser{Parser: primitive.Parser{Lexer: primitive.Lexer{File: file, Src: text, State: true, Line: 1}}, ast: &AST{file: file, src: text}}
	p.ast.Result = expectation(text)
	p.header()
	p.ast.start = p.Off
	p.Advance()
	p.initialState()
	for p.Tok.Kind == primitive.Name && !isFinalWord(p.Tok.Text) {
		p.proc()
	}
	if len(p.ast.procs) == 0 {
		p.Fail("this should be the first thread, as in P0(int *x) { ... }, but is %v", p.Tok)
	}
	p.final()
	p.ast.calls, p.ast.arith = p.Calls, p.Arith
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
	for end < len(rest) && primitive.IsLetter(rest[end]) {
		end++
	}
	return rest[:end]
}

// header reads the first line and whatever stands before the initial state:
// comments, a title in quotes, lines of the form key=value.
func (p *testParser) header() {
	p.Skip()
	at := p.Here()
	if arch := p.field(); arch != "C" {
		primitive.Fail(p.File, at, "this should be C and the test's name, but is %.20q: only tests in C can be read", arch)
	}
	p.blanks()
	p.ast.Name = strings.TrimSuffix(p.field(), ".litmus")
	if p.ast.Name == "" || p.ast.Name == "--" {
		p.ast.Name = strings.TrimSuffix(filepath.Base(p.File), ".litmus")
	}
	for p.Off < len(p.Src) && p.Src[p.Off] != '{' {
		p.headerItem()
	}
	if p.Off == len(p.Src) {
		primitive.Fail(p.File, p.Here(), "the test ends before its initial state: { ... } is missing")
	}
}

// field is what stands here up to a blank.
func (p *testParser) field() string {
	from := p.Off
	for p.Off < len(p.Src) && strings.IndexByte(" \t\r\n\"({;", p.Src[p.Off]) < 0 {
		p.Off++
	}
	return p.Src[from:p.Off]
}

func (p *testParser) blanks() {
	for p.Off < len(p.Src) && (p.Src[p.Off] == ' ' || p.Src[p.Off] == '\t') {
		p.Off++
	}
}

// headerItem goes past one comment, title or line.
func (p *testParser) headerItem() {
	rest := p.Src[p.Off:]
	switch c := rest[0]; {
	case c == '\n' || c == ' ' || c == '\t' || c == '\r' || c == '/' || strings.HasPrefix(rest, "(*") && primitive.Nested(rest) > 0:
		before := p.Off
		p.Skip()
		if p.Off > before {
			return
		}
	case c == '"':
		if end := strings.IndexByte(rest[1:], '"'); end >= 0 {
			p.Pass(end + 2)
			return
		}
	}
	p.headerLine()
}

// headerLine goes past a line of free text, which the initial state ends, or
// one of the form key=value, which may hold anything.
func (p *testParser) headerLine() {
	line, _, _ := strings.Cut(p.Src[p.Off:], "\n")
	if key, _, ok := strings.Cut(line, "="); !ok || !isKey(strings.TrimRight(key, " \t")) {
		if brace := strings.IndexByte(line, '{'); brace > 0 {
			line = line[:brace]
		}
	}
	p.Off += len(line)
}

func isKey(s string) bool {
	for i := 0; i < len(s); i++ {
		if !primitive.IsLetter(s[i]) && (i == 0 || !primitive.IsDigit(s[i])) {
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
func (p *testParser) proc() {
	for p.IsWord("static") || p.IsWord("void") {
		p.Advance()
		p.Accept('*')
	}
	want := len(p.ast.procs)
	if n, ok := threadNumber(p.Tok); !ok || n != want {
		p.Fail("this should be P%d, the next thread, or the condition, but is %v", want, p.Tok)
	}
	p.ast.procs = append(p.ast.procs, proc{at: p.Tok.At})
	pr := &p.ast.procs[want]
	p.Code = &pr.Code
	p.Advance()
	p.Expect('(', `"("`)
	if p.IsWord("void") && p.Peek().Kind == ')' {
		p.Advance()
	}
	for !p.Accept(')') {
		if len(pr.params) == primitive.MaxNames {
			p.Fail("there are more than %d parameters, which is too many", primitive.MaxNames)
		}
		pr.params = append(pr.params, p.param(pr.params))
		if p.Tok.Kind != ')' {
			p.Expect(',', `"," or ")"`)
		}
	}
	p.State = false
	p.Expect('{', `"{"`)
	p.Declared, p.Block = p.Declared[:0], 0
	pr.Body = p.StmtsToBrace(make([]primitive.Stmt, 0, 4))
	p.State = true
	p.Advance()
}

// threadNumber is n if t is the word Pn.
func threadNumber(t primitive.Token) (n int, ok bool) {
	if t.Kind != primitive.Name || len(t.Text) < 2 || len(t.Text) > 6 || t.Text[0] != 'P' {
		return 0, false
	}
	for i := 1; i < len(t.Text); i++ {
		if !primitive.IsDigit(t.Text[i]) {
			return 0, false
		}
		n = n*10 + int(t.Text[i]-'0')
	}
	return n, true
}

// param reads a parameter. Its name is the last word; what comes before is its
// type, of which it matters only whether it is a pointer.
func (p *testParser) param(before []param) param {
	var q param
	for p.Tok.Kind == primitive.Name || p.Tok.Kind == '*' {
		if p.Tok.Kind == '*' {
			q.pointer = true
		} else {
			q.lock = q.lock || isLock(q.name)
			q.at, q.name = p.Tok.At, p.Tok.Text
		}
		p.Advance()
	}
	if q.name == "" || p.Tok.Kind != ')' && p.Tok.Kind != ',' {
		p.Fail("this should be a parameter, as in int *x, but is %v", p.Tok)
	}
	for i := range before {
		if before[i].name == q.name {
			primitive.Fail(p.File, q.at, "there are two parameters %s", q.name)
		}
	}
	return q
}
