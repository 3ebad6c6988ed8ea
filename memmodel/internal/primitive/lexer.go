package primitive

import (
	"math"
	"strconv"
	"strings"
)

// Kind is the kind of a token: one of these, or a punctuation character.
type Kind uint16

const (
	Eof    Kind = 0
	Name   Kind = 1
	Number Kind = 2
	quoted Kind = 3
)

const (
	Equal    Kind = 256 + iota // ==
	NotEqual                   // != or <>
	LessEq                     // <=
	MoreEq                     // >=
	andAnd                     // &&
	orOr                       // ||
	shiftL                     // <<
	shiftR                     // >>
	AndTop                     // /\ in a condition
	OrTop                      // \/
	Implies                    // =>
	stepKind                   // ++ or --
)

type Token struct {
	Kind     Kind
	At       Place
	from, to int
	Text     string // name; quoted, without the quotes
	Num      int64  // number
}

// String is the name of a token in messages.
func (t Token) String() string {
	if t.Kind == Eof {
		return "the end of the file"
	}
	return strconv.Quote(t.Text)
}

// A lexer cuts a file into tokens. The words of the two halves of a litmus
// test differ: (* opens a comment in initial states and conditions, where /\
// is an operator, and neither is so in C code.
type Lexer struct {
	File  string
	Src   string
	State bool // in an initial state or a condition
	Bits  bool // a number of 64 bits is one of int64 with the same bits
	Off   int
	Line  int32
	bol   int // where the line starts
}

func (x *Lexer) Here() Place { return Place{x.Line, int32(x.Off-x.bol) + 1} }

func (x *Lexer) next() Token {
	x.Skip()
	t := Token{At: x.Here(), from: x.Off}
	if x.Off >= len(x.Src) {
		t.to = x.Off
		return t
	}
	switch c := x.Src[x.Off]; {
	case IsLetter(c):
		t.Kind = Name
		x.word()
	case IsDigit(c):
		t.Kind = Number
		x.word()
		t.Num = x.integer(t)
	case c == '"':
		t.Kind = quoted
		x.quoted(t)
		t.Text, t.to = x.Src[t.from+1:x.Off-1], x.Off
		return t
	default:
		t.Kind = x.punctuation(c)
	}
	t.Text, t.to = x.Src[t.from:x.Off], x.Off
	return t
}

func IsLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }
func IsDigit(c byte) bool  { return '0' <= c && c <= '9' }

func (x *Lexer) word() {
	for x.Off < len(x.Src) && (IsLetter(x.Src[x.Off]) || IsDigit(x.Src[x.Off])) {
		x.Off++
	}
}

// integer is the value of the number that t opens: decimal or hexadecimal. An
// octal number is refused, because herd reads it as decimal.
func (x *Lexer) integer(t Token) int64 {
	digits := strings.TrimRight(x.Src[t.from:x.Off], "uUlL")
	base := 10
	if len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		digits, base = digits[2:], 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil || n > math.MaxInt64 && !x.Bits {
		Fail(x.File, t.At, "%s is no number that fits 63 bits", x.Src[t.from:x.Off])
	}
	if base == 10 && digits[0] == '0' && n > 7 {
		Fail(x.File, t.At, "%s is octal in C and decimal in herd7: write it without the 0 in front", x.Src[t.from:x.Off])
	}
	return int64(n)
}

func (x *Lexer) quoted(t Token) {
	end := strings.IndexAny(x.Src[x.Off+1:], "\"\n")
	if end < 0 || x.Src[x.Off+1+end] == '\n' {
		Fail(x.File, t.At, "this string is not closed on its line")
	}
	x.Off += end + 2
}

// pairs are the tokens of two characters.
var pairs = map[string]Kind{
	"==": Equal, "!=": NotEqual, "<=": LessEq, ">=": MoreEq,
	"&&": andAnd, "||": orOr, "<<": shiftL, ">>": shiftR,
	"++": stepKind, "--": stepKind,
}

// statePairs are those of conditions.
var statePairs = map[string]Kind{
	"==": Equal, "!=": NotEqual, "<>": NotEqual, "<=": LessEq, ">=": MoreEq,
	`/\`: AndTop, `\/`: OrTop, "=>": Implies, "&&": AndTop, "||": OrTop,
}

// refused are operators of C that would have another meaning if they were read
// as two operators.
var refused = []string{"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "->"}

func (x *Lexer) checkRefused() {
	if x.Off+1 == len(x.Src) || strings.IndexByte("+-=<>", x.Src[x.Off+1]) < 0 {
		return
	}
	for _, op := range refused {
		if strings.HasPrefix(x.Src[x.Off:], op) {
			if op == "->" {
				Fail(x.File, x.Here(), "-> is not supported: threads share numbers, pointers and arrays, but no structs")
			}
			Fail(x.File, x.Here(), "%s is not supported: write the assignment out, as in r1 = r1 + 1", op)
		}
	}
}

func (x *Lexer) punctuation(c byte) Kind {
	if !x.State {
		x.checkRefused()
	}
	x.Off++
	switch c {
	case '=', '!', '<', '>', '&', '|', '/', '\\', '+', '-':
	case '(', ')', '{', '}', '[', ']', ';', ',', ':', '*', '%', '^', '~', '?', '.':
		return Kind(c)
	default:
		x.Off--
		Fail(x.File, x.Here(), "the character %q has no meaning here", x.Src[x.Off:x.Off+1])
	}
	if x.Off < len(x.Src) {
		table := pairs
		if x.State {
			table = statePairs
		}
		if k, ok := table[x.Src[x.Off-1:x.Off+1]]; ok {
			x.Off++
			return k
		}
	}
	return Kind(c)
}

// Skip skips blanks and comments.
func (x *Lexer) Skip() {
	for x.Off < len(x.Src) {
		switch c := x.Src[x.Off]; {
		case c == '\n':
			x.newline()
		case c == ' ' || c == '\t' || c == '\r' || c == '\f':
			x.Off++
		case x.comment():
		default:
			return
		}
	}
}

func (x *Lexer) newline() {
	x.Off++
	x.Line++
	x.bol = x.Off
}

// comment skips the comment that starts here, if there is one.
func (x *Lexer) comment() bool {
	rest := x.Src[x.Off:]
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
	case rest[0] == '(' && rest[1] == '*' && x.State:
		size = Nested(rest)
	default:
		return false
	}
	if size < 0 {
		Fail(x.File, x.Here(), "this comment is never closed")
	}
	x.Pass(size)
	return true
}

// Nested is the length of the comment of the form (* ... *) that s starts
// with. Such comments nest. But C code that is commented out may have an
// unpaired "(*": if nesting finds no end, the first "*)" is the end. The result
// is -1 if there is none.
func Nested(s string) int {
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

// Pass skips n bytes, and counts lines.
func (x *Lexer) Pass(n int) {
	for end := x.Off + n; x.Off < end; {
		if x.Src[x.Off] == '\n' {
			x.newline()
		} else {
			x.Off++
		}
	}
}
