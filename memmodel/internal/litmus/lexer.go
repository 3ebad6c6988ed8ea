package litmus

import (
	"math"
	"strconv"
	"strings"
)

// kind is the kind of a token: one of these, or a punctuation character.
type kind uint16

const (
	eof    kind = 0
	name   kind = 1
	number kind = 2
	quoted kind = 3
)

const (
	equal    kind = 256 + iota // ==
	notEqual                   // != or <>
	lessEq                     // <=
	moreEq                     // >=
	andAnd                     // &&
	orOr                       // ||
	shiftL                     // <<
	shiftR                     // >>
	andTop                     // /\ in a condition
	orTop                      // \/
	implies                    // =>
)

type token struct {
	kind     kind
	at       place
	from, to int
	text     string // name; quoted, without the quotes
	num      int64  // number
}

// String is how messages call a token.
func (t token) String() string {
	if t.kind == eof {
		return "the end of the file"
	}
	return strconv.Quote(t.text)
}

// A lexer cuts a file into tokens. The words of the two halves of a litmus
// test differ: (* opens a comment in initial states and conditions, where /\
// is an operator, and neither is so in C code.
type lexer struct {
	file  string
	src   string
	state bool // in an initial state or a condition
	off   int
	line  int32
	bol   int // where the line starts
}

func (x *lexer) here() place { return place{x.line, int32(x.off-x.bol) + 1} }

func (x *lexer) next() token {
	x.skip()
	t := token{at: x.here(), from: x.off}
	if x.off >= len(x.src) {
		t.to = x.off
		return t
	}
	switch c := x.src[x.off]; {
	case isLetter(c):
		t.kind = name
		x.word()
	case isDigit(c):
		t.kind = number
		x.word()
		t.num = x.integer(t)
	case c == '"':
		t.kind = quoted
		x.quoted(t)
		t.text, t.to = x.src[t.from+1:x.off-1], x.off
		return t
	default:
		t.kind = x.punctuation(c)
	}
	t.text, t.to = x.src[t.from:x.off], x.off
	return t
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }

func (x *lexer) word() {
	for x.off < len(x.src) && (isLetter(x.src[x.off]) || isDigit(x.src[x.off])) {
		x.off++
	}
}

// integer is the value of the number that t opens: decimal or hexadecimal. An
// octal number is refused, for herd reads it as decimal.
func (x *lexer) integer(t token) int64 {
	digits := strings.TrimRight(x.src[t.from:x.off], "uUlL")
	base := 10
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		digits, base = digits[2:], 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil || n > math.MaxInt64 {
		fail(x.file, t.at, "%s is no number that fits 63 bits", x.src[t.from:x.off])
	}
	if base == 10 && digits[0] == '0' && n > 7 {
		fail(x.file, t.at, "%s is octal in C and decimal in herd7: write it without the 0 in front", x.src[t.from:x.off])
	}
	return int64(n)
}

func (x *lexer) quoted(t token) {
	end := strings.IndexAny(x.src[x.off+1:], "\"\n")
	if end < 0 || x.src[x.off+1+end] == '\n' {
		fail(x.file, t.at, "this string is not closed on its line")
	}
	x.off += end + 2
}

// pairs are the tokens of two characters.
var pairs = map[string]kind{
	"==": equal, "!=": notEqual, "<=": lessEq, ">=": moreEq,
	"&&": andAnd, "||": orOr, "<<": shiftL, ">>": shiftR,
}

// statePairs are those of conditions.
var statePairs = map[string]kind{
	"==": equal, "!=": notEqual, "<>": notEqual, "<=": lessEq, ">=": moreEq,
	`/\`: andTop, `\/`: orTop, "=>": implies, "&&": andTop, "||": orTop,
}

// refused are the operators of C that would read as something else if they
// were taken to be two.
var refused = []string{"++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "->"}

func (x *lexer) checkRefused() {
	if x.off+1 == len(x.src) || strings.IndexByte("+-=<>", x.src[x.off+1]) < 0 {
		return
	}
	for _, op := range refused {
		if strings.HasPrefix(x.src[x.off:], op) {
			if op == "->" {
				fail(x.file, x.here(), "-> is not supported: threads share numbers, pointers and arrays, but no structs")
			}
			fail(x.file, x.here(), "%s is not supported: write the assignment out, as in r1 = r1 + 1", op)
		}
	}
}

func (x *lexer) punctuation(c byte) kind {
	if !x.state {
		x.checkRefused()
	}
	x.off++
	switch c {
	case '=', '!', '<', '>', '&', '|', '/', '\\':
	case '(', ')', '{', '}', '[', ']', ';', ',', ':', '*', '+', '-', '%', '^', '~', '?', '.':
		return kind(c)
	default:
		x.off--
		fail(x.file, x.here(), "the character %q has no meaning here", x.src[x.off:x.off+1])
	}
	if x.off < len(x.src) {
		table := pairs
		if x.state {
			table = statePairs
		}
		if k, ok := table[x.src[x.off-1:x.off+1]]; ok {
			x.off++
			return k
		}
	}
	return kind(c)
}

// skip goes past blanks and comments.
func (x *lexer) skip() {
	for x.off < len(x.src) {
		switch c := x.src[x.off]; {
		case c == '\n':
			x.newline()
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			x.off++
		case x.comment():
		default:
			return
		}
	}
}

func (x *lexer) newline() {
	x.off++
	x.line++
	x.bol = x.off
}

// comment goes past the comment that starts here, if one does.
func (x *lexer) comment() bool {
	rest := x.src[x.off:]
	if len(rest) < 2 {
		return false
	}
	size := -1
	switch {
	case rest[0] == '/' && rest[1] == '/':
		if size = strings.IndexByte(rest, '\n'); size < 0 {
			size = len(rest)
		}
	case rest[0] == '/' && rest[1] == '*':
		if end := strings.Index(rest[2:], "*/"); end >= 0 {
			size = end + 4
		}
	case rest[0] == '(' && rest[1] == '*' && x.state:
		size = nested(rest)
	default:
		return false
	}
	if size < 0 {
		fail(x.file, x.here(), "this comment is never closed")
	}
	x.pass(size)
	return true
}

// nested is the length of the comment of the form (* ... *) that s starts
// with. They nest; but C code that is commented out may have an unpaired "(*",
// so where that leads nowhere the first "*)" is the end. It is -1 if there is
// none.
func nested(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch {
		case s[i] == '(' && s[i+1] == '*':
			depth++
			i++
		case s[i] == '*' && s[i+1] == ')':
			depth--
			i++
		}
		if depth == 0 {
			return i + 1
		}
	}
	if end := strings.Index(s[2:], "*)"); end >= 0 {
		return end + 4
	}
	return -1
}

// pass goes n bytes on, counting lines.
func (x *lexer) pass(n int) {
	for end := x.off + n; x.off < end; {
		if x.src[x.off] == '\n' {
			x.newline()
		} else {
			x.off++
		}
	}
}
