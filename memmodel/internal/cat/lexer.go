package cat

import (
	"strings"

	"crosscall/memmodel/graph"
)

// kind is a kind of token. Operators and keywords are their own kind: "||",
// "let".
type kind string

const (
	kEOF    kind = "the end of the file"
	kName   kind = "a name"
	kTag    kind = "a tag"
	kString kind = "a string"
)

// A token is a word of the language. text is that of a name, of a tag without
// its quote, of a string without its quotes.
type token struct {
	kind kind
	text string
	pos  graph.Pos
}

func (t token) String() string {
	switch t.kind {
	case kName:
		return "'" + t.text + "'"
	case kTag:
		return "the tag '" + t.text
	case kString:
		return `"` + t.text + `"`
	case kEOF:
		return string(t.kind)
	}
	return "'" + string(t.kind) + "'"
}

var keywords = map[string]bool{
	"let": true, "rec": true, "and": true, "when": true, "acyclic": true, "irreflexive": true, "empty": true,
	"show": true, "unshow": true, "subset": true, "as": true, "fun": true, "in": true, "undefined_unless": true,
	"flag": true, "assert": true, "include": true, "variant": true, "begin": true, "end": true, "procedure": true,
	"call": true, "enum": true, "debug": true, "match": true, "with": true, "forall": true, "from": true, "do": true,
	"try": true, "if": true, "then": true, "else": true, "catdep": true, "instructions": true, "default": true,
	"not": true,
}

// operators, the longer ones before those that they begin with.
var operators = []string{
	"||", "|", "&&", "&", "++", "+", "->", "-1", "(", ")", "{", "}", "[", "]", "0", "*", "~", "^", `\`, "?", "=", ";", ",",
}

type lexer struct {
	src  string
	at   int
	file string
	line int
	bol  int // index of the first byte of the line
}

func (l *lexer) pos() graph.Pos { return graph.Pos{File: l.file, Line: l.line, Col: l.at - l.bol + 1} }

// maxSource bounds a file, and with it how deep its expressions are.
const maxSource = 1 << 20

// tokens splits a source into its words. The last one is kEOF.
func tokens(file, src string) []token {
	l := &lexer{src: src, file: file, line: 1}
	if len(src) > maxSource {
		fail(l.pos(), "%d bytes are too many for a model: %d are the limit", len(src), maxSource)
	}
	list := make([]token, 0, 16+len(src)/6) // models have a token for 5 to 10 bytes
	for {
		l.blanks()
		list = append(list, l.next())
		if list[len(list)-1].kind == kEOF {
			return list
		}
	}
}

// skip goes n bytes forward, and counts lines.
func (l *lexer) skip(n int) {
	for ; n > 0; n-- {
		l.at++
		if l.src[l.at-1] == '\n' {
			l.line++
			l.bol = l.at
		}
	}
}

// blanks skips white space and comments: "// ...", "# ..." and "(* ... *)",
// which nest.
func (l *lexer) blanks() {
	for l.at < len(l.src) {
		rest := l.src[l.at:]
		switch {
		case strings.ContainsRune(" \t\r\n", rune(rest[0])):
			l.skip(1)
		case rest[0] == '#', strings.HasPrefix(rest, "//"):
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				end = len(rest)
			}
			l.skip(end)
		case strings.HasPrefix(rest, "(*"):
			l.comment()
		default:
			return
		}
	}
}

func (l *lexer) comment() {
	start := l.pos()
	for depth := 0; ; {
		switch rest := l.src[l.at:]; {
		case rest == "":
			fail(start, "this comment is not closed: add *)")
		case strings.HasPrefix(rest, "(*"):
			depth++
			l.skip(2)
		case strings.HasPrefix(rest, "*)"):
			depth--
			l.skip(2)
			if depth == 0 {
				return
			}
		default:
			l.skip(1)
		}
	}
}

func (l *lexer) next() token {
	pos, rest := l.pos(), l.src[l.at:]
	if rest == "" {
		return token{kind: kEOF, pos: pos}
	}
	if n := nameLen(rest); n > 0 {
		l.skip(n)
		if keywords[rest[:n]] {
			return token{kind: kind(rest[:n]), pos: pos}
		}
		return token{kind: kName, text: rest[:n], pos: pos}
	}
	switch rest[0] {
	case '_':
		l.skip(1)
		return token{kind: "_", pos: pos}
	case '\'':
		n := nameLen(rest[1:])
		if n == 0 {
			fail(pos, "a tag is a quote and a name: 'once")
		}
		l.skip(1 + n)
		return token{kind: kTag, text: rest[1 : 1+n], pos: pos}
	case '"':
		n := strings.IndexByte(rest[1:], '"')
		if n < 0 {
			fail(pos, "this string is not closed")
		}
		l.skip(n + 2)
		return token{kind: kString, text: rest[1 : 1+n], pos: pos}
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			l.skip(len(op))
			return token{kind: kind(op), pos: pos}
		}
	}
	for _, r := range rest {
		fail(pos, "%q is no part of the cat language", r)
	}
	return token{}
}

// nameLen returns the length of the name that s begins with, or 0. A name may
// have '-' and '.' inside: "po-loc", "dmb.full". So a-b is one name.
func nameLen(s string) int {
	n := 0
	if strings.HasPrefix(s, "_") {
		n = 1
	}
	if n == len(s) || !isLetter(s[n]) {
		return 0
	}
	for n < len(s) && (isLetter(s[n]) || '0' <= s[n] && s[n] <= '9' || s[n] == '_' || s[n] == '.' || s[n] == '-') {
		n++
	}
	if n < len(s) && s[n] == '\'' {
		n++
	}
	return n
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
