package csource

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
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
// reports whether there are any that were not noted before. What comes behind a syntax error may
// be an error only because of it.
func (f files) leaveOut(err error) bool {
	found := false
	noted := maps.Clone(f.unreadable)
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
		if u, ok := f.around(name, string(src), e, noted[name]); ok {
			f.unreadable[name] = append(f.unreadable[name], u)
			found = true
		}
		if strings.HasPrefix(e.Msg, syntaxError) {
			break
		}
	}
	return found
}

// around is the function or declaration that an error is in, if it is not left out yet. noted has
// what was left out when the error was found.
func (f files) around(name, src string, e *Error, noted []unreadable) (u unreadable, ok bool) {
	isNew := func(from, to int) bool {
		return from > 0 && !slices.ContainsFunc(f.unreadable[name], func(x unreadable) bool {
			return x.from <= from && to <= x.to && (x.declares || !u.declares)
		})
	}
	u.reason = e.Error()
	line := e.Pos.Line
	if u.from, u.to = bodyAround(src, line); isNew(u.from, u.to) {
		return u, true
	}
	switch hasOtherBody := slices.ContainsFunc(noted, func(x unreadable) bool { return x.from == u.from }); {
	case hasOtherBody: // and so it is the head that is wrong
		line = headOf(src, u.from)
	case u.from > 0:
		return u, false
	}
	u.declares = true
	if u.from, u.to = declarationAround(src, line); isNew(u.from, u.to) {
		return u, true
	}
	if u.from, u.to = functionAround(src, line); u.from > 0 {
		failHidden(name, src, u.from)
	}
	return u, isNew(u.from, u.to)
}

// headOf is a line of the head of the function whose body begins in a line.
func headOf(src string, line int) int {
	if lines := strings.Split(src, "\n"); line > 1 && strings.HasPrefix(lines[line-1], "{") {
		line--
	}
	return line
}

// failHidden fails if a macro of this package's headers has the name of a function that a .c file
// of the tree defines: the file is there for this function.
func failHidden(file, src string, line int) {
	if !strings.HasSuffix(file, ".c") {
		return
	}
	head := strings.Split(src, "\n")[line-1]
	m := beforeParameters().FindStringSubmatchIndex(head)
	if m == nil {
		return
	}
	name := head[m[2]:m[3]]
	if header := macroHeader(name); header != "" {
		fail(graph.Pos{File: shownFile(file), Line: line, Col: m[2] + 1}, "%s is a macro of the checker's own <%s>: to have the function of this file, write #include <%[2]s> and #undef %[1]s before the file is included", name, header)
	}
}

// beforeParameters finds the name of a function in its head.
var beforeParameters = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(\w+)\s*\(`) })

// macroHeader is the header of this package that defines a macro with operands, or "".
func macroHeader(name string) (header string) {
	define := []byte("#define " + name + "(")
	fs.WalkDir(shims, "shim", func(path string, _ fs.DirEntry, err error) error {
		if src, err := shims.ReadFile(path); err == nil && bytes.Contains(src, define) {
			header = strings.TrimPrefix(path, "shim/")
			return fs.SkipAll
		}
		return err
	})
	return header
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
