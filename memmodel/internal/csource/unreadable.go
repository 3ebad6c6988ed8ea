package csource

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// The kernel's headers have functions that no thread calls, and that need declarations
// which the shims lack. They must be no error. So a function of the kernel's tree that
// cannot be read gets another body before it is parsed: one that is an error only where a
// thread can reach it.

// An unreadable function has its braces on two lines, from and to.
type unreadable struct {
	from, to int
	reason   string // with its place
	declares bool   // it is left out as a whole: a declaration, or a function whose head cannot be read
}

// maxUnreadable bounds how many times a program is parsed again without some functions.
const maxUnreadable = 60

// leaveOut notes the functions of the tree in which the errors of package cc are. It
// reports whether there are any that were not noted before.
func (f files) leaveOut(err error) bool {
	found := false
	for line := range strings.Lines(err.Error()) {
		name, _, _ := strings.Cut(line, ":")
		path, ok := strings.CutPrefix(name, treeFolder+"/")
		if !ok {
			continue
		}
		e := frontError(name, nil, fmt.Errorf("%s", strings.TrimSpace(line)))
		src, err := f.inTree(path)
		if err != nil {
			continue
		}
		from, to := bodyAround(string(src), e.Pos.Line)
		declares := false
		if from == 0 {
			from, to = declarationAround(string(src), e.Pos.Line)
			declares = true
		}
		if from == 0 {
			from, to = functionAround(string(src), e.Pos.Line)
		}
		if from == 0 {
			continue
		}
		known := false
		for _, u := range f.unreadable[name] {
			known = known || u.from == from
		}
		if !known {
			f.unreadable[name] = append(f.unreadable[name], unreadable{from, to, e.Error(), declares})
			found = true
		}
	}
	return found
}

// bodyAround finds the lines of the braces of the function that a line is in. It relies on
// the kernel's style: each brace is at the start of a line, or the whole body is on one
// line. It returns 0, 0 if the line is in no function.
func bodyAround(src string, line int) (from, to int) {
	lines := strings.Split(src, "\n")
	if line < 1 || line > len(lines) {
		return 0, 0
	}
	if inOneLine(lines[line-1]) {
		return line, line
	}
	for from = line; from > 0 && !strings.HasPrefix(lines[from-1], "{"); from-- {
		if from < line && strings.HasPrefix(lines[from-1], "}") {
			return 0, 0
		}
	}
	if from == 0 {
		return 0, 0
	}
	if inOneLine(lines[from-1]) {
		return from, from
	}
	for to = max(line, from); to <= len(lines); to++ {
		if strings.HasPrefix(lines[to-1], "}") {
			if !wholeConditions(lines[from-1 : to]) {
				return 0, 0
			}
			return from, to
		}
	}
	return 0, 0
}

// declarationAround finds the lines of the declaration of a function, without a body, that a line
// is in; 0, 0 if it is in none. A function that headers here have as a macro may be declared in
// the tree with other operands. A call of a function that is not declared is an error.
func declarationAround(src string, line int) (from, to int) {
	lines := strings.Split(src, "\n")
	if line < 1 || line > len(lines) {
		return 0, 0
	}
	from = startOfDeclaration(lines, line)
	to = from
	for to < len(lines) && !strings.HasSuffix(strings.TrimSpace(lines[to-1]), ";") && to < from+maxDeclaration {
		to++
	}
	text := strings.Join(lines[from-1:to], " ")
	if to < line || strings.ContainsAny(text, "{}=#") || !prototype().MatchString(text) || strings.HasPrefix(text, "typedef") {
		return 0, 0
	}
	return from, to
}

// startOfDeclaration is the last line from a line backwards that is not indented.
func startOfDeclaration(lines []string, line int) int {
	for line > 1 && (lines[line-1] == "" || strings.ContainsAny(lines[line-1][:1], " \t")) {
		line--
	}
	return line
}

// functionAround finds the lines of the function in whose head, before its braces, a line is.
func functionAround(src string, line int) (from, to int) {
	lines := strings.Split(src, "\n")
	if line < 1 || line > len(lines) {
		return 0, 0
	}
	from = startOfDeclaration(lines, line)
	for k := from; k < min(from+maxDeclaration, len(lines)); k++ {
		switch l := lines[k-1]; {
		case inOneLine(l):
			return from, k
		case strings.HasPrefix(l, "{"):
			_, to = bodyAround(src, k)
			if to == 0 || !wholeConditions(lines[from-1:to]) {
				return 0, 0
			}
			return from, to
		case strings.HasPrefix(l, "#"), strings.HasSuffix(l, ";"), strings.ContainsAny(l, "{}="):
			return 0, 0
		}
	}
	return 0, 0
}

// maxDeclaration bounds the lines of the declaration of a function.
const maxDeclaration = 12

// prototype finds the declaration of a function.
var prototype = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:__\w+\([^()]*\)\s*)?[A-Za-z_][\w\s*]*[\s*]\w+\s*\([^;]*\)[^;()]*;`)
})

// wholeConditions reports whether each #if within lines ends there: otherwise they are no body.
func wholeConditions(lines []string) bool {
	depth := 0
	for _, l := range lines {
		directive, ok := strings.CutPrefix(strings.TrimSpace(l), "#")
		switch directive = strings.TrimSpace(directive); {
		case !ok:
		case strings.HasPrefix(directive, "if"):
			depth++
		case strings.HasPrefix(directive, "endif"):
			depth--
		case strings.HasPrefix(directive, "el") && depth == 0:
			return false
		}
		if depth < 0 {
			return false
		}
	}
	return depth == 0
}

// inOneLine reports whether a line has a whole function body.
func inOneLine(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasSuffix(line, "}") && !strings.HasPrefix(line, "#") && (strings.HasPrefix(line, "{") || strings.Contains(line, ") {")) && !strings.HasPrefix(line, "}")
}

// without is the text of a file in which the functions that cannot be read have other
// bodies. Line numbers do not change.
func without(src string, list []unreadable) string {
	if len(list) == 0 {
		return src
	}
	lines := strings.Split(src, "\n")
	for _, u := range list {
		if u.declares {
			clear(lines[u.from-1 : u.to])
			continue
		}
		head := lines[u.from-1]
		head = head[:strings.IndexByte(head, '{')+1]
		for i := u.from - 1; i < u.to; i++ {
			lines[i] = ""
		}
		lines[u.from-1] = fmt.Sprintf("%s __cc_unreadable(%s);", head, cString(u.reason))
		lines[u.to-1] += "}"
	}
	return strings.Join(lines, "\n")
}

// cString is a string of C.
func cString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ").Replace(s) + `"`
}

// body converts the body of a function. If it is in the kernel's tree and wrong, it
// becomes an error where a thread reaches it.
func (c *front) body(f *function, def *cc.FunctionDefinition) {
	if !inTree(def) {
		f.body = c.compound(def.CompoundStatement)
		return
	}
	depth := c.depth
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			c.depth = depth
			f.returns, f.unreadable = 0, r
			f.body = []*stmt{{kind: evalStmt, at: f.at, x: unreadableExpr(r, f.at)}}
		default:
			panic(r)
		}
	}()
	f.body = c.compound(def.CompoundStatement)
}

// missing is a call of a function without a body. It is an error; in the kernel's tree
// only where a thread reaches it.
func (c *front) missing(name string, n *cc.PostfixExpression, at graph.Pos) *expr {
	e := &Error{Pos: at, Msg: name + " has no body, and is no function of the checker's headers (go doc ./memmodel/internal/csource lists them)"}
	if header := libraryNames()[name]; header != "" {
		e.header = header
		e.Msg = name + " has no body: it is in <" + header + ">, which the file does not include"
	}
	if !inTree(n) {
		panic(e)
	}
	x := unreadableExpr(e, at)
	if x.t = c.types.of(n.Type(), at); x.t.kind == recordType {
		panic(e)
	}
	return x
}

// inTree reports whether a node is in a file of the kernel's tree.
func inTree(n cc.Node) bool { return strings.HasPrefix(n.Position().Filename, treeFolder+"/") }

// unreadableExpr is an error where a thread reaches it.
func unreadableExpr(e *Error, at graph.Pos) *expr {
	reason := &expr{kind: stringExpr, at: at, t: pointerT, name: e.Error()}
	return &expr{kind: builtinExpr, name: "__cc_unreadable", at: at, t: voidT, args: []*expr{reason}}
}
