package csource

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/primitive"
)

// An Error says what is wrong with a C file, and where.
type Error struct {
	Pos graph.Pos
	Msg string
	// header declares what the file uses and does not declare; "" if none does.
	header string
}

func (e *Error) Error() string {
	return placeText(e.Pos) + ": " + e.Msg
}

// fail panics with an error at a place. See catch.
func fail(at graph.Pos, format string, args ...any) {
	panic(&Error{Pos: at, Msg: fmt.Sprintf(format, args...)})
}

// catch turns a panic with an *Error into the error that its caller returns.
// Other panics go on.
func catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case *Error:
		*err = r
	default:
		panic(r)
	}
}

// must fails if a table of primitives has returned an error.
func must(err error, at graph.Pos) {
	if err == nil {
		return
	}
	if e := new(primitive.Error); errors.As(err, &e) {
		fail(e.Pos, "%s", e.Msg)
	}
	fail(at, "%s", err)
}

// frontError makes an *Error of the first line of package cc's message,
// "file:line:col: message (check.go:42:)".
func frontError(file string, src []byte, err error) *Error {
	line, _, _ := strings.Cut(err.Error(), "\n")
	at, msg := splitPosition(file, line)
	if strings.HasPrefix(at.File, "<") && at.File != "<end>" { // not the user's
		at = graph.Pos{File: file, Line: 1, Col: 1}
	}
	if at.File == "<end>" {
		at = graph.Pos{File: file, Line: 1 + bytes.Count(src, []byte("\n")), Col: 1}
		return &Error{Pos: at, Msg: "the file ends where a declaration has not ended"}
	}
	if i := strings.LastIndex(msg, " ("); i > 0 && strings.Contains(msg[i:], ".go:") {
		msg = msg[:i]
	}
	msg = strings.TrimSpace(msg)
	if strings.HasPrefix(msg, "unexpected ") && at.File == shownFile(file) {
		if name, place, ok := unknownBefore(src, at); ok {
			return &Error{Pos: place, Msg: name + " is not known here, neither as a macro nor as a type"}
		}
	}
	return &Error{Pos: at, Msg: reword(msg)}
}

func splitPosition(file, line string) (graph.Pos, string) {
	none := graph.Pos{File: file, Line: 1, Col: 1}
	parts := strings.SplitN(line, ":", 4)
	if len(parts) < 4 {
		return none, line
	}
	row, err1 := strconv.Atoi(parts[1])
	col, err2 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil {
		return none, line
	}
	return graph.Pos{File: shownFile(parts[0]), Line: row, Col: col}, parts[3]
}

func placeText(at graph.Pos) string { return fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Col) }

// syntaxError begins the message of an error of the grammar.
const syntaxError = "syntax error: "

// rewordings replace terms of package cc's grammar in its messages.
var rewordings = []struct{ from, to string }{
	{"include file not found: ", "there is no header %s: the headers here are the checker's own (go doc ./memmodel/internal/csource lists them), and those beside the file or in a folder given with -I"},
	{"undefined: ", "%s is not declared"},
	{"invalid character constant", "this is no character%.0s, and several in one constant are not supported: write the number"},
	{tooMuch, "macros expand to too much%.0s"},
	{"unexpected ", syntaxError + "unexpected %s"},
	{"internal error: ", "this is no C, and where is not known: %s"},
	{"TODO ", "this is not understood: %s"},
}

// These match names of package cc, and of Go's library, in messages.
var (
	wordsNoType = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^TODO \*cc\.\w+ missed/failed type check: \[([^\]]*)\]`)
	})
	// declaredTwice matches a name or a tag that is declared as two things.
	declaredTwice = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:conflicting types for '([^']*)', previous declaration|incompatible redeclaration of '([^'{]*)[^']*') at ([^ ]*):`)
	})
	noNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^strconv\.Parse\w+: parsing ("[^"]*")`) })
)

func reword(msg string) string {
	if m := wordsNoType().FindStringSubmatch(msg); m != nil {
		return "these words make no type together: " + strings.ToLower(strings.ReplaceAll(m[1], "TypeSpecifier", ""))
	}
	if m := declaredTwice().FindStringSubmatch(msg); m != nil {
		return fmt.Sprintf("%s is declared as another type at %s", strings.TrimSpace(m[1]+m[2]), shownFile(m[3]))
	}
	if m := noNumber().FindStringSubmatch(msg); m != nil {
		return m[1] + " is no number"
	}
	for _, r := range rewordings {
		if rest, ok := strings.CutPrefix(msg, r.from); ok {
			return fmt.Sprintf(r.to, rest)
		}
	}
	return msg
}
