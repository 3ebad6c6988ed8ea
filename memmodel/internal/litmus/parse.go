package litmus

import (
	"path/filepath"
	"strings"

	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/primitive"
)

// A testParser reads a test.
type testParser struct {
	condition.Parser
	ast *AST
}

// Parse reads a litmus test of the C dialect. Its errors are *Error.
func Parse(file string, src []byte) (ast *AST, err error) {
	defer primitive.Catch(&err)
	text := strings.TrimPrefix(string(src), "\ufeff")
	p := &testParser{ast: &AST{file: file, src: text}}
	p.Lexer = primitive.Lexer{File: file, Src: text, State: true, Line: 1}
	p.ast.Result = condition.Expectation(text)
	p.ast.Name = p.Header(func(word string, at primitive.Place) {
		if word != "C" {
			primitive.Fail(file, at, "a test begins with C, AArch64, PPC, RISCV, X86 or X86_64, and its name; this one begins with %.20q%s", word, elsewhere(file))
		}
	})
	p.ast.start = p.Off
	p.Advance()
	p.ast.init = p.InitialState()
	for p.Tok.Kind == primitive.Name && !isFinalWord(p.Tok.Text) {
		p.proc()
	}
	if len(p.ast.procs) == 0 {
		p.Fail("this should be the first thread, as in P0(int *x) { ... }, but is %v", p.Tok)
	}
	p.ast.Final = p.Final(nil)
	p.ast.calls, p.ast.arith = p.Calls, p.Arith
	return p.ast, nil
}

// elsewhere says what reads a file that is no litmus test by its name.
func elsewhere(file string) string {
	switch filepath.Ext(file) {
	case ".go":
		return "; crosscall gotest checks Go packages"
	case ".cc", ".cpp", ".cxx", ".h", ".hpp":
		return "; a C program is a file *.c"
	}
	return ""
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
	if n, ok := condition.ThreadNumber(p.Tok); !ok || n != want {
		p.Fail("this should be P%d, the next thread, or the condition, but is %v", want, p.Tok)
	}
	p.ast.procs = append(p.ast.procs, proc{at: p.Tok.At})
	p.Threads = len(p.ast.procs)
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

// param reads a parameter. Its name is the last word; what comes before is its
// type, of which it matters only whether it is a pointer.
func (p *testParser) param(before []param) param {
	var q param
	for p.Tok.Kind == primitive.Name || p.Tok.Kind == '*' {
		if p.Tok.Kind == '*' {
			q.pointer = true
		} else {
			q.lock = q.lock || condition.IsLock(q.name)
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
