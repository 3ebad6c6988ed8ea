package condition

import (
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"crosscall/memmodel/internal/primitive"
)

// titleLine is the line with the test's name.
var titleLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*C[ \t][^\n]*$`) })

// Expectation finds what the author expects: the word after "Result:" in a comment, not
// in the test's name.
func Expectation(src string) string {
	const mark = "Result:"
	if !strings.Contains(src, mark) {
		return ""
	}
	if named := titleLine().FindStringIndex(src); named != nil {
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

// Header reads the first line and whatever stands before the initial state: comments, a
// title in quotes, lines of the form key=value. arch checks the first word, which stands
// at a place. Without a name in the file the test has that of the file.
func (p *Parser) Header(arch func(word string, at primitive.Place)) (name string) {
	p.Skip()
	at := p.Here()
	arch(p.field(), at)
	p.blanks()
	name = strings.TrimSuffix(p.field(), ".litmus")
	if name == "" || name == "--" {
		name = strings.TrimSuffix(filepath.Base(p.File), ".litmus")
	}
	for p.Off < len(p.Src) && p.Src[p.Off] != '{' {
		p.headerItem()
	}
	if p.Off == len(p.Src) {
		primitive.Fail(p.File, p.Here(), "the test ends before its initial state: { ... } is missing")
	}
	return name
}

// field is what stands here up to a blank.
func (p *Parser) field() string {
	from := p.Off
	for p.Off < len(p.Src) && strings.IndexByte(" \t\r\n\"({;", p.Src[p.Off]) < 0 {
		p.Off++
	}
	return p.Src[from:p.Off]
}

func (p *Parser) blanks() {
	for p.Off < len(p.Src) && (p.Src[p.Off] == ' ' || p.Src[p.Off] == '\t') {
		p.Off++
	}
}

// headerItem goes past one comment, title or line.
func (p *Parser) headerItem() {
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
func (p *Parser) headerLine() {
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

// ThreadNumber is n if t is the word Pn.
func ThreadNumber(t primitive.Token) (n int, ok bool) {
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
