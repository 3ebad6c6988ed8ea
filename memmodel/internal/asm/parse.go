package asm

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/primitive"
)

// Is reports whether a litmus test is in assembly, by its first word.
func Is(src []byte) bool {
	word, _, _ := strings.Cut(strings.TrimLeft(firstLine(src), " \t"), " ")
	return findArch(strings.TrimSpace(word)) != nil
}

// firstLine is the first line of a test that is neither empty nor a comment.
func firstLine(src []byte) string {
	x := primitive.Lexer{Src: string(src), State: true, Line: 1}
	for x.Off < len(x.Src) && strings.IndexByte(" \t\r\n", x.Src[x.Off]) >= 0 {
		x.Off++
	}
	if strings.HasPrefix(x.Src[x.Off:], "(*") {
		if n := primitive.Nested(x.Src[x.Off:]); n > 0 {
			return firstLine(src[x.Off+n:])
		}
	}
	line, _, _ := strings.Cut(x.Src[x.Off:], "\n")
	return line
}

// A parser reads a test.
type parser struct {
	condition.Parser
	ast *AST
}

// Parse reads a litmus test in assembly. Its errors are *primitive.Error.
func Parse(file string, src []byte) (ast *AST, err error) {
	defer primitive.Catch(&err)
	text := strings.TrimPrefix(string(src), "\ufeff")
	p := &parser{ast: &AST{file: file}}
	p.Lexer = primitive.Lexer{File: file, Src: text, State: true, Bits: true, Line: 1}
	p.ast.Name = p.Header(func(word string, at primitive.Place) {
		p.ast.Arch, p.ast.arch = word, findArch(word)
		if p.ast.arch == nil {
			primitive.Fail(file, at, "this should be the name of a machine, %s, but is %.20q", strings.Join(archNames(), ", "), word)
		}
	})
	p.Registers = p.register
	p.ast.start = p.Off
	p.Advance()
	p.ast.Init = p.Parser.InitialState()
	p.table()
	p.Threads = len(p.ast.Threads)
	p.Advance()
	p.ast.Final = p.Final(p.tail)
	return p.ast, nil
}

// register reads the name of a register in a state.
func (p *parser) register() string {
	at, name := p.Tok.At, ""
	if p.Accept('%') {
		name = "%"
	}
	name += p.Expect(primitive.Name, "a register").Text
	r, ok := p.ast.arch.register(name)
	if !ok {
		primitive.Fail(p.File, at, "%s has no register %s", p.ast.Arch, name)
	}
	return r.Name
}

// tail reports whether what follows the condition is none of the test's matter: settings
// for other tools in << and >>, and the kinds of several conditions.
func (p *parser) tail() bool {
	return p.Tok.Kind == '<' && p.Peek().Kind == '<' || p.IsWord("with")
}

// finalWords open what comes after the table.
var finalWords = []string{"exists", "~exists", "forall", "final", "not", "locations", "filter", "~", "observed", "with"}

// table reads the columns. The token that was read last is the first word of it.
func (p *parser) table() {
	p.Off -= len(p.Tok.Text) // the table has words of its own
	text, from := blankComments(p.Src[:len(p.Src)]), p.Off
	row := 0
	for {
		for from < len(text) && strings.IndexByte(" \t\r\n;", text[from]) >= 0 {
			from++
		}
		if from == len(text) || isFinal(text[from:]) {
			break
		}
		end := strings.IndexByte(text[from:], ';')
		if end < 0 {
			primitive.Fail(p.File, p.placeOf(from), "this row of instructions does not end: a %q is missing", ";")
		}
		p.row(text, from, from+end, row)
		from += end + 1
		row++
	}
	if row == 0 {
		primitive.Fail(p.File, p.placeOf(from), "this should be the first row of the table, as in \"P0 | P1 ;\"")
	}
	p.Pass(from - p.Off)
}

// placeOf is the place of an offset at or after that of the lexer.
func (p *parser) placeOf(off int) primitive.Place {
	line := int(p.Line) + strings.Count(p.Src[p.Off:off], "\n")
	return primitive.PlaceAt(line, off-strings.LastIndexByte(p.Src[:off], '\n'))
}

// isFinal reports whether what comes after the table begins here.
func isFinal(s string) bool {
	n := 0
	for n < len(s) && (primitive.IsLetter(s[n]) || s[n] == '~') {
		n++
	}
	return slices.Contains(finalWords, s[:n]) || strings.HasPrefix(s, "(")
}

// blankComments puts blanks in the place of comments.
func blankComments(s string) string {
	if !strings.Contains(s, "(*") && !strings.Contains(s, "//") {
		return s
	}
	b := []byte(s)
	for i := 0; i+1 < len(b); i++ {
		n := 0
		switch {
		case b[i] == '(' && b[i+1] == '*':
			n = primitive.Nested(s[i:])
		case b[i] == '/' && b[i+1] == '/':
			n = len(strings.SplitN(s[i:], "\n", 2)[0])
		}
		for k := range max(n, 0) {
			if b[i+k] != '\n' {
				b[i+k] = ' '
			}
		}
		i += max(n-1, 0)
	}
	return string(b)
}

// row reads one row, which stands between two offsets.
func (p *parser) row(text string, from, to, row int) {
	for column := 0; ; column++ {
		end := to
		if bar := strings.IndexByte(text[from:to], '|'); bar >= 0 {
			end = from + bar
		}
		p.cell(text, from, end, row, column)
		if end == to {
			return
		}
		from = end + 1
	}
}

// cell reads one cell: the name of a thread in the first row, else an instruction, or
// none, with labels before it.
func (p *parser) cell(text string, from, to, row, column int) {
	for from < to && strings.IndexByte(" \t\r\n", text[from]) >= 0 {
		from++
	}
	at := p.placeOf(from)
	pos := at.In(p.File)
	if row == 0 {
		p.title(strings.TrimSpace(text[from:to]), at)
		return
	}
	if column >= len(p.ast.Threads) {
		primitive.Fail(p.File, at, "this row has more columns than there are threads")
	}
	th := &p.ast.Threads[column]
	s := newScanner(p.File, strings.ReplaceAll(text[from:to], "\n", " "), pos.Line, pos.Col)
	for s.tok.kind == 'w' || s.tok.kind == 'n' {
		rest := strings.TrimLeft(s.src[s.off:], " \t")
		if !strings.HasPrefix(rest, ":") {
			break
		}
		label := s.tok.text
		if _, ok := th.Labels[label]; ok {
			s.fail("there are two labels %s in P%d", label, column)
		}
		if th.Labels == nil {
			th.Labels = map[string]int{}
		}
		th.Labels[label] = len(th.Code)
		s.next()
		s.next()
	}
	if s.tok.kind == 0 {
		return
	}
	in := p.ast.arch.instruction(s)
	in.Text = primitive.Tidy(strings.TrimSpace(s.src[s.tokFrom(in):]))
	th.Code = append(th.Code, in)
}

// tokFrom is where an instruction begins in the text of its cell.
func (s *scanner) tokFrom(in Inst) int { return in.At.In("").Col - s.col }

// title reads the name of a thread.
func (p *parser) title(word string, at primitive.Place) {
	want := "P" + primitive.Itoa(len(p.ast.Threads))
	name, section, _ := strings.Cut(word, ".")
	name, _, _ = strings.Cut(name, ":")
	switch {
	case section == "F" || strings.HasSuffix(word, ":F"):
		primitive.Fail(p.File, at, "%s is a handler of exceptions: tests with exceptions are not supported", word)
	case name != want:
		primitive.Fail(p.File, at, "this should be %s, the next thread, but is %.20q", want, word)
	}
	p.ast.Threads = append(p.ast.Threads, Thread{})
}
