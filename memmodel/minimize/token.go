package minimize

import (
	"strings"

	"crosscall/memmodel/internal/primitive"
)

type tokenKind uint8

const (
	word      tokenKind = iota // a name or a keyword
	number                     // of C, with its suffix
	literal                    // a string or a character
	mark                       // an operator or a bracket
	directive                  // a line of the preprocessor, with those that continue it
)

// A token is a word of the source: its bytes from, to.
type token struct {
	kind     tokenKind
	from, to int
	text     string
}

// A scanner cuts a source into tokens. A byte that begins no token of C is a mark: the
// checker refuses it where it matters.
type scanner struct {
	src string
	at  int
	// state is set outside of threads in a litmus test, where (* opens a comment and /\ is
	// a mark.
	state bool
}

// marks are the tokens of more than one character, the longest first.
var marks = strings.Fields("<<= >>= ... -> ++ -- << >> <= >= == != && || += -= *= /= %= &= |= ^= ##")

// stateMarks are those of conditions, in litmus tests.
var stateMarks = strings.Fields(`/\ \/ => == != <> <= >= && ||`)

// next is the next token; ok is false at the end.
func (x *scanner) next() (t token, ok bool) {
	x.blanks()
	t.from = x.at
	if x.at >= len(x.src) {
		return t, false
	}
	switch c := x.src[x.at]; {
	case c == '#' && !x.state && x.atLineStart():
		t.kind = directive
		x.line()
	case isLetter(c):
		t.kind = word
		x.letters()
	case isDigit(c):
		t.kind = number
		x.letters()
	case c == '"' || c == '\'':
		t.kind = literal
		x.literal(c)
	default:
		t.kind = mark
		x.mark()
	}
	t.to, t.text = x.at, x.src[t.from:x.at]
	return t, true
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80 }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isBlank(c byte) bool  { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' }

func (x *scanner) letters() {
	for x.at < len(x.src) && (isLetter(x.src[x.at]) || isDigit(x.src[x.at])) {
		x.at++
	}
}

func (x *scanner) literal(quote byte) {
	for x.at++; x.at < len(x.src) && x.src[x.at] != '\n'; x.at++ {
		switch x.src[x.at] {
		case '\\':
			x.at++
		case quote:
			x.at++
			return
		}
	}
	x.at = min(x.at, len(x.src))
}

func (x *scanner) mark() {
	list := marks
	if x.state {
		list = stateMarks
	}
	for _, m := range list {
		if strings.HasPrefix(x.src[x.at:], m) {
			x.at += len(m)
			return
		}
	}
	x.at++
}

// line goes past a directive.
func (x *scanner) line() {
	for x.at < len(x.src) && x.src[x.at] != '\n' {
		switch {
		case strings.HasPrefix(x.src[x.at:], "\\\n"):
			x.at += 2
		case !x.comment():
			x.at++
		}
	}
}

// atLineStart reports whether only blanks stand before this in its line.
func (x *scanner) atLineStart() bool { return lineStart(x.src, x.at) >= 0 }

// lineStart is the offset of the line that at is in if only blanks come before it there,
// and -1 otherwise.
func lineStart(src string, at int) int {
	for at > 0 && isBlank(src[at-1]) {
		at--
	}
	if at == 0 || src[at-1] == '\n' {
		return at
	}
	return -1
}

func (x *scanner) blanks() {
	for x.at < len(x.src) {
		switch c := x.src[x.at]; {
		case c == '\n' || isBlank(c):
			x.at++
		case !x.comment():
			return
		}
	}
}

// comment goes past the comment that starts here, if one does.
func (x *scanner) comment() bool {
	n := commentSize(x.src[x.at:], x.state)
	x.at += n
	return n > 0
}

// commentSize is the length of the comment that s starts with, and 0 if it starts with none.
func commentSize(s string, state bool) int {
	switch {
	case strings.HasPrefix(s, "//"):
		if i := strings.IndexByte(s, '\n'); i >= 0 {
			return i
		}
		return len(s)
	case strings.HasPrefix(s, "/*"):
		if i := strings.Index(s[2:], "*/"); i >= 0 {
			return i + 4
		}
		return len(s)
	case state && strings.HasPrefix(s, "(*"):
		return max(0, primitive.Nested(s))
	}
	return 0
}
